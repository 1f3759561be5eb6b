from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from referral.cases.models import Case
from referral.cases.planning.models.codes import RiskFactor, RiskLevel
from referral.cases.planning.models.sealed import Sealed
from referral.cases.planning.querysets import RiskAssessmentQuerySet
from referral.lib.ids import uuid7
from referral.organisations.models import User


class RiskAssessment(Sealed):
    """How safe the person is, from what the risk comes, and when to look again (risicotaxatie).

    The newest holds; those before it stay, unchanged. Only the clock marks that it told of one.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="risks", db_index=False)
    level = models.CharField(_("level"), max_length=8, choices=RiskLevel)
    factors = ArrayField(models.CharField(max_length=16, choices=RiskFactor), default=list)
    assessed_on = models.DateField()
    review_on = models.DateField(_("look again before"))
    #: The day of review of which who has the case was told; a new owner is told anew.
    review_told_on = models.DateField(null=True, blank=True)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects: ClassVar[RiskAssessmentQuerySet] = RiskAssessmentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("risk assessment")
        verbose_name_plural = _("risk assessments")
        constraints = [
            models.CheckConstraint(
                name="risk_level_and_factors_are_known",
                condition=Q(level__in=RiskLevel.values, factors__contained_by=RiskFactor.values),
            ),
            models.CheckConstraint(
                name="risk_that_is_raised_names_a_factor",
                condition=Q(level=RiskLevel.LOW) | Q(factors__len__gt=0),
            ),
            models.CheckConstraint(
                name="risk_is_looked_at_again_after_it_was_assessed",
                condition=Q(review_on__gt=F("assessed_on")),
            ),
        ]
        indexes = [models.Index(fields=["case", "-written_at"], name="risk_by_case_newest")]

    def __str__(self) -> str:
        return str(self.get_level_display())

    @property
    def factor_labels(self) -> list[str]:
        return [str(RiskFactor(factor).label) for factor in self.factors]
