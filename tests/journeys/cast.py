"""Who takes part in the main job, and who must see nothing of it."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Any

from django.core.management import call_command

from referral.geography.models import CareRegion, Municipality
from referral.organisations.models import Membership
from referral.organisations.roles import OrganisationType, Role
from referral.registrations.workflow import Status
from shelters.models import Bed
from tests.factories.cases import cover, make_coordinator
from tests.factories.people import make_member, make_organisation
from tests.factories.registrations import registration_at
from tests.factories.shelters import make_house
from tests.journeys.visitors import Visitor

ROTTERDAM, GRONINGEN, UTRECHT = "GM0599", "GM0014", "GM0344"


@dataclass
class Cast:
    """One colleague for each role; Bob's region takes over, Charlie's has no part in it."""

    officer: Membership
    inspector: Membership
    front_line: Membership
    analyst: Membership
    registrar: Membership
    placement: Membership
    coordinator: Membership
    bob: Membership
    charlie: Membership
    shelter: Membership
    other_shelter: Membership
    rapporteur: Membership
    second_rapporteur: Membership
    policy: Membership
    privacy: Membership
    administrator: Membership
    bed: Bed
    here: CareRegion
    there: CareRegion

    @property
    def members(self) -> list[Membership]:
        found = (getattr(self, one.name) for one in fields(self))
        return [one for one in found if isinstance(one, Membership)]


@dataclass
class Colleagues:
    """The cast at their screens; each sits down when first asked for."""

    cast: Any
    sit_down: Callable[[Membership], Visitor]
    seated: dict[str, Visitor] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Visitor:
        if name not in self.seated:
            self.seated[name] = self.sit_down(getattr(self.cast, name))
        return self.seated[name]

    def others(self, *insiders: str) -> list[Visitor]:
        """Everybody but these."""
        names = [one.name for one in fields(self.cast)]
        members = {n for n in names if isinstance(getattr(self.cast, n), Membership)}
        return [getattr(self, name) for name in sorted(members - set(insiders))]


def region_of(municipality: str) -> CareRegion:
    return CareRegion.objects.get(centre_municipality=municipality)


def make_cast() -> Cast:
    """Organisations and people, and nothing else: the rest is the story."""
    here, there, elsewhere = map(region_of, (ROTTERDAM, GRONINGEN, UTRECHT))
    coordinators = [make_coordinator(name) for name in ("Alice", "Bob", "Charlie")]
    for region, member in zip((here, there, elsewhere), coordinators, strict=True):
        cover(region, member.organisation)
    rotterdam = make_organisation(
        OrganisationType.MUNICIPALITY, municipality=Municipality.objects.get(pk=ROTTERDAM)
    )
    house, other = make_house("Merel"), make_house("Spreeuw")
    rapporteur = make_member(Role.NRM_ANALYST, name="Nora")
    call_command("sync_programmes")
    return Cast(
        officer=make_member(Role.LE_POLICE, name="Anna"),
        inspector=make_member(Role.LE_NLA, name="Chris"),
        front_line=make_member(Role.MUNI_REPORTER, organisation=rotterdam, name="Dina"),
        analyst=make_member(Role.EMM_ANALYST, name="Gijs"),
        registrar=make_member(Role.COM_REGISTRAR, name="Ilse"),
        placement=make_member(Role.COM_PLACEMENT, name="Joris"),
        coordinator=coordinators[0],
        bob=coordinators[1],
        charlie=coordinators[2],
        shelter=house.worker,
        other_shelter=other.worker,
        rapporteur=rapporteur,
        second_rapporteur=make_member(
            Role.NRM_ANALYST, organisation=rapporteur.organisation, name="Otis"
        ),
        policy=make_member(Role.MUNI_POLICY, organisation=rotterdam, name="Fenna"),
        privacy=make_member(Role.FG, name="Puck"),
        administrator=make_member(Role.ORG_ADMIN, name="Quint"),
        bed=house.bed,
        here=here,
        there=there,
    )


def register_last_quarter(cast: Cast, begin: datetime, *, count: int = 7) -> None:
    """Presumed victims of the quarter that the Rapporteur will publish."""
    for number in range(count):
        registration_at(
            Status.REGISTERED,
            reporter=cast.officer,
            desk=cast.registrar,
            at=begin.astimezone(UTC),
            care_needed=False,
            person={"facts": {"v_number": "", "bsn": "", "phone": "", "family_name": f"P{number}"}},
            place_country="NL",
            place_municipality=Municipality.objects.get(pk=ROTTERDAM),
        )
