"""The life of an emergency access as one table. A move that is not listed here does not exist.

The trigger `emergency_moves_along_the_table` says the same to the database;
tests/emergency/test_emergency.py walks every pair through both.
"""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """What the privacy officer thinks of it (oordeel over noodtoegang)."""

    TO_REVIEW = "to_review", _("Waits for review")
    JUSTIFIED = "justified", _("Justified")
    NOT_JUSTIFIED = "not_justified", _("Not justified")


class Side(StrEnum):
    """Whose move it is."""

    OFFICER = "privacy officer"  # and never who opened the file


MOVES: dict[Status, dict[Status, Side]] = {
    Status.TO_REVIEW: {Status.JUSTIFIED: Side.OFFICER, Status.NOT_JUSTIFIED: Side.OFFICER},
    Status.JUSTIFIED: {},
    Status.NOT_JUSTIFIED: {},
}
