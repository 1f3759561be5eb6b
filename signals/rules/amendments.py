"""What the reporter's side may still do after sending: each refusal in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from signals.models import Item, ItemKind, ItemRole, Signal
from signals.rules.moves import can_move
from signals.rules.refusals import MoveRefused, SignalRefused
from signals.workflow import INSIDE, Status


def can_amend(member: Membership, signal: Signal) -> bool:
    """Whether a member who sees the signal stands on its reporter's side, before the outcome.

    Rows of a file are mended in the file.
    """
    return (
        member.may(Permission.SIGNAL_SUBMIT)
        and signal.reporter_organisation_id == member.organisation_id
        and signal.import_batch_id is None
        and not signal.outcome
    )


def check_amend(member: Membership, signal: Signal) -> None:
    if not can_amend(member, signal):
        raise MoveRefused(
            _("Signal %s can no longer be changed. Send a new signal with what you know.")
            % signal.reference
        )


def can_withdraw(member: Membership, signal: Signal) -> bool:
    """Whether to offer it: that a signal is parked or read a second time, no reporter learns."""
    waits = signal.status in (Status.RECEIVED, Status.TRIAGE, *INSIDE)
    return waits and can_amend(member, signal)


def check_withdraw(member: Membership, signal: Signal) -> None:
    if not can_amend(member, signal) or not can_move(member, signal, Status.WITHDRAWN):
        raise MoveRefused(
            _("Signal %s is being decided on and cannot be taken back now.") % signal.reference
        )


def victims_of(items: Sequence[Item]) -> list[Item]:
    """The presumed victims whom a signal names now."""
    return [
        item
        for item in items
        if item.kind == ItemKind.PERSON and item.role == ItemRole.VICTIM and item.left_in is None
    ]


def can_split(member: Membership, signal: Signal, items: Sequence[Item]) -> bool:
    return can_amend(member, signal) and len(victims_of(items)) > 1


def check_split(
    member: Membership, signal: Signal, items: Sequence[Item], chosen: Sequence[UUID]
) -> list[Item]:
    """The persons who get a signal of their own. Raises when they are not there, or all are."""
    check_amend(member, signal)
    victims = victims_of(items)
    found = [item for item in victims if item.pk in set(chosen)]
    if not found or len(found) != len(set(chosen)):
        raise SignalRefused({"persons": _("Choose presumed victims whom this signal names now.")})
    if len(found) == len(victims):
        raise SignalRefused(
            {"persons": _("Leave one presumed victim: this signal goes on about that one.")}
        )
    return found


@contextmanager
def amendments_take_turns() -> Iterator[None]:
    """Say in words that a colleague was first, or that the signal was decided on meanwhile."""
    sentences = {
        "amendments_of_a_signal_follow_one_another": _(
            "A colleague changed this signal meanwhile. Look at it, and change it again."
        ),
        "signal_is_amended_until_it_is_judged": _(
            "This signal has just been decided on; send a new signal with what you know."
        ),
        "signal_is_withdrawn_before_it_is_decided_on": _(
            "This signal is being decided on and cannot be taken back now."
        ),
    }
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        for name, sentence in sentences.items():
            if name in str(error):
                raise MoveRefused(sentence) from error
        raise
