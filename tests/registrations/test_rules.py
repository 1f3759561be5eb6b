from datetime import date

import pytest
from django.utils import timezone

from referral.geography.models import Municipality
from referral.organisations.roles import OrganisationType, Role
from referral.persons.rules import IdentityFacts
from referral.registrations.models import Missing, ReferrerType
from referral.registrations.rules import (
    REFERRERS,
    RegistrationRefused,
    check_entry,
    missing_from,
    ruling_for,
)
from referral.registrations.workflow import Status
from referral.sharing.rules import Answer, Outcome
from tests.factories.people import make_member, make_organisation
from tests.factories.persons import FACTS, make_facts
from tests.factories.registrations import make_entry, registration_at

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)


def refused(member, **changes):
    with pytest.raises(RegistrationRefused) as found:
        check_entry(make_entry(**changes), by=member, on=TODAY)
    return set(found.value.reasons)


@pytest.fixture
def officer():
    return make_member(Role.LE_POLICE)


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"forms": []}, {"forms"}),
        ({"forms": ["theft"]}, {"forms"}),
        ({"forms": ["labour"], "primary_form": "sexual"}, {"primary_form"}),
        ({"sector": "mine"}, {"sector"}),
        ({"crossing": "maybe"}, {"crossing"}),
        ({"help_wanted": "please"}, {"help_wanted"}),
        ({"help_wanted": "yes"}, {"consent"}),
        ({"period_from": date(2026, 11, 22)}, {"period_from"}),
        ({"period_to": date(2009, 1, 1)}, {"period_to"}),
        ({"period_from": None, "period_to": date(2027, 1, 1)}, {"period_to"}),
        ({"period_absent": "unknown"}, {"period_absent"}),
        ({"period_from": None, "period_absent": "whatever"}, {"period_absent"}),
        ({"place_country": "XX"}, {"place_country"}),
        ({"place_absent": "refused"}, {"place_absent"}),
        ({"place_country": "", "place_absent": "hm"}, {"place_absent"}),
        ({"referrer_type": "fairwork"}, {"referrer_type"}),
        ({"forms": [], "sector": "?", "crossing": "?"}, {"forms", "sector", "crossing"}),
    ],
)
def test_an_answer_that_cannot_be_is_told_beside_its_question(officer, changes, fields):
    assert refused(officer, **changes) == fields


def test_a_dutch_municipality_lies_in_the_netherlands(officer):
    place = Municipality.objects.first()
    assert refused(officer, place_municipality=place, place_country="BE") == {"place_country"}
    check_entry(make_entry(place_municipality=place, place_country=""), by=officer, on=TODAY)


def test_the_police_need_no_consent_and_others_do(officer):
    check_entry(make_entry(), by=officer, on=TODAY)
    for role in (Role.ZC, Role.PARTNER_NGO):
        member = make_member(role)
        assert refused(member) == {"consent"}
        check_entry(make_entry(consent=Answer()), by=member, on=TODAY)


def test_an_organisation_that_does_not_register_is_told_to_send_a_signal():
    member = make_member(
        Role.PARTNER_NGO, organisation=make_organisation(OrganisationType.MUNICIPALITY)
    )
    assert "legal_basis" in refused(member)
    assert ruling_for(member).outcome == Outcome.NOT_ALLOWED


def test_who_may_register_is_counted_as_some_reporter():
    for kind in OrganisationType:
        organisation = make_organisation(kind)
        member = make_member(Role.FG, organisation=organisation)
        may = ruling_for(member).outcome != Outcome.NOT_ALLOWED
        assert may == (kind in REFERRERS), kind
    assert {one for kinds in REFERRERS.values() for one in kinds} == set(ReferrerType)


@pytest.mark.parametrize(
    ("changes", "facts", "missing"),
    [
        ({}, FACTS, []),
        ({"sector": ""}, FACTS, [Missing.SECTOR]),
        ({"crossing": ""}, FACTS, [Missing.CROSSING]),
        ({"period_from": None}, FACTS, [Missing.PERIOD]),
        ({"period_from": None, "period_absent": "not_asked"}, FACTS, [Missing.PERIOD]),
        ({"period_from": None, "period_absent": "unknown"}, FACTS, []),
        ({"place_country": ""}, FACTS, [Missing.PLACE]),
        ({"place_country": "", "place_absent": "refused"}, FACTS, []),
        ({}, make_facts(nationalities=()), [Missing.NATIONALITY]),
        ({}, make_facts(nationalities=(), absent={"nationalities": "not_asked"}),
         [Missing.NATIONALITY]),
        ({}, make_facts(nationalities=(), absent={"nationalities": "refused"}), []),
        ({"person": {"age_group": "unknown", "facts": {"birth_date": "", "birth_precision": ""}}},
         IdentityFacts(nationalities=("PL",)), [Missing.MINOR, Missing.AGE]),
        ({"person": {"age_group": "unknown", "is_minor": True}},
         IdentityFacts(nationalities=("PL",), absent={"birth_date": "unknown"}), []),
    ],
)  # fmt: skip
def test_unknown_is_an_answer_and_not_asked_is_none(changes, facts, missing):
    assert missing_from(registration_at(**changes), facts) == missing


def test_a_police_report_names_its_unit():
    registration = registration_at()
    assert registration.referrer_region == registration.organisation.police_unit
    registration.referrer_region = None
    assert missing_from(registration, FACTS) == [Missing.REGION]


def test_a_registration_says_itself_by_its_number():
    now = timezone.now()
    assert str(registration_at(at=now)).startswith(f"REG-{now.year}-")
    assert str(registration_at(Status.REGISTERED, at=now)).startswith(f"CM-{now.year}-")
