from dataclasses import replace
from datetime import date

import pytest

from referral.organisations.roles import OrganisationType
from referral.persons.models import AgeGroup, KeyKind
from referral.persons.rules import (
    SHOWN_FROM,
    FactsRefused,
    IdentityFacts,
    age_band,
    asked_keys,
    check_entry,
    likeness,
    minority,
    search_keys,
)
from tests.factories.persons import FACTS, make_facts, make_person_entry

TODAY = date(2026, 11, 21)
POLICE = OrganisationType.POLICE_UNIT


def refused(entry, organisation=POLICE):
    with pytest.raises(FactsRefused) as found:
        check_entry(entry, organisation=organisation, on=TODAY)
    return set(found.value.reasons)


def test_the_facts_of_the_tests_are_right():
    check_entry(make_person_entry(), organisation=POLICE, on=TODAY)


@pytest.mark.parametrize(
    ("birth", "band"),
    [
        (date(2014, 11, 22), AgeGroup.UNDER_12),
        (date(2014, 11, 21), AgeGroup.FROM_12),
        (date(2008, 11, 22), AgeGroup.FROM_15),
        (date(2008, 11, 21), AgeGroup.FROM_18),
        (date(2008, 2, 29), AgeGroup.FROM_18),
        (date(1961, 1, 1), AgeGroup.FROM_65),
        (date(2026, 11, 21), AgeGroup.UNDER_12),
    ],
)
def test_somebody_is_of_an_age_from_the_birthday_on(birth, band):
    assert age_band(birth, TODAY) == band


def test_a_minor_is_who_is_under_18_and_what_was_stated_where_the_age_does_not_tell():
    assert minority("15-17", stated=None) is True
    assert minority("18-22", stated=True) is False
    assert minority("unknown", stated=True) is True
    assert minority("unknown", stated=None) is None


@pytest.mark.parametrize(
    ("birth", "precision"),
    [
        ("1991-02-30", "exact"),
        ("1991-07", "exact"),
        ("1991", "month"),
        ("1991-07-23", ""),
        ("", "exact"),
        ("2027-01-01", "exact"),
        ("1890-01-01", "exact"),
        ("gisteren", "year"),
    ],
)
def test_a_birth_date_that_cannot_be_is_refused(birth, precision):
    entry = make_person_entry(facts={"birth_date": birth, "birth_precision": precision})
    assert refused(entry) == {"birth_date"}


@pytest.mark.parametrize(
    ("birth", "precision", "ages"),
    [
        ("1991-07-23", "exact", {"30-39"}),
        ("1997", "year", {"23-29"}),
        ("1996", "year", {"23-29", "30-39"}),
        ("1996-11", "month", {"23-29", "30-39"}),
        ("1996", "estimated", set(AgeGroup.values) - {"unknown"}),
    ],
)
def test_the_age_must_agree_with_the_birth_date_as_far_as_it_is_known(birth, precision, ages):
    for age in set(AgeGroup.values) - {"unknown"}:
        entry = make_person_entry(
            age_group=age, facts={"birth_date": birth, "birth_precision": precision}
        )
        if age in ages:
            check_entry(entry, organisation=POLICE, on=TODAY)
        else:
            assert refused(entry) == {"age_group"}


def test_every_wrong_answer_is_told_at_once():
    entry = make_person_entry(
        sex="?",
        age_group="old",
        facts={
            "phone": "0612345678",
            "v_number": "12",
            "bsn": "123456789",
            "nationalities": ("Poolse",),
            "absent": {"name": "no idea"},
        },
    )
    assert refused(entry) == {
        "sex", "age_group", "phone", "v_number", "bsn", "nationalities", "absent",
    }  # fmt: skip


def test_only_whom_a_law_allows_may_use_the_citizen_service_number():
    assert refused(make_person_entry(), OrganisationType.NGO) == {"bsn"}


def test_facts_never_print_themselves():
    assert "Canary" not in f"{FACTS!r} {FACTS} {[FACTS]} {make_person_entry()!r}"


def test_facts_come_back_as_they_were_sealed():
    facts = make_facts(aliases=("Vogeltje",), absent={"nationalities": "refused"})
    assert IdentityFacts.from_payload(facts.payload()) == facts
    assert IdentityFacts.from_payload({"later_field": 1}) == IdentityFacts()


def found_by(asked, known=FACTS):
    return bool(asked_keys(asked) & search_keys(known))


NAMED = replace(FACTS, phone="", v_number="", bsn="")


@pytest.mark.parametrize(
    "changes",
    [
        {"given_names": "Wilhelmina", "family_name": "Zangvogel"},
        {"given_names": "van Zangvogel", "family_name": "Wilhelmina Canary"},
        {"given_names": "Canary", "family_name": "Zangfogel"},
        {"given_names": "Vilhelmina Kanari", "family_name": "van Sangvogel"},
        {"given_names": "Wil"},
        {"birth_date": "1992-07-23"},
        {"birth_date": "1990", "birth_precision": "year"},
        {"birth_date": "", "birth_precision": ""},
        {"given_names": "", "family_name": "", "aliases": ("Wilhelmina Canary van Zangvogel",)},
    ],
)
def test_a_person_is_found_in_spite_of_how_people_write(changes):
    asked = replace(NAMED, **changes)
    assert found_by(asked, NAMED)
    assert likeness(asked, NAMED).score >= SHOWN_FROM


def test_day_and_month_that_changed_places_are_found():
    known = replace(NAMED, birth_date="1991-07-03")
    asked = replace(NAMED, birth_date="1991-03-07")
    kinds = {kind for kind, _value in asked_keys(asked) & search_keys(known)}
    assert KeyKind.NAME_AND_DATE in kinds
    assert "day and month changed places" in likeness(asked, known).reasons


@pytest.mark.parametrize("number", ["phone", "v_number", "bsn"])
def test_a_number_alone_finds_somebody(number):
    asked = IdentityFacts(**{number: getattr(FACTS, number)})
    assert found_by(asked)


def test_a_stranger_is_not_found():
    stranger = IdentityFacts(
        given_names="Jan", family_name="Bakker", birth_date="1970-01-01", birth_precision="exact"
    )
    assert not found_by(stranger)
    assert likeness(stranger, FACTS).score < SHOWN_FROM


def test_an_undated_person_is_found_by_sound_and_dated_ones_are_not():
    undated = replace(NAMED, birth_date="", birth_precision="")
    assert found_by(NAMED, undated)
    later = replace(NAMED, birth_date="1960-01-01")
    assert not found_by(NAMED, later)


def test_the_score_says_why_and_a_number_outweighs_a_name():
    same = likeness(FACTS, make_facts(family_name="Bakker", given_names="Jan"))
    assert same.score >= 97
    assert set(same.reasons) >= {"same V-number", "same citizen service number"}
    other = likeness(FACTS, make_facts(v_number="1111111111", bsn="111222333", phone=""))
    assert set(other.reasons) >= {"another V-number", "another citizen service number"}
    assert other.score < likeness(NAMED, NAMED).score == 100
