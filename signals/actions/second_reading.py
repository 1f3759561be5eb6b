"""Rejecting takes two: another analyst confirms a proposal, or gives it back with a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from referral.access.models import DataKey
from referral.access.secrets import seal, unseal
from referral.audit.actions import record
from referral.lib.moments import When, moments
from referral.notices.actions import post
from referral.notices.kinds import Kind
from referral.organisations.models import Membership
from signals.actions.triage import (
    about_reading,
    keys_of,
    lock,
    new_judgement,
    record_each,
    tell_outcome,
    write,
)
from signals.models import Judgement, SecondReading, Signal
from signals.rules import check_move, check_read_second, check_words, no_such_move
from signals.workflow import ReadingStatus, Status, Verdict

ROWS = 500


def confirm_rejection(signal: Signal, *, by: Membership, at: datetime) -> Signal:
    """One signal; see confirm_rejections."""
    return confirm_rejections([signal], by=by, at=at)[0]


@transaction.atomic
def confirm_rejections(signals: Sequence[Signal], *, by: Membership, at: When) -> list[Signal]:
    """A second analyst agrees: now they are rejected, and the reporters are told the outcome.

    The judgement stands in the name of who proposed it. Raises MoveRefused for a proposal of
    one's own.
    """
    times = moments(at, len(signals))
    locked = lock(signals, by=by)
    for signal in locked:
        check_move(by, signal, Status.REJECTED)
    readings = _lock_readings(locked, by=by)
    for reading in readings:
        check_read_second(by, reading)

    for reading, moment in zip(readings, times, strict=True):
        reading.status, reading.read_at, reading.read_by = ReadingStatus.CONFIRMED, moment, by.user
    SecondReading.objects.bulk_update(readings, ["status", "read_at", "read_by"], batch_size=ROWS)
    keys = keys_of(locked, by=by)
    Judgement.objects.bulk_create(
        [
            new_judgement(
                signal,
                Verdict.REJECTED,
                motivation_of(reading, keys[signal.pk]),
                key=keys[signal.pk],
                at=reading.proposed_at,
                judge=reading.proposed_by_id,
            )
            for signal, reading in zip(locked, readings, strict=True)
        ],
        batch_size=1000,
    )
    for signal, moment in zip(locked, times, strict=True):
        signal.status, signal.outcome, signal.outcome_at = (
            Status.REJECTED,
            Verdict.REJECTED,
            moment,
        )
    write(locked, ["status", "outcome", "outcome_at"])

    record_each("signal_rejection_confirmed", locked, times, by=by)
    tell_outcome(locked, times, by=by)
    return locked


@transaction.atomic
def give_back_signal(signal: Signal, *, remark: str, by: Membership, at: datetime) -> Signal:
    """The second analyst does not agree, and says why; the signal is back in triage."""
    [signal] = lock([signal], by=by)
    check_move(by, signal, Status.TRIAGE)
    [reading] = _lock_readings([signal], by=by)
    check_read_second(by, reading)
    remark = check_words(remark, answer="remark", empty=_("Write down why you give it back."))

    reading.status, reading.read_at, reading.read_by = ReadingStatus.RETURNED, at, by.user
    reading.remark = seal(
        {"remark": remark},
        key=keys_of([signal], by=by)[signal.pk],
        about=about_reading(reading.pk, "remark"),
    )
    reading.save(update_fields=["status", "read_at", "read_by", "remark"])
    # The time with the second reader had a term of its own.
    signal.status, signal.paused = Status.TRIAGE, signal.paused + (at - reading.proposed_at)
    write([signal], ["status", "paused"])

    record("signal_given_back", by=by, at=at, on=signal)
    post(Kind.SIGNAL_GIVEN_BACK, to=by.organisation, user=reading.proposed_by, on=signal, at=at)
    return signal


def motivation_of(reading: SecondReading, key: DataKey) -> str:
    """Why it should be rejected, in words."""
    about = about_reading(reading.pk, "motivation")
    return str(unseal(bytes(reading.motivation), key=key, about=about)["motivation"])


def remark_of(reading: SecondReading, key: DataKey) -> str:
    """Why it was given back; empty when it was not."""
    if reading.remark is None:
        return ""
    about = about_reading(reading.pk, "remark")
    return str(unseal(bytes(reading.remark), key=key, about=about)["remark"])


def _lock_readings(signals: Sequence[Signal], *, by: Membership) -> list[SecondReading]:
    """The open reading of each signal, in the same order. Raises MoveRefused where there is none."""
    found = {
        reading.signal_id: reading
        for reading in SecondReading.objects.visible_to(by)
        .open()
        .filter(signal__in=signals)
        .select_related("proposed_by")
        .select_for_update(of=["self"])
    }
    for signal in signals:
        if signal.pk not in found:  # in triage by another deed, or on its way back there
            raise no_such_move(signal)
    return [found[signal.pk] for signal in signals]
