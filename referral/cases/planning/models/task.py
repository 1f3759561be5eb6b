from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from referral.cases.models import Case
from referral.cases.planning.models.codes import CancelReason, Doer, TaskKind
from referral.cases.planning.models.plan import Goal
from referral.cases.planning.models.sealed import Sealed
from referral.cases.planning.querysets import AbsenceQuerySet, TaskQuerySet
from referral.cases.planning.workflow import TaskStatus
from referral.lib.ids import uuid7
from referral.organisations.models import Organisation, User


class Task(Sealed):
    """Something to be done in a case before a day (taak); with a goal it is an action of the plan.

    The row is codes and days, which lists show; why and what precisely is sealed. A task always
    has a team, the organisation that holds the case, and mostly an owner in it. When the case
    goes to another organisation the database moves what is open along.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="tasks")
    goal = models.ForeignKey(Goal, models.PROTECT, null=True, blank=True, related_name="actions")
    #: The team: never empty, so no task is without somebody.
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", db_index=False, verbose_name=_("team")
    )
    owner = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    #: Who had it before an absence, and gets back what is still open after it.
    stands_in_for = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(_("kind"), max_length=12, choices=TaskKind)
    doer = models.CharField(_("who does it"), max_length=8, choices=Doer, default=Doer.US)
    due_on = models.DateField(_("before"))
    status = models.CharField(max_length=10, choices=TaskStatus, default=TaskStatus.OPEN)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    near_told_at = models.DateTimeField(null=True, blank=True)
    due_told_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    cancel_reason = models.CharField(max_length=16, choices=CancelReason, blank=True, default="")

    objects: ClassVar[TaskQuerySet] = TaskQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        constraints = [
            models.CheckConstraint(
                name="task_codes_are_known",
                condition=Q(
                    status__in=TaskStatus.values, kind__in=TaskKind.values, doer__in=Doer.values
                ),
            ),
            models.CheckConstraint(
                name="nobody_stands_in_for_who_has_the_task",
                condition=Q(stands_in_for=None) | ~Q(stands_in_for=F("owner")),
            ),
            models.CheckConstraint(
                name="task_ends_by_someone_at_a_time",
                condition=Q(status=TaskStatus.OPEN, ended_at=None, ended_by=None)
                | Q(~Q(status=TaskStatus.OPEN), ended_at__isnull=False, ended_by__isnull=False),
            ),
            models.CheckConstraint(
                name="task_is_cancelled_with_a_reason",
                condition=Q(status=TaskStatus.CANCELLED, cancel_reason__in=CancelReason.values)
                | Q(~Q(status=TaskStatus.CANCELLED), cancel_reason=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "owner", "due_on"],
                name="task_open_by_owner",
                condition=Q(status=TaskStatus.OPEN),
            ),
            models.Index(
                fields=["due_on"],
                name="task_open_by_day",
                condition=Q(status=TaskStatus.OPEN, due_told_at=None),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    def get_absolute_url(self) -> str:
        return f"{reverse('cases:case', args=[self.case_id])}#tasks"


class Absence(models.Model):
    """A colleague is away for some days, and another has the open tasks (afwezigheid).

    On the first day the tasks go over; after the last what is still open comes back, or before
    when the colleague is back early. What was called off begins and ends at the same moment.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    person = models.ForeignKey(User, models.PROTECT, related_name="+")
    stand_in = models.ForeignKey(User, models.PROTECT, related_name="+")
    first_on = models.DateField(_("first day"))
    last_on = models.DateField(_("last day"))
    arranged_at = models.DateTimeField()
    arranged_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[AbsenceQuerySet] = AbsenceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="absence_ends_after_it_begins", condition=Q(last_on__gte=F("first_on"))
            ),
            models.CheckConstraint(
                name="nobody_stands_in_for_himself", condition=~Q(person=F("stand_in"))
            ),
            models.CheckConstraint(
                name="absence_ends_when_it_has_begun",
                condition=Q(ended_at=None) | Q(begun_at__isnull=False),
            ),
            ExclusionConstraint(
                name="colleague_is_absent_once_at_a_time",
                expressions=[
                    (F("organisation"), RangeOperators.EQUAL),
                    (F("person"), RangeOperators.EQUAL),
                    (
                        Func(F("first_on"), F("last_on"), models.Value("[]"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(ended_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.first_on} – {self.last_on}"

    def get_absolute_url(self) -> str:
        return f"{reverse('cases:planning:tasks')}?of=mine"
