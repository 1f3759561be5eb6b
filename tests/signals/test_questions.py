"""A question to the reporter, from asking to an answer, or to none."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from referral.access.context import acting, service
from referral.organisations.roles import OrganisationType, Role
from signals.actions import (
    answer_question,
    ask_question,
    end_unanswered,
    open_signal,
    remind_reporters,
    take_up_signal,
    withdraw_question,
)
from signals.models import Signal
from signals.rules import MoveRefused, SignalRefused, triage_due
from signals.tasks import keep_terms
from signals.workflow import Status
from tests.factories.people import make_member, make_organisation, sign_in
from tests.factories.signals import QUESTION, make_signal, signal_at
from tests.signals.test_intake import raw

pytestmark = pytest.mark.django_db

#: A Friday morning; ten working days later is Friday 4 December.
ASKED = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
ANSWER = "A canary of an answer: AB-12-CD."


@pytest.fixture
def alice():
    make_organisation(OrganisationType.EMM)
    return make_member(Role.LE_POLICE, name="Alice")


@pytest.fixture
def bob():
    return make_member(Role.EMM_ANALYST, name="Bob the analyst")


@pytest.fixture
def signal(alice, bob):
    """Alice reported it, and Bob asked about it on a Friday."""
    signal = make_signal(by=alice, at=ASKED - timedelta(hours=2))
    with acting(bob, purpose="test"):
        signal = take_up_signal(signal, by=bob, at=ASKED - timedelta(hours=1))
        ask_question(signal, question=QUESTION, by=bob, at=ASKED)
    return signal


@pytest.fixture
def clock():
    member = service(Role.SERVICE_SWEEPER)
    with acting(member, purpose="test"):
        yield member


def state(signal):
    return raw("SELECT status, paused FROM signals_signal WHERE id = %s", signal.pk)[0]


def told(kind):
    return raw("SELECT user_id FROM notices_notice WHERE kind = %s", kind)


def test_the_reporter_hears_of_a_question_and_reads_it(signal, alice):
    assert state(signal) == ("needs_info", timedelta(0))
    assert told("signal_asked") == [(alice.user_id,)]
    with acting(alice, purpose="test"):
        [asked] = open_signal(signal, by=alice, at=ASKED).questions
    assert (asked.text, asked.answer, str(asked.question.due_on)) == (QUESTION, "", "2026-12-04")
    [(sealed,)] = raw("SELECT sealed FROM signals_question")
    assert b"plate" not in bytes(sealed)


def test_an_answer_brings_the_signal_back_and_the_clock_stood_still(signal, alice, bob):
    later = ASKED + timedelta(days=3)
    with acting(alice, purpose="test"):
        answer_question(signal, answer=f" {ANSWER} ", by=alice, at=later)

    assert state(signal) == ("triage", timedelta(days=3))
    assert told("signal_answered") == [(bob.user_id,)]
    with acting(bob, purpose="test"):
        opened = open_signal(signal, by=bob, at=later)
    assert (opened.questions[0].answer, opened.signal.taken_up_by) == (ANSWER, bob.user)
    # Received on Friday 20 November and due on Monday; three days later than that.
    assert triage_due(opened.signal, opened.levels).date().isoformat() == "2026-11-24"
    lines = raw("SELECT action, actor_id FROM audit_auditevent WHERE action LIKE '%%question%%'")
    assert lines == [
        ("signal_question_asked", bob.user_id),
        ("signal_question_answered", alice.user_id),
    ]


def test_a_colleague_who_reads_the_signal_may_answer(signal, alice):
    colleague = make_member(Role.LE_POLICE, organisation=alice.organisation)
    with acting(colleague, purpose="test"):
        answer_question(signal, answer=ANSWER, by=colleague, at=ASKED)

    assert state(signal)[0] == "triage"


def test_nobody_else_answers(signal, bob):
    with acting(bob, purpose="test"), pytest.raises(MoveRefused, match="answer of who reported"):
        answer_question(signal, answer=ANSWER, by=bob, at=ASKED)
    charlie = make_member(Role.LE_POLICE)
    with acting(charlie, purpose="test"), pytest.raises(MoveRefused, match="no open question"):
        answer_question(signal, answer=ANSWER, by=charlie, at=ASKED)


def test_a_question_is_answered_once(signal, alice):
    with acting(alice, purpose="test"):
        answer_question(signal, answer=ANSWER, by=alice, at=ASKED)
        with pytest.raises(MoveRefused, match="no open question"):
            answer_question(signal, answer=ANSWER, by=alice, at=ASKED)


def test_one_question_is_open_at_a_time(signal, bob):
    with acting(bob, purpose="test"), pytest.raises(MoveRefused, match="Question to the reporter"):
        ask_question(signal, question=QUESTION, by=bob, at=ASKED)


def test_a_question_is_asked_by_who_has_the_signal(alice, bob):
    signal = signal_at(Status.TRIAGE, by=alice)
    with acting(bob, purpose="test"):
        with pytest.raises(MoveRefused, match="is with"):
            ask_question(signal, question=QUESTION, by=bob, at=ASKED)
        own = signal_at(Status.TRIAGE, by=alice, analyst=bob)
        with pytest.raises(SignalRefused, match="Write down your question"):
            ask_question(own, question=" ", by=bob, at=ASKED)


def test_the_handler_takes_a_question_back(signal, bob):
    colleague = make_member(Role.EMM_ANALYST)
    with acting(colleague, purpose="test"), pytest.raises(MoveRefused, match="is with Bob"):
        withdraw_question(signal, by=colleague, at=ASKED)
    with acting(bob, purpose="test"):
        withdraw_question(signal, by=bob, at=ASKED + timedelta(hours=1))

    assert state(signal) == ("triage", timedelta(hours=1))


@pytest.mark.usefixtures("signal")
def test_the_reporter_is_reminded_once_after_the_last_day(alice, clock):
    assert remind_reporters(by=clock, at=datetime(2026, 12, 4, 22, 0, tzinfo=UTC)) == 0
    late = datetime(2026, 12, 4, 23, 30, tzinfo=UTC)  # half past midnight in Amsterdam
    assert remind_reporters(by=clock, at=late) == 1
    assert remind_reporters(by=clock, at=late + timedelta(days=1)) == 0
    assert told("signal_asked_again") == [(alice.user_id,)]


def test_without_an_answer_it_comes_back_five_working_days_after_the_reminder(
    signal, alice, bob, clock
):
    remind_reporters(by=clock, at=datetime(2026, 12, 7, 8, 0, tzinfo=UTC))
    assert end_unanswered(by=clock, at=datetime(2026, 12, 14, 8, 0, tzinfo=UTC)) == 0
    over = datetime(2026, 12, 15, 8, 0, tzinfo=UTC)
    assert end_unanswered(by=clock, at=over) == 1
    assert end_unanswered(by=clock, at=over) == 0

    assert state(signal)[0] == "triage"
    assert told("signal_unanswered") == [(bob.user_id,)]
    with acting(alice, purpose="test"):
        [asked] = open_signal(signal, by=alice, at=over).questions
    assert asked.question.get_status_display() == "No answer came"


def test_the_clock_may_run_twice(alice, bob):
    signal = signal_at(Status.TRIAGE, by=alice, analyst=bob)
    with acting(bob, purpose="test"):
        month_ago = timezone.now() - timedelta(days=30)
        ask_question(signal, question=QUESTION, by=bob, at=month_ago)
    keep_terms()
    keep_terms()

    assert len(told("signal_asked_again")) == 1


def test_the_clock_reads_no_story(signal, clock):
    with pytest.raises(Signal.DoesNotExist), transaction.atomic():
        open_signal(signal, by=clock, at=timezone.now())


def test_a_question_is_asked_and_answered_on_pages(client, alice, bob):
    signal = signal_at(Status.TRIAGE, by=alice, analyst=bob)
    here = signal.get_absolute_url()
    sign_in(client, bob)
    assert "stands still" in client.get(f"{here}ask/").text
    empty = client.post(f"{here}ask/", {"question": " "})
    assert (empty.status_code, "Answer this question" in empty.text) == (422, True)
    asked = client.post(f"{here}ask/", {"question": QUESTION}, follow=True)
    assert "You have asked the reporter" in asked.text

    page = sign_in(client, alice).get(here).text
    assert QUESTION in page
    assert "Answer before" in page
    assert "Bob the analyst" not in page
    assert "with a question to you" in client.get("/home/").text
    answered = client.post(f"{here}answer/", {"answer": ANSWER}, follow=True).text
    assert "Your answer has been sent" in answered
    assert answered.index("Answered") < answered.index("Question asked")
    assert "cannot be done" in client.get(f"{here}answer/", follow=True).text
    assert ANSWER in sign_in(client, bob).get(here).text


def test_a_late_answer_keeps_what_was_typed(client, signal, alice, bob):
    with acting(bob, purpose="test"):
        withdraw_question(signal, by=bob, at=ASKED)
    page = sign_in(client, alice).post(f"{signal.get_absolute_url()}answer/", {"answer": ANSWER})

    assert page.status_code == 422
    assert ANSWER in page.text
    assert "no open question" in page.text


def test_the_handler_takes_a_question_back_by_a_button(client, signal, bob):
    here = signal.get_absolute_url()
    page = sign_in(client, bob).post(f"{here}withdraw-question/", follow=True)

    assert "You have taken the question back" in page.text
