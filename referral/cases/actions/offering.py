"""A case is prepared to go, and offered to who coordinates care in another region."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from referral.audit.actions import Line, record, record_many
from referral.cases.actions.holding import hold, write
from referral.cases.actions.packages import next_versions, pack
from referral.cases.models import Case, Handoff, HandoffPackage, HandoffTerm, NextStep, Section
from referral.cases.rules import (
    Coordination,
    answer_due_on,
    check_offer_handoff,
    check_prepare_handoff,
    reach_of,
    reaches_of,
    set_clock,
)
from referral.cases.workflow import HandoffStatus
from referral.geography.models import CareRegion
from referral.lib.moments import When, moments
from referral.lib.rows import update_rows
from referral.lib.versions import Version, check_seen
from referral.notices.actions import Letter, post_many
from referral.notices.kinds import Kind
from referral.organisations.models import Membership, Organisation
from referral.organisations.roles import Role
from referral.sharing.models import Purpose
from referral.sharing.rules import Sharing

#: What an offer and its answer change in the case.
STANDING = ["offered_to", "standing_since", "next_step", "next_step_by", "next_deadline_on"]
#: What makes an offer of a draft.
OFFER = [
    "status", "to_organisation", "care_region", "reason", "sections", "warm_meeting_on",
    "victim_informed", "offered_at", "offered_by", "answer_due_on", "remind_on", "escalate_on",
    "expire_on", "key", "version", "package_hash",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Which case goes to which region, why, and with what."""

    case: Case
    care_region: CareRegion
    reason: str
    sections: Sequence[str] = tuple(Section.values)
    warm_meeting_on: date | None = None
    victim_informed: bool = False
    #: Which draft the page showed; see referral.lib.versions.
    seen: str | None = None


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
    drafts = _drafts(held, by=by)
    terms = terms_at(times)
    for case, proposal, moment, term in zip(held, proposals, times, terms, strict=True):
        check_seen(_mark(drafts.get(case.pk)), proposal.seen)
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
        handoff = _filled(drafts.get(case.pk) or Handoff(case=case), proposal, receiver, by, moment)
        handoff.status = HandoffStatus.OFFERED
        set_clock(handoff, priority=case.priority, terms=term, at=moment)
        handoffs.append(handoff)
    packages = pack(handoffs, by=by)
    _put_on_offer(handoffs)
    _write_offers(handoffs)
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


@transaction.atomic
def save_draft(proposal: Proposal, *, by: Membership, at: datetime) -> Handoff:
    """Keep an offer that is not made yet; a second time the same draft is changed.

    Colleagues of the own organisation see it and go on with it, nobody else does. Raises as
    offer_handoffs does, but for the consent, which may still be asked.
    """
    [case] = hold([proposal.case], by=by)
    receiver = Coordination.read().of(proposal.care_region, at=at)
    check_prepare_handoff(
        case, receiver, proposal.reason, proposal.sections, reach=reach_of(case, by), by=by
    )
    draft = _drafts([case], by=by).get(case.pk)
    check_seen(_mark(draft), proposal.seen)
    handoff = _filled(draft or Handoff(case=case), proposal, receiver, by, at)
    handoff.status, handoff.key = HandoffStatus.DRAFT, None
    handoff.answer_due_on = answer_due_on(case.priority, at=at)
    if draft is None:
        handoff.version = next_versions([case.pk], by=by)[case.pk]
        handoff.save(force_insert=True)
    else:
        _write_offers([handoff])
    record("handoff_drafted", on=handoff, by=by, at=at)
    return handoff


@transaction.atomic(savepoint=False)
def read_draft(case: Case, *, by: Membership, at: datetime) -> Version:
    """The draft as a colleague kept it, or that there is none any more; the look is recorded."""
    found = Handoff.objects.visible_to(by).out_of(by).drafts().filter(case=case).with_names()
    draft = found.first()
    record("handoff_draft_read", on=case, by=by, at=at, ids=[draft.pk] if draft else [])
    if draft is None:
        return Version("", [(_("Handoff"), _("There is no draft any more."))])
    sections = ", ".join(str(Section(one).label) for one in draft.sections)
    lines = [
        (_("To which care region?"), str(draft.care_region)),
        (_("Why does the case go there?"), str(draft.get_reason_display())),
        (_("What goes along?"), sections),
    ]
    if draft.warm_meeting_on:
        day = date_format(draft.warm_meeting_on)
        lines.append((_("Day of the meeting to hand over"), day))
    return Version(_mark(draft), lines, by=str(draft.offered_by), at=draft.offered_at)


def _mark(draft: Handoff | None) -> str:
    return draft.draft_mark if draft else ""


def _drafts(cases: Sequence[Case], *, by: Membership) -> dict[UUID, Handoff]:
    """The drafts of these cases, held still."""
    mine = Handoff.objects.visible_to(by).out_of(by).drafts().filter(case__in=cases)
    return {draft.case_id: draft for draft in mine.select_for_update(of=["self"])}


def _filled(
    handoff: Handoff, proposal: Proposal, receiver: Organisation, by: Membership, at: datetime
) -> Handoff:
    handoff.from_organisation, handoff.to_organisation = by.organisation, receiver
    handoff.care_region, handoff.reason = proposal.care_region, proposal.reason
    handoff.sections = [Section(section).value for section in proposal.sections]
    handoff.warm_meeting_on = proposal.warm_meeting_on
    handoff.victim_informed = proposal.victim_informed
    handoff.offered_at, handoff.offered_by = at, by.user
    return handoff


def _write_offers(handoffs: Sequence[Handoff]) -> None:
    """New ones are made, drafts become offers."""
    known = [handoff for handoff in handoffs if not handoff._state.adding]
    new = [handoff for handoff in handoffs if handoff._state.adding]
    Handoff.objects.bulk_create(new, batch_size=1000)
    if known and update_rows(known, OFFER) != len(known):
        raise Handoff.DoesNotExist


def terms_at(times: Sequence[datetime]) -> list[HandoffTerm]:
    """The terms that were in force at each of these moments, read once."""
    versions = list(HandoffTerm.objects.order_by("-version"))
    return [next(one for one in versions if moment in one.valid) for moment in times]


def _put_on_offer(handoffs: Sequence[Handoff]) -> None:
    for handoff in handoffs:
        case = handoff.case
        case.offered_to, case.standing_since = handoff.to_organisation, handoff.offered_at
        case.next_step, case.next_step_by = NextStep.ANSWER_HANDOFF, handoff.to_organisation
        case.next_deadline_on = handoff.answer_due_on
    write([handoff.case for handoff in handoffs], STANDING)
