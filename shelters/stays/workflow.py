"""The life of a stay, from the arrival until the placement ends.

A move that is not listed does not exist; the trigger `stay_moves_along_the_table` says the same.
A stay begins and is over by the placement itself (`stay_follows_its_placement`).
"""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class StayStatus(models.TextChoices):
    """Where a stay stands (status van het verblijf)."""

    STAYING = "staying", _("Staying")
    EXTENSION_ASKED = "extension_asked", _("Longer stay asked for")
    OUTFLOW_PLANNED = "outflow_planned", _("Departure planned")
    OVER = "over", _("Over")


class Side(StrEnum):
    """Whose move it is."""

    SHELTER = "shelter"  # the shelter where the person stays
    DESK = "desk"  # the placement desk
    PLACEMENT = "placement"  # whoever ends the placement


STAY_MOVES: dict[StayStatus, dict[StayStatus, tuple[Side, ...]]] = {
    StayStatus.STAYING: {
        StayStatus.EXTENSION_ASKED: (Side.SHELTER,),
        StayStatus.OUTFLOW_PLANNED: (Side.SHELTER, Side.DESK),
        StayStatus.OVER: (Side.PLACEMENT,),
    },
    StayStatus.EXTENSION_ASKED: {
        StayStatus.STAYING: (Side.DESK,),
        StayStatus.OVER: (Side.PLACEMENT,),
    },
    StayStatus.OUTFLOW_PLANNED: {
        StayStatus.STAYING: (Side.SHELTER, Side.DESK),
        StayStatus.OVER: (Side.PLACEMENT,),
    },
    StayStatus.OVER: {},
}
