"""The querysets and the database show the same persons, and nobody opens one to itself."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from referral.access.context import acting, service
from referral.lib.ids import uuid7
from referral.organisations.roles import SERVICES, Role
from referral.persons.models import Identity, IdentityKey, Person, PersonGrant
from tests.factories.people import make_member
from tests.factories.persons import make_person

pytestmark = pytest.mark.django_db
MODELS = (Person, PersonGrant, Identity, IdentityKey)


@pytest.fixture
def members():
    """Every role, two officers of one unit, and everyone who counts."""
    people = [make_member(role) for role in Role if role not in SERVICES]
    officer = next(member for member in people if member.role == Role.LE_POLICE)
    people.append(make_member(Role.LE_POLICE, organisation=officer.organisation))
    return people + [service(role) for role in sorted(SERVICES)]


def test_the_database_and_the_querysets_show_the_same_rows(members):
    makers = [m for m in members if m.role in {Role.LE_POLICE, Role.LE_NLA, Role.PARTNER_NGO}]
    for maker in makers:
        make_person(maker, facts={"bsn": ""})
    seen = 0
    for member in members:
        with acting(member, purpose="test"):
            for model in MODELS:
                by_database = set(model.objects.values_list("pk", flat=True))
                by_queryset = set(model.objects.visible_to(member).values_list("pk", flat=True))
                assert by_queryset == by_database, (member.role, model)
                seen += len(by_database)
    assert seen


def test_the_querysets_hold_where_the_database_shows_all(members):
    maker = next(m for m in members if m.role == Role.LE_POLICE)
    make_person(maker)
    registrar = next(m for m in members if m.role == Role.COM_REGISTRAR)
    with acting(registrar, purpose="test"):  # whose rights in the database show every row
        for member in members:
            shown = Person.objects.visible_to(member).exists()
            expected = member == maker or member.role in {
                Role.COM_REGISTRAR,
                Role.SERVICE_STATISTICS,
            }
            assert shown == expected, member.role


def test_counting_shows_persons_and_never_an_identity(members):
    make_person(next(m for m in members if m.role == Role.LE_POLICE))
    counter = service(Role.SERVICE_STATISTICS)
    with acting(counter, purpose="test"):
        assert Person.objects.count() == 1
        assert not Identity.objects.exists()
        assert not IdentityKey.objects.exists()


def test_without_a_context_there_is_nobody():
    make_person(make_member(Role.LE_POLICE))
    for model in MODELS:
        assert not model.objects.exists()


def a_grant(person, to, **changes):
    fields = {
        "person": person,
        "organisation": to.organisation,
        "level": "view",
        "basis": "registration",
        "source": uuid7(),
        "valid": (timezone.now() - timedelta(days=1), None),
        "granted_by": to.user,
        "reason": "curious",
    }
    return PersonGrant(**fields | changes)


@pytest.mark.parametrize("role", [Role.LE_POLICE, Role.ZC, Role.MUNI_FOCAL, Role.COM_REGISTRAR])
def test_nobody_grants_a_person_to_itself(role):
    person = make_person(make_member(Role.LE_POLICE))
    charlie = make_member(role)
    with (
        acting(charlie, purpose="test"),
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
    ):
        PersonGrant.objects.bulk_create([a_grant(person, charlie)])


@pytest.mark.parametrize("basis", ["case", "placement", "registration"])
def test_who_brought_a_person_in_does_not_grant_it_again_nor_to_others(basis):
    alice, bob = make_member(Role.LE_POLICE), make_member(Role.LE_KMAR)
    person = make_person(alice)
    for to in (alice, bob):
        with (
            acting(alice, purpose="test"),
            pytest.raises(DatabaseError, match="row-level security"),
            transaction.atomic(),
        ):
            PersonGrant.objects.bulk_create(
                [a_grant(person, to, basis=basis, granted_by=alice.user)]
            )


def test_nobody_makes_a_person_for_another_organisation():
    alice, bob = make_member(Role.LE_POLICE), make_member(Role.LE_KMAR)
    person = make_person(alice)
    stolen = Person(
        reference="PER-2026-900000",
        organisation=bob.organisation,
        sex="female",
        age_group="30-39",
        is_minor=False,
        created_by=bob.user,
    )
    with acting(alice, purpose="test"):
        for attempt in (
            lambda: Person.objects.bulk_create([stolen]),
            lambda: Identity.objects.bulk_create(
                [Identity(person=person, sealed=b"x" * 40, changed_by=bob.user)]
            ),
        ):
            with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                attempt()


def test_a_person_keeps_its_owner_and_its_number():
    alice, registrar = make_member(Role.LE_POLICE), make_member(Role.COM_REGISTRAR)
    make_person(alice)
    with acting(registrar, purpose="test"):
        for change in ({"organisation": registrar.organisation}, {"reference": "PER-2026-1"}):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                Person.objects.update(**change)
        for delete in (Person, Identity):
            assert delete.objects.all()._raw_delete("default") == 0


@pytest.fixture
def guarded(as_guard):
    def run(sql, *parameters):
        with as_guard(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, parameters)

    return run


def test_a_grant_is_ended_and_nothing_else(guarded):
    alice = make_member(Role.LE_POLICE)
    person = make_person(alice, at=timezone.now() - timedelta(days=3))
    for forbidden in (
        "UPDATE persons_persongrant SET level = 'work' WHERE person_id = %s",
        "UPDATE persons_persongrant SET organisation_id = 1 WHERE person_id = %s",
        "UPDATE persons_persongrant SET valid = tstzrange('2000-01-01', NULL) WHERE person_id = %s",
        "DELETE FROM persons_persongrant WHERE person_id = %s",
    ):
        with pytest.raises(IntegrityError, match="person_grant_is_ended_and_nothing_else"):
            guarded(forbidden, person.pk)
    guarded(
        "UPDATE persons_persongrant SET valid = tstzrange(lower(valid), now()) WHERE person_id = %s",
        person.pk,
    )
    with acting(alice, purpose="test"):
        assert not Person.objects.exists()
    with pytest.raises(IntegrityError, match="person_grant_is_ended_and_nothing_else"):
        guarded(
            "UPDATE persons_persongrant SET valid = tstzrange(lower(valid), NULL)"
            " WHERE person_id = %s",
            person.pk,
        )


def test_a_grant_that_has_ended_or_not_begun_shows_nobody():
    alice = make_member(Role.LE_POLICE)
    make_person(alice, at=timezone.now() + timedelta(days=1))
    with acting(alice, purpose="test"):
        assert PersonGrant.objects.count() == 1
        assert not Person.objects.exists()
        assert not Person.objects.visible_to(alice).exists()


def test_a_work_grant_of_a_case_lets_the_organisation_read_and_write(guarded):
    alice, zc = make_member(Role.LE_POLICE), make_member(Role.ZC)
    colleague = make_member(Role.ZC, organisation=zc.organisation)
    person = make_person(alice)
    guarded(
        "INSERT INTO persons_persongrant (id, person_id, organisation_id, level, basis, source,"
        " valid, granted_by_id, reason) VALUES (%s, %s, %s, 'work', 'case', %s,"
        " tstzrange(now() - interval '1 day', NULL), %s, 'case')",
        uuid7(),
        person.pk,
        zc.organisation_id,
        uuid7(),
        alice.user_id,
    )
    for member in (zc, colleague):
        with acting(member, purpose="test"):
            assert Person.objects.visible_to(member).get() == person
            assert Person.objects.update(sex="x") == 1
