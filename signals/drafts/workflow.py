"""The life of a draft, as one table. A move that is not listed does not exist.

The trigger `draft_moves_along_the_table` in the database says the same.
"""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """Where a draft stands."""

    OPEN = "open", _("Begun, and not sent")
    SENT = "sent", _("Sent as a signal")
    DISCARDED = "discarded", _("Thrown away")
    WIPED = "wiped", _("Wiped after its term")


class Side(StrEnum):
    """Whose move it is."""

    HOLDER = "holder"  # who has the draft now
    CLOCK = "clock"  # the service that keeps the terms


MOVES: dict[Status, dict[Status, Side]] = {
    Status.OPEN: {
        Status.SENT: Side.HOLDER,
        Status.DISCARDED: Side.HOLDER,
        Status.WIPED: Side.CLOCK,
    },
    Status.SENT: {},
    Status.DISCARDED: {},
    Status.WIPED: {},
}
