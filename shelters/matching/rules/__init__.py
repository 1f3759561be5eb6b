"""Who fits where: pure, but for the words of a refusal."""

from shelters.matching.rules.assignment import Given, assign, in_order
from shelters.matching.rules.fitting import (
    Match,
    Need,
    Place,
    Reason,
    Rule,
    Side,
    meets,
    ranked,
    weigh,
)

__all__ = [
    "Given",
    "Match",
    "Need",
    "Place",
    "Reason",
    "Rule",
    "Side",
    "assign",
    "in_order",
    "meets",
    "ranked",
    "weigh",
]
