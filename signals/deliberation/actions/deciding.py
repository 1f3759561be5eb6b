"""At the meeting: what the chair decides on each signal, the minutes, and corrections to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from referral.access.secrets import seal, unseal
from referral.audit.actions import record
from referral.organisations.models import Membership, Organisation
from signals.deliberation.actions.agenda import open_proposal
from signals.deliberation.actions.meetings import lock_meeting
from signals.deliberation.actions.pdf import pdf_of_minutes
from signals.deliberation.models import (
    Addendum,
    AgendaItem,
    Decision,
    Meeting,
    Minutes,
    Participant,
)
from signals.deliberation.rules import (
    check_add,
    check_day,
    check_decide,
    check_locked,
    check_receiver,
    check_write_minutes,
)
from signals.deliberation.workflow import Code
from signals.rules import LONGEST_MOTIVATION, check_motivation, check_words


@dataclass(frozen=True, slots=True)
class OpenedItem:
    """A point of the agenda in words; the motivation is empty until there is a decision."""

    item: AgendaItem
    question: str
    decision: Decision | None
    motivation: str


@dataclass(frozen=True, slots=True)
class OpenedMeeting:
    """A meeting with what this member may see of it."""

    meeting: Meeting
    participants: list[Participant]
    items: list[OpenedItem]
    minutes: str
    addenda: list[tuple[Addendum, str]]


@transaction.atomic
def decide_item(
    item: AgendaItem,
    *,
    code: Code,
    receiver: Organisation | None,
    motivation: str,
    due_on: date,
    by: Membership,
    at: datetime,
) -> Decision:
    """Record what the chair decides; until the minutes are locked it can be decided anew.

    Nothing happens to the signal: its handler gets a follow-up when the minutes are locked, and
    does the deed on the signal.
    """
    meeting = lock_meeting(item.meeting, by=by)
    check_decide(by, meeting)
    code = Code(code)
    check_receiver(code, receiver)
    check_day(due_on, today=timezone.localdate(at), question="due_on")
    motivation = check_motivation(motivation)

    item = AgendaItem.objects.visible_to(by).select_related("proposal__key").get(pk=item.pk)
    decision = Decision.objects.visible_to(by).filter(item=item).first()
    is_new = decision is None
    decision = decision or Decision(item=item)
    decision.code, decision.receiver, decision.due_on = code, receiver, due_on
    decision.decided_at, decision.decided_by = at, by.user
    decision.motivation = seal(
        {"motivation": motivation}, key=item.proposal.key, about=about(decision.pk)
    )
    decision.save(force_insert=is_new, force_update=not is_new)
    record("meeting_item_decided", by=by, at=at, on=item, ids=[item.proposal.signal_id])
    return decision


@transaction.atomic
def open_decision(item: AgendaItem, *, by: Membership, at: datetime) -> OpenedItem:
    """Read what was decided on this point so far, for who may decide anew."""
    found = AgendaItem.objects.visible_to(by).in_order().get(pk=item.pk)
    record("meeting_opened", by=by, at=at, on=item.meeting, ids=[found.proposal.signal_id])
    return _opened(found)


@transaction.atomic
def write_minutes(meeting: Meeting, *, text: str, by: Membership, at: datetime) -> Minutes:
    """What was said beside the decisions; written over until the chair locks it."""
    meeting = lock_meeting(meeting, by=by)
    check_write_minutes(by, meeting)
    text = check_words(
        text, answer="text", empty=_("Write down what was said."), most=LONGEST_MOTIVATION
    )
    sealed = seal({"text": text}, key=meeting.key, about=about(meeting.pk, "minutes"))
    written = {"sealed": sealed, "written_at": at, "written_by": by.user}
    minutes, _new = Minutes.objects.update_or_create(meeting=meeting, defaults=written)
    record("meeting_minutes_written", by=by, at=at, on=meeting)
    return minutes


@transaction.atomic
def add_addendum(meeting: Meeting, *, text: str, by: Membership, at: datetime) -> Addendum:
    """Correct locked minutes: the correction stands beside them."""
    meeting = lock_meeting(meeting, by=by)
    check_add(by, meeting)
    text = check_words(text, answer="text", empty=_("Write down the correction."))

    addendum = Addendum(meeting=meeting, added_at=at, added_by=by.user)
    addendum.sealed = seal({"text": text}, key=meeting.key, about=about(addendum.pk, "addendum"))
    addendum.save(force_insert=True)
    record("meeting_addendum_added", by=by, at=at, on=meeting)
    return addendum


@transaction.atomic
def open_meeting(meeting: Meeting, *, by: Membership, at: datetime) -> OpenedMeeting:
    """Read a meeting: a participant that it is held, the chair and the expert centre all of it."""
    meeting = Meeting.objects.visible_to(by).with_names().select_related("key").get(pk=meeting.pk)
    found = AgendaItem.objects.visible_to(by).filter(meeting=meeting).in_order()
    items = [_opened(item) for item in found]
    minutes = Minutes.objects.visible_to(by).filter(meeting=meeting).first()
    addenda = Addendum.objects.visible_to(by).filter(meeting=meeting).select_related("added_by")
    ids = [opened.item.proposal.signal_id for opened in items]
    record("meeting_opened", by=by, at=at, on=meeting, ids=ids)
    return OpenedMeeting(
        meeting,
        list(Participant.objects.visible_to(by).filter(meeting=meeting).with_names()),
        items,
        _text(meeting, bytes(minutes.sealed), "minutes", meeting.pk) if minutes else "",
        [
            (one, _text(meeting, bytes(one.sealed), "addendum", one.pk))
            for one in addenda.order_by("added_at", "pk")
        ],
    )


@transaction.atomic
def download_minutes(meeting: Meeting, *, by: Membership, at: datetime) -> bytes:
    """Locked minutes on paper, with decisions, attendance and corrections. Raises MoveRefused for
    minutes that may still change, and Meeting.DoesNotExist for whom they are not there.
    """
    found = Meeting.objects.visible_to(by).minutes_read_by(by).get(pk=meeting.pk)
    check_locked(found)
    opened = open_meeting(found, by=by, at=at)
    record("meeting_minutes_printed", by=by, at=at, on=found)
    return pdf_of_minutes(opened, reader=by, at=at)


def _opened(item: AgendaItem) -> OpenedItem:
    decision = getattr(item, "decision", None)
    motivation = motivation_of(decision, item) if decision else ""
    return OpenedItem(item, open_proposal(item.proposal).question, decision, motivation)


def motivation_of(decision: Decision, item: AgendaItem) -> str:
    """Why the chair decided so, in words."""
    said = unseal(bytes(decision.motivation), key=item.proposal.key, about=about(decision.pk))
    return str(said["motivation"])


def _text(meeting: Meeting, sealed: bytes, part: str, pk: UUID) -> str:
    return str(unseal(sealed, key=meeting.key, about=about(pk, part))["text"])


def about(pk: UUID, part: str = "decision") -> str:
    """What the sealed words of a meeting say they are about; elsewhere they do not open."""
    return f"deliberation_{part}|{pk}|1"
