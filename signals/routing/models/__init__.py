"""The rules in their versions, what they decided, dry runs, and who is on call."""

from signals.routing.models.decisions import BrokenRule, Decision
from signals.routing.models.rules import DryRun, Rule, RuleSet
from signals.routing.models.watch import Call, Patience, Shift

__all__ = [
    "BrokenRule",
    "Call",
    "Decision",
    "DryRun",
    "Patience",
    "Rule",
    "RuleSet",
    "Shift",
]
