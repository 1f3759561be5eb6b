"""The rules in their versions, what they decided, and dry runs."""

from signals.routing.models.decisions import BrokenRule, Decision
from signals.routing.models.rules import DryRun, Rule, RuleSet

__all__ = ["BrokenRule", "Decision", "DryRun", "Rule", "RuleSet"]
