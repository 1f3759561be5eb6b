"""Cases and handoffs in any state, by the deeds that lead there: never an impossible one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone

from referral.access.context import acting, service
from referral.cases.actions import (
    Completion,
    Proposal,
    accept_case,
    accept_handoff,
    ask_about_handoff,
    close_case,
    complete_handoff,
    decline_handoff,
    expire_handoffs,
    offer_case,
    offer_handoff,
    review_handoff,
    save_draft,
    withdraw_handoff,
)
from referral.cases.models import Case, ClosureReason, Handoff, HandoffReason, Outcome
from referral.cases.workflow import CaseStatus, HandoffStatus
from referral.geography.models import CareRegion, Municipality
from referral.organisations.models import CareRegionCoverage, Membership, Organisation
from referral.organisations.roles import OrganisationType, Role
from referral.persons.rules import IdentityFacts, PersonEntry
from referral.registrations.actions import complete_registration, submit_registration
from referral.registrations.models import HelpWanted, Registration
from referral.registrations.rules import RegistrationEntry
from referral.sharing.actions import Answer, ask_consent, record_answer
from referral.sharing.models import Purpose
from tests.factories.people import ALWAYS, make_member, make_organisation

#: Nobody is called this.
FACTS = IdentityFacts(
    given_names="Ola",
    family_name="Zmyślona",
    birth_date="1976-05-04",
    birth_precision="exact",
    nationalities=("PL",),
)


@dataclass(frozen=True)
class Country:
    """The people of a story: the desk, Alice who sends, Bob who receives, Charlie elsewhere."""

    officer: Membership
    desk: Membership
    placement: Membership
    alice: Membership
    bob: Membership
    charlie: Membership
    here: CareRegion
    there: CareRegion
    elsewhere: CareRegion
    uncovered: CareRegion

    @property
    def members(self) -> list[Membership]:
        return [
            self.officer, self.desk, self.placement, self.alice, self.bob, self.charlie,
        ]  # fmt: skip


@contextmanager
def doing(member: Membership) -> Iterator[None]:
    """Act as this member in one transaction, as a request does."""
    with acting(member, purpose="test"), transaction.atomic():
        yield


def make_country() -> Country:
    alice, bob, charlie = map(make_coordinator, ("Alice", "Bob", "Charlie"))
    regions = list(CareRegion.objects.order_by("code")[:4])
    for region, member in zip(regions, (alice, bob, charlie), strict=False):
        cover(region, member.organisation)
    return Country(
        make_member(Role.LE_POLICE),
        make_member(Role.COM_REGISTRAR),
        make_member(Role.COM_PLACEMENT),
        alice,
        bob,
        charlie,
        *regions,
    )


def make_coordinator(name: str) -> Membership:
    organisation = make_organisation(OrganisationType.CARE_COORD)
    return make_member(Role.ZC, organisation=organisation, name=name)


def cover(region: CareRegion, organisation: Organisation) -> None:
    CareRegionCoverage.objects.create(care_region=region, organisation=organisation, valid=ALWAYS)


def colleague_of(member: Membership, role: Role | None = None) -> Membership:
    return make_member(role or Role(member.role), organisation=member.organisation)


def place_in(region: CareRegion) -> Municipality:
    return region.links.select_related("municipality").first().municipality


def make_registration(
    country: Country,
    *,
    region: CareRegion | None = None,
    care_needed: bool = True,
    help_wanted: str = HelpWanted.YES,
    facts: IdentityFacts = FACTS,
    completed: bool = True,
    at: datetime | None = None,
) -> Registration:
    at = at or timezone.now()
    entry = RegistrationEntry(
        person=PersonEntry(sex="female", age_group="unknown", is_minor=False, facts=facts),
        forms=["sexual"],
        sector="window",
        period_from=at.date() - timedelta(days=60),
        period_to=at.date() - timedelta(days=5),
        place_municipality=place_in(region or country.here),
        crossing="crossborder",
        help_wanted=help_wanted,
        consent=Answer() if help_wanted == HelpWanted.YES else None,
        at=at,
    )
    with doing(country.officer):
        registration = submit_registration(entry, by=country.officer, at=at)
    if not completed:
        return registration
    with doing(country.desk):
        return complete_registration(registration, care_needed=care_needed, by=country.desk, at=at)


def case_at(
    status: CaseStatus,
    country: Country,
    *,
    region: CareRegion | None = None,
    coordinator: Membership | None = None,
    at: datetime | None = None,
    **offer: object,
) -> Case:
    """A case of Alice's region, walked to this status."""
    at = at or timezone.now() - timedelta(hours=1)
    coordinator = coordinator or country.alice
    region = region or country.here
    registration = make_registration(country, region=region, at=at)
    with doing(country.desk):
        case = offer_case(registration, care_region=region, by=country.desk, at=at, **offer)
    if status == CaseStatus.INTAKE:
        return case
    with doing(coordinator):
        case = accept_case(case, by=coordinator, at=at + timedelta(minutes=1))
        if status == CaseStatus.CLOSED:
            case = close_case(
                case,
                reason=ClosureReason.GOALS_REACHED,
                outcome=Outcome.SAFE_SUPPORTED,
                person_informed=True,
                by=coordinator,
                at=at + timedelta(minutes=2),
            )
    return case


def give_consent(
    case: Case, purpose: Purpose, *, by: Membership, at: datetime | None = None
) -> None:
    at = at or timezone.now() - timedelta(minutes=1)
    with doing(by):
        consent = ask_consent(case.person, purpose=purpose, by=by, at=at)
        record_answer(consent, given=True, answer=Answer(), by=by, at=at)


def handoff_at(
    status: HandoffStatus,
    country: Country,
    *,
    case: Case | None = None,
    sender: Membership | None = None,
    receiver: Membership | None = None,
    region: CareRegion | None = None,
    at: datetime | None = None,
) -> Handoff:
    """A handoff from Alice to Bob, walked to this status."""
    at = at or timezone.now() - timedelta(minutes=30)
    sender, receiver = sender or country.alice, receiver or country.bob
    case = case or case_at(CaseStatus.ACTIVE, country, at=at - timedelta(days=1))
    give_consent(case, Purpose.HANDOFF, by=sender, at=at)
    proposal = Proposal(
        case=case,
        care_region=region or country.there,
        reason=HandoffReason.MOVED,
        warm_meeting_on=at.date(),
        victim_informed=True,
    )
    with doing(sender):
        if status == HandoffStatus.DRAFT:
            return save_draft(proposal, by=sender, at=at)
        handoff = offer_handoff(proposal, by=sender, at=at)
        if status == HandoffStatus.WITHDRAWN:
            return withdraw_handoff(handoff, by=sender, at=at)
    if status == HandoffStatus.EXPIRED:
        clock = service(Role.SERVICE_SWEEPER)
        with doing(clock):
            expire_handoffs(by=clock, at=at + timedelta(days=40))
        return handoff
    with doing(receiver):
        walk = RECEIVED.get(status)
        return walk(handoff, by=receiver, at=at) if walk else handoff


def _complete(handoff: Handoff, *, by: Membership, at: datetime) -> Handoff:
    done = Completion(
        handoff=accept_handoff(handoff, by=by, at=at), met_on=at.date(), victim_informed=True
    )
    return complete_handoff(done, by=by, at=at)


#: What the receiver does with an offer to bring it there.
RECEIVED: dict[HandoffStatus, Callable[..., Handoff]] = {
    HandoffStatus.IN_REVIEW: review_handoff,
    HandoffStatus.INFO_REQUESTED: lambda handoff, **who: (
        ask_about_handoff(handoff, text="Why?", **who).handoff
    ),
    HandoffStatus.ACCEPTED: accept_handoff,
    HandoffStatus.COMPLETED: _complete,
    HandoffStatus.DECLINED: partial(decline_handoff, reason="capacity"),
}
