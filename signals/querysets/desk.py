"""Reads of what the expert centre's desk adds to a signal: questions, pauses, second readings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from referral.organisations.permissions import Permission
from signals.querysets.signal import readable_by
from signals.workflow import (
    OPEN,
    QuestionStatus,
    ReadingStatus,
    Status,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from uuid import UUID

    from referral.organisations.models import Membership
    from signals.models import (
        Escalation,
        Merging,
        Parking,
        Question,
        ReceiverFeedback,
        SecondReading,
        Signal,
    )

PEOPLE_OF_A_PAUSE = (
    "signal__reporter_organisation",
    "signal__created_by",
    "signal__taken_up_by",
    "began_by",
    "ended_by",
)


class QuestionQuerySet(models.QuerySet["Question"]):
    def visible_to(self, member: Membership) -> Self:
        """With the signal itself; the sweeper those of open signals, and none of the words."""
        signals = self.model._meta.get_field("signal").related_model._default_manager
        readable = readable_by(member)
        if member.may(Permission.DEADLINE_SWEEP):
            readable = Q(status__in=OPEN)
        return self.filter(signal__in=signals.filter(readable))

    def open(self) -> Self:
        return self.filter(status=QuestionStatus.ASKED)

    def due_before(self, day: date) -> Self:
        """Open, and the last day for an answer is over."""
        return self.open().filter(due_on__lt=day)

    def with_people(self) -> Self:
        """With the signal and everybody that its notices go to."""
        return self.select_related(*PEOPLE_OF_A_PAUSE)


class ParkingQuerySet(models.QuerySet["Parking"]):
    def visible_to(self, member: Membership) -> Self:
        """The expert centre only, the sweeper, which ends them, and the search index."""
        permissions = (Permission.SIGNAL_JUDGE, Permission.DEADLINE_SWEEP, Permission.SIGNAL_INDEX)
        return self.all() if any(map(member.may, permissions)) else self.none()

    def open(self) -> Self:
        return self.filter(ended_at=None)

    def over_on(self, day: date) -> Self:
        """Open, and the day has come."""
        return self.open().filter(until__lte=day)

    def with_people(self) -> Self:
        """With the signal and everybody that its notices go to."""
        return self.select_related(*PEOPLE_OF_A_PAUSE)


class MergingQuerySet(models.QuerySet["Merging"]):
    def visible_to(self, member: Membership) -> Self:
        """The expert centre only, and the search index."""
        permissions = (Permission.SIGNAL_JUDGE, Permission.SIGNAL_INDEX)
        return self.all() if any(map(member.may, permissions)) else self.none()

    def open(self) -> Self:
        return self.filter(ended_at=None)

    def with_people(self) -> Self:
        """With both signals and everybody that a notice goes to."""
        return self.select_related(*PEOPLE_OF_A_PAUSE, "into")

    def joined_with(self, signal: Signal) -> Self:
        """Those that brought another signal into this one."""
        return self.filter(into=signal).select_related("signal").order_by("signal__reference")


class FeedbackQuerySet(models.QuerySet["ReceiverFeedback"]):
    def visible_to(self, member: Membership) -> Self:
        """The expert centre only, and the sweeper, which reminds of what is not there yet."""
        permissions = (Permission.SIGNAL_JUDGE, Permission.DEADLINE_SWEEP)
        return self.all() if any(map(member.may, permissions)) else self.none()


class EscalationQuerySet(models.QuerySet["Escalation"]):
    def visible_to(self, member: Membership) -> Self:
        """The expert centre, and the sweeper, which makes them."""
        permissions = (Permission.SIGNAL_JUDGE, Permission.DEADLINE_SWEEP)
        return self.all() if any(map(member.may, permissions)) else self.none()


class ReadingQuerySet(models.QuerySet["SecondReading"]):
    def visible_to(self, member: Membership) -> Self:
        """The expert centre only, and the sweeper, which keeps their term."""
        permissions = (Permission.SIGNAL_JUDGE, Permission.DEADLINE_SWEEP)
        return self.all() if any(map(member.may, permissions)) else self.none()

    def open(self) -> Self:
        return self.filter(status=ReadingStatus.WAITING)

    def open_of(self, signals: Iterable[Signal]) -> dict[UUID, SecondReading]:
        """The open one of each of these signals that waits for a second reader."""
        waiting = [one for one in signals if one.status == Status.SECOND_READING]
        found = self.open().filter(signal__in=waiting) if waiting else self.none()
        return {reading.signal_id: reading for reading in found}
