"""The table of states, and the database that keeps to it."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from referral.notices.models import Delivery, Notice
from referral.notices.workflow import MAX_ATTEMPTS, MOVES, Channel, State, pause_after
from referral.organisations.roles import Role
from tests.factories.people import make_member
from tests.notices.post_office import as_relay, go_round, send


def test_every_state_has_a_row_and_an_end():
    assert MOVES.keys() == set(State)
    assert [state for state in State if not MOVES[state]] == [State.DONE, State.DEAD]


def test_a_pause_doubles_up_to_an_hour():
    pauses = [pause_after(attempts) for attempts in range(1, MAX_ATTEMPTS + 1)]

    assert pauses[0] == timedelta(seconds=10)
    assert all(b in {2 * a, timedelta(hours=1)} for a, b in pairwise(pauses))
    assert pauses[-1] == timedelta(hours=1)


@pytest.fixture
def handed_out(db: None):  # noqa: ARG001
    bob = make_member(Role.EMM_ANALYST)
    send(make_member(Role.LE_POLICE), bob.organisation)
    go_round()


@pytest.mark.usefixtures("handed_out")
@pytest.mark.parametrize(
    ("model", "change", "rule"),
    [
        (Notice, {"state": "lost", "done_at": None}, "notice_state_is_known"),
        (Notice, {"state": State.DONE, "done_at": None}, "notice_is_done_at_a_moment"),
        (Notice, {"state": State.PENDING}, "notice_is_done_at_a_moment"),
        (Delivery, {"state": "lost", "delivered_at": None}, "delivery_state_is_known"),
        (Delivery, {"channel": "pigeon"}, "delivery_channel_is_known"),
        (Delivery, {"state": State.DONE, "delivered_at": None}, "delivery_is_done_at_a_moment"),
        (Delivery, {"channel": Channel.IN_APP}, "notice_is_delivered_once_a_way"),
    ],
)
def test_the_database_keeps_to_the_table(model, change, rule):
    with as_relay(), pytest.raises(IntegrityError, match=rule), transaction.atomic():
        model.objects.update(**change)


@pytest.mark.usefixtures("handed_out")
def test_what_is_waiting_has_no_moment():
    with as_relay(), pytest.raises(IntegrityError, match="delivery_is_done"), transaction.atomic():
        Delivery.objects.filter(channel=Channel.MAIL).update(delivered_at=timezone.now())
