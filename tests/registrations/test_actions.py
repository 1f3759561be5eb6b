"""Submitting, returning, completing and withdrawing, with all that follows in one transaction."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from referral.access.context import acting, service
from referral.audit.models import AuditEvent
from referral.lib.ids import uuid7
from referral.notices.models import Notice
from referral.organisations.roles import Role
from referral.persons.actions import open_identity
from referral.persons.models import Person
from referral.persons.rules import ChangedMeanwhile, FactsRefused
from referral.registrations.actions import (
    Completion,
    complete_registration,
    complete_registrations,
    list_home_registrations,
    open_registration,
    resubmit_registration,
    return_registration,
    submit_registration,
    submit_registrations,
    withdraw_registration,
)
from referral.registrations.models import Missing, Registration, SignalLink, WithdrawalReason
from referral.registrations.querysets import has_signal
from referral.registrations.rules import Incomplete, MoveRefused, RegistrationRefused
from referral.registrations.workflow import Status
from referral.sharing.models import Consent
from referral.sharing.rules import Answer
from tests.factories.people import make_member
from tests.factories.registrations import make_entry, registration_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice():
    return make_member(Role.LE_POLICE, name="Alice")


@pytest.fixture
def ngo():
    return make_member(Role.PARTNER_NGO)


@pytest.fixture(autouse=True)
def desk():
    return make_member(Role.COM_REGISTRAR)


def submitted(entry, by, at=None):
    with acting(by, purpose="test"):
        return submit_registration(entry, by=by, at=at or timezone.now())


def recorded(*actions):
    with acting(make_member(Role.AUDITOR), purpose="test"):
        lines = AuditEvent.objects.filter(action__in=actions).order_by("pk")
        return list(lines.values_list("action", "object_id"))


def told():
    with acting(service(Role.SERVICE_RELAY), purpose="test"):
        return list(
            Notice.objects.order_by("pk").values_list("kind", "organisation_id", "role", "user_id")
        )


def test_with_a_report_come_the_person_the_right_to_see_it_the_link_and_the_notice(alice, desk):
    signal = uuid7()
    one = submitted(make_entry(signal=signal), alice)
    assert (one.status, one.legal_basis, one.consent) == ("submitted", "police_decree", None)
    assert one.referrer_type == "police"
    assert one.forms == ["sexual", "labour"]  # in the order of the list, not of the ticks
    with acting(alice, purpose="test"):
        assert Person.objects.get() == one.person
        assert SignalLink.objects.get().signal == signal
        assert not Consent.objects.exists()
    assert recorded("registration_submitted") == [("registration_submitted", str(one.pk))]
    assert told() == [("registration_submitted", desk.organisation_id, "com_registrar", None)]


def test_others_than_the_police_register_on_the_consent_that_they_recorded(ngo):
    one = submitted(make_entry(person={"facts": {"bsn": ""}}, consent=Answer(language="pl")), ngo)
    with acting(ngo, purpose="test"):
        [consent] = Consent.objects.all()
    assert (one.legal_basis, one.consent_id) == ("consent", consent.pk)
    assert (consent.purpose, consent.state, consent.language) == ("registration", "given", "pl")
    assert consent.valid.upper - consent.valid.lower == timedelta(days=365)


def test_who_wants_help_agrees_to_be_told_of_to_a_care_coordinator(alice):
    submitted(make_entry(help_wanted="yes", consent=Answer(how="oral_witness")), alice)
    with acting(alice, purpose="test"):
        [consent] = Consent.objects.all()
    assert (consent.purpose, consent.recipient_kind, consent.how) == (
        "care_coordination",
        "",
        "oral_witness",
    )


def test_without_consent_nothing_of_the_person_is_kept(ngo):
    with pytest.raises(RegistrationRefused):
        submitted(make_entry(person={"facts": {"bsn": ""}}), ngo)
    with acting(ngo, purpose="test"):
        assert not Person.objects.exists()


def test_of_many_reports_one_wrong_one_refuses_all(alice, desk):
    entries = [make_entry(), make_entry(person={"facts": {"bsn": "1"}})]
    with acting(alice, purpose="test"), pytest.raises(FactsRefused), transaction.atomic():
        submit_registrations(entries, by=alice, at=timezone.now())
    with acting(desk, purpose="test"):
        assert not Registration.objects.exists()


def test_the_batch_makes_what_single_deeds_make(alice, desk):
    when = datetime(2024, 3, 5, 12, tzinfo=UTC)
    now = timezone.now()
    with acting(alice, purpose="test"):
        batch = submit_registrations([make_entry(at=when)] * 3, by=alice, at=now)
    with acting(desk, purpose="test"):
        done = complete_registrations(
            [Completion(registration=r, care_needed=False, at=when) for r in batch],
            by=desk,
            at=now,
        )
    single = registration_at(Status.REGISTERED, at=when, care_needed=False)
    skipped = {"id", "reference", "national_number", "person", "organisation", "submitted_by",
               "registered_by", "referrer_region"}  # fmt: skip
    for field in Registration._meta.fields:
        if field.name not in skipped:
            values = {str(field.value_from_object(one)) for one in [*done, single]}
            assert len(values) == 1, field.name
    numbers = [one.national_number for one in done]
    assert len(set(numbers)) == 3
    assert all(number.startswith("CM-2024-") for number in numbers)
    assert all(one.person.reference.startswith("PER-2024-") for one in batch)


def test_what_is_incomplete_is_not_registered_and_says_what_it_lacks(alice, desk):
    one = submitted(make_entry(sector="", crossing=""), alice)
    with acting(desk, purpose="test"):
        with pytest.raises(Incomplete) as refused, transaction.atomic():
            complete_registration(one, care_needed=False, by=desk, at=timezone.now())
        assert refused.value.missing == [Missing.SECTOR, Missing.CROSSING]
        assert Registration.objects.get().status == Status.SUBMITTED


def test_a_registration_gets_its_national_number_and_the_reporter_is_told(alice, desk):
    now = timezone.now()
    one = submitted(make_entry(), alice, at=now)
    with acting(desk, purpose="test"):
        done = complete_registration(one, care_needed=True, by=desk, at=now)
        assert list(Registration.objects.needing_care()) == [done]
        with pytest.raises(MoveRefused):
            complete_registration(one, care_needed=True, by=desk, at=now)
    assert (done.status, done.registered_by, done.registered_at) == ("registered", desk.user, now)
    assert recorded("registration_completed", "identity_opened") == [
        ("identity_opened", str(one.person_id)),
        ("registration_completed", str(one.pk)),
    ]
    assert told()[-1] == (
        "registration_completed",
        alice.organisation_id,
        "",
        alice.user_id,
    )


def test_a_returned_registration_is_completed_and_sent_again(alice, desk):
    now = timezone.now()
    one = submitted(make_entry(sector=""), alice)
    with acting(desk, purpose="test"):
        return_registration(one, missing=["sector"], question="Hotel of huis?", by=desk, at=now)
    with acting(alice, purpose="test"):
        mine = Registration.objects.get()
        assert (mine.missing, mine.missing_labels()) == (["sector"], ["Sector"])
        assert open_registration(mine, by=alice, at=now).question == "Hotel of huis?"
        better = make_entry(person={"sex": "x", "facts": {"given_names": "Wil"}})
        again = resubmit_registration(mine, better, version=1, by=alice, at=now)
        assert (again.status, again.sector, again.person.sex) == ("submitted", "hotel", "x")
        assert open_identity(again.person, by=alice, at=now).given_names == "Wil"
        with pytest.raises(MoveRefused):
            resubmit_registration(mine, better, version=2, by=alice, at=now)
    with acting(desk, purpose="test"):
        assert complete_registration(one, care_needed=False, by=desk, at=now).national_number
    assert told()[1] == ("registration_returned", alice.organisation_id, "", alice.user_id)


def test_a_question_without_a_tick_is_enough_and_no_question_at_all_is_not(alice, desk):
    one = submitted(make_entry(), alice)
    with acting(desk, purpose="test"):
        with pytest.raises(DatabaseError, match="with_a_question"), transaction.atomic():
            return_registration(one, missing=[], by=desk, at=timezone.now())
        back = return_registration(one, missing=[], question="Wie?", by=desk, at=timezone.now())
    assert back.missing == ["other"]


def test_a_completed_answer_upon_an_old_version_is_refused(alice, desk):
    one = registration_at(Status.RETURNED, reporter=alice, desk=desk)
    with acting(alice, purpose="test"), pytest.raises(ChangedMeanwhile):
        resubmit_registration(one, make_entry(), version=7, by=alice, at=timezone.now())


def test_consent_follows_the_answers_of_a_report_that_is_sent_again(alice, desk):
    now = timezone.now()
    yes = make_entry(help_wanted="yes", consent=Answer())
    no = make_entry(help_wanted="no")

    one = registration_at(Status.RETURNED, reporter=alice, desk=desk)
    with acting(alice, purpose="test"):
        resubmit_registration(one, yes, version=1, by=alice, at=now)
        assert Consent.objects.get(person=one.person).state == "given"
    other = registration_at(
        Status.RETURNED, reporter=alice, desk=desk, help_wanted="yes", consent=Answer()
    )
    with acting(alice, purpose="test"):
        resubmit_registration(other, no, version=1, by=alice, at=timezone.now())
        assert Consent.objects.get(person=other.person).state == "withdrawn"


def test_the_reporter_takes_a_report_back(alice):
    now = timezone.now()
    one = submitted(make_entry(), alice)
    with acting(alice, purpose="test"):
        gone = withdraw_registration(one, reason=WithdrawalReason.MISTAKE, by=alice, at=now)
        with pytest.raises(MoveRefused):
            withdraw_registration(one, reason=WithdrawalReason.MISTAKE, by=alice, at=now)
    assert (gone.status, gone.withdrawn_by) == ("withdrawn", alice.user)


@pytest.mark.parametrize("role", [Role.LE_POLICE, Role.MUNI_REPORTER, Role.ZC, Role.EMM_ANALYST])
def test_nobody_else_moves_it(alice, role):
    one, charlie = submitted(make_entry(), alice), make_member(role)
    deeds = (
        lambda: complete_registration(one, care_needed=True, by=charlie, at=timezone.now()),
        lambda: return_registration(one, missing=["age"], by=charlie, at=timezone.now()),
        lambda: withdraw_registration(
            one, reason=WithdrawalReason.MISTAKE, by=charlie, at=timezone.now()
        ),
    )
    with acting(charlie, purpose="test"):
        for deed in deeds:
            with pytest.raises(MoveRefused):
                deed()


def test_the_desk_learns_that_there_is_a_signal_and_never_which(alice, desk):
    linked = submitted(make_entry(signal=uuid7()), alice)
    alone = submitted(make_entry(), alice)
    with acting(desk, purpose="test"):
        assert (has_signal(linked), has_signal(alone)) == (True, False)
        assert not SignalLink.objects.exists()
    with acting(make_member(Role.ZC), purpose="test"):
        assert not has_signal(linked)
    colleague = make_member(Role.LE_POLICE, organisation=alice.organisation)
    with acting(colleague, purpose="test"):
        assert SignalLink.objects.count() == 1
        assert not Registration.objects.exists()


def test_a_home_shows_the_queue_to_the_desk_and_the_own_ones_to_a_reporter(alice, desk):
    one = submitted(make_entry(), alice)
    back = registration_at(Status.RETURNED, reporter=alice, desk=desk)
    now = timezone.now()
    with acting(desk, purpose="test"):
        section = list_home_registrations(by=desk, at=now)
        assert (section.at_desk, section.waiting, section.returned) == (True, 1, 1)
        assert section.newest == [one]
    with acting(alice, purpose="test"):
        section = list_home_registrations(by=alice, at=now)
        assert (section.at_desk, section.newest) == (False, [back, one])
    charlie = make_member(Role.MUNI_FOCAL)
    with acting(charlie, purpose="test"):
        assert list_home_registrations(by=charlie, at=now) is None


def test_an_earlier_moment_belongs_to_each_report_of_a_batch(alice):
    first, second = (datetime(2024, month, 1, tzinfo=UTC) for month in (1, 2))
    with acting(alice, purpose="test"):
        made = submit_registrations(
            [make_entry(at=first), replace(make_entry(), at=second)], by=alice, at=timezone.now()
        )
    assert [one.submitted_at for one in made] == [first, second]
    assert [one.person.created_at for one in made] == [first, second]
