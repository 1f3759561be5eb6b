"""The second lock on cases: each known trap of row-level security, sprung on purpose."""

import time
from contextlib import suppress
from copy import deepcopy
from datetime import timedelta

import pytest
from django.db import Error, IntegrityError, ProgrammingError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from referral.access.context import acting
from referral.cases.actions import grant_access, write_care_note
from referral.cases.actions.holding import write
from referral.cases.models import (
    Basis,
    CareNote,
    Case,
    CaseAccess,
    CaseGrant,
    Handoff,
    HandoffPackage,
    Level,
    Profile,
)
from referral.cases.workflow import CaseStatus, HandoffStatus
from referral.lib.ids import uuid7
from referral.organisations.models import Membership
from referral.organisations.permissions import MATRIX, Permission
from referral.organisations.roles import SERVICES, OrganisationType, Role
from tests.factories.cases import (
    Country,
    case_at,
    colleague_of,
    doing,
    handoff_at,
    make_country,
    make_registration,
)
from tests.factories.people import make_member, make_organisation

pytestmark = pytest.mark.django_db
MODELS = [Case, CaseAccess, CaseGrant, CareNote, Handoff, HandoffPackage]
TABLES = [model._meta.db_table for model in MODELS]


@pytest.fixture(scope="module")
def made(module_db: None) -> tuple[Country, Case]:  # noqa: ARG001
    """Alice's case, with a note, a handoff that was declined, and a shelter."""
    country = make_country()
    case = case_at(CaseStatus.ACTIVE, country)
    with doing(country.alice):
        write_care_note(case, text="Sleeps badly.", by=country.alice, at=timezone.now())
    handoff_at(HandoffStatus.DECLINED, country, case=case)
    with doing(country.placement):
        give(case, country.placement, make_member(Role.SHELTER_WORKER).organisation)
    return country, case


@pytest.fixture
def scene(made, db) -> tuple[Country, Case]:  # noqa: ARG001
    return deepcopy(made)


@pytest.fixture
def country(scene) -> Country:
    return scene[0]


@pytest.fixture
def case(scene) -> Case:
    return scene[1]


def give(case, by, organisation, **values) -> CaseGrant:
    """A grant as the database would have to let it in, without the action's help."""
    fields = {
        "case_id": case.pk,
        "organisation_id": organisation.pk,
        "level": Level.VIEW,
        "profile": Profile.PLACEMENT,
        "basis": Basis.PLACEMENT,
        "valid": (timezone.now() - timedelta(minutes=1), None),
        "granted_by_id": by.user_id,
    }
    return CaseGrant.objects.create(**fields | values)


def counts() -> dict[str, int]:
    with connection.cursor() as cursor:
        return {table: _count(cursor, table) for table in TABLES}


def _count(cursor, table) -> int:
    cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 -- names of our own
    return cursor.fetchone()[0]


def become(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {role}")


@pytest.mark.usefixtures("case")
def test_the_owner_of_the_tables_is_bound_too(country):
    with doing(country.alice):
        assert all(counts().values())
    with transaction.atomic():
        become("NONE")
        assert not any(counts().values())
        become("baken_guard")  # there was something to see
        assert all(counts().values())
        become("baken_web")


@pytest.mark.usefixtures("case")
def test_a_view_shows_no_more_than_its_table(country):
    with transaction.atomic():
        become("NONE")
        with connection.cursor() as cursor:
            for name, how in (("plain", ""), ("invoker", "WITH (security_invoker = true)")):
                cursor.execute(f"CREATE VIEW {name}_view {how} AS SELECT * FROM cases_case")  # noqa: S608
                cursor.execute(f"GRANT SELECT ON {name}_view TO baken_web")
            become("baken_web")
            with acting(country.charlie, purpose="test"):
                assert _count(cursor, "plain_view") == _count(cursor, "invoker_view") == 0
            with acting(country.alice, purpose="test"):
                assert _count(cursor, "invoker_view") == 1
        transaction.set_rollback(True)


@pytest.mark.usefixtures("case")
def test_a_case_can_be_inserted_and_returned_by_the_desk_and_by_nobody_else(country):
    registration = make_registration(country)
    columns = {
        "id": uuid7(),
        "reference": "CASE-2026-999999",
        "person_id": registration.person_id,
        "registration_id": registration.pk,
        "offered_to_id": country.alice.organisation_id,
        "standing_since": timezone.now(),
        "care_region_id": country.here.pk,
        "status": "intake",
        "priority": "normal",
        "needs": [],
        "age_group": "",
        "next_step": "accept_case",
        "next_step_by_id": country.alice.organisation_id,
        "opened_at": timezone.now(),
        "closure_reason": "",
        "outcome": "",
    }

    def insert(member: Membership) -> str:
        values = columns | {
            "owner_organisation_id": member.organisation_id,
            "opened_by_id": member.user_id,
        }
        places = ", ".join(["%s"] * len(values))
        with doing(member), connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO cases_case ({', '.join(values)}) VALUES ({places})"  # noqa: S608
                " RETURNING reference",
                list(values.values()),
            )
            return cursor.fetchone()[0]

    for stranger in (country.alice, country.placement, country.officer):
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            insert(stranger)
    assert insert(country.desk) == "CASE-2026-999999"


def test_saving_a_case_that_is_out_of_sight_changes_and_makes_nothing(country, case):
    with doing(country.charlie):
        case.priority = "crisis"
        with pytest.raises(Error), transaction.atomic():
            case.save()
        with pytest.raises(Case.DoesNotExist):
            write([case], ["priority"])
        assert Case.objects.filter(pk=case.pk).update(priority="crisis") == 0
    with doing(country.alice):
        assert Case.objects.get(pk=case.pk).priority == "normal"


def test_nobody_grants_to_himself(country, case):
    """Foreign keys do not ask policies: Charlie may name a case that he cannot see."""
    own = {"profile": Profile.FULL, "basis": Basis.SUPERVISION}
    for member in (country.charlie, country.alice, country.desk, country.placement):
        with (
            pytest.raises(ProgrammingError, match="row-level"),
            transaction.atomic(),
            doing(member),
        ):
            give(case, member, member.organisation, **own)
        with (
            pytest.raises(ProgrammingError, match="row-level"),
            transaction.atomic(),
            doing(member),
        ):
            give(case, member, member.organisation)


def test_only_who_manages_a_case_lets_others_in(country, case):
    whole = {"profile": Profile.FULL, "basis": Basis.SUPERVISION}
    for member in (country.bob, country.charlie, country.desk, country.placement, country.officer):
        with (
            pytest.raises(ProgrammingError, match="row-level"),
            transaction.atomic(),
            doing(member),
        ):
            give(case, member, make_organisation(OrganisationType.NGO), **whole)
    with doing(country.alice):
        give(case, country.alice, country.charlie.organisation, **whole)
    with doing(country.charlie):
        assert Case.objects.filter(pk=case.pk).exists()


def test_a_grant_bears_the_name_of_who_gives_it(country, case):
    colleague = colleague_of(country.alice)
    refused = pytest.raises(ProgrammingError, match="row-level")
    with refused, transaction.atomic(), doing(country.alice):
        give(case, colleague, country.charlie.organisation, basis=Basis.SUPERVISION)


@pytest.mark.parametrize("basis", [Basis.OWNER, Basis.HANDOFF])
def test_the_grants_that_follow_from_the_case_are_nobodys_to_give(country, case, basis):
    refused = pytest.raises(ProgrammingError, match="row-level")
    with refused, transaction.atomic(), doing(country.alice):
        give(case, country.alice, country.charlie.organisation, basis=basis)


def test_the_placement_desk_opens_the_part_of_a_shelter_and_no_more(country, case):
    shelter = make_member(Role.SHELTER_WORKER)
    with doing(country.placement):
        for profile in (Profile.FULL, Profile.ENVELOPE):
            with pytest.raises(ProgrammingError, match="row-level"), transaction.atomic():
                give(case, country.placement, shelter.organisation, profile=profile)
        grant_access(
            case,
            organisation=shelter.organisation,
            profile=Profile.PLACEMENT,
            basis=Basis.PLACEMENT,
            by=country.placement,
            at=timezone.now(),
        )
    with doing(shelter):
        assert Case.objects.get().pk == case.pk
        assert not CareNote.objects.exists()
        assert not Handoff.objects.exists()


def test_a_grant_ends_at_its_moment_and_not_with_the_transaction(country, case):
    end = timezone.now() + timedelta(seconds=0.5)
    with doing(country.alice):
        give(
            case,
            country.alice,
            country.charlie.organisation,
            basis=Basis.SUPERVISION,
            profile=Profile.FULL,
            valid=(timezone.now() - timedelta(minutes=1), end),
        )
    with doing(country.charlie):
        assert Case.objects.filter(pk=case.pk).exists()
        assert CareNote.objects.filter(case=case).exists()
        time.sleep(max(0.0, (end - timezone.now()).total_seconds()) + 0.05)
        assert not Case.objects.filter(pk=case.pk).exists()
        assert not CareNote.objects.filter(case=case).exists()


@pytest.mark.usefixtures("case")
def test_when_the_acting_ends_the_sight_ends(country):
    with doing(country.alice):
        assert all(counts().values())
    assert not any(counts().values())


@pytest.mark.usefixtures("case")
def test_a_grant_is_ended_and_nothing_else(country):
    with doing(country.alice):
        grant = CaseGrant.objects.get(basis=Basis.PLACEMENT)
        later = DateTimeTZRange(grant.valid.lower, timezone.now())
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            CaseGrant.objects.filter(pk=grant.pk).update(level=Level.MANAGE)
        assert CaseGrant.objects.filter(pk=grant.pk).update(valid=later) == 1
        with pytest.raises(IntegrityError, match="ended_and_nothing_else"), transaction.atomic():
            CaseGrant.objects.filter(pk=grant.pk).update(valid=grant.valid)
        earlier = DateTimeTZRange(grant.valid.lower - timedelta(days=9), later.upper)
        with pytest.raises(IntegrityError, match="ended_and_nothing_else"), transaction.atomic():
            CaseGrant.objects.filter(pk=grant.pk).update(valid=earlier)
        # The grants of the case itself end with what they follow from.
        assert CaseGrant.objects.filter(basis=Basis.OWNER).update(valid=later) == 0


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.usefixtures("case")
def test_nothing_is_ever_deleted(country, model):
    for member in (country.alice, country.desk, country.placement):
        with doing(member):
            before = model.objects.count()
            with suppress(ProgrammingError), transaction.atomic():
                model.objects.all()._raw_delete("default")
            assert model.objects.count() == before


@pytest.mark.usefixtures("case", "country")
def test_not_even_the_guard_deletes_a_grant():
    with transaction.atomic():
        become("baken_guard")
        with pytest.raises(IntegrityError, match="ended_and_nothing_else"), transaction.atomic():
            CaseGrant.objects.all()._raw_delete("default")
        become("baken_web")


@pytest.mark.usefixtures("case")
def test_lists_are_written_by_the_database_alone(country):
    refused = pytest.raises(ProgrammingError, match="permission denied")
    with doing(country.alice), refused, transaction.atomic():
        CaseAccess.objects.update(organisation=country.charlie.organisation)


@pytest.mark.parametrize("member_of", ["desk", "placement"])
def test_the_national_desk_sees_the_header_and_nothing_behind_it(country, case, member_of):
    with doing(getattr(country, member_of)):
        assert Case.objects.get(pk=case.pk).reference == case.reference
        assert not CareNote.objects.exists()
        assert not Handoff.objects.exists()
        assert not HandoffPackage.objects.exists()
        assert not CaseAccess.objects.exists()
        assert not CaseGrant.objects.exclude(basis=Basis.PLACEMENT).exists()


NEVER_A_NOTE = [role for role in Role if Permission.CARE_NOTE_READ not in MATRIX[role]]


@pytest.mark.parametrize("role", NEVER_A_NOTE)
@pytest.mark.usefixtures("case")
def test_a_role_without_care_never_reads_a_note_wherever_it_works(country, role):
    """Even in the organisation that is responsible, with a grant on the whole file."""
    member = Membership(user=country.alice.user, organisation=country.alice.organisation, role=role)
    with doing(member):
        for model in (CareNote, Handoff, HandoffPackage):
            assert not model.objects.exists()
        if not {Permission.CASE_READ_GRANTED, Permission.CASE_READ_HEADER} & MATRIX[role]:
            assert not Case.objects.exists()


STRANGERS = [role for role in Role if Permission.CASE_READ_HEADER not in MATRIX[role]]


@pytest.mark.parametrize("role", sorted(set(STRANGERS) - SERVICES))
@pytest.mark.usefixtures("case", "country")
def test_a_stranger_sees_no_case_whatever_the_role(role):
    elsewhere = make_organisation(OrganisationType.CARE_COORD) if role == Role.ZC else None
    with doing(make_member(role, organisation=elsewhere)):
        assert not any(counts().values())


def plan_of(queryset) -> str:
    """The plan, where the planner may not take the short way of a small table."""
    with connection.cursor() as cursor:
        for way in ("seqscan", "bitmapscan", "sort"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
    return queryset.explain()


@pytest.mark.usefixtures("case")
def test_lists_and_counts_are_answered_by_the_index_under_both_locks(country):
    """A condition that were not leakproof would be held back from the index by the policy."""
    with doing(country.alice):
        own = CaseAccess.objects.visible_to(country.alice).of_own_cases().filter(status="active")
        listed = plan_of(own.next_deadline_first()[:50])
        assert "Index Scan using access_next_deadline_first" in listed
        assert "Sort" not in listed
        condition = next(line for line in listed.splitlines() if "Index Cond" in line)
        for column in ("organisation_id", "basis", "status"):
            assert column in condition
        counted = plan_of(own.values("organisation"))
        assert "Scan using access_" in counted


@pytest.mark.usefixtures("case")
def test_there_is_no_case_without_an_owner(country):
    handoff_at(HandoffStatus.ACCEPTED, country)
    case_at(CaseStatus.INTAKE, country)
    with transaction.atomic():
        become("baken_guard")
        assert Case.objects.count() == 3
        assert not Case.objects.filter(owner_organisation=None).exists()
        held = CaseGrant.objects.filter(basis=Basis.OWNER).open_now()
        for one in Case.objects.all():
            assert [g.organisation_id for g in held.filter(case=one)] == [one.owner_organisation_id]
        with pytest.raises(IntegrityError, match="owner_organisation"), transaction.atomic():
            Case.objects.update(owner_organisation=None)
        become("baken_web")
