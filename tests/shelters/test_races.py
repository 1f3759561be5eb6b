"""Of many who want one bed exactly one gets it."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone, translation

from referral.access.context import acting
from referral.organisations.models import Membership
from shelters.actions import reserve_bed, reserve_beds
from shelters.models import Bed, Placement, PlacementRequest
from shelters.rules import Choice, PlacementRefused
from shelters.workflow import RequestStatus
from tests.factories.shelters import make_place, make_request, more_beds

AT_ONCE = 50


def in_threads(deeds: list[Callable[[], object]]) -> Counter[str]:
    """Do all at the same moment, each on a connection of its own; what each answered."""
    together = Barrier(len(deeds))

    def one(deed: Callable[[], object]) -> str:
        try:
            with translation.override("en"):
                connection.ensure_connection()
                together.wait(timeout=60)
                deed()
        except PlacementRefused as refusal:
            return str(refusal)
        finally:
            connections.close_all()
        return "reserved"

    with ThreadPoolExecutor(len(deeds)) as pool:
        return Counter(pool.map(one, deeds))


def reserving(request: PlacementRequest, bed: Bed, by: Membership) -> Callable[[], object]:
    def deed() -> None:
        with acting(by, purpose="test"):
            reserve_bed(request, bed=bed, by=by, at=timezone.now())

    return deed


@pytest.mark.usefixtures("committed")
def test_of_fifty_who_reserve_one_bed_at_once_exactly_one_gets_it() -> None:
    place = make_place()
    requests = [make_request(place) for _ in range(AT_ONCE)]
    said = in_threads([reserving(r, place.house.bed, place.desk) for r in requests])
    assert said == {
        "reserved": 1,
        "Somebody else has just reserved this bed. Choose another one.": AT_ONCE - 1,
    }
    with acting(place.desk, purpose="test"), transaction.atomic():
        assert Placement.objects.count() == 1
        assert PlacementRequest.objects.filter(status=RequestStatus.OFFERED).count() == 1


@pytest.mark.usefixtures("committed")
def test_of_fifty_beds_for_one_request_at_once_exactly_one_is_reserved() -> None:
    place = make_place()
    request = make_request(place)
    beds = more_beds(place.house, AT_ONCE)
    said = in_threads([reserving(request, bed, place.desk) for bed in beds])
    assert said["reserved"] == 1
    assert said["This request is “Offered to a shelter” now; that can no longer be done."] == 49


@pytest.mark.usefixtures("committed")
def test_two_who_reserve_the_same_beds_in_opposite_order_do_not_fail() -> None:
    place = make_place()
    beds = more_beds(place.house, 4)
    one, two = ([make_request(place) for _ in beds] for _ in range(2))

    def deed(requests: list[PlacementRequest], wanted: list[Bed]) -> Callable[[], object]:
        def reserve() -> None:
            with acting(place.desk, purpose="test"):
                pairs = zip(requests, wanted, strict=True)
                choices = [Choice(request=request, bed=bed) for request, bed in pairs]
                reserve_beds(choices, by=place.desk, at=timezone.now())

        return reserve

    said = in_threads([deed(one, beds), deed(two, beds[::-1])])
    assert said["reserved"] == 1
    assert said.total() == 2
