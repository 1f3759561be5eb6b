"""The only writers of tasks, plans, risks and checklists, and the recorded reads."""

from referral.cases.planning.actions.absences import HandOver, hand_over_tasks, keep_absences
from referral.cases.planning.actions.reading import (
    HomePlanning,
    Planning,
    list_home_planning,
    list_tasks,
    read_planning,
)
from referral.cases.planning.actions.tasks import (
    NewTask,
    add_task,
    add_tasks,
    change_task,
    end_task,
    end_tasks,
    remind_of_tasks,
)

__all__ = [
    "HandOver",
    "HomePlanning",
    "NewTask",
    "Planning",
    "add_task",
    "add_tasks",
    "change_task",
    "end_task",
    "end_tasks",
    "hand_over_tasks",
    "keep_absences",
    "list_home_planning",
    "list_tasks",
    "read_planning",
    "remind_of_tasks",
]
