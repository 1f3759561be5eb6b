"""What is put before a meeting: proposals of analysts, and their order on the agenda."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from referral.access.secrets import seal, unseal
from referral.audit.actions import record
from referral.organisations.models import Membership
from signals.actions.triage import keys_of, lock
from signals.deliberation.actions.meetings import lock_meeting
from signals.deliberation.models import AgendaItem, Meeting, Proposal
from signals.deliberation.rules import check_prepare, check_proposal, check_propose
from signals.deliberation.workflow import ProposalStatus
from signals.models import Signal
from signals.rules import MoveRefused, check_words

UP, DOWN, OFF = "up", "down", "off"


@dataclass(frozen=True, slots=True)
class OpenedProposal:
    """A proposal with its question in words."""

    proposal: Proposal
    question: str


@transaction.atomic
def propose_signal(
    signal: Signal, *, question: str, urgent: bool, by: Membership, at: datetime
) -> Proposal:
    """Ask the next meeting something about a signal; it waits until the coordinator places it."""
    [signal] = lock([signal], by=by)
    check_propose(by, signal)
    question = check_words(question, answer="question", empty=_("Write down your question."))
    if Proposal.objects.visible_to(by).open().filter(signal=signal).exists():
        raise MoveRefused(_("This signal has been proposed already."))

    key = keys_of([signal], by=by)[signal.pk]
    proposal = Proposal(
        signal=signal,
        reference=signal.reference,
        key=key,
        urgent=urgent,
        proposed_at=at,
        proposed_by=by.user,
    )
    proposal.question = seal({"question": question}, key=key, about=about(proposal.pk))
    proposal.save(force_insert=True)
    record("signal_proposed", by=by, at=at, on=signal)
    return proposal


@transaction.atomic
def withdraw_proposal(proposal: Proposal, *, by: Membership, at: datetime) -> Proposal:
    """The meeting need not look at it any more; it is not on an agenda yet."""
    proposal = _lock(proposal, by=by)
    check_proposal(proposal, ProposalStatus.WITHDRAWN)
    _move(proposal, ProposalStatus.WITHDRAWN)
    record("signal_proposal_withdrawn", by=by, at=at, on=proposal)
    return proposal


@transaction.atomic
def place_proposal(
    meeting: Meeting, *, proposal: Proposal, by: Membership, at: datetime
) -> AgendaItem:
    """Put a proposal at the end of the agenda."""
    meeting = lock_meeting(meeting, by=by)
    check_prepare(by, meeting)
    proposal = _lock(proposal, by=by)
    check_proposal(proposal, ProposalStatus.PLACED)

    last = AgendaItem.objects.visible_to(by).filter(meeting=meeting).last_position()
    item = AgendaItem(meeting=meeting, proposal=proposal, position=last + 1)
    item.save(force_insert=True)
    _move(proposal, ProposalStatus.PLACED)
    record("meeting_item_placed", by=by, at=at, on=item)
    return item


@transaction.atomic
def move_item(item: AgendaItem, *, where: str, by: Membership, at: datetime) -> AgendaItem:
    """One place up or down, or off the agenda; the others move up."""
    meeting = lock_meeting(item.meeting, by=by)
    check_prepare(by, meeting)
    items = list(AgendaItem.objects.visible_to(by).filter(meeting=meeting).order_by("position"))
    here = next(place for place, one in enumerate(items) if one.pk == item.pk)
    moved = items.pop(here)
    if where == OFF:
        proposal = _lock(moved.proposal, by=by)
        record("meeting_item_taken_off", by=by, at=at, on=moved)
        moved.delete()
        _move(proposal, ProposalStatus.WAITING)
    else:
        items.insert(max(0, here - 1) if where == UP else here + 1, moved)
        record("meeting_item_moved", by=by, at=at, on=moved)
    for position, one in enumerate(items, start=1):
        one.position = position
    AgendaItem.objects.bulk_update(items, ["position"])
    return item


@transaction.atomic(savepoint=False)
def list_waiting(*, by: Membership, at: datetime) -> list[OpenedProposal]:
    """What waits for a meeting, with the questions."""
    opened = [open_proposal(one) for one in Proposal.objects.visible_to(by).waiting()]
    if opened:
        ids = [one.proposal.signal_id for one in opened]
        record("signal_proposals_listed", by=by, at=at, ids=ids)
    return opened


def open_proposal(proposal: Proposal) -> OpenedProposal:
    """The question in words; who asks records the look."""
    said = unseal(bytes(proposal.question), key=proposal.key, about=about(proposal.pk))
    return OpenedProposal(proposal, str(said["question"]))


def _lock(proposal: Proposal, *, by: Membership) -> Proposal:
    return Proposal.objects.visible_to(by).select_for_update().get(pk=proposal.pk)


def _move(proposal: Proposal, status: ProposalStatus) -> None:
    proposal.status = status
    proposal.save(update_fields=["status"])


def about(pk: UUID) -> str:
    """What a sealed question says it is about; elsewhere it does not open."""
    return f"deliberation_proposal|{pk}|1"
