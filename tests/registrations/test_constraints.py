"""Every constraint of registrations, broken on purpose."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from referral.access.context import acting
from referral.geography.models import Municipality
from referral.lib.ids import uuid7
from referral.organisations.roles import Role
from referral.registrations.models import Registration, SignalLink
from referral.registrations.workflow import Status
from tests.factories.people import make_member
from tests.factories.registrations import registration_at

pytestmark = pytest.mark.django_db
NOW = timezone.now()
#: Broken on purpose in test_levels.py.
OF_LEVELS = {
    "registration_level_is_known",
    "registration_has_a_reference_of_its_own_as_its_level_says",
    "registration_without_a_name_asks_for_no_consent_help_or_care",
    "registration_is_raised_to_full_by_someone_at_a_time",
}

AT_THE_START = {
    "registration_reference_is_per_year_and_number": {"reference": "Canary"},
    "registration_referrer_is_known": {"referrer_type": "neighbour"},
    "registration_legal_basis_is_known": {"legal_basis": "curiosity"},
    "registration_by_consent_names_the_consent": {"legal_basis": "consent"},
    "registration_has_forms_that_are_known": {"forms": ["theft"], "primary_form": "theft"},
    "registration_main_form_is_one_of_its_forms": {"primary_form": "begging"},
    "registration_sector_is_known": {"sector": "mine"},
    "registration_period_is_given_or_says_why_not": {"period_absent": "unknown"},
    "registration_period_does_not_end_before_it_begins": {"period_to": date(2000, 1, 1)},
    "registration_place_is_given_or_says_why_not": {"place_absent": "unknown"},
    "registration_municipality_lies_in_the_netherlands": {"place_country": "BE"},
    "registration_crossing_is_known": {"crossing": "maybe"},
    "registration_help_wanted_is_known": {"help_wanted": "please"},
}
BY_THE_DESK = {
    "registration_is_returned_by_someone_at_a_time_with_a_question": [
        {"status": Status.RETURNED},
        {"status": Status.RETURNED, "returned_at": NOW, "missing": ["age"]},
        {"status": Status.RETURNED, "missing": ["age"]},
    ],
    "registration_has_a_number_once_someone_registered_it": [
        {"status": Status.REGISTERED},
        {"status": Status.REGISTERED, "national_number": "CM-2026-00001", "registered_at": NOW},
        {"status": Status.REGISTERED, "national_number": "12", "registered_at": NOW,
         "care_needed": True},
    ],
}  # fmt: skip
BY_THE_REPORTER = {
    "registration_is_withdrawn_by_someone_at_a_time_for_a_reason": [
        {"status": Status.WITHDRAWN},
        {"status": Status.WITHDRAWN, "withdrawn_at": NOW, "withdrawal_reason": "mistake"},
    ],
}
#: A status that the table does not know is stopped by the trigger before the constraint.
BEHIND_THE_TRIGGER = {"registration_status_is_known"}


def breaks(name, save):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        save()


def test_each_constraint_stands_here():
    broken = {*AT_THE_START, *BY_THE_DESK, *BY_THE_REPORTER, *BEHIND_THE_TRIGGER}
    assert {constraint.name for constraint in Registration._meta.constraints} == broken | OF_LEVELS


@pytest.mark.parametrize("name", AT_THE_START)
def test_a_report_that_cannot_be_is_refused(name):
    alice = make_member(Role.LE_POLICE)
    place = Municipality.objects.order_by("pk").first()
    made = registration_at(reporter=alice, place_municipality=place)
    made.pk, made.reference = uuid7(), "REG-2026-999999"
    for field, value in AT_THE_START[name].items():
        setattr(made, field, value)
    with acting(alice, purpose="test"):
        breaks(name, lambda: Registration.objects.bulk_create([made]))


@pytest.mark.parametrize(
    ("name", "change"),
    [(name, change) for name, changes in BY_THE_DESK.items() for change in changes],
)
def test_a_half_move_of_the_desk_is_refused(name, change):
    desk = make_member(Role.COM_REGISTRAR)
    registration_at(desk=desk)
    with acting(desk, purpose="test"):
        breaks(name, lambda: Registration.objects.update(**change))


@pytest.mark.parametrize("change", next(iter(BY_THE_REPORTER.values())))
def test_a_half_withdrawal_is_refused(change):
    alice = make_member(Role.LE_POLICE)
    registration_at(reporter=alice)
    with acting(alice, purpose="test"):
        breaks(
            "registration_is_withdrawn_by_someone_at_a_time_for_a_reason",
            lambda: Registration.objects.update(**change),
        )


def test_a_status_that_nobody_knows_is_refused_without_the_trigger_too():
    registration_at()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL ROLE NONE")  # the owner
        cursor.execute("ALTER TABLE registrations_registration DISABLE TRIGGER USER")
        cursor.execute("SET LOCAL ROLE baken_guard")
        breaks(
            "registration_status_is_known",
            lambda: cursor.execute("UPDATE registrations_registration SET status = 'lost'"),
        )


def test_a_registration_is_linked_to_a_signal_once():
    alice = make_member(Role.LE_POLICE)
    made = registration_at(reporter=alice, signal=uuid7())
    with acting(alice, purpose="test"):
        link = SignalLink.objects.get()
        again = SignalLink(
            registration=made,
            signal=link.signal,
            organisation=alice.organisation,
            linked_at=NOW,
            linked_by=alice.user,
        )
        breaks(
            "registration_is_linked_to_a_signal_once",
            lambda: SignalLink.objects.bulk_create([again]),
        )
    assert str(link) == f"{made.pk} from {link.signal}"
