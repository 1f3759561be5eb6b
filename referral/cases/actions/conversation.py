"""Between offer and answer: the receiver looks and asks, the sender replies and packs anew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from referral.access.models import DataKey
from referral.audit.actions import record
from referral.cases.actions.handoffs import hold_handoffs
from referral.cases.actions.holding import write
from referral.cases.actions.offering import terms_at
from referral.cases.actions.packages import pack_anew
from referral.cases.models import Handoff, HandoffQuestion, HandoffRevision
from referral.cases.rules import CaseRefused, check_begin_review, check_words, set_clock
from referral.cases.workflow import HandoffStatus
from referral.lib.rows import update_rows
from referral.notices.actions import post
from referral.notices.kinds import Kind
from referral.organisations.models import Membership, Organisation
from referral.organisations.roles import Role

QUESTION, REPLY = "question", "reply"
TURN = ["status", "answer_due_on", "remind_on", "escalate_on", "reminded_at"]


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question with its words, and the reply once there is one."""

    question: HandoffQuestion
    text: str
    reply: str = ""


@transaction.atomic
def review_handoff(handoff: Handoff, *, by: Membership, at: datetime) -> Handoff:
    """The receiver takes it up: from now on the sender sees who is looking at it."""
    [held] = hold_handoffs([handoff], HandoffStatus.IN_REVIEW, by=by)
    check_begin_review(held)
    held.status, held.reviewed_at, held.reviewed_by = HandoffStatus.IN_REVIEW, at, by.user
    _write(held, ["status", "reviewed_at", "reviewed_by"])
    record("handoff_review_begun", on=held, by=by, at=at)
    post(Kind.HANDOFF_IN_REVIEW, to=held.from_organisation, role=Role.ZC, on=held, at=at)
    return held


@transaction.atomic
def ask_about_handoff(
    handoff: Handoff, *, text: str, by: Membership, at: datetime
) -> HandoffQuestion:
    """The receiver asks before answering; the turn, and the clock, go to the sender."""
    text = check_words(text)
    [held] = hold_handoffs([handoff], HandoffStatus.INFO_REQUESTED, by=by)
    question = HandoffQuestion(handoff=held, asked_at=at, asked_by=by.user)
    question.sealed = question.seal_words(text, key=_key(held), part=QUESTION)
    if held.reviewed_at is None:
        held.reviewed_at, held.reviewed_by = at, by.user
    _pass_turn(held, HandoffStatus.INFO_REQUESTED, ["reviewed_at", "reviewed_by"], at=at)
    question.save(force_insert=True)
    record("handoff_question_asked", on=held, by=by, at=at, ids=[question.pk])
    post(Kind.HANDOFF_QUESTION, to=held.from_organisation, role=Role.ZC, on=held, at=at)
    return question


@transaction.atomic
def reply_about_handoff(
    handoff: Handoff, *, text: str, pack_again: bool, by: Membership, at: datetime
) -> HandoffQuestion:
    """The sender replies, with a package that is packed anew or the same; the turn goes back.

    Raises MoveRefused when no question is open: of a reply and an acceptance one wins.
    """
    text = check_words(text)
    [held] = hold_handoffs([handoff], HandoffStatus.IN_REVIEW, by=by)
    question = HandoffQuestion.objects.visible_to(by).waiting().get(handoff=held)
    question.sealed_reply = question.seal_words(text, key=_key(held), part=REPLY)
    question.replied_at, question.replied_by = at, by.user
    question.save(update_fields=["sealed_reply", "replied_at", "replied_by"])
    revision = None
    if pack_again:
        prefetch_related_objects([held.case], "person__key")
        revision = pack_anew(held, by=by, at=at)
    packed = ["version", "package_hash"] if revision else []
    _pass_turn(held, HandoffStatus.IN_REVIEW, packed, at=at)
    if revision:
        revision.save(force_insert=True)
        record("handoff_packed_anew", on=held, by=by, at=at, details={"sha256": held.package_hash})
    record("handoff_question_answered", on=held, by=by, at=at, ids=[question.pk])
    post(Kind.HANDOFF_REPLY, to=held.to_organisation, role=Role.ZC, on=held, at=at)
    return question


@transaction.atomic
def read_exchanges(handoff: Handoff, *, by: Membership, at: datetime) -> list[Exchange]:
    """What was asked and replied, oldest first; nothing is recorded where there is nothing."""
    found = list(HandoffQuestion.objects.visible_to(by).filter(handoff=handoff).oldest_first())
    if not found:
        return []
    key = _key(handoff)
    record("handoff_questions_read", on=handoff, by=by, at=at, ids=[one.pk for one in found])
    return [
        Exchange(
            one,
            one.opened_words(one.sealed, key=key, part=QUESTION),
            one.opened_words(one.sealed_reply, key=key, part=REPLY) if one.sealed_reply else "",
        )
        for one in found
    ]


def list_revisions(handoff: Handoff, *, by: Membership) -> list[HandoffRevision]:
    """The versions after the first, with their hashes; what is in them open_package tells."""
    found = HandoffRevision.objects.visible_to(by).filter(handoff=handoff).defer("sealed")
    return list(found.order_by("version"))


def _pass_turn(handoff: Handoff, to: HandoffStatus, fields: list[str], *, at: datetime) -> None:
    """The other side has the next step now, and the whole term for it."""
    case, turn = handoff.case, _has_turn(handoff, to)
    [terms] = terms_at([at])
    handoff.status = to
    set_clock(handoff, priority=case.priority, terms=terms, at=at)
    case.next_step_by, case.next_deadline_on = turn, handoff.answer_due_on
    write([case], ["next_step_by", "next_deadline_on"])
    _write(handoff, [*TURN, *fields])


def _has_turn(handoff: Handoff, status: HandoffStatus) -> Organisation:
    asked = status == HandoffStatus.INFO_REQUESTED
    return handoff.from_organisation if asked else handoff.to_organisation


def _write(handoff: Handoff, fields: list[str]) -> None:
    if update_rows([handoff], fields) != 1:
        raise Handoff.DoesNotExist


def _key(handoff: Handoff) -> DataKey:
    """The key of the person. Raises CaseRefused when it was destroyed: then all is erased."""
    key = DataKey.objects.filter(pk=handoff.key_id).first() if handoff.key_id else None
    if key is None:
        raise CaseRefused(_("The data of this person have been erased."))
    return key
