"""Service levels: what is late is shown, told once to who is in charge, and never unseen."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from referral.access.context import acting, service
from referral.organisations.roles import OrganisationType, Role
from signals.actions import (
    close_signal,
    escalate_overdue,
    judge_signal,
    open_signal,
    park_signal,
    remind_of_feedback,
    take_up_signal,
)
from signals.models import Signal
from signals.rules import SignalRefused, share_used, triage_due, triage_late
from signals.tasks import keep_terms
from signals.workflow import Feedback, Status, Verdict
from tests.factories.people import make_member, make_organisation, sign_in
from tests.factories.signals import make_signal, signal_at
from tests.signals.test_intake import raw
from tests.signals.test_levels import BOOK

pytestmark = pytest.mark.django_db

#: Friday noon in Amsterdam; the ordinary term of what came in ends on Monday at five.
FRIDAY = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)


@pytest.fixture
def alice():
    make_organisation(OrganisationType.EMM)
    return make_member(Role.LE_POLICE, name="Alice")


@pytest.fixture
def bob():
    return make_member(Role.EMM_ANALYST, name="Bob")


@pytest.fixture
def clock():
    return service(Role.SERVICE_SWEEPER)


def told(kind):
    return raw("SELECT role, user_id FROM notices_notice WHERE kind = %s", kind)


moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@settings(deadline=None)
@given(received=moments, passed=st.timedeltas(timedelta(), timedelta(days=9)), danger=st.booleans())
def test_the_question_to_the_database_is_the_term_itself(received, passed, danger):
    at = received + passed
    signal = Signal(created_at=received, danger=danger)
    signal.minors = False
    [(_received, urgent_before, other_before)] = triage_late(BOOK, at=at)

    assert (triage_due(signal, BOOK) < at) == (
        received < (urgent_before if danger else other_before)
    )


def test_the_bar_tells_how_much_of_the_time_is_over(alice):
    urgent = make_signal(by=alice, at=FRIDAY, danger=True)

    assert share_used(urgent, BOOK, at=FRIDAY) == 0
    assert share_used(urgent, BOOK, at=FRIDAY + timedelta(hours=1)) == 25
    assert share_used(urgent, BOOK, at=FRIDAY + timedelta(days=9)) == 100


def late_ones(alice, bob):
    """One that is late and one that is not, of each kind."""
    ago = timezone.now() - timedelta(days=9)
    signals = {
        "waiting": make_signal(by=alice, at=ago, observed=None),
        "urgent": make_signal(by=alice, at=timezone.now() - timedelta(hours=5), danger=True),
        "fresh": make_signal(by=alice),
        "parked": make_signal(by=alice, at=ago, observed=None),
        "taken up": make_signal(by=alice, at=ago, observed=None),
        "decided": make_signal(by=alice, at=ago, observed=None),
    }
    with acting(bob, purpose="test"):
        for name in ("parked", "taken up", "decided"):
            take_up_signal(signals[name], by=bob, at=ago)
        until = timezone.localdate() + timedelta(days=9)
        park_signal(signals["parked"], reason="x", until=until, by=bob, at=ago)
        judge_signal(signals["decided"], verdict=Verdict.MONITORED, motivation="x", by=bob, at=ago)
    return signals


LATE = {"waiting", "urgent", "taken up"}


def test_what_is_late_is_counted_and_listed(client, alice, bob):
    signals = late_ones(alice, bob)
    page = sign_in(client, bob).get("/signals/triage/?status=overdue").text

    assert {name for name, signal in signals.items() if signal.reference in page} == LATE
    assert "3 not decided on in time" in " ".join(page.split())
    assert "100% of the time is over" in page


def test_the_coordinator_is_told_once_of_what_is_late(alice, bob, clock):
    late_ones(alice, bob)
    keep_terms()
    keep_terms()

    assert told("signal_overdue") == [("emm_coordinator", None)] * len(LATE)
    lines = raw("SELECT count(*) FROM audit_auditevent WHERE action = 'signal_escalated'")
    assert lines == [(len(LATE),)]
    with acting(clock, purpose="test"):
        assert escalate_overdue(by=clock, at=timezone.now()) == 0


def forwarded(alice, bob, at):
    signal = make_signal(by=alice, at=at, observed=None)
    with acting(bob, purpose="test"):
        take_up_signal(signal, by=bob, at=at)
        return judge_signal(signal, verdict=Verdict.FORWARDED, motivation="x", by=bob, at=at)


def test_the_handler_is_reminded_of_feedback_and_the_coordinator_told(alice, bob, clock):
    forwarded(alice, bob, FRIDAY)
    with acting(clock, purpose="test"):
        days = {
            day: (
                remind_of_feedback(by=clock, at=FRIDAY + timedelta(days=day, minutes=1)),
                escalate_overdue(by=clock, at=FRIDAY + timedelta(days=day, minutes=1)),
            )
            for day in (15, 16, 29, 30, 31)
        }

    assert days == {15: (0, 0), 16: (1, 0), 29: (0, 0), 30: (0, 1), 31: (0, 0)}
    assert told("signal_feedback_near") == [("", bob.user_id)]
    assert told("signal_feedback_overdue") == [("emm_coordinator", None)]


def test_a_forwarded_signal_without_feedback_in_time_is_listed(client, alice, bob):
    late = forwarded(alice, bob, timezone.now() - timedelta(days=31))
    fresh = forwarded(alice, bob, timezone.now() - timedelta(days=29))
    page = sign_in(client, bob).get("/signals/triage/?status=feedback_overdue").text

    assert late.reference in page
    assert fresh.reference not in page


def test_a_forwarded_signal_is_closed_with_what_the_receiver_did(client, alice, bob):
    signal = forwarded(alice, bob, timezone.now())
    here = signal.get_absolute_url()
    with acting(bob, purpose="test"), pytest.raises(SignalRefused, match="what the receiver did"):
        close_signal(signal, by=bob, at=FRIDAY)
    sign_in(client, bob)
    assert "what the receiver did" in client.post(f"{here}close/", follow=True).text
    assert client.post(f"{here}feedback/", {"feedback": "perhaps"}).status_code == 422
    page = client.post(f"{here}feedback/", {"feedback": "too_little"}, follow=True).text
    assert "You have closed this signal" in page
    assert "There were too few leads" in page

    page = sign_in(client, alice).get(here).text
    assert "too few leads" not in page
    with acting(alice, purpose="test"):
        assert open_signal(signal, by=alice, at=FRIDAY).feedback is None


def test_only_a_forwarded_signal_has_feedback(alice, bob):
    signal = signal_at(Status.MONITORED, by=alice, analyst=bob)
    with acting(bob, purpose="test"), pytest.raises(SignalRefused, match="Only a forwarded"):
        close_signal(signal, feedback=Feedback.STARTED, by=bob, at=FRIDAY)
