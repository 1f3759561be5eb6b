"""A country of so many cases, made in bulk by the owner and kept between runs."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from django.db import transaction
from django.utils import timezone

from bench.bulk import LINKED, STATEMENTS, TABLES, Numbers, lean
from bench.database import guard, orm_as, owner, unlocked
from bench.houses import beds_there, fill_houses, shelters_of
from referral.access.context import acting
from referral.access.secrets import new_data_keys, seal
from referral.cases.models import CaseAccess
from referral.cases.querysets import CaseAccessQuerySet
from referral.cases.workflow import CaseStatus
from referral.geography.models import CareRegion, PoliceUnit
from referral.organisations.models import Membership, Organisation, User
from referral.organisations.roles import OrganisationType, Role
from referral.persons.models import Identity
from referral.persons.rules import IdentityFacts

CASES_OF_AN_ORGANISATION = 2000
LINES = 50
ALWAYS = (datetime(2000, 1, 1, tzinfo=UTC), None)


@dataclass(frozen=True)
class Country:
    """How large it is, and who measures in it."""

    size: int
    coordinator: Membership
    placement: Membership
    importer: Membership
    #: How often a thing is timed; the median counts.
    rounds: int = 30

    def page(self) -> CaseAccessQuerySet:
        """The first page of the coordinator's list, as the view asks it."""
        lines = CaseAccess.objects.visible_to(self.coordinator).one_line_a_case(self.coordinator)
        found = lines.of_own_cases().filter(status=CaseStatus.ACTIVE).next_deadline_first()
        return found.with_cases()[:LINES]


def country_of(size: int, *, rounds: int = 30) -> Country:
    """The country of this size: as it was left, or made now."""
    with orm_as(""):
        country = replace(people(size), rounds=rounds)
    if cases_there() < size:
        fill(country)
    if not beds_there():
        fill_houses(numbers_of(country))
    name_the_first(country)
    return country


def cases_there() -> int:
    """How many cases were made in bulk before."""
    with guard() as eyes:
        found = eyes.execute("SELECT count(*) FROM cases_case WHERE reference LIKE 'CASE-1999-%'")
        [count] = found.fetchone() or [0]
        return int(count)


def people(size: int) -> Country:
    """The organisations, each with a person; found again by name."""
    care = [f"Bench care {n}" for n in range(max(4, size // CASES_OF_AN_ORGANISATION))]
    shelter = [f"Bench shelter {n}" for n in range(shelters_of(size))]
    make_organisations(OrganisationType.CARE_COORD, care)
    make_organisations(OrganisationType.SHELTER, shelter)
    unit = PoliceUnit.objects.order_by("code").first()
    if not Organisation.objects.filter(name="Bench police").exists():
        Organisation.objects.create(
            name="Bench police", type=OrganisationType.POLICE_UNIT, police_unit=unit
        )
    for kind, name in (
        (OrganisationType.COMENSHA, "Bench desk"),
        (OrganisationType.EMM, "Bench centre"),
    ):
        if not Organisation.objects.filter(type=kind).exists():
            Organisation.objects.create(name=name, type=kind)
    for organisation in Organisation.objects.filter(name__startswith="Bench shelter"):
        member(Role.SHELTER_WORKER, organisation)
    return Country(
        size=size,
        coordinator=member(Role.ZC, Organisation.objects.get(name="Bench care 0")),
        placement=member(
            Role.COM_PLACEMENT, Organisation.objects.get(type=OrganisationType.COMENSHA)
        ),
        importer=member(Role.EMM_COORDINATOR, Organisation.objects.get(type=OrganisationType.EMM)),
    )


def make_organisations(kind: OrganisationType, names: list[str]) -> None:
    """Those that are not there yet."""
    there = set(Organisation.objects.filter(name__in=names).values_list("name", flat=True))
    Organisation.objects.bulk_create(
        Organisation(name=name, type=kind) for name in names if name not in there
    )


def member(role: Role, organisation: Organisation) -> Membership:
    """The person who acts in this role there."""
    email = f"bench-{role.value}-{organisation.pk}@example.invalid"
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(email=email, full_name=f"Bench {role.value}")
        Membership.objects.create(user=user, organisation=organisation, role=role, valid=ALWAYS)
    return Membership.objects.with_names().get(user=user, role=role)


def numbers_of(country: Country) -> Numbers:
    """What the statements fill in."""
    return {
        "size": country.size,
        "user": country.coordinator.user_id,
        "first": country.coordinator.organisation_id,
        "region": str(CareRegion.objects.order_by("code")[0].pk),
    }


def fill(country: Country) -> None:
    """Everything in one transaction, without indexes until the rows are there."""
    numbers = numbers_of(country)
    with owner() as hand, unlocked(hand, TABLES), lean(hand, LINKED):
        hand.execute("SET LOCAL synchronous_commit = off")
        for statement in STATEMENTS:
            hand.execute(statement, numbers)
    with owner(autocommit=True) as hand:
        hand.execute(f"VACUUM (ANALYZE) {', '.join(TABLES)}")


def name_the_first(country: Country) -> None:
    """Real, sealed identities for the persons on the coordinator's first page."""
    who = country.coordinator
    with orm_as("baken_web"), acting(who, purpose="bench"), transaction.atomic():
        shown = {line.case.person_id for line in country.page()}
        named = Identity.objects.filter(person__in=shown).values_list("person", flat=True)
        persons = sorted(shown - set(named))
        keys = new_data_keys(len(persons))
    with owner() as hand, unlocked(hand, ["persons_person", "persons_identity"]):
        for number, (person, key) in enumerate(zip(persons, keys, strict=True)):
            facts = IdentityFacts(
                given_names=f"Verzonnen {number}",
                family_name="van Nergens",
                birth_date="1991-07-23",
                birth_precision="exact",
                nationalities=("PL",),
            )
            identity = Identity(person_id=person, changed_at=timezone.now(), changed_by=who.user)
            sealed = seal(facts.payload(), key=key, about=identity.about)
            hand.execute("UPDATE persons_person SET key_id = %s WHERE id = %s", [key.pk, person])
            hand.execute(
                "INSERT INTO persons_identity"
                " (person_id, sealed, shape, version, changed_at, changed_by_id)"
                " VALUES (%s, %s, 1, 1, now(), %s)",
                [person, sealed, who.user_id],
            )
