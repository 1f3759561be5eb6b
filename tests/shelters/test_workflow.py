"""Requests and placements move only along their tables: every pair of statuses, every side."""

from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from referral.access.context import acting
from referral.cases.actions import close_case
from referral.cases.rules import MoveRefused
from referral.cases.workflow import CaseStatus
from referral.organisations.models import Membership
from shelters.actions import (
    accept_placement,
    cancel_request,
    end_placement,
    record_arrival,
    refuse_placement,
    request_shelter,
    reserve_bed,
)
from shelters.models import EndReason, Placement, PlacementRequest
from shelters.rules import PlacementRefused, can_move, can_move_request
from shelters.workflow import (
    OPEN_PLACEMENT,
    PLACEMENT_MOVES,
    REQUEST_MOVES,
    PlacementStatus,
    RequestStatus,
    Side,
)
from tests.factories.cases import case_at
from tests.factories.shelters import Place, make_request, make_wish, placement_at, request_at

ACTED = tuple(side for side in Side if side != Side.CLOCK)
pytestmark = pytest.mark.django_db


def who(place: Place, side: Side | None) -> Membership:
    return {
        Side.COORDINATOR: place.alice,
        Side.DESK: place.desk,
        Side.SHELTER: place.worker,
        None: place.other.worker,
    }[side]


def values_of(status: PlacementStatus, by: Membership, placement: Placement) -> dict[str, object]:
    """What a row in this status must hold; so that only the move can be what is refused."""
    now = timezone.now()
    values: dict[str, object] = {"status": status}
    if status in (PlacementStatus.ACCEPTED, PlacementStatus.REFUSED):
        values |= {"answered_at": placement.reserved_at, "answered_by": by.user}
    if status == PlacementStatus.REFUSED:
        values["refusal_reason"] = "full"
    if status == PlacementStatus.WITHDRAWN:
        values |= {"withdrawn_at": now, "withdrawn_by": by.user}
    if status == PlacementStatus.ARRIVED:
        values |= {"arrived_at": now, "arrived_by": by.user}
    if status == PlacementStatus.ENDED:
        values |= {"ended_at": now, "ended_by": by.user, "end_reason": EndReason.OWN_HOME}
        values["during"] = (placement.reserved_at, now)
    return values


def moves(rows: QuerySet[Any], values: dict[str, object], by: Membership) -> bool:
    """Whether the database lets this member write this; nothing stays."""
    try:
        with acting(by, purpose="test"), transaction.atomic():
            changed = rows.update(**values)
            transaction.set_rollback(True)
    except IntegrityError:
        return False
    return changed == 1


@pytest.mark.parametrize("start", PlacementStatus)
def test_a_placement_moves_only_along_the_table(place: Place, start: PlacementStatus) -> None:
    placement = placement_at(start, place)
    row = Placement.objects.filter(pk=placement.pk)
    for side, goal in product([*ACTED, None], PlacementStatus):
        member = who(place, side)
        theirs = side in PLACEMENT_MOVES[start].get(goal, ())
        assert can_move(member, placement, goal) == theirs, (side, goal)
        assert moves(row, values_of(goal, member, placement), member) == theirs, (side, goal)


@pytest.mark.parametrize("start", RequestStatus)
def test_a_request_moves_only_along_the_table(place: Place, start: RequestStatus) -> None:
    """Only cancelling stands by itself: the other moves follow a placement that moves first."""
    request = request_at(start, place)
    row = PlacementRequest.objects.filter(pk=request.pk)
    for side, goal in product([*ACTED, None], RequestStatus):
        member = who(place, side)
        theirs = side in REQUEST_MOVES[start].get(goal, ())
        values: dict[str, object] = {"status": goal}
        if goal == RequestStatus.CANCELLED:
            values |= {"cancelled_at": timezone.now(), "cancelled_by": member.user}
        alone = theirs and goal == RequestStatus.CANCELLED
        assert moves(row, values, member) == alone, (side, goal)
        if side in (Side.DESK, Side.COORDINATOR):
            assert can_move_request(member, request, goal) == theirs, (side, goal)


@pytest.mark.parametrize("status", PlacementStatus)
def test_the_next_step_of_the_case_follows_the_placement(
    place: Place, status: PlacementStatus
) -> None:
    placement = placement_at(status, place)
    steps = {
        PlacementStatus.RESERVED: ("answer_placement", place.worker),
        PlacementStatus.ACCEPTED: ("record_arrival", place.worker),
        PlacementStatus.REFUSED: ("find_place", place.desk),
        PlacementStatus.EXPIRED: ("find_place", place.desk),
        PlacementStatus.WITHDRAWN: ("find_place", place.desk),
        PlacementStatus.ARRIVED: ("make_plan", place.alice),
        PlacementStatus.ENDED: ("review_plan", place.alice),
    }
    with acting(place.alice, purpose="test"):
        case = placement.case
        case.refresh_from_db()
    step, holder = steps[status]
    assert (case.next_step, case.next_step_by_id) == (step, holder.organisation_id)


@pytest.mark.parametrize("status", RequestStatus)
def test_the_status_of_a_request_is_what_its_placement_says(
    place: Place, status: RequestStatus
) -> None:
    assert request_at(status, place).status == status


def test_the_desk_cannot_say_yes_for_a_shelter(place: Place) -> None:
    placement = placement_at(PlacementStatus.RESERVED, place)
    with acting(place.desk, purpose="test"), pytest.raises(PlacementRefused, match="reserved"):
        accept_placement(placement, by=place.desk, at=timezone.now())


def test_an_answer_after_four_hours_is_too_late(place: Place) -> None:
    at = timezone.now()
    placement = placement_at(PlacementStatus.RESERVED, place, at=at)
    with acting(place.worker, purpose="test"):
        with pytest.raises(PlacementRefused, match="time to answer is over"):
            accept_placement(placement, by=place.worker, at=at + timedelta(hours=4))
        accept_placement(placement, by=place.worker, at=at + timedelta(hours=4, seconds=-1))


def test_the_database_refuses_a_late_answer_too(place: Place) -> None:
    placement = placement_at(PlacementStatus.RESERVED, place)
    late = {"answered_at": placement.reserved_until, "answered_by": place.worker.user}
    with (
        acting(place.worker, purpose="test"),
        pytest.raises(IntegrityError, match="reservation_is_answered_in_time"),
        transaction.atomic(),
    ):
        Placement.objects.filter(pk=placement.pk).update(status=PlacementStatus.ACCEPTED, **late)


def test_a_reservation_does_not_expire_before_its_time(place: Place) -> None:
    placement = placement_at(PlacementStatus.RESERVED, place)
    with (
        acting(place.desk, purpose="test"),
        pytest.raises(IntegrityError, match="placement_moves_along_the_table"),
        transaction.atomic(),
    ):
        Placement.objects.filter(pk=placement.pk).update(status=PlacementStatus.EXPIRED)


def test_each_deed_said_twice_is_refused_with_words(place: Place) -> None:
    at = timezone.now()
    placement = placement_at(PlacementStatus.ENDED, place)
    with acting(place.worker, purpose="test"):
        for deed in (accept_placement, record_arrival):
            with pytest.raises(PlacementRefused, match="Ended"):
                deed(placement, by=place.worker, at=at)
        with pytest.raises(PlacementRefused, match="Ended"):
            refuse_placement(placement, reason="full", by=place.worker, at=at)
        with pytest.raises(PlacementRefused, match="Ended"):
            end_placement(placement, reason="family", by=place.worker, at=at)


def test_a_request_with_a_bed_is_neither_reserved_again_nor_cancelled(place: Place) -> None:
    request = request_at(RequestStatus.OFFERED, place)
    with acting(place.desk, purpose="test"), pytest.raises(PlacementRefused, match="Offered"):
        reserve_bed(request, bed=place.other.bed, by=place.desk, at=timezone.now())
    with acting(place.alice, purpose="test"), pytest.raises(PlacementRefused, match="reserved"):
        cancel_request(request, by=place.alice, at=timezone.now())


@pytest.mark.parametrize("status", OPEN_PLACEMENT)
def test_a_case_with_a_placement_stays_open(place: Place, status: PlacementStatus) -> None:
    placement = placement_at(status, place)
    check_stays_open(place, placement.request, "still a placement")


def test_a_case_in_which_shelter_is_asked_for_stays_open(place: Place) -> None:
    check_stays_open(place, make_request(place), "still asked for")


def check_stays_open(place: Place, request: PlacementRequest, words: str) -> None:
    with acting(place.alice, purpose="test"), pytest.raises(MoveRefused, match=words):
        close_case(
            request.case,
            reason="goals_reached",
            outcome="safe_supported",
            person_informed=True,
            by=place.alice,
            at=timezone.now(),
        )


def test_shelter_is_asked_for_in_an_active_case_only(place: Place) -> None:
    wish = make_wish(case_at(CaseStatus.CLOSED, place.country))
    with (
        acting(place.alice, purpose="test"),
        pytest.raises(PlacementRefused, match="active case only"),
    ):
        request_shelter(wish, by=place.alice, at=timezone.now())
