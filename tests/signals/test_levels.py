"""Service levels are data: a next version from a day, and each signal judged by its own."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from referral.access.context import acting, service
from referral.organisations.roles import OrganisationType, Role
from signals.actions import (
    bring_back_signal,
    escalate_overdue,
    level_book,
    park_signal,
    set_levels,
    take_up_signal,
)
from signals.models import ServiceLevels, Signal
from signals.models.settings import LIMITS
from signals.rules import LevelBook, SignalRefused, triage_due, triage_late
from tests.factories.people import make_member, make_organisation, sign_in
from tests.factories.signals import make_signal
from tests.signals.test_intake import raw

pytestmark = pytest.mark.django_db

TERMS = dict(zip(LIMITS, (30, 4, 1, 1, 10, 5, 16, 30, 366), strict=True))
#: The version that was made of what were constants.
FIRST = ServiceLevels(version=1, reason="x", valid=DateTimeTZRange(None, None), **TERMS)
BOOK = LevelBook((FIRST,))
NOW = timezone.now()
TOMORROW = timezone.localdate(NOW) + timedelta(days=1)
#: Friday noon in Amsterdam.
FRIDAY = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)


@pytest.fixture
def coordinator():
    make_organisation(OrganisationType.EMM)
    member = make_member(Role.EMM_COORDINATOR, name="Carol")
    with acting(member, purpose="test"):
        yield member


def set_for(coordinator, since=TOMORROW, reason="The desk is open longer.", **terms):
    return set_levels(TERMS | terms, since=since, reason=reason, by=coordinator, at=NOW)


def test_the_constants_became_the_first_version(coordinator):
    [first] = level_book(by=coordinator).versions

    assert (first.version, first.terms) == (1, TERMS)
    assert "ontwerp van het bureau" in first.reason


def test_a_signal_is_judged_by_the_version_of_when_it_came_in(coordinator):
    second = set_for(coordinator, triage_days=3, triage_urgent_hours=2)
    book = level_book(by=coordinator)
    begins = timezone.make_aware(datetime.combine(TOMORROW, time()))

    assert book.at(begins - timedelta(seconds=1)).version == 1
    assert book.at(begins) == second
    old, new = Signal(created_at=begins - timedelta(hours=1)), Signal(created_at=begins)
    for signal in (old, new):
        signal.minors, signal.danger = False, True
    assert triage_due(old, book) - old.created_at == timedelta(hours=4)
    assert triage_due(new, book) - new.created_at == timedelta(hours=2)
    earlier, later = triage_late(book, at=NOW)
    assert (earlier.received.upper, later.received.lower) == (begins, begins)
    assert earlier.other_before > later.other_before


def test_three_working_days_are_counted_over_the_weekend():
    book = LevelBook((ServiceLevels(version=1, valid=FIRST.valid, **TERMS | {"triage_days": 3}),))
    signal = Signal(created_at=FRIDAY, danger=False)
    signal.minors = False
    due = triage_due(signal, book)
    before, after = due, due + timedelta(minutes=1)

    assert timezone.localdate(due) == date(2026, 11, 25)
    assert not any(late.other_before > FRIDAY for late in triage_late(book, at=before))
    assert all(late.other_before > FRIDAY for late in triage_late(book, at=after))


REFUSED = [
    ({"triage_days": 0}, "number from 1 to 60"),
    ({"feedback_near_days": 30}, "before the feedback is due"),
    ({}, "Nothing differs from version 1"),
    ({"triage_days": 2, "since": timezone.localdate(NOW)}, "a day after today"),
    ({"triage_days": 2, "reason": " "}, "Write down why"),
]


@pytest.mark.parametrize(("changes", "words"), REFUSED)
def test_levels_that_cannot_be_are_refused(coordinator, changes, words):
    with pytest.raises(SignalRefused, match=words):
        set_for(coordinator, **changes)


def test_versions_follow_one_another_and_keep_their_words(coordinator):
    second = set_for(coordinator, triage_days=2)
    with pytest.raises(SignalRefused, match="Version 2 begins on"):
        set_for(coordinator, triage_days=3)

    def broken(name, **changes):
        row = TERMS | {"version": 3, "reason": "x", "valid": DateTimeTZRange(NOW, None)}
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            ServiceLevels.objects.create(**(row | changes))

    broken("service_levels_hold_in_some_time", valid=DateTimeTZRange(NOW, NOW))
    broken("service_levels_have_one_version_in_force")
    broken("service_levels_last_some_time_and_no_more_than_two_years", triage_days=0)
    broken("reminder_of_feedback_comes_before_its_end", feedback_near_days=30)
    broken("service_levels_count_from_one_and_say_why", reason="")
    second.reason = "other"
    with pytest.raises(Exception, match="permission denied"), transaction.atomic():
        second.save(update_fields=["reason"])
    with pytest.raises(IntegrityError, match="version_keeps_its_words"), transaction.atomic():
        ServiceLevels.objects.filter(version=1).update(valid=DateTimeTZRange(None, None))


def test_an_analyst_reads_levels_and_sets_none():
    analyst = make_member(Role.EMM_ANALYST)
    with acting(analyst, purpose="test"):
        assert level_book(by=analyst).versions
        with pytest.raises(Exception, match="does not set"):
            set_for(analyst, triage_days=2)
        with pytest.raises(Exception, match="row-level security"), transaction.atomic():
            ServiceLevels.objects.create(
                version=2, reason="x", valid=DateTimeTZRange(None, NOW), **TERMS
            )


def test_the_coordinator_sets_levels_and_the_signal_says_which(client, coordinator):
    signal = make_signal(by=coordinator)
    sign_in(client, coordinator)
    answers = TERMS | {"triage_days": 2, "since": f"{TOMORROW:%d-%m-%Y}", "reason": "More hands."}
    assert "Nothing differs" in client.post("/signals/levels/", answers | {"triage_days": 1}).text
    page = client.post("/signals/levels/", answers, follow=True).text

    assert "More hands." in page
    assert "</span>1</del> → <strong>2</strong>" in page
    assert "version 1 of the service levels" in client.get(signal.get_absolute_url()).text
    assert raw("SELECT count(*) FROM audit_auditevent WHERE action = 'levels_set'") == [(1,)]


def test_a_pause_begins_the_term_anew_and_it_is_told_again(coordinator):
    """Late, told; parked and back, late again, told again; and never twice without a pause."""
    officer, clock = make_member(Role.LE_POLICE), service(Role.SERVICE_SWEEPER)
    signal = make_signal(by=officer, at=FRIDAY, observed=None)
    told = []

    def escalate(at):
        with acting(clock, purpose="test"):
            told.append(escalate_overdue(by=clock, at=at))

    moment = FRIDAY
    with acting(coordinator, purpose="test"):
        take_up_signal(signal, by=coordinator, at=moment)
    for _pause in range(2):
        moment += timedelta(days=9)
        escalate(moment)
        escalate(moment)
        with acting(coordinator, purpose="test"):
            until = timezone.localdate(moment) + timedelta(days=5)
            park_signal(signal, reason="x", until=until, by=coordinator, at=moment)
            moment += timedelta(days=3)
            bring_back_signal(signal, by=coordinator, at=moment)
    escalate(moment + timedelta(days=9))

    assert told == [1, 0, 1, 0, 1]
