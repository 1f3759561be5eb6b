"""The organisations of the country and one or two people in each; nobody here exists."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from referral.access.context import acting
from referral.demo.cast import (
    CARE_NORTH,
    CARE_SOUTH,
    CAST_ORGANISATIONS,
    COLLEAGUES,
    NGO,
    YOUTH_SHELTER,
)
from referral.geography.models import CareRegion, Municipality, PoliceUnit
from referral.organisations.models import CareRegionCoverage, Membership, Organisation, User
from referral.organisations.roles import OrganisationType, Role

ALWAYS = (datetime(2000, 1, 1, tzinfo=UTC), None)
SHELTERS = 12
#: The shelters with a name of their own, by their place in `houses.HOUSES`.
NAMED_SHELTERS = {10: YOUTH_SHELTER}
YOUTH = "Jeugdhulp Voorbeeld (demo)"


@contextmanager
def working(member: Membership) -> Iterator[None]:
    """Deeds and looks of one member, in one transaction; outside of one nobody sees anything."""
    with acting(member, purpose="demo country"), transaction.atomic():
        yield


@dataclass
class Country:
    """Who there is, by what they do; each list in a fixed order."""

    officers: list[Membership] = field(default_factory=list)
    kmar: list[Membership] = field(default_factory=list)
    nla: list[Membership] = field(default_factory=list)
    front_line: list[Membership] = field(default_factory=list)
    analysts: list[Membership] = field(default_factory=list)
    readers: list[Membership] = field(default_factory=list)
    registrars: list[Membership] = field(default_factory=list)
    desk: list[Membership] = field(default_factory=list)
    coordinators: dict[str, Membership] = field(default_factory=dict)
    ngos: list[Membership] = field(default_factory=list)
    youth: list[Membership] = field(default_factory=list)
    shelters: list[Membership] = field(default_factory=list)
    rapporteurs: list[Membership] = field(default_factory=list)


def make_country() -> Country:
    """Make what is not there yet, and tell who there is."""
    wanted = {name: (kind, code) for name, kind, code in organisations()}
    one_of_a_kind = set(Organisation.objects.values_list("type", flat=True)) & {"platform"}
    known = set(Organisation.objects.values_list("name", flat=True))
    units = {unit.name: unit for unit in PoliceUnit.objects.all()}
    Organisation.objects.bulk_create(
        Organisation(
            name=name,
            type=kind,
            police_unit=units[code] if kind == OrganisationType.POLICE_UNIT else None,
            municipality_id=code if kind == OrganisationType.MUNICIPALITY else None,
        )
        for name, (kind, code) in wanted.items()
        if name not in known and kind not in one_of_a_kind
    )
    there = {o.name: o for o in Organisation.objects.order_by("pk")}
    covered = set(CareRegionCoverage.objects.values_list("care_region_id", flat=True))
    CareRegionCoverage.objects.bulk_create(
        CareRegionCoverage(
            care_region=region, organisation=there[coordination_of(region)], valid=ALWAYS
        )
        for region in care_regions()
        if region.pk not in covered
    )
    make_people(there)
    call_command("sync_roles")
    return read_country()


def organisations() -> Iterator[tuple[str, OrganisationType, str]]:
    """Every organisation: name, type, and the place or unit that it belongs to."""
    yield from CAST_ORGANISATIONS
    for unit in PoliceUnit.objects.order_by("code"):
        yield f"Politie-eenheid {unit.name}", OrganisationType.POLICE_UNIT, unit.name
    for municipality in Municipality.objects.valid_on(timezone.localdate()).order_by("cbs_code"):
        yield f"Gemeente {municipality.name}", OrganisationType.MUNICIPALITY, municipality.pk
    for region in care_regions():
        yield coordination_of(region), OrganisationType.CARE_COORD, ""
    for number in range(2, SHELTERS + 1):
        name = NAMED_SHELTERS.get(number, f"Opvang {number} (demo)")
        yield name, OrganisationType.SHELTER, ""
    yield YOUTH, OrganisationType.YOUTH, ""


def care_regions() -> list[CareRegion]:
    return list(CareRegion.objects.select_related("centre_municipality").order_by("code"))


def coordination_of(region: CareRegion) -> str:
    """The name of the one organisation that coordinates care there."""
    place = region.centre_municipality.name
    cast = {"Rotterdam": CARE_SOUTH, "Groningen": CARE_NORTH}
    return cast.get(place, f"Zorgcoördinatie {place}")


#: Who works in each kind of organisation, besides the colleagues of the cast.
STAFF: dict[OrganisationType, tuple[Role, ...]] = {
    OrganisationType.POLICE_UNIT: (Role.LE_POLICE,),
    OrganisationType.MUNICIPALITY: (Role.MUNI_REPORTER,),
    OrganisationType.CARE_COORD: (Role.ZC,),
    OrganisationType.COMENSHA: (Role.ZC,),
    OrganisationType.SHELTER: (Role.SHELTER_MANAGER,),
    OrganisationType.YOUTH: (Role.PARTNER_NGO,),
}


def make_people(there: dict[str, Organisation]) -> None:
    """The cast, and one member of staff in every organisation that works."""
    for colleague in COLLEAGUES:
        join(colleague.email, colleague.full_name, there[colleague.organisation], colleague.role)
    known = set(Membership.objects.values_list("organisation_id", "role"))
    missing = [
        (organisation, role)
        for organisation in there.values()
        for role in STAFF.get(OrganisationType(organisation.type), ())
        if (organisation.pk, role.value) not in known
    ]
    users = User.objects.bulk_create(
        User(
            email=f"{role}-{organisation.pk}@demo.invalid",
            full_name=f"Medewerker {organisation.pk} Voorbeeld",
            password="!",  # noqa: S106 -- unusable: nobody signs in as staff
        )
        for organisation, role in missing
    )
    Membership.objects.bulk_create(
        Membership(user=user, organisation=organisation, role=role, valid=ALWAYS)
        for user, (organisation, role) in zip(users, missing, strict=True)
    )


def join(email: str, full_name: str, organisation: Organisation, role: Role) -> None:
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(email=email, full_name=full_name)
    Membership.objects.get_or_create(
        user=user, organisation=organisation, role=role, defaults={"valid": ALWAYS}
    )


def read_country() -> Country:
    """Everybody by role, in the order in which they joined."""
    country = Country()
    places: dict[Role, list[Membership]] = {
        Role.LE_POLICE: country.officers,
        Role.LE_KMAR: country.kmar,
        Role.LE_NLA: country.nla,
        Role.MUNI_REPORTER: country.front_line,
        Role.EMM_ANALYST: country.analysts,
        Role.EMM_COORDINATOR: country.readers,
        Role.COM_REGISTRAR: country.registrars,
        Role.COM_PLACEMENT: country.desk,
        Role.SHELTER_MANAGER: country.shelters,
        Role.NRM_ANALYST: country.rapporteurs,
    }
    members = Membership.objects.with_names().select_related(
        "organisation__municipality", "organisation__police_unit"
    )
    for member in members.filter(user__is_active=True).order_by("pk"):
        if (group := places.get(Role(member.role))) is not None:
            group.append(member)
        elif member.role == Role.PARTNER_NGO:
            (country.ngos if member.organisation.name == NGO else country.youth).append(member)
        elif member.role == Role.ZC:
            country.coordinators.setdefault(str(member.organisation_id), member)
    return country
