"""The life of a destruction list as one table. A move that is not listed here does not exist.

The trigger `destruction_list_moves_along_the_table` says the same to the database, and at the move
to destroyed it destroys; tests/destruction/test_lists.py walks every pair through both.
"""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """Where a destruction list stands (stand van een vernietigingslijst)."""

    DUE = "due", _("Waits for who owns the data")
    APPROVED = "approved", _("Waits for a second person")
    DESTROYED = "destroyed", _("Destroyed")


class Side(StrEnum):
    """Whose move it is."""

    OWNER = "owner"  # the organisation that owns the data
    SECOND = "second person"  # of the owner, for care also the national desk; not who approved


MOVES: dict[Status, dict[Status, Side]] = {
    Status.DUE: {Status.APPROVED: Side.OWNER},
    Status.APPROVED: {Status.DESTROYED: Side.SECOND, Status.DUE: Side.SECOND},
    Status.DESTROYED: {},
}
#: Somebody has something to decide.
OPEN = (Status.DUE, Status.APPROVED)
