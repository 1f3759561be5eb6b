"""The life of a request for shelter and of a placement, as tables.

A move that is not listed does not exist. The triggers `placement_request_moves_along_the_table`
and `placement_moves_along_the_table` say the same in the database; tests/shelters/
test_workflow.py walks every pair of statuses through both.
"""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class RequestStatus(models.TextChoices):
    """Where a request for shelter stands (status van het opvangverzoek)."""

    SUBMITTED = "submitted", _("Looking for a place")
    OFFERED = "offered", _("Offered to a shelter")
    PLACED = "placed", _("A place is found")
    CANCELLED = "cancelled", _("Cancelled")


class PlacementStatus(models.TextChoices):
    """Where a placement stands (status van de plaatsing)."""

    RESERVED = "reserved", _("Bed reserved")
    ACCEPTED = "accepted", _("Accepted by the shelter")
    ARRIVED = "arrived", _("Arrived")
    ENDED = "ended", _("Ended")
    REFUSED = "refused", _("Refused by the shelter")
    EXPIRED = "expired", _("Reservation expired")
    WITHDRAWN = "withdrawn", _("Taken back by the desk")


class Side(StrEnum):
    """Whose move it is."""

    COORDINATOR = "coordinator"  # who asks for shelter and is responsible for the case
    DESK = "desk"  # the placement desk
    SHELTER = "shelter"  # the shelter whose bed it is
    CLOCK = "clock"  # nobody answered in time


# From a status, to a status, and whose move it is. The desk may record what a shelter tells it
# by telephone; an expiry is the clock's, whoever's deed notices it.
REQUEST_MOVES: dict[RequestStatus, dict[RequestStatus, tuple[Side, ...]]] = {
    RequestStatus.SUBMITTED: {
        RequestStatus.OFFERED: (Side.DESK,),
        RequestStatus.PLACED: (Side.DESK,),  # placed by the police already, outside office hours
        RequestStatus.CANCELLED: (Side.COORDINATOR,),
    },
    RequestStatus.OFFERED: {
        RequestStatus.PLACED: (Side.SHELTER,),
        RequestStatus.SUBMITTED: (Side.SHELTER, Side.DESK, Side.CLOCK),
    },
    RequestStatus.PLACED: {},
    RequestStatus.CANCELLED: {},
}
PLACEMENT_MOVES: dict[PlacementStatus, dict[PlacementStatus, tuple[Side, ...]]] = {
    PlacementStatus.RESERVED: {
        PlacementStatus.ACCEPTED: (Side.SHELTER,),
        PlacementStatus.REFUSED: (Side.SHELTER,),
        PlacementStatus.EXPIRED: (Side.CLOCK,),
        PlacementStatus.WITHDRAWN: (Side.DESK,),
    },
    PlacementStatus.ACCEPTED: {
        PlacementStatus.ARRIVED: (Side.SHELTER, Side.DESK),
        PlacementStatus.ENDED: (Side.SHELTER, Side.DESK),
    },
    PlacementStatus.ARRIVED: {PlacementStatus.ENDED: (Side.SHELTER, Side.DESK)},
    PlacementStatus.ENDED: {},
    PlacementStatus.REFUSED: {},
    PlacementStatus.EXPIRED: {},
    PlacementStatus.WITHDRAWN: {},
}

OPEN_REQUEST = tuple(status for status in RequestStatus if REQUEST_MOVES[status])
OPEN_PLACEMENT = tuple(status for status in PlacementStatus if PLACEMENT_MOVES[status])
#: In these the shelter has said neither yes nor no.
UNANSWERED = (PlacementStatus.RESERVED, PlacementStatus.EXPIRED, PlacementStatus.WITHDRAWN)
#: In these a placement holds (or held) its bed for the time that it names.
HOLDING = (*OPEN_PLACEMENT, PlacementStatus.ENDED)
