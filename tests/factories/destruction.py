"""Signals, placements and consents past their term, and lists in any state."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from referral.access.context import acting, service
from referral.organisations.models import Membership
from referral.organisations.roles import Role
from referral.retention.destruction.actions import (
    DEEDS,
    Night,
    hold_signal,
    review_lists,
)
from referral.retention.destruction.models import DestructionList, SignalHold
from referral.retention.destruction.workflow import Status
from signals.models import Signal
from signals.workflow import Status as SignalStatus
from signals.workflow import Verdict
from tests.factories.signals import signal_at

#: Longer ago than any term of a record.
LONG_AGO = timedelta(days=6 * 366)


def ended_long_ago(signal: Signal, ago: timedelta = LONG_AGO) -> Signal:
    """Time went by since it was closed: the clock of the database cannot be turned."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE baken_guard")
        cursor.execute(
            "UPDATE signals_signal SET closed_at = closed_at - %s, outcome_at = outcome_at - %s"
            " WHERE id = %s",
            [ago, ago, signal.pk],
        )
        cursor.execute("SET LOCAL ROLE NONE")
    return signal


def old_signal(
    verdict: Verdict = Verdict.MONITORED, *, ago: timedelta = LONG_AGO, **changes: Any
) -> Signal:
    """Closed so long ago."""
    return ended_long_ago(signal_at(SignalStatus.CLOSED, verdict=verdict, **changes), ago)


def night() -> Night:
    with acting(service(Role.SERVICE_SWEEPER), purpose="test") as clock:
        return review_lists(by=clock, at=timezone.now())


def list_of(record: UUID, *, by: Membership) -> DestructionList:
    with acting(by, purpose="test"):
        return DestructionList.objects.visible_to(by).get(lines__record=record)


def decided(listed: DestructionList, goal: Status, *, by: Membership) -> DestructionList:
    with acting(by, purpose="test"):
        return DEEDS[goal](listed, by=by, at=timezone.now())


def signal_hold(signal: Signal, *, by: Membership) -> SignalHold:
    until = timezone.localdate() + timedelta(days=30)
    with acting(by, purpose="test"):
        return hold_signal(signal, reason="court", until=until, by=by, at=timezone.now())
