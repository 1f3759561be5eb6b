"""A country with a record of each kind in each status, and everybody who could touch it."""

from dataclasses import dataclass, field
from typing import Any

from referral.access.context import service
from referral.cases.workflow import CaseStatus, HandoffStatus
from referral.organisations.models import Membership, Organisation
from referral.organisations.permissions import MATRIX
from referral.organisations.roles import ROLE_FACTS, SERVICES, Role
from referral.registrations.workflow import Status as RegistrationStatus
from shelters.workflow import PlacementStatus, RequestStatus
from signals.workflow import Status as SignalStatus
from tests.factories.cases import case_at, handoff_at, make_coordinator
from tests.factories.people import make_member
from tests.factories.registrations import registration_at
from tests.factories.shelters import Place, make_place, more_beds, placement_at, request_at
from tests.factories.signals import make_signal, signal_at
from tests.moves.files import FILES
from tests.moves.files_scene import Files
from tests.moves.further import FURTHER
from tests.moves.further_scene import Further
from tests.moves.inner import INNER
from tests.moves.inner_scene import Rooms, in_bed_of_its_own
from tests.moves.lists import LISTS
from tests.moves.lists_scene import Lists
from tests.moves.lives import CASE, HANDOFF, PLACEMENT, REGISTRATION, REQUEST, SIGNAL, Life


@dataclass
class Scene:
    """Keys of records by the life that they live and the status in which they stand."""

    place: Place
    analyst: Membership
    rooms: Rooms
    further: Further
    lists: Lists
    files: Files
    actors: list[Membership]
    records: dict[Life, dict[str, Any]] = field(default_factory=dict)

    @property
    def names(self) -> dict[str, str]:
        return {
            "bed": str(self.free_bed.pk),
            "signal": self.other_signal.reference,
            "meeting": str(self.meeting.pk),
        }

    def __post_init__(self) -> None:
        [self.free_bed] = more_beds(self.place.house, 1)
        self.other_signal = make_signal(by=self.place.country.officer)
        self.meeting = self.rooms.council.planned()


def make_scene() -> Scene:
    place = make_place()
    analyst = make_member(Role.EMM_ANALYST)
    rooms = Rooms(place, analyst)
    actors = actors_of(place, analyst, rooms)
    further = Further(place, actors, rooms.lawyer)
    worker = service(Role.SERVICE_SWEEPER)
    actors += [*further.members, worker]
    lists, files = Lists(further, rooms.council), Files(place, worker)
    return Scene(place, analyst, rooms, further, lists, files, actors)


def actors_of(place: Place, analyst: Membership, rooms: Rooms) -> list[Membership]:
    """Those who take part, a colleague of theirs in every role, and a stranger in every role.

    Of strangers, and of colleagues, with the very same permissions one comes.
    """
    country = place.country
    parts = [*country.members, place.house.worker, place.house.manager, analyst, *rooms.members]
    at_work = [country.alice, country.bob, country.officer, country.desk, place.worker, analyst]
    colleagues = [
        make_member(role, organisation=one.organisation)
        for one in at_work
        for role in roles_of(one.organisation)
    ]
    strangers = [
        make_coordinator("Stranger") if role == Role.ZC else make_member(role)
        for role in Role
        if role not in SERVICES
    ]
    homes = {one.organisation_id for one in parts}
    seen: dict[Any, Membership] = {}
    for one in [*colleagues, *strangers]:
        home = one.organisation_id if one.organisation_id in homes else None
        seen.setdefault((MATRIX[Role(one.role)], home), one)
    return [*parts, *seen.values()]


def roles_of(organisation: Organisation) -> list[Role]:
    return [
        role
        for role, facts in ROLE_FACTS.items()
        if organisation.type in facts.held_in and role not in SERVICES
    ]


def with_every_status(scene: Scene) -> Scene:
    """A record of each life in each status, by the deeds that lead there.

    Of handoffs the expired one comes first: the clock strikes for all that are on offer.
    """
    place = scene.place
    country, officer = place.country, place.country.officer
    scene.records = {
        CASE: {one: case_at(one, country) for one in CaseStatus},
        HANDOFF: {one: handoff_at(one, country) for one in reversed(HandoffStatus)},
        REQUEST: {one: in_bed_of_its_own(request_at, one, place) for one in RequestStatus},
        PLACEMENT: {one: in_bed_of_its_own(placement_at, one, place) for one in PlacementStatus},
        REGISTRATION: {
            one: registration_at(one, reporter=officer, desk=country.desk)
            for one in RegistrationStatus
        },
        SIGNAL: {one: signal_at(one, by=officer, analyst=scene.analyst) for one in SignalStatus},
        **{
            life: {one: scene.rooms.make(life, one) for one in reversed(life.moves)}
            for life in INNER
        },
        **{life: scene.lists.make_all(life) for life in LISTS},
        **{life: scene.further.make_all(life) for life in FURTHER},
        **{life: scene.files.make_all(life) for life in FILES},
    }
    for life, found in scene.records.items():
        scene.records[life] = {status: record.pk for status, record in found.items()}
    return scene
