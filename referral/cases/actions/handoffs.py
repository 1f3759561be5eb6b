"""A case changes hands: offered, and accepted, declined or withdrawn. One answer wins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone

from referral.audit.actions import Line, record_many
from referral.cases.actions.holding import hold, write
from referral.cases.actions.packages import pack
from referral.cases.models import Case, DeclineReason, Handoff, HandoffPackage, NextStep, Section
from referral.cases.rules import (
    Coordination,
    answer_due_on,
    check_decline,
    check_meeting,
    check_move_handoff,
    check_offer_handoff,
    first_contact_due_on,
    reaches_of,
)
from referral.cases.workflow import HandoffStatus
from referral.geography.models import CareRegion
from referral.lib.moments import When, moments
from referral.lib.rows import update_rows
from referral.notices.actions import Letter, post_many
from referral.notices.kinds import Kind
from referral.organisations.models import Membership, Organisation
from referral.organisations.roles import Role
from referral.sharing.models import Purpose
from referral.sharing.rules import Sharing

#: What an offer and its answer change in the case.
STANDING = ["offered_to", "standing_since", "next_step", "next_step_by", "next_deadline_on"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Which case goes to which region, why, and with what."""

    case: Case
    care_region: CareRegion
    reason: str
    sections: Sequence[str] = tuple(Section.values)
    warm_meeting_on: date | None = None
    victim_informed: bool = False


def offer_handoff(proposal: Proposal, *, by: Membership, at: datetime) -> Handoff:
    """One handoff; see offer_handoffs."""
    return offer_handoffs([proposal], by=by, at=at)[0]


@transaction.atomic
def offer_handoffs(proposals: Sequence[Proposal], *, by: Membership, at: When) -> list[Handoff]:
    """Offer cases to who coordinates care in another region, each with a sealed package.

    The sender stays responsible until the receiver accepts. Raises MoveRefused when a case is
    not theirs to hand over, CaseRefused when the region is the own one, the package is empty or
    nothing allows the data to go there.
    """
    times = moments(at, len(proposals))
    # Consents before cases, as who takes one back: so nobody waits in a ring.
    persons = [proposal.case.person_id for proposal in proposals]
    sharing = Sharing.read(persons, purpose=Purpose.HANDOFF, by=by, hold=True)
    held = hold([proposal.case for proposal in proposals], by=by)
    prefetch_related_objects(held, "person__key")
    coordination = Coordination.read()
    reaches = reaches_of(held, by)
    handoffs = []
    for case, proposal, moment in zip(held, proposals, times, strict=True):
        receiver = coordination.of(proposal.care_region, at=moment)
        check_offer_handoff(
            case,
            receiver,
            proposal.reason,
            proposal.sections,
            reach=reaches[case.pk],
            sharing=sharing,
            by=by,
            at=moment,
        )
        handoffs.append(
            Handoff(
                case=case,
                from_organisation=by.organisation,
                to_organisation=receiver,
                care_region=proposal.care_region,
                reason=proposal.reason,
                sections=[Section(section).value for section in proposal.sections],
                warm_meeting_on=proposal.warm_meeting_on,
                victim_informed=proposal.victim_informed,
                answer_due_on=answer_due_on(case.priority, at=moment),
                offered_at=moment,
                offered_by=by.user,
            )
        )
    packages = pack(handoffs, by=by)
    _put_on_offer(handoffs)
    Handoff.objects.bulk_create(handoffs, batch_size=1000)
    HandoffPackage.objects.bulk_create(packages, batch_size=1000)
    now = timezone.now()
    lines = [Line(action="handoff_offered", on=h, at=h.offered_at) for h in handoffs]
    record_many(lines, by=by, at=now)
    letters = [
        Letter(
            kind=Kind.HANDOFF_OFFERED,
            to=h.to_organisation,
            role=Role.ZC,
            on=h,
            at=h.offered_at,
        )
        for h in handoffs
    ]
    post_many(letters, at=now)
    return handoffs


def _put_on_offer(handoffs: Sequence[Handoff]) -> None:
    for handoff in handoffs:
        case = handoff.case
        case.offered_to, case.standing_since = handoff.to_organisation, handoff.offered_at
        case.next_step, case.next_step_by = NextStep.ANSWER_HANDOFF, handoff.to_organisation
        case.next_deadline_on = handoff.answer_due_on
    write([handoff.case for handoff in handoffs], STANDING)


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
    held = _hold(handoffs, HandoffStatus.ACCEPTED, by=by)
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
    [held] = _hold([handoff], HandoffStatus.DECLINED, by=by)
    held.decline_reason = DeclineReason(reason)
    _answer(held, HandoffStatus.DECLINED, by=by, at=at)
    _give_back(held.case, held)
    write([held.case], STANDING)
    _write_answers([held], ["decline_reason"])
    _tell([held], "handoff_declined", Kind.HANDOFF_DECLINED, [at], by=by)
    return held


@transaction.atomic
def withdraw_handoff(handoff: Handoff, *, by: Membership, at: datetime) -> Handoff:
    """The sender takes the offer back, as long as it was not answered."""
    [held] = _hold([handoff], HandoffStatus.WITHDRAWN, by=by)
    _answer(held, HandoffStatus.WITHDRAWN, by=by, at=at)
    _give_back(held.case, held)
    write([held.case], STANDING)
    _write_answers([held], [])
    _tell([held], "handoff_withdrawn", Kind.HANDOFF_WITHDRAWN, [at], by=by)
    return held


def _hold(handoffs: Sequence[Handoff], to: HandoffStatus, *, by: Membership) -> list[Handoff]:
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
