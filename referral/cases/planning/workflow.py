"""The life of a task and of a care plan, as tables. A move that is not listed does not exist.

The triggers `task_moves_along_its_table` and `plan_moves_along_its_table` say the same.
"""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class TaskStatus(models.TextChoices):
    """Where a task stands (status van de taak)."""

    OPEN = "open", _("To do")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")


class PlanStatus(models.TextChoices):
    """Where a care plan stands (status van het zorgplan)."""

    DRAFT = "draft", _("Draft")
    AGREED = "agreed", _("Agreed with the person")
    REVIEW = "review", _("Under review")
    CLOSED = "closed", _("Closed")


class PlanSide(StrEnum):
    """Whose move it is."""

    WORKER = "worker"  # the organisation that works on the case
    CASE = "case"  # the case closes; the database itself makes the move


_S, _P = PlanSide, PlanStatus
TASK_MOVES: dict[TaskStatus, dict[TaskStatus, tuple[PlanSide, ...]]] = {
    TaskStatus.OPEN: {
        TaskStatus.DONE: (_S.WORKER,),
        TaskStatus.CANCELLED: (_S.WORKER, _S.CASE),
    },
    TaskStatus.DONE: {},
    TaskStatus.CANCELLED: {},
}
PLAN_MOVES: dict[PlanStatus, dict[PlanStatus, tuple[PlanSide, ...]]] = {
    _P.DRAFT: {_P.AGREED: (_S.WORKER,), _P.CLOSED: (_S.CASE,)},
    _P.AGREED: {_P.REVIEW: (_S.WORKER,), _P.CLOSED: (_S.CASE,)},
    _P.REVIEW: {_P.AGREED: (_S.WORKER,), _P.CLOSED: (_S.CASE,)},
    _P.CLOSED: {},
}

#: In these goals are written; an agreed plan is taken under review first.
WRITABLE = (_P.DRAFT, _P.REVIEW)
#: In these there is something to look back on.
AGREED = (_P.AGREED, _P.REVIEW)
