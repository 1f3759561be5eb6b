"""The meeting and its papers, what is decided there, and what is seen over many signals."""

from signals.deliberation.models.decisions import Addendum, Decision, FollowUp, Minutes
from signals.deliberation.models.meetings import (
    AgendaItem,
    Meeting,
    Pack,
    PackContent,
    Participant,
    Proposal,
)
from signals.deliberation.models.trends import Axis, TrendCount, TrendLink, TrendNote

__all__ = [
    "Addendum",
    "AgendaItem",
    "Axis",
    "Decision",
    "FollowUp",
    "Meeting",
    "Minutes",
    "Pack",
    "PackContent",
    "Participant",
    "Proposal",
    "TrendCount",
    "TrendLink",
    "TrendNote",
]
