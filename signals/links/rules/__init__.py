"""What sharing says, who may link, and where the picture draws what."""

from signals.links.rules.checks import check_dismiss, check_end, check_link, check_linker
from signals.links.rules.layout import (
    MOST_NODES,
    Drawing,
    Edge,
    Node,
    Shape,
    draw,
)
from signals.links.rules.weights import (
    COMMON,
    NOUNS,
    Meeting,
    Reason,
    Suggestion,
    Weight,
    in_order,
    meetings,
    percentage,
    weights_of,
)

__all__ = [
    "COMMON",
    "MOST_NODES",
    "NOUNS",
    "Drawing",
    "Edge",
    "Meeting",
    "Node",
    "Reason",
    "Shape",
    "Suggestion",
    "Weight",
    "check_dismiss",
    "check_end",
    "check_link",
    "check_linker",
    "draw",
    "in_order",
    "meetings",
    "percentage",
    "weights_of",
]
