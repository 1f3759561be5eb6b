"""A signal moves only along the table, in the code and in the database."""

from copy import copy

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from referral.access.context import acting, service
from referral.organisations.roles import Role
from signals.models import ReceiverFeedback, SecondReading, Signal
from signals.rules import can_move
from signals.workflow import (
    IMPORT_MOVES,
    MOVES,
    QUESTION_MOVES,
    READING_MOVES,
    TOLD,
    Feedback,
    ImportStatus,
    QuestionStatus,
    ReadingStatus,
    Side,
    Status,
)
from tests.factories.people import make_member
from tests.factories.signals import signal_at, withdrawn

pytestmark = pytest.mark.django_db


def test_every_status_has_a_row_and_can_be_reached():
    assert MOVES.keys() == set(Status)
    assert {goal for goals in MOVES.values() for goal in goals} == set(Status) - {Status.RECEIVED}
    assert IMPORT_MOVES.keys() == set(ImportStatus)
    assert QUESTION_MOVES.keys() == set(QuestionStatus)
    assert READING_MOVES.keys() == set(ReadingStatus)


def values_at(goal, signal, analyst):
    """Everything that the other constraints want of a signal in this status."""
    now, who = timezone.now(), analyst.user
    told = goal in (*TOLD, Status.CLOSED)
    outcome = (signal.outcome or "forwarded") if goal == Status.CLOSED else goal.value
    return {
        "status": goal,
        "taken_up_at": None if goal == Status.RECEIVED else now,
        "taken_up_by": None if goal == Status.RECEIVED else who,
        "outcome": outcome if told else "",
        "outcome_at": now if told else None,
        "closed_at": now if goal == Status.CLOSED else None,
        "closed_by": who if goal == Status.CLOSED else None,
    }


def confirm(signal):
    """Rejecting takes two: another analyst has confirmed the proposal."""
    reader = make_member(Role.EMM_ANALYST)
    with acting(reader, purpose="test"):
        SecondReading.objects.filter(signal=signal).update(
            status=ReadingStatus.CONFIRMED, read_at=timezone.now(), read_by=reader.user
        )


@pytest.mark.parametrize("start", Status)
def test_the_database_knows_the_same_moves(start):
    analyst = make_member(Role.EMM_ANALYST)
    signal = signal_at(start, analyst=analyst)
    for goal in set(Status) - {start}:
        with transaction.atomic():
            try_to_move(copy(signal), start, goal, analyst)
            transaction.set_rollback(True)


def try_to_move(signal, start, goal, analyst):
    if goal == Status.REJECTED in MOVES[start]:
        confirm(signal)
    with acting(analyst, purpose="test"):
        if (start, goal) == (Status.FORWARDED, Status.CLOSED):
            ReceiverFeedback.objects.create(
                signal=signal,
                code=Feedback.STARTED,
                recorded_at=timezone.now(),
                recorded_by=analyst.user,
            )
        row = Signal.objects.filter(pk=signal.pk)
        values = values_at(goal, signal, analyst)
        if goal == Status.WITHDRAWN in MOVES[start]:
            # Its trigger makes the move; without its reason nobody does.
            refused = pytest.raises(IntegrityError, match="withdrawn_with_a_reason")
            with refused, transaction.atomic():
                row.update(**values)
            assert withdrawn(signal).status == goal
        elif goal in MOVES[start]:
            assert row.update(**values) == 1
        else:
            refused = pytest.raises(IntegrityError, match="signal_moves_along_the_table")
            with refused, transaction.atomic():
                row.update(**values)


def test_a_signal_begins_as_received():
    reporter = make_member(Role.EMM_ANALYST)
    signal = signal_at(Status.TRIAGE, by=reporter, analyst=reporter)
    signal.pk, signal.reference = None, "SIG-2026-999999"
    with (
        acting(reporter, purpose="test"),
        # The policy of INSERT asks nothing of the status; the trigger does.
        pytest.raises(IntegrityError, match="from nothing to triage"),
    ):
        signal.save(force_insert=True)


@pytest.mark.parametrize("start", Status)
def test_a_move_is_made_by_whose_it_is(start):
    reporter, handler = make_member(Role.LE_POLICE), make_member(Role.EMM_ANALYST)
    members = {
        "handler": handler,
        "colleague": make_member(Role.EMM_ANALYST),
        "coordinator": make_member(Role.EMM_COORDINATOR),
        "reporter": reporter,
        "clock": service(Role.SERVICE_SWEEPER),
    }
    signal = signal_at(start, by=reporter, analyst=handler)
    allowed = {
        Side.ANALYST: {"handler", "colleague", "coordinator"},
        Side.READER: {"handler", "colleague", "coordinator"},  # the proposal itself says who not
        Side.HANDLER: {"handler", "coordinator"},
        Side.REPORTER: {"reporter"},
        Side.CLOCK: {"clock"},
    }

    for goal in Status:
        may = {name for name, member in members.items() if can_move(member, signal, goal)}
        sides = MOVES[start].get(goal, frozenset())
        assert may == set().union(*(allowed[side] for side in sides)), goal
