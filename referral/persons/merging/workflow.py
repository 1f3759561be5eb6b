"""The life of a merge as one table. A move that is not listed here does not exist.

The trigger `merge_moves_along_the_table` says the same to the database;
tests/merging/test_merging.py walks every pair through both.
"""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """Where a merge of two persons stands (samenvoeging)."""

    PROPOSED = "proposed", _("Waits for a second person")
    MERGED = "merged", _("One person")
    DECLINED = "declined", _("Two persons")
    UNDONE = "undone", _("Undone: two persons")


class Side(StrEnum):
    """Whose move it is."""

    SECOND = "second registrar"  # of the national desk, and not who proposed it
    DESK = "desk"  # any registrar of the national desk


MOVES: dict[Status, dict[Status, Side]] = {
    Status.PROPOSED: {Status.MERGED: Side.SECOND, Status.DECLINED: Side.DESK},
    Status.MERGED: {Status.UNDONE: Side.DESK},
    Status.DECLINED: {},
    Status.UNDONE: {},
}

#: As long as one of these stands, the person is in no other merge that takes it away.
STANDING = (Status.PROPOSED, Status.MERGED)
