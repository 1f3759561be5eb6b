"""A signal waits for a day; the clock stands still until it is brought back to triage."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from referral.access.models import DataKey
from referral.access.secrets import seal, unseal
from referral.audit.actions import record
from referral.notices.kinds import Kind
from referral.organisations.models import Membership
from signals.actions.levels import level_book
from signals.actions.triage import keys_of, lock, tell_handler, write
from signals.models import Parking, Signal
from signals.rules import MoveRefused, check_handles, check_move, check_until, check_words
from signals.workflow import Status


@transaction.atomic
def park_signal(
    signal: Signal, *, reason: str, until: date, by: Membership, at: datetime
) -> Parking:
    """Let a signal wait until a day, with the reason, which stays inside."""
    [signal] = lock([signal], by=by)
    check_move(by, signal, Status.PARKED)
    levels = level_book(by=by).of(signal)
    check_until(until, today=timezone.localdate(at), levels=levels)
    reason = check_words(reason, answer="reason", empty=_("Write down why it has to wait."))

    parking = Parking(signal=signal, began_at=at, began_by=by.user, until=until)
    parking.sealed = seal(
        {"reason": reason}, key=keys_of([signal], by=by)[signal.pk], about=about(parking.pk)
    )
    parking.save(force_insert=True)
    signal.status = Status.PARKED
    write([signal], ["status"])

    record("signal_parked", by=by, at=at, on=signal)
    return parking


@transaction.atomic
def bring_back_signal(signal: Signal, *, by: Membership, at: datetime) -> Parking:
    """The handler waits no longer."""
    found = Parking.objects.visible_to(by).with_people().open().filter(signal=signal.pk)
    parking = found.select_for_update(of=["self"]).first()
    if parking is None:
        raise MoveRefused(_("This signal is not parked any more."))
    check_handles(by, parking.signal)

    _end(parking, by=by, at=at)
    return parking


@transaction.atomic
def bring_back_parked(*, by: Membership, at: datetime) -> int:
    """The day has come: back to triage, and the handler hears of it. Tells how many."""
    over = Parking.objects.visible_to(by).with_people().over_on(timezone.localdate(at))
    parked = list(over.order_by("pk").select_for_update(of=["self"], skip_locked=True))
    for parking in parked:
        _end(parking, by=by, at=at)
        tell_handler(Kind.SIGNAL_UNPARKED, parking.signal, at=at)
    return len(parked)


def _end(parking: Parking, *, by: Membership, at: datetime) -> None:
    """The database brings the signal back in the same statement (baken.pause_gives_back)."""
    parking.ended_at, parking.ended_by = at, by.user
    parking.save(update_fields=["ended_at", "ended_by"])
    record("signal_brought_back", by=by, at=at, on=parking.signal)


def reason_of(parking: Parking, key: DataKey) -> str:
    """Why the signal waits, in words."""
    return str(unseal(bytes(parking.sealed), key=key, about=about(parking.pk))["reason"])


def about(pk: UUID) -> str:
    """What a sealed reason says it is about; moved to another signal it does not open."""
    return f"signals_parking|{pk}|1"
