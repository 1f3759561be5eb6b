"""The life of the link between two registrations, as a table. What is not listed does not exist.

The trigger `duplicate_link_moves_along_the_table` says the same to the database;
tests/duplicates/test_duplicates.py walks every pair through both.
"""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """Whether a registration is counted with an earlier one (status van een koppeling)."""

    LINKED = "linked", _("Linked to an earlier registration")
    UNDONE = "undone", _("Not linked any more")


class Side(StrEnum):
    """Whose move it is."""

    DESK = "desk"  # a registrar at the national desk


MOVES: dict[Status, dict[Status, Side]] = {
    Status.LINKED: {Status.UNDONE: Side.DESK},
    Status.UNDONE: {},
}

BEGIN = Status.LINKED
