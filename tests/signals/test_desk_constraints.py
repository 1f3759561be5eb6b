"""Pauses and second readings: each sentence that the database keeps is broken once."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from referral.access.context import acting, service
from referral.organisations.roles import Role
from signals.models import (
    Escalation,
    Merging,
    Parking,
    Question,
    ReceiverFeedback,
    SecondReading,
    Signal,
)
from signals.workflow import Status
from tests.factories.people import make_member
from tests.factories.signals import signal_at

pytestmark = pytest.mark.django_db

NOW = timezone.now()
TODAY = timezone.localdate(NOW)
ENDED = {"ended_at": NOW, "ended_by": "the analyst"}
QUESTION = {
    "question_status_is_known": {"status": "lost", **ENDED},
    "question_has_ended_with_time_and_name": {"ended_at": NOW},
    "question_that_is_answered_holds_the_answer": {"status": "answered", **ENDED},
}
PARKING = {
    "parking_has_ended_with_time_and_name": {"ended_at": NOW},
    "parking_lasts_until_a_later_day": {"until": TODAY - timedelta(days=9)},
}
READING = {
    "reading_status_is_known": {"status": "lost", "read_at": NOW, "read_by": "a colleague"},
    "reading_has_time_and_name": {"status": "confirmed"},
    "nobody_is_the_second_reader_of_the_own_proposal": {
        "status": "confirmed", "read_at": NOW, "read_by": "the analyst",
    },
    "reading_that_is_given_back_says_why": {
        "status": "returned", "read_at": NOW, "read_by": "a colleague",
    },
}  # fmt: skip
MERGING = {"merging_has_ended_with_time_and_name": {"ended_at": NOW}}
SENTENCES = [
    (model, status, name, values)
    for model, status, broken in (
        (Question, Status.NEEDS_INFO, QUESTION),
        (Parking, Status.PARKED, PARKING),
        (Merging, Status.MERGED, MERGING),
        (SecondReading, Status.SECOND_READING, READING),
    )
    for name, values in broken.items()
]


def past_the_triggers(table):
    """The constraint itself is asked; the triggers would refuse some of these first."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL ROLE baken_owner")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute("SET LOCAL ROLE baken_web")


def refused(name):
    return pytest.raises(IntegrityError, match=name)


@pytest.fixture
def analyst():
    member = make_member(Role.EMM_ANALYST)
    with acting(member, purpose="test"):
        yield member


@pytest.mark.parametrize(("model", "status", "name", "values"), SENTENCES)
def test_a_row_of_the_desk_keeps_the_sentence(analyst, model, status, name, values):
    signal = signal_at(status, analyst=analyst)
    people = {"the analyst": analyst.user, "a colleague": make_member(Role.EMM_ANALYST).user}
    past_the_triggers(model._meta.db_table)
    with refused(name):
        model.objects.filter(signal=signal).update(
            **{field: people.get(value, value) for field, value in values.items()}
        )


@pytest.mark.parametrize(
    ("model", "status", "name"),
    [
        (Question, Status.NEEDS_INFO, "signal_has_one_open_question"),
        (Parking, Status.PARKED, "signal_is_parked_once_at_a_time"),
        (Merging, Status.MERGED, "signal_is_merged_into_one_other"),
        (SecondReading, Status.SECOND_READING, "signal_waits_for_one_second_reader"),
    ],
)
def test_a_signal_waits_for_one_thing_at_a_time(analyst, model, status, name):
    row = model.objects.get(signal=signal_at(status, analyst=analyst))
    row.pk = type(row)().pk
    with refused(name):
        row.save(force_insert=True)


@pytest.mark.parametrize(
    ("model", "status"), [(Question, "needs_info"), (Parking, "parked"), (Merging, "merged")]
)
def test_a_pause_is_ended_once_and_in_the_own_name(analyst, model, status):
    signal = signal_at(Status(status), analyst=analyst)
    row, colleague = model.objects.filter(signal=signal), make_member(Role.EMM_ANALYST)
    name = "pause_is_ended_once_and_in_the_own_name"
    ending = {"status": "withdrawn"} if model is Question else {}
    for values in (
        {"sealed": b"other words"},
        {"ended_at": NOW, "ended_by": colleague.user, **ending},
    ):
        with refused(name), transaction.atomic():
            row.update(**values)
    row.update(ended_at=timezone.now(), ended_by=analyst.user, **ending)
    with refused(name):
        row.update(ended_at=NOW)


def test_a_pause_brings_back_a_signal_that_waits(analyst):
    signal = signal_at(Status.PARKED, analyst=analyst)
    Signal.objects.filter(pk=signal.pk).update(status=Status.TRIAGE)
    with refused("pause_gives_back_a_signal_that_waits"):
        Parking.objects.filter(signal=signal).update(ended_at=timezone.now(), ended_by=analyst.user)


def test_a_reading_is_done_once_and_in_the_own_name(analyst):
    signal = signal_at(Status.SECOND_READING, analyst=analyst)
    row, colleague = SecondReading.objects.filter(signal=signal), make_member(Role.EMM_ANALYST)
    done = {"status": "confirmed", "read_at": NOW, "read_by": colleague.user}
    with refused("reading_is_done_once_and_in_the_own_name"), transaction.atomic():
        row.update(**done)
    with acting(colleague, purpose="test"):
        row.update(**done)
        with refused("reading_is_done_once_and_in_the_own_name"):
            row.update(motivation=b"other words")


def test_a_signal_is_rejected_by_two(analyst):
    signal = signal_at(Status.SECOND_READING, analyst=analyst)
    with refused("signal_is_rejected_by_two"):
        Signal.objects.filter(pk=signal.pk).update(
            status=Status.REJECTED, outcome="rejected", outcome_at=NOW
        )


def test_nobody_asks_in_anothers_name(analyst):
    question = Question.objects.get(signal=signal_at(Status.NEEDS_INFO, analyst=analyst))
    question.pk = type(question)().pk
    colleague = make_member(Role.EMM_ANALYST)
    with (
        acting(colleague, purpose="test"),
        pytest.raises(DatabaseError, match="row-level security"),
    ):
        question.save(force_insert=True)


def test_a_forwarded_signal_is_closed_with_feedback_of_a_known_code(analyst):
    signal = signal_at(Status.FORWARDED, analyst=analyst)
    closed = {"status": Status.CLOSED, "closed_at": NOW, "closed_by": analyst.user}
    with refused("forwarded_signal_is_closed_with_feedback"), transaction.atomic():
        Signal.objects.filter(pk=signal.pk).update(**closed)
    with refused("feedback_is_one_of_the_codes"):
        ReceiverFeedback.objects.create(
            signal=signal, code="perhaps", recorded_at=NOW, recorded_by=analyst.user
        )


def test_a_term_is_told_of_once(analyst):
    signal = signal_at(Status.TRIAGE, analyst=analyst)
    clock = service(Role.SERVICE_SWEEPER)
    told = {"signal": signal, "told_at": NOW, "told_by": clock.user}
    with acting(clock, purpose="test"):
        with refused("escalation_is_of_a_known_term"), transaction.atomic():
            Escalation.objects.create(term="never", **told)
        Escalation.objects.create(term="triage", **told)
        with refused("signal_is_escalated_once_for_each_term_and_pause"):
            Escalation.objects.create(term="triage", **told)
