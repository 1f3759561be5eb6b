"""Two who may change beds, by the deeds that lead there."""

from datetime import timedelta

from django.utils import timezone

from referral.access.context import acting
from shelters.actions import accept_placement, record_arrival, reserve_bed
from shelters.models import Bed, Placement, PlacementRequest
from shelters.swaps.actions import propose_swap
from shelters.swaps.models import Swap
from tests.factories.shelters import House, Place, make_request


def staying(
    place: Place, house: House, bed: Bed | None = None, *, asked: PlacementRequest | None = None
) -> Placement:
    """Somebody who came to this house an hour ago, or as soon as it was asked."""
    asked = asked or make_request(place, at=timezone.now() - timedelta(hours=1))
    at, desk, worker = asked.requested_at, place.desk, house.worker
    with acting(desk, purpose="test"):
        placement = reserve_bed(asked, bed=bed or house.bed, by=desk, at=at)
    with acting(worker, purpose="test"):
        placement = accept_placement(placement, by=worker, at=at + timedelta(milliseconds=1))
        return record_arrival(placement, by=worker, at=at + timedelta(milliseconds=2))


def proposed_swap(place: Place, first: Placement, second: Placement) -> Swap:
    """The desk proposes that these two change beds."""
    with acting(place.desk, purpose="test"):
        return propose_swap(first, second, by=place.desk, at=timezone.now())
