"""Every constraint of persons, broken on purpose."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from referral.access.context import acting
from referral.lib.ids import uuid7
from referral.organisations.roles import Role
from referral.persons.models import Identity, IdentityKey, Person, PersonGrant
from tests.factories.people import make_member
from tests.factories.persons import make_person

pytestmark = pytest.mark.django_db
NOW = timezone.now()

PERSONS = {
    "person_reference_is_per_year_and_number": {"reference": "Wilhelmina"},
    "person_sex_is_known": {"sex": "f"},
    "person_age_group_is_known": {"age_group": "old"},
    "person_under_18_is_a_minor_and_no_other_is": {"age_group": "15-17", "is_minor": False},
}
KEYS = {
    "search_key_kind_is_known": {"kind": "shoe_size"},
    "search_key_is_a_hash_of_32_bytes": {"hmac": b"Zangvogel"},
    "search_key_stands_once_for_a_person": {},
}
GRANTS = {
    "person_grant_level_is_known": {"level": "own"},
    "person_grant_basis_is_known": {"basis": "love"},
    "person_grant_has_a_beginning": {"valid": (None, NOW)},
    "person_grant_is_not_given_twice_at_a_time": {},
}


@pytest.fixture
def alice():
    return make_member(Role.LE_POLICE)


def breaks(name, save):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        save()


def test_each_constraint_stands_here():
    for model, broken in ((Person, PERSONS), (IdentityKey, KEYS), (PersonGrant, GRANTS)):
        assert {c.name for c in model._meta.constraints} == set(broken)


@pytest.mark.parametrize("name", PERSONS)
def test_a_person_that_cannot_be_is_refused(alice, name):
    fields = {
        "reference": "PER-2026-999999",
        "organisation": alice.organisation,
        "sex": "male",
        "age_group": "unknown",
        "created_by": alice.user,
    }
    with acting(alice, purpose="test"):
        breaks(name, lambda: Person.objects.bulk_create([Person(**fields | PERSONS[name])]))
        for is_minor in (True, False, None):
            fields["reference"] = f"PER-2026-99999{[True, False, None].index(is_minor)}"
            Person.objects.bulk_create([Person(**fields, is_minor=is_minor)])


@pytest.mark.parametrize("age_group", ["18-22", "65+"])
def test_an_adult_is_no_minor(alice, age_group):
    make_person(alice)
    with acting(make_member(Role.COM_REGISTRAR), purpose="test"):
        breaks(
            "person_under_18_is_a_minor_and_no_other_is",
            lambda: Person.objects.update(age_group=age_group, is_minor=True),
        )


def test_an_identity_that_was_not_sealed_is_refused(alice):
    make_person(alice)
    with acting(make_member(Role.COM_REGISTRAR), purpose="test"):
        breaks("identity_is_sealed", lambda: Identity.objects.update(sealed=b"Zangvogel"))


@pytest.mark.parametrize("name", KEYS)
def test_a_search_key_that_cannot_be_is_refused(alice, name):
    person = make_person(alice)
    with acting(alice, purpose="test"):
        known = IdentityKey.objects.first()
        fields = {"person": person, "kind": known.kind, "hmac": known.hmac} | KEYS[name]
        breaks(name, lambda: IdentityKey.objects.bulk_create([IdentityKey(**fields)]))


@pytest.mark.parametrize("name", GRANTS)
def test_a_grant_that_cannot_be_is_refused(alice, name, as_guard):
    source = uuid7()
    person = make_person(alice, source=source, at=NOW - timedelta(days=1))
    fields = {
        "person": person,
        "organisation": alice.organisation,
        "level": "view",
        "basis": "registration",
        "source": source,
        "valid": (NOW, None),
        "granted_by": alice.user,
        "reason": "test",
    }
    grant = PersonGrant(**fields | GRANTS[name])
    with as_guard():
        breaks(name, lambda: PersonGrant.objects.bulk_create([grant]))
