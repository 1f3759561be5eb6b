"""Looking at requests, placements and beds. A look is a deed: it is recorded first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from referral.audit.actions import record
from referral.lib.tally import Tally
from referral.organisations.models import Membership
from shelters.models import Bed, Placement, PlacementRequest, Shelter
from shelters.querysets import HomeLists, home_lists


@transaction.atomic
def list_requests(
    found: Iterable[PlacementRequest], *, by: Membership, at: datetime
) -> list[PlacementRequest]:
    """One page of a list that was scoped by visible_to; the trail gets the ids shown."""
    requests = list(found)
    record("shelter_requests_listed", by=by, at=at, ids=[request.pk for request in requests])
    return requests


@transaction.atomic
def open_request(request: PlacementRequest, *, by: Membership, at: datetime) -> PlacementRequest:
    """One request. Raises PlacementRequest.DoesNotExist when it is not for them."""
    request = PlacementRequest.objects.visible_to(by).with_names().get(pk=request.pk)
    record("shelter_request_opened", on=request, by=by, at=at)
    return request


@transaction.atomic
def list_placements(found: Iterable[Placement], *, by: Membership, at: datetime) -> list[Placement]:
    """Placements of a list that was scoped by visible_to; the trail gets the ids shown."""
    placements = list(found)
    record("placements_listed", by=by, at=at, ids=[placement.pk for placement in placements])
    return placements


@transaction.atomic
def open_placement(placement: Placement, *, by: Membership, at: datetime) -> Placement:
    """One placement. Raises Placement.DoesNotExist when it is not for them."""
    placement = Placement.objects.visible_to(by).with_names().get(pk=placement.pk)
    record("placement_opened", on=placement, by=by, at=at)
    return placement


@transaction.atomic(savepoint=False)
def list_bed_board(found: Iterable[Bed], *, by: Membership, at: datetime) -> list[Bed]:
    """Beds with how they stand, scoped by visible_to; the trail gets the ids shown."""
    beds = list(found)
    record("bed_board_listed", by=by, at=at, ids=[bed.pk for bed in beds])
    return beds


@transaction.atomic
def open_shelter(shelter: Shelter, *, by: Membership, at: datetime) -> Shelter:
    """A shelter without its address. Raises Shelter.DoesNotExist when it is not for them."""
    shelter = Shelter.objects.visible_to(by).with_names().get(pk=shelter.pk)
    record("shelter_opened", on=shelter, by=by, at=at)
    return shelter


@transaction.atomic(savepoint=False)
def list_home_shelters(
    *, by: Membership, at: datetime, tally: Tally | None = None
) -> HomeLists | None:
    """What the home page shows of shelter; None when it is not their work."""
    home = home_lists(by, at, tally or Tally())
    if home is not None:
        ids = [row.pk for row in (*home.requests, *home.offers, *home.arrivals)]
        record("shelter_home_listed", by=by, at=at, ids=ids)
    return home
