"""The only writers of matching, and the recorded reads."""

from shelters.matching.actions.asking import ask_place, ask_places
from shelters.matching.actions.eligibility import set_rule
from shelters.matching.actions.families import House, reserve_together, suggest_houses
from shelters.matching.actions.proposals import (
    compute_proposal,
    decide_line,
    decide_lines,
    open_proposal,
    propose_places,
    silent_proposals,
    wake,
)
from shelters.matching.actions.reserving import (
    Suggestion,
    reserve_place,
    reserve_places,
    suggest_places,
)

__all__ = [
    "House",
    "Suggestion",
    "ask_place",
    "ask_places",
    "compute_proposal",
    "decide_line",
    "decide_lines",
    "open_proposal",
    "propose_places",
    "reserve_place",
    "reserve_places",
    "reserve_together",
    "set_rule",
    "silent_proposals",
    "suggest_houses",
    "suggest_places",
    "wake",
]
