"""A tip is sent, found again by its code, answered and added to; and tries are counted."""

from signals.tips.actions.keeping import (
    OpenedTip,
    add_to_tip,
    answer_tip,
    find_tip,
    open_tip,
    send_tip,
)
from signals.tips.actions.limits import CODES, TIPS, Limit, count, forgive

__all__ = [
    "CODES",
    "TIPS",
    "Limit",
    "OpenedTip",
    "add_to_tip",
    "answer_tip",
    "count",
    "find_tip",
    "forgive",
    "open_tip",
    "send_tip",
]
