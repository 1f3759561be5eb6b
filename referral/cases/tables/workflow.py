"""The life of a case table as one table. A move that is not listed here does not exist.

The trigger `case_table_moves_along_the_table` says the same to the database.
"""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class TableStatus(models.TextChoices):
    """Where a case table stands (status van de casustafel)."""

    PLANNED = "planned", _("Planned")
    HELD = "held", _("Held, agreements are made")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


class TableSide(StrEnum):
    """Whose move it is."""

    WORKER = "worker"  # the organisation that works on the case


_S, _T = TableSide, TableStatus
TABLE_MOVES: dict[TableStatus, dict[TableStatus, TableSide]] = {
    _T.PLANNED: {_T.HELD: _S.WORKER, _T.CANCELLED: _S.WORKER},
    _T.HELD: {_T.CLOSED: _S.WORKER},
    _T.CLOSED: {},
    _T.CANCELLED: {},
}
