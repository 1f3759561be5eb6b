"""The only writers of matching, and the recorded reads."""

from shelters.matching.actions.asking import ask_place, ask_places
from shelters.matching.actions.eligibility import set_rule
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
    "set_rule",
    "silent_proposals",
    "suggest_places",
    "wake",
]
