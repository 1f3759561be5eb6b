"""A case changes hands: nobody is passed on like a parcel, and nobody falls between two chairs."""

import hashlib
import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from referral.cases.actions import (
    Proposal,
    accept_handoff,
    canonical,
    decline_handoff,
    list_handoffs,
    offer_handoff,
    open_handoff,
    open_package,
    plan_next_step,
    read_care_notes,
    withdraw_handoff,
    write_care_note,
)
from referral.cases.models import (
    Basis,
    Case,
    CaseGrant,
    Handoff,
    HandoffPackage,
    NextStep,
    Profile,
    Section,
)
from referral.cases.rules import CaseRefused, MoveRefused, reach_of, reaches_of
from referral.cases.workflow import CaseStatus, HandoffStatus
from referral.lib.crypto import Unreadable
from referral.persons.models import Person
from referral.sharing.models import Purpose
from referral.sharing.rules import SharingRefused
from tests.factories.cases import case_at, doing, give_consent, handoff_at

pytestmark = pytest.mark.django_db


def proposal_of(case, country, **values) -> Proposal:
    fields = {"case": case, "care_region": country.there, "reason": "moved"}
    return Proposal(**fields | values)


def test_until_it_is_accepted_the_sender_stays_responsible(country):
    handoff = handoff_at(HandoffStatus.OFFERED, country)
    with doing(country.alice):
        case = Case.objects.get(pk=handoff.case_id)
        assert case.owner_organisation == country.alice.organisation
        assert case.next_step == NextStep.ANSWER_HANDOFF
        assert case.next_step_by == country.bob.organisation
        assert reach_of(case, country.alice).manages
        write_care_note(case, text="Still here.", by=country.alice, at=timezone.now())


def test_many_cases_are_asked_about_at_once_and_each_answered_alone(
    country, django_assert_num_queries
):
    own = case_at(CaseStatus.ACTIVE, country)
    given_away = handoff_at(HandoffStatus.ACCEPTED, country).case
    unseen = Case()
    with doing(country.alice), django_assert_num_queries(1):
        reaches = reaches_of([own, given_away, unseen], country.alice)
    assert {pk: (r.reads_all, r.works) for pk, r in reaches.items()} == {
        own.pk: (True, True),
        given_away.pk: (True, False),
        unseen.pk: (False, False),
    }
    with doing(country.desk):
        assert {r.profile for r in reaches_of([own, given_away], country.desk).values()} == {
            Profile.HEADER
        }


def test_before_acceptance_the_receiver_sees_the_envelope(country):
    handoff = handoff_at(HandoffStatus.OFFERED, country)
    with doing(country.alice):
        write_care_note(handoff.case, text="Words.", by=country.alice, at=timezone.now())
    with doing(country.bob):
        opened = open_handoff(handoff, by=country.bob, at=timezone.now())
        assert opened.reason == "moved"
        assert reach_of(opened.case, country.bob).profile == Profile.ENVELOPE
        assert not Person.objects.visible_to(country.bob).exists()
        assert read_care_notes(opened.case, by=country.bob, at=timezone.now()) == []
        with pytest.raises(HandoffPackage.DoesNotExist):
            open_package(opened, by=country.bob, at=timezone.now())
    with doing(country.charlie), pytest.raises(Handoff.DoesNotExist):
        open_handoff(handoff, by=country.charlie, at=timezone.now())


def test_with_acceptance_the_owner_changes_and_the_old_one_only_reads(country):
    handoff, now = handoff_at(HandoffStatus.OFFERED, country), timezone.now()
    with doing(country.alice):
        write_care_note(handoff.case, text="By Alice.", by=country.alice, at=now)
    with doing(country.bob):
        accept_handoff(handoff, by=country.bob, at=now)
        case = Case.objects.get(pk=handoff.case_id)
        assert case.owner_organisation == country.bob.organisation
        assert case.coordinator == country.bob.user
        assert case.care_region == country.there
        assert case.offered_to is None
        assert [n.text for n in read_care_notes(case, by=country.bob, at=now)] == ["By Alice."]
        write_care_note(case, text="By Bob.", by=country.bob, at=now)

    with doing(country.alice):
        reach = reach_of(case, country.alice)
        assert (reach.reads_all, reach.works) == (True, False)
        assert reach.until - timezone.now() > timedelta(days=29, hours=23)
        assert len(read_care_notes(case, by=country.alice, at=now)) == 2
        for deed in (
            lambda: write_care_note(case, text="Late.", by=country.alice, at=now),
            lambda: plan_next_step(
                case, step="make_plan", deadline=now.date(), by=country.alice, at=now
            ),
        ):
            with pytest.raises(MoveRefused):
                deed()
        assert Case.objects.filter(pk=case.pk).update(priority="crisis") == 0


def test_after_thirty_days_the_old_one_reads_nothing(country):
    at = timezone.now() - timedelta(days=30, minutes=1)
    handoff = handoff_at(HandoffStatus.ACCEPTED, country, at=at)
    with doing(country.alice):
        assert not Case.objects.visible_to(country.alice).exists()
        assert not Case.objects.exists()
        assert not Person.objects.visible_to(country.alice).exists()
        assert Handoff.objects.visible_to(country.alice).get() == handoff


def test_who_could_see_it_on_which_day_stays_answerable(country):
    accepted = timezone.now() - timedelta(days=40)
    handoff = handoff_at(HandoffStatus.ACCEPTED, country, at=accepted)
    with transaction.atomic():
        connection.cursor().execute("SET LOCAL ROLE baken_guard")
        grants = CaseGrant.objects.filter(case=handoff.case_id)
        alice = grants.filter(organisation=country.alice.organisation)
        owned, offered = alice.get(basis=Basis.OWNER), alice.get(basis=Basis.REFERRAL)
        assert owned.valid == DateTimeTZRange(offered.valid.upper, accepted)
        assert offered.profile == Profile.ENVELOPE
        read_on = alice.get(basis=Basis.HANDOFF)
        assert read_on.valid == DateTimeTZRange(accepted, accepted + timedelta(days=30))
        bob = grants.filter(organisation=country.bob.organisation, valid__contains=timezone.now())
        assert bob.get().basis == Basis.OWNER
        connection.cursor().execute("SET LOCAL ROLE baken_web")


def test_a_case_may_come_back_and_go_again(country):
    """There and back within thirty days: the reading of an owner ends in owning."""
    case = case_at(CaseStatus.ACTIVE, country, at=timezone.now() - timedelta(days=3))
    there = {"sender": country.alice, "receiver": country.bob, "region": country.there}
    back = {"sender": country.bob, "receiver": country.alice, "region": country.here}
    for step, way in enumerate((there, back, there, back)):
        at = timezone.now() - timedelta(hours=20 - step)
        handoff = handoff_at(HandoffStatus.ACCEPTED, country, case=case, at=at, **way)
        case = handoff.case
    assert handoff.version == 4
    with doing(country.alice):
        assert reach_of(case, country.alice).manages
    with doing(country.bob):
        assert not reach_of(case, country.bob).works
        assert reach_of(case, country.bob).reads_all


@pytest.mark.parametrize("answer", [HandoffStatus.DECLINED, HandoffStatus.WITHDRAWN])
def test_without_acceptance_everything_stays_where_it_is(country, answer):
    handoff = handoff_at(answer, country)
    with doing(country.alice):
        case = Case.objects.get(pk=handoff.case_id)
        assert (case.owner_organisation, case.offered_to) == (country.alice.organisation, None)
        assert (case.next_step, case.next_step_by) == ("review_plan", country.alice.organisation)
        assert reach_of(case, country.alice).manages
    with doing(country.bob):
        assert not Case.objects.exists()
        assert Handoff.objects.visible_to(country.bob).get().status == answer
        for late in (
            lambda: accept_handoff(handoff, by=country.bob, at=timezone.now()),
            lambda: decline_handoff(handoff, reason="capacity", by=country.bob, at=timezone.now()),
        ):
            with pytest.raises(MoveRefused):
                late()
    again = handoff_at(HandoffStatus.OFFERED, country, case=case)
    assert again.version == 2


def test_an_answer_is_given_once_and_by_the_right_side(country):
    handoff, now = handoff_at(HandoffStatus.OFFERED, country), timezone.now()
    with doing(country.alice), pytest.raises(MoveRefused):
        accept_handoff(handoff, by=country.alice, at=now)
    with doing(country.bob), pytest.raises(MoveRefused):
        withdraw_handoff(handoff, by=country.bob, at=now)
    with doing(country.charlie), pytest.raises(Handoff.DoesNotExist):
        accept_handoff(handoff, by=country.charlie, at=now)
    with doing(country.bob):
        accept_handoff(handoff, by=country.bob, at=now)
    with doing(country.alice), pytest.raises(MoveRefused):
        withdraw_handoff(handoff, by=country.alice, at=now)


def test_a_case_is_on_offer_to_one_at_a_time(country):
    handoff = handoff_at(HandoffStatus.OFFERED, country)
    with doing(country.alice):
        with pytest.raises(MoveRefused):
            offer_handoff(proposal_of(handoff.case, country), by=country.alice, at=timezone.now())
        handoff.pk, handoff.version = None, 7
        with pytest.raises(IntegrityError, match="one_at_a_time"):
            Handoff.objects.bulk_create([handoff])


@pytest.mark.parametrize(
    "wrong", [{"reason": "because"}, {"sections": []}, {"sections": ["police_file"]}]
)
def test_a_handoff_has_a_reason_and_a_package(country, wrong):
    case = case_at(CaseStatus.ACTIVE, country)
    give_consent(case, Purpose.HANDOFF, by=country.alice)
    with doing(country.alice), pytest.raises(CaseRefused):
        offer_handoff(proposal_of(case, country, **wrong), by=country.alice, at=timezone.now())


def test_a_case_is_not_handed_to_oneself(country):
    case = case_at(CaseStatus.ACTIVE, country)
    with doing(country.alice), pytest.raises(CaseRefused):
        offer_handoff(
            proposal_of(case, country, care_region=country.here),
            by=country.alice,
            at=timezone.now(),
        )


def test_without_consent_no_case_goes_to_another_region(country):
    case = case_at(CaseStatus.ACTIVE, country)
    with doing(country.alice), pytest.raises(SharingRefused):
        offer_handoff(proposal_of(case, country), by=country.alice, at=timezone.now())


def test_coordinators_meet_before_a_case_changes_hands(country):
    case, now = case_at(CaseStatus.ACTIVE, country), timezone.now()
    give_consent(case, Purpose.HANDOFF, by=country.alice)
    with doing(country.alice):
        handoff = offer_handoff(proposal_of(case, country), by=country.alice, at=now)
    with doing(country.bob):
        for day in (None, timezone.localdate() + timedelta(days=900)):
            with pytest.raises(CaseRefused):
                accept_handoff(handoff, warm_meeting_on=day, by=country.bob, at=now)
        handoff.warm_meeting_on = None
        accepted = accept_handoff(
            handoff, warm_meeting_on=timezone.localdate(), by=country.bob, at=now
        )
        assert accepted.warm_meeting_on == timezone.localdate()


def test_a_case_is_declined_with_a_reason(country):
    handoff = handoff_at(HandoffStatus.OFFERED, country)
    with doing(country.bob), pytest.raises(CaseRefused):
        decline_handoff(handoff, reason="", by=country.bob, at=timezone.now())
    declined = handoff_at(HandoffStatus.DECLINED, country)
    assert declined.get_decline_reason_display()
    # To the guard the table of moves does not apply, the constraint does.
    refused = pytest.raises(IntegrityError, match="with_a_reason")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE baken_guard")
        with refused, transaction.atomic():
            Handoff.objects.filter(pk=handoff.pk).update(decline_reason="capacity")
        cursor.execute("SET LOCAL ROLE baken_web")


def test_an_answer_without_a_name_is_refused_by_the_database(country):
    handoff = handoff_at(HandoffStatus.OFFERED, country)
    with doing(country.bob), pytest.raises(IntegrityError, match=r"handoff_"):
        Handoff.objects.filter(pk=handoff.pk).update(status=HandoffStatus.ACCEPTED)


def test_the_package_is_what_its_hash_says(country):
    case, now = case_at(CaseStatus.ACTIVE, country), timezone.now()
    give_consent(case, Purpose.HANDOFF, by=country.alice)
    with doing(country.alice):
        note = write_care_note(case, text="Words.", by=country.alice, at=now)
        handoff = offer_handoff(proposal_of(case, country), by=country.alice, at=now)
        contents = open_package(handoff, by=country.alice, at=now)
    assert hashlib.sha256(canonical(contents)).hexdigest() == handoff.package_hash
    assert set(contents["sections"]) == set(Section.values)
    [named] = contents["sections"]["notes"]
    assert named["sha256"] == hashlib.sha256(bytes(note.sealed)).hexdigest()
    assert "Words." not in json.dumps(contents)
    assert {c["purpose"] for c in contents["sections"]["consents"]} >= {Purpose.HANDOFF}
    with doing(country.bob):
        accepted = accept_handoff(
            handoff, warm_meeting_on=timezone.localdate(), by=country.bob, at=now
        )
        assert open_package(accepted, by=country.bob, at=now) == contents
        accepted.package_hash = "0" * 64
        with pytest.raises(Unreadable):
            open_package(accepted, by=country.bob, at=now)


def test_only_chosen_sections_go_along(country):
    case, now = case_at(CaseStatus.ACTIVE, country), timezone.now()
    give_consent(case, Purpose.HANDOFF, by=country.alice)
    with doing(country.alice):
        proposal = proposal_of(case, country, sections=["summary"])
        handoff = offer_handoff(proposal, by=country.alice, at=now)
        contents = open_package(handoff, by=country.alice, at=now)
    assert list(contents["sections"]) == ["summary"]
    assert handoff.section_labels == [str(Section.SUMMARY.label)]


def test_equal_contents_have_equal_bytes():
    assert canonical({"b": [1, "é"], "a": None}) == '{"a":null,"b":[1,"é"]}'.encode()


def test_each_side_lists_its_own_handoffs(country):
    handoff = handoff_at(HandoffStatus.OFFERED, country)
    for member, incoming, outgoing in (
        (country.alice, [], [handoff]),
        (country.bob, [handoff], []),
        (country.charlie, [], []),
    ):
        with doing(member):
            seen, now = Handoff.objects.visible_to(member), timezone.now()
            assert list_handoffs(seen.into(member), by=member, at=now) == incoming
            assert list_handoffs(seen.out_of(member), by=member, at=now) == outgoing
