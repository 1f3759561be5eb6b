"""The life of a signal and of an import, as tables. A move that is not listed does not exist.

The trigger `signal_moves_along_the_table` in the database says the same;
tests/signals/test_workflow.py walks every pair of statuses through both.
"""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """Where a signal stands (status van een signaal)."""

    RECEIVED = "received", _("Received")
    TRIAGE = "triage", _("In triage")
    FORWARDED = "forwarded", _("Forwarded")
    MONITORED = "monitored", _("Monitored")
    REJECTED = "rejected", _("Not pursued")
    CLOSED = "closed", _("Closed")


class Side(StrEnum):
    """Whose move it is; the reporter makes none after sending."""

    ANALYST = "analyst"  # anyone who triages at the expert centre
    HANDLER = "handler"  # the analyst who took the signal up, or the coordinator


# From a status, to a status, and whose move it is.
MOVES: dict[Status, dict[Status, Side]] = {
    Status.RECEIVED: {Status.TRIAGE: Side.ANALYST},
    Status.TRIAGE: {
        Status.FORWARDED: Side.HANDLER,
        Status.MONITORED: Side.HANDLER,
        Status.REJECTED: Side.HANDLER,
    },
    Status.FORWARDED: {Status.CLOSED: Side.HANDLER},
    Status.MONITORED: {Status.CLOSED: Side.HANDLER},
    Status.REJECTED: {Status.CLOSED: Side.HANDLER},
    Status.CLOSED: {},
}

BEGIN = Status.RECEIVED
OPEN = tuple(status for status in Status if MOVES[status])
JUDGED = (Status.FORWARDED, Status.MONITORED, Status.REJECTED)


class Verdict(models.TextChoices):
    """What the expert centre decides (oordeel). The reporter hears this code and no more."""

    FORWARDED = "forwarded", _("Forwarded for investigation")
    MONITORED = "monitored", _("Kept in view, not forwarded now")
    REJECTED = "rejected", _("Not pursued as trafficking")


class ImportStatus(models.TextChoices):
    """Where an import stands."""

    WAITING = "waiting", _("Waiting for its turn")
    CHECKING = "checking", _("Checking the file")
    IMPORTING = "importing", _("Taking in the rows")
    DONE = "done", _("Done")
    BROKEN = "broken", _("Refused: the file is broken")


IMPORT_MOVES: dict[ImportStatus, tuple[ImportStatus, ...]] = {
    ImportStatus.WAITING: (ImportStatus.CHECKING,),
    ImportStatus.CHECKING: (ImportStatus.IMPORTING, ImportStatus.BROKEN),
    ImportStatus.IMPORTING: (ImportStatus.DONE,),
    ImportStatus.DONE: (),
    ImportStatus.BROKEN: (),
}

IMPORT_UNDER_WAY = tuple(status for status in ImportStatus if IMPORT_MOVES[status])
