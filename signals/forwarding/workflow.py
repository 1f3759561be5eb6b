"""The life of an extract that is forwarded to a partner, as a table.

The trigger `extract_moves_along_the_table` says the same in the database.
"""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class ExtractStatus(models.TextChoices):
    """Where an extract stands (status van een uittreksel)."""

    SENT = "sent", _("Sent, not opened yet")
    OPENED = "opened", _("Opened by the receiver")
    ANSWERED = "answered", _("Feedback given")
    RECALLED = "recalled", _("Recalled")


class ExtractSide(StrEnum):
    """Whose move it is."""

    RECEIVER = "receiver"  # who answers for the organisation that got it
    CENTRE = "centre"  # the analyst who has the signal, or the coordinator


EXTRACT_MOVES: dict[ExtractStatus, dict[ExtractStatus, ExtractSide]] = {
    ExtractStatus.SENT: {
        ExtractStatus.OPENED: ExtractSide.RECEIVER,
        ExtractStatus.RECALLED: ExtractSide.CENTRE,
    },
    ExtractStatus.OPENED: {ExtractStatus.ANSWERED: ExtractSide.RECEIVER},
    ExtractStatus.ANSWERED: {},
    ExtractStatus.RECALLED: {},
}

OPEN = tuple(status for status in ExtractStatus if EXTRACT_MOVES[status])
#: The receiver has read it, and may read it again.
READ = (ExtractStatus.OPENED, ExtractStatus.ANSWERED)
#: Who has not opened it after so many working days is reminded.
OPEN_WITHIN = 3
