"""Who has a signal, and whether what a page showed of it still holds."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from referral.audit.actions import record
from referral.notices.kinds import Kind
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from signals.actions.triage import lock, tell_handler, write
from signals.models import Signal
from signals.rules import check_hand_over, check_seen


def check_unchanged(signal: Signal, *, seen: int | None, by: Membership) -> None:
    """Lock the signal and make sure that it is what the page showed: its version is `seen`.

    Raises MoveRefused with who changed it. Must run in the transaction of the deed, which stands
    behind it: from here on nobody else changes the signal.
    """
    if seen is not None:
        [locked] = lock([signal], by=by)
        check_seen(locked, seen)


@transaction.atomic
def hand_over_signal(signal: Signal, *, to: Membership, by: Membership, at: datetime) -> Signal:
    """From now on a colleague has the signal, and hears of it."""
    [signal] = lock([signal], by=by)
    check_hand_over(by, signal, to)

    signal.taken_up_by = to.user
    write([signal], ["taken_up_by"])
    record("signal_handed_over", by=by, at=at, on=signal)
    tell_handler(Kind.SIGNAL_HANDED_OVER, signal, at=at)
    return signal


def colleagues(member: Membership, *, at: datetime) -> list[Membership]:
    """Who works on signals in the member's organisation now, by name."""
    there = Membership.objects.with_names().working_beside(member, Permission.SIGNAL_TRIAGE, at)
    return list(there.order_by("user__full_name", "pk"))
