"""Eligibility as data, what a request asks besides, deviations, and proposals with their lines."""

from shelters.matching.models.codes import Answer, Demand, Nationality, OverrideReason, Stay
from shelters.matching.models.eligibility import EligibilityRule, NeedProfile, Override
from shelters.matching.models.proposal import MatchLine, MatchProposal

__all__ = [
    "Answer",
    "Demand",
    "EligibilityRule",
    "MatchLine",
    "MatchProposal",
    "Nationality",
    "NeedProfile",
    "Override",
    "OverrideReason",
    "Stay",
]
