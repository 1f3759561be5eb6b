"""Asking, answering and withdrawing, and what may be shared because of it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from referral.access.context import acting, service
from referral.audit.models import AuditEvent
from referral.notices.models import Notice
from referral.organisations.roles import OrganisationType, Role
from referral.sharing.actions import (
    ask_consent,
    list_consents,
    record_answer,
    withdraw_consent,
)
from referral.sharing.models import Consent, Purpose, WithdrawalReason
from referral.sharing.rules import (
    Answer,
    ConsentRefused,
    Sharing,
    SharingRefused,
    can_share,
    can_withdraw,
    check_may_share,
)
from referral.sharing.workflow import State
from tests.factories.people import make_member, make_organisation
from tests.factories.persons import make_person
from tests.sharing.conftest import NOW, YEAR, fields_of, grant_case, make_coordinator

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelter():
    return make_organisation(OrganisationType.SHELTER)


def shares(person, recipient, by, *, purpose=Purpose.PLACEMENT, at=NOW):
    with acting(by, purpose="test"):
        return can_share(person, purpose=purpose, recipient=recipient, by=by, at=at)


def test_nothing_is_shared_before_somebody_said_yes(coordinator, person, shelter, consent_at):
    assert not shares(person, shelter, coordinator)
    consent_at(State.ASKED)
    assert not shares(person, shelter, coordinator)
    with acting(coordinator, purpose="test"), pytest.raises(SharingRefused, match="Ask the"):
        check_may_share(
            person, purpose=Purpose.PLACEMENT, recipient=shelter, by=coordinator, at=NOW
        )


@pytest.mark.parametrize("state", [s for s in State if s not in {State.ASKED, State.GIVEN}])
def test_only_a_consent_in_force_lets_share(coordinator, person, shelter, consent_at, state):
    consent = consent_at(state)
    assert consent.state == state
    replaced = state in {State.EXPIRED, State.REPLACED}  # by one that holds
    assert shares(person, shelter, coordinator) == replaced


def test_a_consent_holds_for_a_year_and_for_its_purpose(coordinator, person, shelter, consent_at):
    consent = consent_at(State.GIVEN)
    assert shares(person, shelter, coordinator, at=NOW + YEAR - timedelta(seconds=1))
    assert not shares(person, shelter, coordinator, at=NOW + YEAR)
    assert not shares(person, shelter, coordinator, at=NOW - timedelta(seconds=1))
    assert not shares(person, shelter, coordinator, purpose=Purpose.HANDOFF)
    assert (consent.holds_at(NOW), consent.holds_at(NOW + YEAR)) == (True, False)


@pytest.mark.parametrize(
    ("options", "covers"),
    [
        ({}, {"one", "other", "ngo"}),
        ({"recipient_kind": "shelter"}, {"one", "other"}),
        ({"recipient": "one"}, {"one"}),
    ],
)
def test_a_consent_covers_whom_it_names(coordinator, person, consent_at, options, covers):
    to = {
        "one": make_organisation(OrganisationType.SHELTER),
        "other": make_organisation(OrganisationType.SHELTER),
        "ngo": make_organisation(OrganisationType.NGO),
    }
    if "recipient" in options:
        options = {"recipient": to["one"]}
    consent_at(State.GIVEN, **options)
    assert {name for name, one in to.items() if shares(person, one, coordinator)} == covers


def test_many_are_asked_about_at_once_and_each_answered_alone(
    coordinator, person, shelter, consent_at, django_assert_num_queries
):
    consent_at(State.GIVEN, recipient=shelter)
    consent_at(State.GIVEN, purpose=Purpose.HANDOFF)
    elsewhere = make_organisation(OrganisationType.SHELTER)
    other, unread = (make_person(make_member(Role.LE_POLICE)) for _ in range(2))
    for one in (other, unread):
        grant_case(one, coordinator)
    with acting(coordinator, purpose="test"):
        given = ask_consent(unread, purpose=Purpose.PLACEMENT, by=coordinator, at=NOW)
        record_answer(given, given=True, answer=Answer(), by=coordinator, at=NOW)
        with django_assert_num_queries(4):  # who is restricted, the law, consents, other bases
            sharing = Sharing.read([person.pk, other.pk], purpose=Purpose.PLACEMENT, by=coordinator)
            ruling = sharing.check(person, recipient=shelter, at=NOW)
            assert ruling.needs_consent
            for one, recipient, at in (
                (person, shelter, NOW + YEAR),
                (person, elsewhere, NOW),
                (other, shelter, NOW),
                (unread, shelter, NOW),
            ):
                with pytest.raises(SharingRefused, match="Ask the person first"):
                    sharing.check(one, recipient=recipient, at=at)


def test_who_does_not_see_the_consent_cannot_share_on_it(person, shelter, consent_at):
    consent_at(State.GIVEN)
    assert not shares(person, shelter, make_coordinator())
    assert shares(person, shelter, make_member(Role.COM_PLACEMENT))


def test_the_same_question_twice_is_one_question(consent_at):
    first = consent_at(State.ASKED)
    assert consent_at(State.ASKED) == first
    with acting(make_member(Role.AUDITOR), purpose="test"):
        assert AuditEvent.objects.filter(action="consent_asked").count() == 1


def test_an_answer_is_kept_with_how_it_was_given(coordinator, person):
    answer = Answer(how="oral_witness", language="ar", interpreter=True, leaflet="2026-1")
    with acting(coordinator, purpose="test"):
        consent = ask_consent(person, purpose=Purpose.HANDOFF, by=coordinator, at=NOW)
        consent = record_answer(consent, given=True, answer=answer, by=coordinator, at=NOW)
        with pytest.raises(ConsentRefused):
            record_answer(consent, given=False, answer=answer, by=coordinator, at=NOW)
    assert (consent.how, consent.language, consent.interpreter, consent.leaflet) == (
        "oral_witness",
        "ar",
        True,
        "2026-1",
    )
    assert str(consent) == "handoff given"


@pytest.mark.parametrize(
    ("age_group", "given_by", "holds"),
    [
        ("30-39", "person", True),
        ("30-39", "parent", False),
        ("15-17", "person", True),
        ("12-14", "person", False),
        ("12-14", "person_and_guardian", True),
        ("0-11", "person", False),
        ("0-11", "guardian", True),
        ("unknown", "guardian", True),
    ],
)
def test_under_sixteen_a_representative_answers(coordinator, age_group, given_by, holds):
    facts = {"birth_date": "", "birth_precision": ""}
    young = make_person(make_member(Role.LE_POLICE), age_group=age_group, facts=facts)
    grant_case(young, coordinator)
    with acting(coordinator, purpose="test"):
        consent = ask_consent(young, purpose=Purpose.PLACEMENT, by=coordinator, at=NOW)
        answer = {"answer": Answer(given_by=given_by), "by": coordinator, "at": NOW}
        if holds:
            assert record_answer(consent, given=True, **answer).state == State.GIVEN
        else:
            with pytest.raises(ConsentRefused, match=r".+"):
                record_answer(consent, given=True, **answer)
            assert record_answer(consent, given=False, **answer).state == State.REFUSED


def test_withdrawing_ends_sharing_at_once_and_tells_who_relies_on_it(
    coordinator, person, shelter, consent_at
):
    consent = consent_at(State.GIVEN, recipient=shelter)
    desk = make_member(Role.COM_REGISTRAR)
    assert shares(person, shelter, coordinator)
    with acting(desk, purpose="test"):
        assert can_withdraw(desk, consent)
        withdraw_consent(consent, reason=WithdrawalReason.SAFETY, by=desk, at=NOW)
    assert not shares(person, shelter, coordinator)
    with acting(service(Role.SERVICE_RELAY), purpose="test"):
        told = set(
            Notice.objects.filter(kind="consent_withdrawn").values_list("organisation", flat=True)
        )
    assert told == {shelter.pk, coordinator.organisation_id}


def test_who_only_reads_asks_and_withdraws_nothing(coordinator, person, consent_at):
    consent, former = consent_at(State.GIVEN), make_coordinator()
    grant_case(person, former, level="view")
    placement = make_member(Role.COM_PLACEMENT)
    for member in (former, placement):
        with acting(member, purpose="test"):
            assert Consent.objects.visible_to(member).get() == consent
            assert not can_withdraw(member, consent)
            with pytest.raises(ConsentRefused):
                withdraw_consent(consent, reason=WithdrawalReason.SAFETY, by=member, at=NOW)
    assert not can_withdraw(coordinator, consent_at(State.REFUSED, purpose=Purpose.HANDOFF))


def test_the_list_of_consents_is_looked_at_and_that_is_recorded(coordinator, person, consent_at):
    consents = [consent_at(State.GIVEN), consent_at(State.REFUSED, purpose=Purpose.HANDOFF)]
    with acting(coordinator, purpose="test"):
        listed = list_consents(person, by=coordinator, at=NOW)
    assert {one.pk for one in listed} == {one.pk for one in consents}


BROKEN = {
    "consent_state_is_known": {"state": "perhaps"},
    "consent_purpose_is_known": {"purpose": "curiosity"},
    "consent_recipient_kind_is_known": {"recipient_kind": "friend"},
    "consent_is_answered_by_someone_at_a_time_or_still_asked": {"answered_by": None},
    "consent_once_given_says_how_by_whom_and_until_when": {"how": ""},
    "consent_ends_by_someone_at_a_time_or_holds_on": {"ended_at": NOW},
    "consent_withdrawn_says_why": {"withdrawal_reason": "safety"},
    "consent_categories_are_known": {"categories": ["all"]},
    "consent_evidence_is_a_place_and_a_reference": {"evidence": "paper"},
    "consent_is_not_held_twice_at_a_time": {},
    "consent_is_not_asked_twice_at_a_time": {},
}


def test_each_constraint_stands_here():
    assert {constraint.name for constraint in Consent._meta.constraints} == set(BROKEN)


@pytest.mark.parametrize("name", BROKEN)
def test_a_consent_that_cannot_be_is_refused(coordinator, person, name, consent_at):
    state = State.ASKED if name.startswith("consent_is_not_asked") else State.GIVEN
    if name.endswith("twice_at_a_time"):
        consent_at(state)
    fields = {
        "person": person,
        "organisation": coordinator.organisation,
        "purpose": "placement",
        "asked_at": NOW,
        "asked_by": coordinator.user,
        "state": state,
    }
    consent = Consent(**fields | fields_of(state, coordinator) | BROKEN[name])
    # A state that is not in the table is stopped by the trigger before the constraint.
    wanted = "consent_(state_is_known|moves_along)" if name == "consent_state_is_known" else name
    with (
        acting(coordinator, purpose="test"),
        pytest.raises(IntegrityError, match=wanted),
        transaction.atomic(),
    ):
        Consent.objects.bulk_create([consent])
