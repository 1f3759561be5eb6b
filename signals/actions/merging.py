"""Two reports of the same: one is joined with the other, and can be taken apart again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from referral.access.models import DataKey
from referral.access.secrets import seal, unseal
from referral.audit.actions import record
from referral.notices.actions import post
from referral.notices.kinds import Kind
from referral.organisations.models import Membership
from signals.actions.triage import keys_of, lock, tell_outcome, write
from signals.models import Merging, Signal
from signals.rules import MoveRefused, check_handles, check_into, check_move, check_words
from signals.workflow import Outcome, Status


@transaction.atomic
def merge_signal(
    signal: Signal, *, into: Signal, reason: str, by: Membership, at: datetime
) -> Merging:
    """Join a signal with another one that is about the same. Its reporter hears that, and never
    with which. Raises SignalRefused for itself and for one that is joined itself.
    """
    if into.pk == signal.pk:
        check_into(signal, into)
    signal, into = lock([signal, into], by=by)
    check_move(by, signal, Status.MERGED)
    check_into(signal, into)
    reason = check_words(reason, answer="reason", empty=_("Write down why they are the same."))

    merging = Merging(signal=signal, into=into, began_at=at, began_by=by.user)
    merging.sealed = seal(
        {"reason": reason}, key=keys_of([signal], by=by)[signal.pk], about=about(merging.pk)
    )
    merging.save(force_insert=True)
    signal.status, signal.outcome, signal.outcome_at = Status.MERGED, Outcome.MERGED, at
    write([signal], ["status", "outcome", "outcome_at"])

    record("signal_merged", by=by, at=at, on=signal, ids=[into.pk])
    tell_outcome([signal], [at], by=by)
    return merging


@transaction.atomic
def unmerge_signal(signal: Signal, *, by: Membership, at: datetime) -> Merging:
    """They are not the same after all: back to triage; that they were joined stays on record."""
    found = Merging.objects.visible_to(by).with_people().open().filter(signal=signal.pk)
    merging = found.select_for_update(of=["self"]).first()
    if merging is None:
        raise MoveRefused(_("This signal is not joined with another one any more."))
    signal = merging.signal
    check_move(by, signal, Status.TRIAGE)
    check_handles(by, signal)

    merging.ended_at, merging.ended_by = at, by.user
    merging.save(update_fields=["ended_at", "ended_by"])
    record("signal_unmerged", by=by, at=at, on=signal, ids=[merging.into_id])
    if signal.reporter_organisation_id != by.organisation_id:
        home, reporter = signal.reporter_organisation, signal.created_by
        post(Kind.SIGNAL_REOPENED, to=home, user=reporter, on=signal, at=at)
    return merging


def reason_of(merging: Merging, key: DataKey) -> str:
    """Why the two are the same, in words."""
    return str(unseal(bytes(merging.sealed), key=key, about=about(merging.pk))["reason"])


def about(pk: UUID) -> str:
    """What a sealed reason says it is about; moved to another signal it does not open."""
    return f"signals_merging|{pk}|1"
