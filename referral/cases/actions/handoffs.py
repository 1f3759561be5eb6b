"""A case changes hands: accepted, declined or withdrawn, and completed. One answer wins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from referral.audit.actions import Line, record, record_many
from referral.cases.actions.holding import hold, write
from referral.cases.actions.offering import STANDING
from referral.cases.models import Case, DeclineReason, Handoff, NextStep
from referral.cases.rules import (
    MoveRefused,
    check_decline,
    check_meeting,
    check_met,
    check_move_handoff,
    first_contact_due_on,
)
from referral.cases.workflow import HandoffStatus
from referral.lib.moments import When, moments
from referral.lib.rows import update_rows
from referral.notices.actions import Letter, post_many
from referral.notices.kinds import Kind
from referral.organisations.models import Membership, Organisation
from referral.organisations.roles import Role


def accept_handoff(
    handoff: Handoff, *, warm_meeting_on: date | None = None, by: Membership, at: datetime
) -> Handoff:
    """One handoff; see accept_handoffs."""
    if warm_meeting_on is not None:
        handoff.warm_meeting_on = warm_meeting_on
    return accept_handoffs([handoff], by=by, at=at)[0]


@transaction.atomic
def accept_handoffs(handoffs: Sequence[Handoff], *, by: Membership, at: When) -> list[Handoff]:
    """The receivers become responsible, and read and write the whole file from now on.

    The old organisation loses write at once and reads thirty days more: the database sees to
    both. Of an acceptance and a withdrawal at the same time one wins, the other gets MoveRefused.
    """
    times = moments(at, len(handoffs))
    held = hold_handoffs(handoffs, HandoffStatus.ACCEPTED, by=by)
    for handoff, asked, moment in zip(held, handoffs, times, strict=True):
        meeting = asked.warm_meeting_on or handoff.warm_meeting_on
        handoff.warm_meeting_on = check_meeting(meeting, today=timezone.localdate(moment))
        _answer(handoff, HandoffStatus.ACCEPTED, by=by, at=moment)
        case = handoff.case
        case.owner_organisation, case.coordinator = by.organisation, by.user
        case.care_region = handoff.care_region
        case.next_step, case.next_step_by = NextStep.FIRST_CONTACT, by.organisation
        case.next_deadline_on = first_contact_due_on(case.priority, at=moment)
    cases = [handoff.case for handoff in held]
    write(cases, [*STANDING, "owner_organisation", "coordinator", "care_region"])
    _write_answers(held, ["warm_meeting_on"])
    _tell(held, "handoff_accepted", Kind.HANDOFF_ACCEPTED, times, by=by)
    return held


@transaction.atomic
def decline_handoff(handoff: Handoff, *, reason: str, by: Membership, at: datetime) -> Handoff:
    """The receiver says no, with a reason; the sender stays responsible."""
    check_decline(reason)
    [held] = hold_handoffs([handoff], HandoffStatus.DECLINED, by=by)
    held.decline_reason = DeclineReason(reason)
    _answer(held, HandoffStatus.DECLINED, by=by, at=at)
    _give_back(held.case, held)
    write([held.case], STANDING)
    _write_answers([held], ["decline_reason"])
    _tell([held], "handoff_declined", Kind.HANDOFF_DECLINED, [at], by=by)
    return held


@transaction.atomic
def withdraw_handoff(handoff: Handoff, *, by: Membership, at: datetime) -> Handoff:
    """The sender takes the offer back, as long as it was not answered; a draft is thrown away."""
    [held] = hold_handoffs([handoff], HandoffStatus.WITHDRAWN, by=by)
    if held.status == HandoffStatus.DRAFT:
        held.status, held.answered_at, held.answered_by = HandoffStatus.WITHDRAWN, at, by.user
        _write_answers([held], [])
        record("handoff_draft_discarded", on=held, by=by, at=at)
        return held
    _answer(held, HandoffStatus.WITHDRAWN, by=by, at=at)
    _give_back(held.case, held)
    write([held.case], STANDING)
    _write_answers([held], [])
    _tell([held], "handoff_withdrawn", Kind.HANDOFF_WITHDRAWN, [at], by=by)
    return held


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """The coordinators met on a day, and the person knows of it or not."""

    handoff: Handoff
    met_on: date | None
    victim_informed: bool


def complete_handoff(completion: Completion, *, by: Membership, at: datetime) -> Handoff:
    """One handoff; see complete_handoffs."""
    return complete_handoffs([completion], by=by, at=at)[0]


@transaction.atomic
def complete_handoffs(
    completions: Sequence[Completion], *, by: Membership, at: When
) -> list[Handoff]:
    """The meeting took place: who accepted says when, and whether the person knows.

    Raises MoveRefused when the handoff is not theirs to complete, or the case not any more, and
    CaseRefused when the meeting is still to come.
    """
    times = moments(at, len(completions))
    asked = [completion.handoff for completion in completions]
    held = hold_handoffs(asked, HandoffStatus.COMPLETED, by=by)
    for handoff, completion, moment in zip(held, completions, times, strict=True):
        if handoff.case.owner_organisation_id != by.organisation_id:
            raise MoveRefused(_("This case has changed hands. Your organisation can only read it."))
        handoff.met_on = check_met(completion.met_on, today=timezone.localdate(moment))
        handoff.victim_informed = completion.victim_informed
        handoff.status = HandoffStatus.COMPLETED
        handoff.completed_at, handoff.completed_by = moment, by.user
    fields = ["status", "met_on", "victim_informed", "completed_at", "completed_by"]
    if held and update_rows(held, fields) != len(held):
        raise Handoff.DoesNotExist
    _tell(held, "handoff_completed", Kind.HANDOFF_COMPLETED, times, by=by)
    return held


def hold_handoffs(
    handoffs: Sequence[Handoff], to: HandoffStatus, *, by: Membership
) -> list[Handoff]:
    """Handoffs and their cases, held still, always the case first: so nobody waits in a ring.

    Raises Handoff.DoesNotExist when one is not there for this member, and MoveRefused when it
    is and cannot be answered that way.
    """
    wanted = [handoff.pk for handoff in handoffs]
    seen = Handoff.objects.visible_to(by).filter(pk__in=wanted)
    found = {handoff.pk: handoff for handoff in seen.all()}
    if found.keys() != set(wanted):
        raise Handoff.DoesNotExist
    for handoff in found.values():
        check_move_handoff(by, handoff, to)
    try:
        cases = hold([Case(pk=handoff.case_id) for handoff in found.values()], by=by)
    except Case.DoesNotExist:
        # The other side was a moment earlier: the case is out of sight, the handoff tells why.
        for handoff in seen.all():
            check_move_handoff(by, handoff, to)
        raise
    of = {case.pk: case for case in cases}
    held = {
        handoff.pk: handoff
        for handoff in seen.with_names().select_for_update(of=["self"]).order_by("pk")
    }
    for handoff in held.values():
        check_move_handoff(by, handoff, to)
        handoff.case = of[handoff.case_id]
    return [held[pk] for pk in wanted]


def _answer(handoff: Handoff, status: HandoffStatus, *, by: Membership, at: datetime) -> None:
    handoff.status, handoff.answered_at, handoff.answered_by = status, at, by.user
    handoff.case.offered_to, handoff.case.standing_since = None, at


def _give_back(case: Case, handoff: Handoff) -> None:
    """What was to be done before the offer is not known any more: look at the plan again."""
    case.next_step, case.next_step_by = NextStep.REVIEW_PLAN, handoff.from_organisation
    case.next_deadline_on = first_contact_due_on(case.priority, at=case.standing_since)


def _write_answers(handoffs: Sequence[Handoff], fields: Sequence[str]) -> None:
    answer = ["status", "answered_at", "answered_by"]
    if update_rows(handoffs, [*answer, *fields]) != len(handoffs):
        raise Handoff.DoesNotExist


def _tell(
    handoffs: Sequence[Handoff],
    action: str,
    kind: Kind,
    times: Sequence[datetime],
    *,
    by: Membership,
) -> None:
    """Write the answer in the trail of handoff and case, and tell the other side."""
    pairs = list(zip(handoffs, times, strict=True))
    now = timezone.now()
    lines = [Line(action=action, on=on, at=at) for h, at in pairs for on in (h, h.case)]
    record_many(lines, by=by, at=now)
    letters = [
        Letter(kind=kind, to=_other_side(h, by=by), role=Role.ZC, on=h, at=at) for h, at in pairs
    ]
    post_many(letters, at=now)


def _other_side(handoff: Handoff, *, by: Membership) -> Organisation:
    if handoff.from_organisation_id == by.organisation_id:
        return handoff.to_organisation
    return handoff.from_organisation
