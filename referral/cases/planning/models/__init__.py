"""Shape and truth of planning: tasks, the plan with its goals, risks, the checklist, terms."""

from referral.cases.planning.models.checklist import ChecklistItem, ChecklistMark
from referral.cases.planning.models.codes import (
    CancelReason,
    Doer,
    Mark,
    Phase,
    Reached,
    RiskFactor,
    RiskLevel,
    SkipReason,
    TaskKind,
    TermCode,
)
from referral.cases.planning.models.plan import CarePlan, Evaluation, Goal
from referral.cases.planning.models.risk import RiskAssessment
from referral.cases.planning.models.task import Absence, Task
from referral.cases.planning.models.terms import PlanningTerm

__all__ = [
    "Absence",
    "CancelReason",
    "CarePlan",
    "ChecklistItem",
    "ChecklistMark",
    "Doer",
    "Evaluation",
    "Goal",
    "Mark",
    "Phase",
    "PlanningTerm",
    "Reached",
    "RiskAssessment",
    "RiskFactor",
    "RiskLevel",
    "SkipReason",
    "Task",
    "TaskKind",
    "TermCode",
]
