"""Shelters, requests and placements in any state, by the deeds that lead there."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from referral.access.context import acting, service
from referral.cases.models import Case
from referral.cases.workflow import CaseStatus
from referral.geography.models import SafetyRegion
from referral.organisations.models import Membership
from referral.organisations.roles import OrganisationType, Role
from referral.sharing.models import Purpose
from shelters.actions import (
    accept_placement,
    add_bed,
    add_shelter,
    cancel_request,
    end_placement,
    expire_reservations,
    record_arrival,
    record_emergency,
    refuse_placement,
    request_shelter,
    reserve_bed,
    reserve_for_family,
    set_contract,
    withdraw_reservation,
)
from shelters.models import (
    Bed,
    Contract,
    EndReason,
    Funding,
    Placement,
    PlacementRequest,
    Shelter,
    ShelterType,
    Urgency,
)
from shelters.rules import Agreement, Choice, Emergency, Location, Wish
from shelters.workflow import PlacementStatus, RequestStatus
from tests.factories.cases import Country, case_at, colleague_of, give_consent, make_country
from tests.factories.people import make_member, make_organisation, number

#: Words that must be found nowhere but in the sealed address and on the page that reveals it.
ADDRESS = Location(street="Kanariestraat 913", postcode="9999ZQ", town="Vogelwaarde")
CANARIES = ("Kanariestraat", "9999ZQ", "Vogelwaarde")


@dataclass(frozen=True)
class House:
    """A shelter with its people and a bed."""

    shelter: Shelter
    bed: Bed
    worker: Membership
    manager: Membership


@dataclass(frozen=True)
class Place:
    """A country with a shelter of Bob's, and one of Charlie's who must see nothing."""

    country: Country
    house: House
    other: House

    @property
    def desk(self) -> Membership:
        return self.country.placement

    @property
    def alice(self) -> Membership:
        return self.country.alice

    @property
    def worker(self) -> Membership:
        return self.house.worker

    @property
    def members(self) -> list[Membership]:
        return [
            *self.country.members,
            *(who for house in (self.house, self.other) for who in (house.worker, house.manager)),
            service(Role.SERVICE_SWEEPER),
        ]


def make_house(name: str, **facts: object) -> House:
    organisation = make_organisation(OrganisationType.SHELTER)
    worker = make_member(Role.SHELTER_WORKER, organisation=organisation, name=name)
    manager = colleague_of(worker, Role.SHELTER_MANAGER)
    shelter = Shelter(
        organisation=organisation,
        code_name=f"{name} {next(number)}",
        **{"type": ShelterType.COSM, "safety_region": SafetyRegion.objects.first(), **facts},
    )
    at = timezone.now() - timedelta(days=400)
    with acting(manager, purpose="test"):
        add_shelter(shelter, address=ADDRESS, by=manager, at=at)
        bed = add_bed(shelter, code="1", by=manager, at=at)
    return House(shelter, bed, worker, manager)


def make_place() -> Place:
    country = make_country()
    return Place(country, make_house("Merel"), make_house("Spreeuw"))


def more_beds(house: House, count: int) -> list[Bed]:
    with acting(house.manager, purpose="test"):
        return [
            add_bed(house.shelter, code=f"M{next(number)}", by=house.manager, at=timezone.now())
            for _ in range(count)
        ]


def pay_for_places(
    place: Place, places: int = 12, *, valid_from: date = date(2026, 1, 1)
) -> Contract:
    """The State pays for places in Bob's shelter, as the desk writes down."""
    with acting(place.desk, purpose="test"):
        return set_contract(
            Agreement(
                shelter=place.house.shelter,
                funding=Funding.STATE,
                places=places,
                valid_from=valid_from,
            ),
            by=place.desk,
            at=timezone.now(),
        )


def make_family(place: Place) -> list[Placement]:
    """Two who come together, with beds kept for both in Bob's shelter."""
    pairs = zip([make_request(place), make_request(place)], more_beds(place.house, 2), strict=True)
    with acting(place.desk, purpose="test"):
        choices = [Choice(request=request, bed=bed) for request, bed in pairs]
        return reserve_for_family(choices, by=place.desk, at=timezone.now())


def placed_at_night(place: Place) -> Placement:
    """The police brought somebody to a bed in Bob's shelter, and the desk wrote it down."""
    [bed] = more_beds(place.house, 1)
    night = Emergency(
        request=make_request(place),
        bed=bed,
        since=timezone.now() - timedelta(hours=9),
        placed_by=make_organisation(OrganisationType.POLICE_UNIT),
        legal_basis="vital_interest",
    )
    with acting(place.desk, purpose="test"):
        return record_emergency(night, by=place.desk, at=timezone.now())


def make_wish(case: Case, **changes: object) -> Wish:
    answers = {"urgency": Urgency.DAY, "sex": "female", "age_group": "23-29", **changes}
    return Wish(case=case, **answers)


def make_request(
    place: Place, *, case: Case | None = None, at: datetime | None = None, **changes: object
) -> PlacementRequest:
    """Alice asks shelter in a case of hers, with consent."""
    at = at or timezone.now()
    alice = place.alice
    if case is None:
        case = case_at(CaseStatus.ACTIVE, place.country, at=at - timedelta(hours=1))
    give_consent(case, Purpose.PLACEMENT, by=alice, at=at - timedelta(minutes=30))
    with acting(alice, purpose="test"):
        return request_shelter(make_wish(case, **changes), by=alice, at=at)


def same_case(place: Place, placement: Placement) -> Case:
    with acting(place.alice, purpose="test"):
        return Case.objects.select_related("person").get(pk=placement.case_id)


def request_at(status: RequestStatus, place: Place) -> PlacementRequest:
    if status == RequestStatus.SUBMITTED:
        return make_request(place)
    if status == RequestStatus.CANCELLED:
        request = make_request(place)
        with acting(place.alice, purpose="test"):
            return cancel_request(request, by=place.alice, at=timezone.now())
    start = {
        RequestStatus.OFFERED: PlacementStatus.RESERVED,
        RequestStatus.PLACED: PlacementStatus.ACCEPTED,
    }
    return placement_at(start[status], place).request


def placement_at(
    status: PlacementStatus,
    place: Place,
    *,
    request: PlacementRequest | None = None,
    bed: Bed | None = None,
    at: datetime | None = None,
) -> Placement:
    """A placement in Bob's shelter that came to this status in the only way there is."""
    before = timedelta(hours=5) if status == PlacementStatus.EXPIRED else timedelta(minutes=10)
    at = at or timezone.now() - before
    request = request or make_request(place, at=at)
    worker, desk = place.worker, place.desk
    with acting(desk, purpose="test"):
        placement = reserve_bed(request, bed=bed or place.house.bed, by=desk, at=at)
        if status == PlacementStatus.EXPIRED:
            now = timezone.now()
            unanswered = Placement.objects.visible_to(desk).unanswered_at(now)
            [placement] = expire_reservations(unanswered.filter(pk=placement.pk), by=desk, at=now)
        if status == PlacementStatus.WITHDRAWN:
            return withdraw_reservation(placement, by=desk, at=at + timedelta(minutes=1))
    if status in (PlacementStatus.RESERVED, PlacementStatus.EXPIRED):
        return placement
    with acting(worker, purpose="test"):
        at += timedelta(minutes=1)
        if status == PlacementStatus.REFUSED:
            return refuse_placement(placement, reason="full", by=worker, at=at)
        placement = accept_placement(placement, by=worker, at=at)
        if status == PlacementStatus.ACCEPTED:
            return placement
        placement = record_arrival(placement, by=worker, at=at + timedelta(minutes=1))
        if status == PlacementStatus.ENDED:
            at += timedelta(minutes=2)
            return end_placement(placement, reason=EndReason.OWN_HOME, by=worker, at=at)
    return placement
