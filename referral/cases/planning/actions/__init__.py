"""The only writers of tasks, plans, risks and checklists, and the recorded reads."""

from referral.cases.planning.actions.absences import HandOver, hand_over_tasks, keep_absences
from referral.cases.planning.actions.care import (
    Assessment,
    Tick,
    assess_risk,
    newest_risk,
    read_newest_risk,
    tick_line,
    tick_lines,
)
from referral.cases.planning.actions.plans import (
    LookBack,
    add_goal,
    agree_plan,
    begin_review,
    can_agree,
    evaluate_goal,
    mark_of_plan_now,
    read_plan,
)
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
    read_task,
    remind_of_tasks,
)

__all__ = [
    "Assessment",
    "HandOver",
    "HomePlanning",
    "LookBack",
    "NewTask",
    "Planning",
    "Tick",
    "add_goal",
    "add_task",
    "add_tasks",
    "agree_plan",
    "assess_risk",
    "begin_review",
    "can_agree",
    "change_task",
    "end_task",
    "end_tasks",
    "evaluate_goal",
    "hand_over_tasks",
    "keep_absences",
    "list_home_planning",
    "list_tasks",
    "mark_of_plan_now",
    "newest_risk",
    "read_newest_risk",
    "read_plan",
    "read_planning",
    "read_task",
    "remind_of_tasks",
    "tick_line",
    "tick_lines",
]
