"""The life of a request to withdraw a registration, as a table. What is not listed does not exist.

The trigger `withdrawal_request_moves_along_the_table` says the same to the database;
tests/withdrawals/test_withdrawals.py walks every pair through both.
"""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """Where a request to withdraw stands (status van een verzoek tot intrekking)."""

    ASKED = "asked", _("Waits for the national desk")
    ACCEPTED = "accepted", _("Withdrawn at request")
    DECLINED = "declined", _("Not withdrawn")
    TAKEN_BACK = "taken_back", _("Taken back by who asked it")


class Side(StrEnum):
    """Whose move it is."""

    DESK = "desk"  # a registrar at the national desk
    REPORTER = "reporter"  # who asked it


MOVES: dict[Status, dict[Status, Side]] = {
    Status.ASKED: {
        Status.ACCEPTED: Side.DESK,
        Status.DECLINED: Side.DESK,
        Status.TAKEN_BACK: Side.REPORTER,
    },
    Status.ACCEPTED: {},
    Status.DECLINED: {},
    Status.TAKEN_BACK: {},
}

BEGIN = Status.ASKED
