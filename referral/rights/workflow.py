"""The life of a request of a person as one table. A move that is not listed here does not exist.

The trigger `rights_request_moves_along_the_table` says the same to the database;
tests/rights/test_rights.py walks every pair through both.
"""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """Where a request of a person stands (status van een verzoek)."""

    RECEIVED = "received", _("Received")
    IDENTIFIED = "identified", _("Identity checked")
    IN_PROGRESS = "in_progress", _("In progress")
    EXTENDED = "extended", _("Term extended")
    GRANTED = "granted", _("Granted")
    PARTLY_GRANTED = "partly_granted", _("Granted in part")
    REFUSED = "refused", _("Refused")
    REFERRED = "referred", _("Referred to the police")
    CLOSED = "closed", _("Answer delivered")


class Side(StrEnum):
    """Whose move it is."""

    OFFICER = "privacy officer"  # of the organisation that keeps the data


_ANSWERS = {
    Status.GRANTED: Side.OFFICER,
    Status.PARTLY_GRANTED: Side.OFFICER,
    Status.REFUSED: Side.OFFICER,
    Status.REFERRED: Side.OFFICER,
}
_CLOSING = {Status.CLOSED: Side.OFFICER}

MOVES: dict[Status, dict[Status, Side]] = {
    # Who cannot be known for who they are gets no data: only refused, or sent to the police.
    Status.RECEIVED: {
        Status.IDENTIFIED: Side.OFFICER,
        Status.REFUSED: Side.OFFICER,
        Status.REFERRED: Side.OFFICER,
    },
    Status.IDENTIFIED: {Status.IN_PROGRESS: Side.OFFICER},
    Status.IN_PROGRESS: {Status.EXTENDED: Side.OFFICER, **_ANSWERS},
    Status.EXTENDED: dict(_ANSWERS),
    Status.GRANTED: dict(_CLOSING),
    Status.PARTLY_GRANTED: dict(_CLOSING),
    Status.REFUSED: dict(_CLOSING),
    Status.REFERRED: dict(_CLOSING),
    Status.CLOSED: {},
}

#: While the clock runs.
OPEN = (Status.RECEIVED, Status.IDENTIFIED, Status.IN_PROGRESS, Status.EXTENDED)
#: In which an answer is given; it stays on record as the outcome after the request is closed.
ANSWERED = tuple(_ANSWERS)
#: While the officer may look at what is kept of the person, to answer a request for access.
LOOKED_INTO = (Status.IN_PROGRESS, Status.EXTENDED)
