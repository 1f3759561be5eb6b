from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from referral.cases.planning.models.codes import TermCode
from referral.cases.planning.querysets import PlanningTermQuerySet
from referral.lib.ids import uuid7
from referral.lib.terms import end_of_term


class PlanningTerm(models.Model):
    """How long something in the care may take, and who says so (termijn van de planning).

    No law names these days: they are agreements of the chain, so they are data with validity. A
    changed term is a new row; what was due under the old one stays due on its day.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(_("term"), max_length=12, choices=TermCode)
    months = models.PositiveSmallIntegerField(_("months"), default=0)
    days = models.PositiveSmallIntegerField(_("days"), default=0)
    source = models.CharField(_("source"), max_length=200)
    valid = DateRangeField()

    objects: ClassVar[PlanningTermQuerySet] = PlanningTermQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="planning_term_is_known_and_lasts_a_day_at_least",
                condition=Q(code__in=TermCode.values) & (Q(months__gt=0) | Q(days__gt=0)),
            ),
            ExclusionConstraint(
                name="planning_term_has_one_length_on_a_day",
                expressions=[
                    (F("code"), RangeOperators.EQUAL),
                    (F("valid"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def after(self, day: date) -> date:
        """The last day of the term that begins on this day; months are calendar months."""
        return end_of_term(day, months=self.months, days=self.days)
