"""Clean input for the deeds of planning. Nothing here saves anything."""

from referral.cases.planning.forms.tasks import AbsenceForm, ChangeTaskForm, EndTaskForm, TaskForm

__all__ = ["AbsenceForm", "ChangeTaskForm", "EndTaskForm", "TaskForm"]
