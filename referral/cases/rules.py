"""Who may make which move, and what a case must hold: each refusal in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from referral.cases.models import (
    Basis,
    Case,
    CaseGrant,
    ClosureReason,
    DeclineReason,
    Handoff,
    HandoffReason,
    HandoffTerm,
    Level,
    NextStep,
    Outcome,
    Priority,
    Profile,
    Section,
)
from referral.cases.workflow import (
    CASE_MOVES,
    HANDOFF_MOVES,
    CaseStatus,
    HandoffStatus,
    Side,
)
from referral.geography.models import CareRegion
from referral.lib.refusals import Refused
from referral.lib.working_days import working_days_after
from referral.organisations.models import CareRegionCoverage, Membership, Organisation
from referral.organisations.permissions import Permission
from referral.organisations.roles import OrganisationType
from referral.persons.restriction.querysets import IsRestricted
from referral.registrations.models import Registration
from referral.registrations.workflow import Status as RegistrationStatus
from referral.sharing.rules import Sharing

#: Terms in working days (domain model 2.11). A crisis is answered the same day.
ANSWER_DAYS = 2
FIRST_CONTACT_DAYS = 2
LONGEST_NOTE = 20_000
LONGEST_WORDS = 4000

#: Steps that a coordinator plans for the own organisation; the others follow from a deed.
PLANNED_STEPS = (
    NextStep.FIRST_CONTACT,
    NextStep.ASK_CONSENT,
    NextStep.REQUEST_SHELTER,
    NextStep.MAKE_PLAN,
    NextStep.REVIEW_PLAN,
    NextStep.CLOSE_CASE,
)

#: What the database says when a case must stay open, and the words for the reader. A room above
#: (shelters) refuses by a constraint trigger of one of these names.
STAYS_OPEN: dict[str, Promise] = {
    "case_on_offer_is_not_closed": gettext_lazy(
        "The case is on offer to another organisation. Withdraw the handoff first."
    ),
    "case_with_an_open_placement_stays_open": gettext_lazy(
        "There is still a placement. End it before you close the case."
    ),
    "case_with_an_open_shelter_request_stays_open": gettext_lazy(
        "Shelter is still asked for. Withdraw the request before you close the case."
    ),
}


class MoveRefused(Refused, PermissionDenied):
    """The table does not know this move, or it is somebody else's to make."""


class CaseRefused(Refused):
    """What was entered does not make a case, a note, a step or a handoff; the words say why."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a member reaches into one case, and by which grant."""

    level: int = 0
    profile: Profile | None = None
    grant: UUID | None = None
    until: datetime | None = None
    #: The person asked that the data are not used for now.
    restricted: bool = False

    @property
    def reads_header(self) -> bool:
        return self.profile in {Profile.HEADER, Profile.PLACEMENT, Profile.FULL}

    @property
    def reads_identity(self) -> bool:
        return self.profile in {Profile.PLACEMENT, Profile.FULL}

    @property
    def reads_all(self) -> bool:
        return self.profile == Profile.FULL

    @property
    def works(self) -> bool:
        return self.reads_all and self.level >= Level.WORK

    @property
    def manages(self) -> bool:
        return self.reads_all and self.level >= Level.MANAGE


_ORDER = [Profile.ENVELOPE, Profile.HEADER, Profile.PLACEMENT, Profile.FULL]


def reach_of(case: Case, member: Membership) -> Reach:
    """One case; see reaches_of."""
    return reaches_of([case], member)[case.pk]


def reaches_of(cases: Iterable[Case], member: Membership) -> dict[UUID, Reach]:
    """By case the strongest of the member's grants on it; none gives an empty reach.

    The national desk reads the header of every case, without a grant. While the use of the data
    is restricted, who only reads along sees no more than the header; who works on the case, who
    shelters the person and who opened it in an emergency read on.
    """
    without = Reach()
    if member.may(Permission.CASE_READ_HEADER):
        without = Reach(Level.VIEW, Profile.HEADER)
    reaches = {case.pk: without for case in cases}
    grants: dict[UUID, list[CaseGrant]] = {}
    held = CaseGrant.objects.opening_to(member).filter(case__in=reaches)
    for grant in held.annotate(restricted=IsRestricted(F("case__person"))):
        grants.setdefault(grant.case_id, []).append(grant)
    for case, given in grants.items():
        best = max(given, key=lambda g: (_ORDER.index(Profile(g.profile)), g.level))
        restricted = bool(getattr(best, "restricted", False))
        profile = Profile(best.profile)
        if restricted and _only_reads_along(best):
            profile = Profile.HEADER
        reaches[case] = Reach(best.level, profile, best.pk, best.valid.upper, restricted)
    return reaches


def _only_reads_along(grant: CaseGrant) -> bool:
    emergency = grant.basis == Basis.BREAK_GLASS
    return grant.profile == Profile.FULL and grant.level < Level.WORK and not emergency


#: What a member must hold to make a move of a side; the organisation alone is not enough.
HELD_BY: dict[Side, Permission] = {
    Side.OWNER: Permission.CASE_WORK,
    Side.SENDER: Permission.HANDOFF_OFFER,
    Side.RECEIVER: Permission.HANDOFF_ANSWER,
    Side.CLOCK: Permission.DEADLINE_SWEEP,
}


def can_move_case(member: Membership, case: Case, to: CaseStatus) -> bool:
    mover = CASE_MOVES[CaseStatus(case.status)].get(to)
    return mover is not None and mover == case.side_of(member) and member.may(HELD_BY[mover])


def check_move_case(member: Membership, case: Case, to: CaseStatus) -> None:
    if not can_move_case(member, case, to):
        if to == CaseStatus.ACTIVE and case.status != CaseStatus.INTAKE:
            raise MoveRefused(_("This case has been accepted already."))
        raise MoveRefused(_("This case can no longer be changed that way."))


def can_move_handoff(member: Membership, handoff: Handoff, to: HandoffStatus) -> bool:
    mover = HANDOFF_MOVES[HandoffStatus(handoff.status)].get(to)
    if mover is None or not member.may(HELD_BY[mover]):
        return False
    return mover in {handoff.side_of(member), Side.CLOCK}


def check_move_handoff(member: Membership, handoff: Handoff, to: HandoffStatus) -> None:
    if can_move_handoff(member, handoff, to):
        return
    answered = {
        HandoffStatus.ACCEPTED: _("This handoff has been accepted already."),
        HandoffStatus.COMPLETED: _("This handoff has been completed already."),
        HandoffStatus.EXPIRED: _("This handoff was not answered in time and has ended."),
        HandoffStatus.DECLINED: _("This handoff has been declined already."),
        HandoffStatus.WITHDRAWN: _("This handoff has been withdrawn."),
    }
    words = answered.get(HandoffStatus(handoff.status))
    raise MoveRefused(words or _("This answer is not yours to give."))


def check_begin_review(handoff: Handoff) -> None:
    """An offer is taken up once; while the sender owes a reply, the reply gives the turn back."""
    if handoff.status != HandoffStatus.OFFERED:
        raise MoveRefused(_("This answer is not yours to give."))


def check_work(member: Membership, case: Case, reach: Reach | None = None) -> None:
    """Only who works on the case writes in it, and only while it is active.

    `reach` spares a query where many cases were asked about at once.
    """
    if case.status == CaseStatus.CLOSED:
        raise MoveRefused(_("This case is closed. Nothing can be added to it."))
    if case.status != CaseStatus.ACTIVE or not (reach or reach_of(case, member)).works:
        raise MoveRefused(_("Your organisation can read this case, and no longer changes it."))


def check_prepare_handoff(
    case: Case,
    to: Organisation,
    reason: str,
    sections: Sequence[str],
    *,
    reach: Reach,
    by: Membership,
) -> None:
    """Who is responsible hands over, to another, with a reason and a package.

    Raises MoveRefused or CaseRefused.
    """
    check_work(by, case, reach)
    if not reach.manages or case.owner_organisation_id != by.organisation_id:
        raise MoveRefused(_("Only the organisation that is responsible hands the case over."))
    if case.offered_to_id is not None:
        raise MoveRefused(_("This case is on offer already. Withdraw that handoff first."))
    if to.pk == by.organisation_id:
        raise CaseRefused(_("Your own organisation coordinates that region: nothing to hand over."))
    if reason not in HandoffReason.values:
        raise CaseRefused(_("Say why the case goes to another region."))
    if not sections or not set(sections) <= set(Section.values):
        raise CaseRefused(_("Choose at least one part of the file that goes along."))


def check_offer_handoff(
    case: Case,
    to: Organisation,
    reason: str,
    sections: Sequence[str],
    *,
    reach: Reach,
    sharing: Sharing,
    by: Membership,
    at: datetime,
) -> None:
    """As prepared, and on a legal basis. Raises MoveRefused, CaseRefused or SharingRefused."""
    check_prepare_handoff(case, to, reason, sections, reach=reach, by=by)
    sharing.check(case.person, recipient=to, at=at)


def check_decline(reason: str) -> None:
    if reason not in DeclineReason.values:
        raise CaseRefused(_("Say why the case is declined."))


def check_note(text: str) -> str:
    """The words of a note without the space around them."""
    text = text.strip()
    if not text:
        raise CaseRefused(_("Write the note first."))
    if len(text) > LONGEST_NOTE:
        raise CaseRefused(
            _("The note is too long: at most %(most)d characters.") % {"most": LONGEST_NOTE}
        )
    return text


def check_step(step: str, deadline: date | None, *, today: date) -> None:
    if step not in PLANNED_STEPS:
        raise CaseRefused(_("Choose one of the steps."))
    if deadline is None:
        raise CaseRefused(_("Say before which day."))
    if deadline < today:
        raise CaseRefused(_("The deadline has passed already. Choose a day from today."))


def check_meeting(day: date | None, *, today: date) -> date:
    """Coordinators meet before a case changes hands (warme overdracht)."""
    if day is None:
        raise CaseRefused(_("Agree on a day for the meeting to hand over, and fill it in."))
    if day.year < today.year - 1 or day.year > today.year + 1:
        raise CaseRefused(_("The day of the meeting is too far from today."))
    return day


def check_met(day: date | None, *, today: date) -> date:
    """A handoff is complete when the coordinators have met, not when they plan to."""
    day = check_meeting(day, today=today)
    if day > today:
        raise CaseRefused(_("The meeting is still to come. Complete the handoff after it."))
    return day


def check_words(text: str) -> str:
    """A question or reply without the space around it."""
    text = text.strip()
    if not text:
        raise CaseRefused(_("Write down what you want to say."))
    if len(text) > LONGEST_WORDS:
        raise CaseRefused(
            _("This is too long: at most %(most)d characters.") % {"most": LONGEST_WORDS}
        )
    return text


def set_clock(handoff: Handoff, *, priority: str, terms: HandoffTerm, at: datetime) -> None:
    """Who has the turn now has it from `at`: the days on which the clock speaks."""
    today = timezone.localdate(at)
    crisis = priority == Priority.CRISIS
    handoff.answer_due_on = today if crisis else working_days_after(today, terms.answer_days)
    handoff.remind_on = today if crisis else working_days_after(today, terms.remind_days)
    handoff.escalate_on = working_days_after(today, 1 if crisis else terms.escalate_days)
    handoff.reminded_at = None
    if handoff.expire_on is None:
        handoff.expire_on = working_days_after(today, terms.expire_days)


@dataclass(frozen=True, slots=True)
class Coordination:
    """Who coordinates care in which region, read once for many questions."""

    coverage: Sequence[CareRegionCoverage]
    fallback: Organisation

    @classmethod
    def read(cls) -> Coordination:
        return cls(
            list(CareRegionCoverage.objects.select_related("organisation")),
            Organisation.objects.get(type=OrganisationType.COMENSHA),
        )

    def of(self, care_region: CareRegion, *, at: datetime) -> Organisation:
        """The organisation of a region; where nobody coordinates, the national desk itself."""
        for row in self.coverage:
            if row.care_region_id == care_region.pk and at in row.valid:
                return row.organisation
        return self.fallback


def check_offer_case(
    registration: Registration, receiver: Organisation, *, sharing: Sharing, at: datetime
) -> None:
    """A case follows from a registration that is complete and says that care is needed.

    Nobody is passed on without consent or another basis (invariant 7 of the domain model); who
    wants help gave that consent when they were registered. Raises CaseRefused or SharingRefused.
    """
    if registration.status != RegistrationStatus.REGISTERED or not registration.care_needed:
        raise CaseRefused(
            _("First complete the registration and note that care coordination is needed.")
        )
    sharing.check(registration.person, recipient=receiver, at=at)


def check_closure(
    member: Membership, case: Case, reason: str, outcome: str, *, reach: Reach
) -> None:
    check_work(member, case, reach)
    check_move_case(member, case, CaseStatus.CLOSED)
    if reason not in ClosureReason.values:
        raise CaseRefused(_("Say why the care ends."))
    if outcome not in Outcome.values:
        raise CaseRefused(_("Say how the person is left behind."))


def answer_due_on(priority: str, *, at: datetime) -> date:
    """Before the end of which day an offer must be answered."""
    today = timezone.localdate(at)
    return today if priority == Priority.CRISIS else working_days_after(today, ANSWER_DAYS)


def first_contact_due_on(priority: str, *, at: datetime) -> date:
    today = timezone.localdate(at)
    return today if priority == Priority.CRISIS else working_days_after(today, FIRST_CONTACT_DAYS)


@contextmanager
def obstacles_in_words() -> Iterator[None]:
    """Turn a refusal of the database to close a case into MoveRefused with its sentence."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        for name, sentence in STAYS_OPEN.items():
            if name in str(error):
                raise MoveRefused(str(sentence)) from error
        raise
