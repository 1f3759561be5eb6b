"""How long both sides of a handoff have, as versions of data."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q

from referral.cases.querysets import HandoffTermQuerySet


class HandoffTerm(models.Model):
    """One version of the terms of a handoff, in working days (termijnen van een overdracht).

    The first version is the default of the domain model (2.4): an answer within two working
    days, a reminder after one, the national desk hears of it after three. No law names them; that
    an offer ends by itself after ten is our own choice.
    """

    version = models.PositiveSmallIntegerField(unique=True)
    remind_days = models.PositiveSmallIntegerField()
    answer_days = models.PositiveSmallIntegerField()
    escalate_days = models.PositiveSmallIntegerField()
    expire_days = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=200)
    valid = DateTimeRangeField()

    objects: ClassVar[HandoffTermQuerySet] = HandoffTermQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="handoff_terms_follow_one_another_and_say_why",
                condition=Q(
                    remind_days__gt=0,
                    answer_days__gte=F("remind_days"),
                    escalate_days__gt=F("answer_days"),
                    expire_days__gt=F("escalate_days"),
                    expire_days__lte=60,
                )
                & ~Q(source=""),
            ),
            models.CheckConstraint(
                name="handoff_terms_hold_in_some_time", condition=Q(valid__isempty=False)
            ),
            ExclusionConstraint(
                name="handoff_terms_have_one_version_in_force",
                expressions=[(F("valid"), RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return str(self.version)
