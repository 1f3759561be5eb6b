"""The expert centre takes up, judges and closes; of two who want the same, one does."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from referral.access.context import acting
from referral.organisations.roles import Role
from signals.actions import (
    Closing,
    Judging,
    close_signal,
    close_signals,
    confirm_rejection,
    judge_signal,
    judge_signals,
    open_signal,
    take_up_signal,
    take_up_signals,
)
from signals.models import Judgement, Signal
from signals.rules import MoveRefused, SignalRefused, triage_due, urgency_reasons
from signals.workflow import Feedback, Status, Verdict
from tests.factories.people import make_member
from tests.factories.signals import make_signal, signal_at
from tests.signals.test_intake import raw
from tests.signals.test_levels import BOOK

pytestmark = pytest.mark.django_db

AT = timezone.now()
WORDS = "A canary of the analyst: two sources agree."


@pytest.fixture
def analyst():
    member = make_member(Role.EMM_ANALYST, name="Bob")
    with acting(member, purpose="test"):
        yield member


def test_an_analyst_takes_a_signal_up(analyst):
    signal = take_up_signal(make_signal(), by=analyst, at=AT)

    signal.refresh_from_db()
    assert (signal.status, signal.taken_up_by, signal.taken_up_at) == ("triage", analyst.user, AT)
    assert raw("SELECT action FROM audit_auditevent WHERE actor_id = %s", analyst.user_id) == [
        ("signal_taken_up",)
    ]


def test_the_second_analyst_hears_who_was_first(analyst):
    signal = make_signal()
    take_up_signal(signal, by=analyst, at=AT)
    late = make_member(Role.EMM_ANALYST)
    with (
        acting(late, purpose="test"),
        pytest.raises(MoveRefused, match=f"Bob has already taken up signal {signal.reference}"),
    ):
        take_up_signal(signal, by=late, at=AT)


def test_a_bulk_with_one_taken_signal_takes_none(analyst):
    free, taken = make_signal(), signal_at(Status.TRIAGE)
    with pytest.raises(MoveRefused):
        take_up_signals([free, taken], by=analyst, at=AT)

    assert Signal.objects.get(pk=free.pk).status == Status.RECEIVED


def test_a_signal_that_is_not_there_is_not_taken_up():
    signal = make_signal()
    charlie = make_member(Role.MUNI_REPORTER)
    with acting(charlie, purpose="test"), pytest.raises(Signal.DoesNotExist):
        take_up_signal(signal, by=charlie, at=AT)


def test_the_reporter_who_sees_it_may_not_take_it_up():
    alice = make_member(Role.LE_POLICE)
    signal = make_signal(by=alice)
    # The database lets only the expert centre lock a signal for a move.
    with acting(alice, purpose="test"), pytest.raises(Signal.DoesNotExist):
        take_up_signal(signal, by=alice, at=AT)


@pytest.mark.parametrize("verdict", Verdict)
def test_a_verdict_moves_the_signal_and_keeps_its_motivation_inside(analyst, verdict):
    alice = make_member(Role.LE_POLICE)
    signal = take_up_signal(make_signal(by=alice), by=analyst, at=AT)
    judge_signal(signal, verdict=verdict, motivation=f" {WORDS} ", by=analyst, at=AT)
    if verdict == Verdict.REJECTED:
        reader = make_member(Role.EMM_ANALYST)
        with acting(reader, purpose="test"):
            confirm_rejection(signal, by=reader, at=AT)

    opened = open_signal(signal, by=analyst, at=AT)
    assert (opened.signal.status, opened.signal.outcome) == (verdict, verdict)
    assert (opened.judgement.judged_by, opened.motivation) == (analyst.user, WORDS)
    [(motivation,)] = raw("SELECT motivation FROM signals_judgement")
    assert b"canary" not in bytes(motivation)
    with acting(alice, purpose="test"):
        hers = open_signal(signal, by=alice, at=AT)
    assert hers.signal.outcome == verdict
    assert (hers.judgement, hers.motivation) == (None, "")


def test_the_reporter_is_told_that_there_is_an_outcome(analyst):
    alice = make_member(Role.LE_POLICE)
    signal = take_up_signal(make_signal(by=alice), by=analyst, at=AT)
    judge_signal(signal, verdict=Verdict.MONITORED, motivation=WORDS, by=analyst, at=AT)

    assert raw(
        "SELECT organisation_id, user_id FROM notices_notice WHERE kind = 'signal_judged'"
    ) == [(alice.organisation_id, alice.user_id)]


def test_the_expert_centre_is_not_told_of_its_own_verdict(analyst):
    signal = take_up_signal(make_signal(by=analyst), by=analyst, at=AT)
    judge_signal(signal, verdict=Verdict.MONITORED, motivation=WORDS, by=analyst, at=AT)

    assert raw("SELECT count(*) FROM notices_notice") == [(0,)]


@pytest.mark.parametrize("motivation", ["", " \n ", "x" * 5001])
def test_a_verdict_needs_a_motivation_of_a_readable_length(analyst, motivation):
    signal = take_up_signal(make_signal(), by=analyst, at=AT)
    with pytest.raises(SignalRefused, match=r"Write down why|too long"):
        judge_signal(signal, verdict=Verdict.REJECTED, motivation=motivation, by=analyst, at=AT)

    assert not Judgement.objects.exists()


def test_a_signal_is_judged_by_who_has_it(analyst):
    signal = take_up_signal(make_signal(), by=analyst, at=AT)
    colleague = make_member(Role.EMM_ANALYST)
    with acting(colleague, purpose="test"), pytest.raises(MoveRefused, match="is with Bob"):
        judge_signal(signal, verdict=Verdict.FORWARDED, motivation=WORDS, by=colleague, at=AT)

    coordinator = make_member(Role.EMM_COORDINATOR)
    with acting(coordinator, purpose="test"):
        judge_signal(signal, verdict=Verdict.FORWARDED, motivation=WORDS, by=coordinator, at=AT)


def test_a_signal_is_judged_once(analyst):
    signal = signal_at(Status.FORWARDED, analyst=analyst)
    with pytest.raises(MoveRefused, match="is now “Forwarded”"):
        judge_signal(signal, verdict=Verdict.REJECTED, motivation=WORDS, by=analyst, at=AT)


def test_a_closed_signal_keeps_its_outcome(analyst):
    signal = signal_at(Status.MONITORED, analyst=analyst)
    close_signal(signal, by=analyst, at=AT)
    signal.refresh_from_db()

    assert (signal.status, signal.outcome, signal.closed_by) == (
        "closed",
        "monitored",
        analyst.user,
    )


def test_many_at_once_are_the_same_as_one_by_one(analyst):
    moments = [AT, AT + timedelta(hours=1), AT]
    verdicts = [Verdict.FORWARDED, Verdict.MONITORED, Verdict.FORWARDED]
    together, apart = [[make_signal() for _ in moments] for _ in range(2)]

    take_up_signals(together, by=analyst, at=moments)
    judgings = [
        Judging(signal=signal, verdict=verdict, motivation=WORDS)
        for signal, verdict in zip(together, verdicts, strict=True)
    ]
    judge_signals(judgings, by=analyst, at=moments)
    feedbacks = [Feedback.STARTED if verdict == Verdict.FORWARDED else None for verdict in verdicts]
    closings = [
        Closing(signal=signal, feedback=feedback)
        for signal, feedback in zip(together, feedbacks, strict=True)
    ]
    close_signals(closings, by=analyst, at=moments)
    for signal, verdict, feedback, at in zip(apart, verdicts, feedbacks, moments, strict=True):
        take_up_signal(signal, by=analyst, at=at)
        judge_signal(signal, verdict=verdict, motivation=WORDS, by=analyst, at=at)
        close_signal(signal, feedback=feedback, by=analyst, at=at)

    def said(signal):
        opened = open_signal(signal, by=analyst, at=AT)
        now, judgement = opened.signal, opened.judgement
        trail = raw(
            "SELECT action, happened_at FROM audit_auditevent WHERE object_id = %s"
            " AND action <> 'signal_opened' ORDER BY id",
            str(signal.pk),
        )
        return [
            now.status, now.outcome, now.outcome_at, now.taken_up_at, now.closed_at,
            judgement.verdict, judgement.judged_at, opened.motivation, trail[1:],
        ]  # fmt: skip

    assert list(map(said, together)) == list(map(said, apart))


def at(text):
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("received", "danger", "due"),
    [
        ("2026-11-20T16:00:00+01:00", True, "2026-11-20T20:00:00+01:00"),
        ("2026-11-19T09:00:00+01:00", False, "2026-11-20T17:00:00+01:00"),
        ("2026-11-20T09:00:00+01:00", False, "2026-11-23T17:00:00+01:00"),  # over the weekend
        ("2027-04-26T09:00:00+02:00", False, "2027-04-28T17:00:00+02:00"),  # over King's Day
    ],
)
def test_the_expert_centre_looks_in_time(received, danger, due):
    signal = Signal(created_at=at(received), danger=danger)
    signal.minors = False

    assert triage_due(signal, BOOK) == at(due)


def test_the_reasons_of_urgency_are_words(analyst):
    urgent = make_signal(by=analyst, danger=True, age_group="mixed", sex="mixed")

    assert urgency_reasons(urgent) == ["acute danger", "a minor"]
    assert urgency_reasons(make_signal(by=analyst)) == []
