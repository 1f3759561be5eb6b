"""The life of one version of a registration as a table. A move that is not listed does not exist.

The trigger `version_moves_along_the_table` says the same to the database;
tests/corrections/test_corrections.py walks every pair through both.
"""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """Where a version of a registration stands (status van een versie)."""

    ORIGINAL = "original", _("As it was registered")
    PROPOSED = "proposed", _("Waits for the national desk")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Not accepted")
    TAKEN_BACK = "taken_back", _("Taken back by who proposed it")


class Side(StrEnum):
    """Whose move it is."""

    DESK = "desk"  # a registrar at the national desk
    PROPOSER = "proposer"  # who wrote the correction


MOVES: dict[Status, dict[Status, Side]] = {
    Status.ORIGINAL: {},
    Status.PROPOSED: {
        Status.ACCEPTED: Side.DESK,
        Status.DECLINED: Side.DESK,
        Status.TAKEN_BACK: Side.PROPOSER,
    },
    Status.ACCEPTED: {},
    Status.DECLINED: {},
    Status.TAKEN_BACK: {},
}

BEGINNINGS = (Status.ORIGINAL, Status.PROPOSED)
#: What figures are made of: the newest of these.
COUNTED = (Status.ORIGINAL, Status.ACCEPTED)
