from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from referral.cases.models import Case, Need
from referral.cases.planning.models.codes import Reached
from referral.cases.planning.models.sealed import Sealed
from referral.cases.planning.querysets import CarePlanQuerySet, EvaluationQuerySet, GoalQuerySet
from referral.cases.planning.workflow import AGREED, PlanStatus
from referral.lib.ids import uuid7
from referral.organisations.models import User


class CarePlan(models.Model):
    """What the person and the coordinator agreed to work on (zorgplan).

    One for each case. It changes only by the actions, along workflow.PLAN_MOVES.
    """

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="plan")
    status = models.CharField(max_length=8, choices=PlanStatus, default=PlanStatus.DRAFT)
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    #: The day on which the person said yes; recorded at another moment.
    agreed_on = models.DateField(_("agreed on"), null=True, blank=True)
    review_on = models.DateField(_("review before"), null=True, blank=True)
    #: The day of review of which who has the case was told; a new owner is told anew.
    review_told_on = models.DateField(null=True, blank=True)

    objects: ClassVar[CarePlanQuerySet] = CarePlanQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("care plan")
        verbose_name_plural = _("care plans")
        constraints = [
            models.CheckConstraint(
                name="plan_status_is_known_and_agreed_has_a_day_and_a_review",
                condition=Q(status__in=AGREED, agreed_on__isnull=False, review_on__isnull=False)
                | Q(status=PlanStatus.DRAFT, agreed_on=None, review_on=None)
                | Q(status=PlanStatus.CLOSED),
            ),
        ]

    def __str__(self) -> str:
        return f"Plan {self.pk}"


class Goal(Sealed):
    """What the person wants to reach, in their own words (doel)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="goals")
    need = models.CharField(_("need"), max_length=16, choices=Need)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects: ClassVar[GoalQuerySet] = GoalQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="goal_is_about_a_known_need", condition=Q(need__in=Need.values)
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_need_display())


class Evaluation(Sealed):
    """A look back at one goal with the person (evaluatie); kept, never changed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="evaluations")
    goal = models.ForeignKey(Goal, models.PROTECT, related_name="evaluations")
    held_on = models.DateField(_("held on"))
    reached = models.CharField(_("how far"), max_length=12, choices=Reached)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects: ClassVar[EvaluationQuerySet] = EvaluationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="evaluation_says_how_far_in_a_known_code",
                condition=Q(reached__in=Reached.values),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_reached_display())
