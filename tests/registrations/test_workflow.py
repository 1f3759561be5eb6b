"""A registration moves only along the table: in the rules, and in the database."""

from itertools import product

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from referral.access.context import acting
from referral.organisations.roles import Role
from referral.registrations.models import Registration
from referral.registrations.rules import MoveRefused, can_move, check_move
from referral.registrations.workflow import MOVES, OPEN, Side, Status
from tests.factories.after_registration import make_withdrawal
from tests.factories.people import make_member
from tests.factories.registrations import registration_at

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def fields_of(goal, member):
    """What the constraints want of a row in this status."""
    return {
        Status.SUBMITTED: {},
        Status.RETURNED: {"returned_at": NOW, "returned_by": member.user, "missing": ["sector"]},
        Status.REGISTERED: {
            "registered_at": NOW,
            "registered_by": member.user,
            "care_needed": False,
            "national_number": "CM-2026-99999",
        },
        Status.WITHDRAWN: {
            "withdrawn_at": NOW,
            "withdrawn_by": member.user,
            "withdrawal_reason": "mistake",
        },
    }[goal]


@pytest.fixture
def sides():
    return {
        Side.REPORTER: make_member(Role.LE_POLICE),
        Side.DESK: make_member(Role.COM_REGISTRAR),
        None: make_member(Role.LE_KMAR),
    }


@pytest.mark.parametrize("start", Status)
def test_a_registration_moves_only_along_the_table_and_by_whose_move_it_is(start, sides):
    registration = registration_at(start, reporter=sides[Side.REPORTER], desk=sides[Side.DESK])
    if start == Status.REGISTERED:
        make_withdrawal(registration, by=sides[Side.REPORTER])
    for goal, (side, member) in product(Status, sides.items()):
        theirs = MOVES[start].get(goal)
        with acting(member, purpose="test"):
            assert can_move(member, registration, goal) == (theirs is not None and side == theirs)
            if not can_move(member, registration, goal):
                with pytest.raises(MoveRefused, match=r".+"):
                    check_move(member, registration, goal)
            moved = moves_in_the_database(registration, goal, member)
            assert moved == (theirs is not None and side == theirs), (start, goal, side)


def moves_in_the_database(registration, goal, member):
    """Whether an UPDATE goes through; it is undone. Who sees no row, moves none."""
    change = {"status": goal} | fields_of(goal, member)
    try:
        with transaction.atomic():
            moved = Registration.objects.filter(pk=registration.pk).update(**change)
            transaction.set_rollback(True)
    except IntegrityError as refused:
        if "registration_moves_along_the_table" not in str(refused):
            raise
        return False
    return bool(moved)


def test_every_status_can_be_reached_and_the_open_ones_left():
    reached = {goal for moves in MOVES.values() for goal in moves} | {Status.SUBMITTED}
    assert reached == set(Status)
    assert set(OPEN) == {Status.SUBMITTED, Status.RETURNED}
    assert registration_at().is_open
    assert not registration_at(Status.REGISTERED).is_open


@pytest.mark.parametrize("status", [s for s in Status if s != Status.SUBMITTED])
def test_no_registration_begins_halfway(status):
    reporter = make_member(Role.LE_POLICE)
    registration = registration_at(reporter=reporter)
    registration.pk = None
    registration.reference = "REG-2026-999999"
    registration.status = status
    for name, value in fields_of(status, reporter).items():
        setattr(registration, name, value)
    registration.pk = Registration._meta.pk.get_default()
    with (
        acting(reporter, purpose="test"),
        pytest.raises(IntegrityError, match="registration_moves_along_the_table"),
        transaction.atomic(),
    ):
        Registration.objects.bulk_create([registration])


@pytest.mark.parametrize(
    ("start", "goal", "side"),
    [
        (Status.SUBMITTED, Status.RETURNED, Side.DESK),
        (Status.SUBMITTED, Status.REGISTERED, Side.DESK),
        (Status.SUBMITTED, Status.WITHDRAWN, Side.REPORTER),
    ],
)
def test_what_was_reported_changes_only_when_it_is_sent_again(start, goal, side, sides):
    registration = registration_at(start, reporter=sides[Side.REPORTER], desk=sides[Side.DESK])
    member = sides[side]
    change = {"status": goal, "sector": "window"} | fields_of(goal, member)
    with (
        acting(member, purpose="test"),
        pytest.raises(IntegrityError, match="registration_says_what_was_reported"),
        transaction.atomic(),
    ):
        Registration.objects.filter(pk=registration.pk).update(**change)
