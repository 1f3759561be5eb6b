"""The life of a change of beds, as a table.

A move that is not listed does not exist; the trigger `swap_moves_along_the_table` says the same.
"""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class SwapStatus(models.TextChoices):
    """Where a change of beds stands (status van de ruil)."""

    PROPOSED = "proposed", _("Proposed to the shelters")
    AGREED = "agreed", _("Accepted by the shelters")
    DONE = "done", _("Beds changed")
    DECLINED = "declined", _("Declined by a shelter")
    WITHDRAWN = "withdrawn", _("Withdrawn by the desk")
    LAPSED = "lapsed", _("Lapsed: one of them left")


class Side(StrEnum):
    """Whose move it is."""

    DESK = "desk"  # the placement desk
    SHELTER = "shelter"  # a shelter where one of the two stays
    PLACEMENT = "placement"  # whoever ends one of the two placements otherwise


# The last of the shelters that accepts brings it to agreed.
SWAP_MOVES: dict[SwapStatus, dict[SwapStatus, tuple[Side, ...]]] = {
    SwapStatus.PROPOSED: {
        SwapStatus.AGREED: (Side.SHELTER,),
        SwapStatus.DECLINED: (Side.SHELTER,),
        SwapStatus.WITHDRAWN: (Side.DESK,),
        SwapStatus.LAPSED: (Side.PLACEMENT,),
    },
    SwapStatus.AGREED: {
        SwapStatus.DONE: (Side.SHELTER, Side.DESK),
        SwapStatus.WITHDRAWN: (Side.DESK,),
        SwapStatus.LAPSED: (Side.PLACEMENT,),
    },
    SwapStatus.DONE: {},
    SwapStatus.DECLINED: {},
    SwapStatus.WITHDRAWN: {},
    SwapStatus.LAPSED: {},
}
OPEN_SWAP = tuple(status for status in SwapStatus if SWAP_MOVES[status])
