"""What the fields of stays say; a part of tests/house/fields.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.house.fields import Kinds

STAYS: dict[str, Kinds] = {
    "stays.Stay": {
        "operational": "placement case shelter house coordinator arrived_at status agreed_until"
        " funding leave_on destination over_at long_told_at end_told_of",
    },
    "swaps.Swap": {"operational": "id status proposed_at proposed_by closed_at closed_by"},
    "swaps.SwapSide": {
        "special": "needs",
        "plain": "sex age_group",
        "operational": "id swap number placement house answered_at answered_by standing",
    },
    "stays.Extension": {
        "operational": "id stay until reason funding asked_at asked_by granted decided_at"
        " decided_by",
    },
    "stays.Blocker": {"operational": "id stay kind set_at set_by lifted_at lifted_by"},
    "stays.StayNote": {"special": "sealed", "operational": "id stay written_at written_by"},
}
