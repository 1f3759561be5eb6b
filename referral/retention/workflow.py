"""The life of an erasure as one table. A move that is not listed here does not exist.

The trigger `erasure_moves_along_the_table` says the same to the database, and at the move to
erased it destroys; tests/retention/test_erasure.py walks the moves from due through both.
"""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """Where the erasure of one person stands (stand van de vernietiging)."""

    DUE = "due", _("Waits for who owns the data")
    APPROVED = "approved", _("Waits for a second person")
    HELD = "held", _("Held by a legal hold")
    NOT_DUE = "not_due", _("No longer due")
    ERASED = "erased", _("Erased")


class Side(StrEnum):
    """Whose move it is."""

    OWNER = "owner"  # the organisation that owns the data
    SECOND = "second person"  # of the owner or the national desk, and not who approved
    HOLDER = "holder"  # whoever may hold: the owner or the national desk
    CLOCK = "clock"


_S = Status
MOVES: dict[Status, dict[Status, Side]] = {
    _S.DUE: {_S.APPROVED: Side.OWNER, _S.HELD: Side.HOLDER, _S.NOT_DUE: Side.CLOCK},
    _S.APPROVED: {
        _S.ERASED: Side.SECOND,
        _S.DUE: Side.SECOND,
        _S.HELD: Side.HOLDER,
        _S.NOT_DUE: Side.CLOCK,
    },
    _S.HELD: {_S.DUE: Side.CLOCK, _S.NOT_DUE: Side.CLOCK},
    _S.NOT_DUE: {_S.DUE: Side.CLOCK},
    _S.ERASED: {},
}
#: On the list: somebody has something to decide.
OPEN = (Status.DUE, Status.APPROVED, Status.HELD)
