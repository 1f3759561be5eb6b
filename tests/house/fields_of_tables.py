"""What the fields of case tables say; a part of tests/house/fields.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.house.fields import Kinds

TABLES: dict[str, Kinds] = {
    "tables.CaseTable": {
        "special": "sealed",
        "operational": "id key case organisation held_on status called_at called_by ended_at"
        " ended_by",
    },
    "tables.Invitation": {
        "operational": "id table case organisation legal_basis consent other_basis attended"
        " ended_at",
    },
    "tables.Agreement": {
        "special": "sealed",
        "operational": "id key table case organisation due_on written_at written_by task",
    },
}
