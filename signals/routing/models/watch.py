"""Who is on call when somebody is in acute danger, and who was called."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from referral.lib.ids import uuid7
from referral.organisations.models import Membership, Organisation, User
from signals.models import Signal
from signals.routing.querysets import CallQuerySet, PatienceQuerySet, ShiftQuerySet

LINES = 3


class Shift(models.Model):
    """Somebody of the expert centre is on call for a time, in the first line or behind it (dienst)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    member = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    line = models.PositiveSmallIntegerField()
    during = DateTimeRangeField()
    planned_at = models.DateTimeField()
    planned_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects: ClassVar[ShiftQuerySet] = ShiftQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="shift_is_in_one_of_three_lines", condition=Q(line__range=(1, LINES))
            ),
            models.CheckConstraint(
                name="shift_has_a_beginning_and_an_end",
                condition=Q(
                    during__isempty=False, during__lower_inf=False, during__upper_inf=False
                ),
            ),
            ExclusionConstraint(
                name="line_is_held_by_one_person_at_a_time",
                expressions=[
                    ("line", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line}: {self.member_id}"


class Patience(models.Model):
    """After so many minutes the next in line is called; the last one set holds (wachttijd)."""

    minutes = models.PositiveSmallIntegerField()
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects: ClassVar[PatienceQuerySet] = PatienceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="patience_is_one_minute_to_an_hour", condition=Q(minutes__range=(1, 60))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.minutes}"


class Call(models.Model):
    """Somebody was told at once that a signal speaks of acute danger (oproep).

    `step` counts how far it went up the line: a signal is called once for each step.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    signal = models.ForeignKey(Signal, models.PROTECT, related_name="calls")
    step = models.PositiveSmallIntegerField()
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    #: One person on call, or else everybody in this role.
    person = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    role = models.CharField(max_length=20, blank=True, default="")
    called_at = models.DateTimeField()
    called_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects: ClassVar[CallQuerySet] = CallQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="signal_is_called_once_for_each_step", fields=["signal", "step"]
            ),
            models.CheckConstraint(
                name="call_goes_to_a_person_or_to_a_role",
                condition=Q(person=None) & ~Q(role="") | Q(person__isnull=False, role=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.signal_id}: {self.step}"
