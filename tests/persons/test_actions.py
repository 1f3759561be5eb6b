"""Who makes, opens, amends and compares persons."""

import logging

import pytest
from django.utils import timezone

from referral.access.context import acting
from referral.access.models import DataKey
from referral.audit.models import AuditEvent
from referral.lib.crypto import KeyRing, Unreadable, new_key
from referral.lib.ids import uuid7
from referral.organisations.roles import Role
from referral.persons.actions import (
    amend_person,
    create_persons,
    find_duplicates,
    open_identity,
)
from referral.persons.models import Identity, IdentityKey, Person, PersonGrant
from referral.persons.rules import ChangedMeanwhile, FactsRefused, NotYoursToChange
from tests.factories.people import make_member
from tests.factories.persons import FACTS, make_facts, make_person, make_person_entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice():
    return make_member(Role.LE_POLICE, name="Alice")


@pytest.fixture
def registrar():
    return make_member(Role.COM_REGISTRAR)


def recorded(action):
    auditor = make_member(Role.AUDITOR)
    with acting(auditor, purpose="test"):
        return list(AuditEvent.objects.filter(action=action).order_by("pk"))


def test_who_brings_a_person_in_can_open_the_identity_and_it_is_written_down(alice):
    now = timezone.now()
    person = make_person(alice, at=now)
    with acting(alice, purpose="check the spelling"):
        assert open_identity(person, by=alice, at=now) == FACTS
    [line] = recorded("identity_opened")
    assert (line.object_id, line.actor_id, line.purpose) == (
        str(person.pk),
        alice.user_id,
        "check the spelling",
    )
    assert [one.object_id for one in recorded("person_created")] == [str(person.pk)]


def test_a_colleague_of_the_same_unit_and_the_rest_of_the_chain_see_nobody(alice):
    person = make_person(alice)
    others = [make_member(Role.LE_POLICE, organisation=alice.organisation)]
    others += [make_member(role) for role in (Role.ZC, Role.MUNI_FOCAL, Role.EMM_ANALYST)]
    others += [make_member(role) for role in (Role.COM_PLACEMENT, Role.NRM_ANALYST, Role.FG)]
    for charlie in others:
        with acting(charlie, purpose="test"):
            assert not Person.objects.exists()
            assert not Identity.objects.exists()
            assert not IdentityKey.objects.exists()
            with pytest.raises(Identity.DoesNotExist):
                open_identity(person, by=charlie, at=timezone.now())


def test_the_national_desk_sees_everybody_but_not_the_citizen_service_number(alice, registrar):
    person = make_person(alice)
    with acting(registrar, purpose="test"):
        facts = open_identity(person, by=registrar, at=timezone.now())
    assert facts == make_facts(bsn="")


def test_many_persons_are_made_as_one_is(alice):
    now = timezone.now()
    entries = [make_person_entry(), make_person_entry(sex="male", facts={"given_names": "Jan"})]
    with acting(alice, purpose="test"):
        two = create_persons(entries, sources=[uuid7(), uuid7()], by=alice, at=now)
        assert [open_identity(p, by=alice, at=now).given_names for p in two] == [
            "Wilhelmina Canary",
            "Jan",
        ]
    assert len({p.reference for p in two}) == 2
    assert all(p.reference.startswith(f"PER-{now.year}-") for p in two)


def test_of_many_persons_one_wrong_one_refuses_all(alice):
    entries = [make_person_entry(), make_person_entry(facts={"bsn": "1"})]
    with acting(alice, purpose="test"), pytest.raises(FactsRefused):
        create_persons(entries, sources=[uuid7(), uuid7()], by=alice, at=timezone.now())
    with acting(alice, purpose="test"):
        assert not Person.objects.exists()


def test_the_desk_puts_right_what_is_known(alice, registrar):
    person, now = make_person(alice), timezone.now()
    entry = make_person_entry(
        sex="x", age_group="23-29", facts={"birth_date": "1999-01-02", "bsn": ""}
    )
    with acting(registrar, purpose="test"):
        amend_person(person, entry, version=1, by=registrar, at=now)
        assert open_identity(person, by=registrar, at=now) == entry.facts
        known = find_duplicates(entry.facts, by=registrar, at=now)
        assert [c.person for c in known.candidates] == [person]
        person.refresh_from_db()
    assert (person.sex, person.age_group, person.is_minor) == ("x", "23-29", False)
    [line] = recorded("person_amended")
    assert line.opened_details() == {"changed": ["birth_date", "sex", "age_group"]}
    with acting(alice, purpose="test"):  # what the desk does not see, it does not erase
        assert open_identity(person, by=alice, at=now).bsn == FACTS.bsn


def test_a_change_upon_an_old_version_is_refused(alice, registrar):
    person, now = make_person(alice), timezone.now()
    with acting(registrar, purpose="test"):
        entry = make_person_entry(facts={"bsn": ""})
        amend_person(person, entry, version=1, by=registrar, at=now)
        with pytest.raises(ChangedMeanwhile, match=r".+"):
            amend_person(person, entry, version=1, by=registrar, at=now)


def test_who_may_only_look_cannot_change(alice):
    person = make_person(alice)
    with acting(alice, purpose="test"), pytest.raises(NotYoursToChange, match=r".+"):
        amend_person(person, make_person_entry(), version=1, by=alice, at=timezone.now())


def test_the_desk_is_shown_who_may_be_the_same_with_score_and_reasons(alice, registrar):
    person, now = make_person(alice), timezone.now()
    twin = make_person(
        make_member(Role.LE_KMAR), facts={"given_names": "Vilhelmina", "phone": "", "v_number": ""}
    )
    make_person(alice, facts={"family_name": "Bakker", "given_names": "Jan", "phone": "",
                              "v_number": "", "bsn": "", "birth_date": "1990-01-01"})  # fmt: skip
    with acting(registrar, purpose="test"):
        known = find_duplicates(FACTS, by=registrar, at=now, besides=person)
    [candidate] = known.candidates
    assert candidate.person == twin
    assert candidate.likeness.score > 90
    assert candidate.likeness.reasons
    assert not known.elsewhere
    assert known.advice == ""


def test_of_a_person_one_may_not_see_one_learns_only_to_ask_the_desk(alice):
    make_person(alice)
    bob = make_member(Role.LE_POLICE, name="Bob")
    with acting(bob, purpose="test"):
        known = find_duplicates(FACTS, by=bob, at=timezone.now())
    assert known.candidates == ()
    assert known.advice == "Possible match, ask CoMensha."
    [line] = recorded("duplicates_searched")
    assert line.ids == []


def test_the_own_persons_are_no_match_elsewhere_and_strangers_none(alice):
    make_person(alice)
    with acting(alice, purpose="test"):
        known = find_duplicates(FACTS, by=alice, at=timezone.now())
        assert (len(known.candidates), known.elsewhere) == (1, False)
        stranger = make_facts(
            family_name="Bakker", given_names="Jan", phone="", v_number="", bsn=""
        )
        assert not find_duplicates(stranger, by=alice, at=timezone.now()).elsewhere


def test_who_does_not_register_cannot_use_the_search_to_find_out(alice):
    make_person(alice)
    charlie = make_member(Role.MUNI_FOCAL)
    with acting(charlie, purpose="test"):
        known = find_duplicates(FACTS, by=charlie, at=timezone.now())
    assert known.candidates == ()
    assert not known.elsewhere


def test_an_identity_that_was_moved_to_another_person_does_not_open(alice, registrar):
    one, other = make_person(alice), make_person(alice)
    with acting(registrar, purpose="test"):
        Identity.objects.filter(person=other).update(sealed=Identity.objects.get(person=one).sealed)
        with pytest.raises(Unreadable):
            open_identity(other, by=registrar, at=timezone.now())


def test_an_identity_does_not_open_with_another_key(alice, settings):
    person = make_person(alice)
    settings.KEY_RING = KeyRing(keys={"demo": new_key()}, current="demo")
    with acting(alice, purpose="test"), pytest.raises(Unreadable):
        open_identity(person, by=alice, at=timezone.now())


def test_an_altered_identity_does_not_open(alice, registrar):
    person = make_person(alice)
    with acting(registrar, purpose="test"):
        sealed = bytearray(Identity.objects.get(person=person).sealed)
        sealed[40] ^= 1
        Identity.objects.filter(person=person).update(sealed=bytes(sealed))
        with pytest.raises(Unreadable):
            open_identity(person, by=registrar, at=timezone.now())


def test_a_person_whose_key_is_gone_is_erased(alice, registrar):
    person = make_person(alice)
    with acting(registrar, purpose="test"):
        Person.objects.filter(pk=person.pk).update(key=None)
        DataKey.objects.filter(pk=person.key_id).delete()
        assert open_identity(person, by=registrar, at=timezone.now()).full_name == ""
        entry = make_person_entry(facts={"bsn": ""})
        with pytest.raises(NotYoursToChange):
            amend_person(person, entry, version=1, by=registrar, at=timezone.now())


def test_a_grant_tells_who_may_look_since_when_and_why(alice):
    source, now = uuid7(), timezone.now()
    person = make_person(alice, at=now, source=source)
    with acting(alice, purpose="test"):
        [grant] = PersonGrant.objects.all()
    assert (grant.person_id, grant.organisation_id, grant.user_id) == (
        person.pk,
        alice.organisation_id,
        alice.user_id,
    )
    assert (grant.level, grant.basis, grant.source) == ("view", "registration", source)
    assert (grant.valid.lower, grant.valid.upper) == (now, None)
    assert str(grant) == f"view of {person.pk} by {alice.organisation_id}"


def test_nothing_that_names_somebody_reaches_the_log(alice, registrar, caplog):
    caplog.set_level(logging.DEBUG)
    person = make_person(alice)
    with acting(registrar, purpose="test"):
        find_duplicates(FACTS, by=registrar, at=timezone.now())
        open_identity(person, by=registrar, at=timezone.now())
        names = [str(one) for one in (person, Identity.objects.get(), *IdentityKey.objects.all())]
    written = f"{caplog.text} {names}"
    for canary in ("Canary", "Zangvogel", "98765432", "2876543210", "999990019"):
        assert canary not in written
