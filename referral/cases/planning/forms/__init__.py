"""Clean input for the deeds of planning. Nothing here saves anything."""

from referral.cases.planning.forms.care import (
    AgreeForm,
    EvaluateForm,
    GoalForm,
    RiskForm,
    TickForm,
)
from referral.cases.planning.forms.tasks import AbsenceForm, ChangeTaskForm, EndTaskForm, TaskForm

__all__ = [
    "AbsenceForm",
    "AgreeForm",
    "ChangeTaskForm",
    "EndTaskForm",
    "EvaluateForm",
    "GoalForm",
    "RiskForm",
    "TaskForm",
    "TickForm",
]
