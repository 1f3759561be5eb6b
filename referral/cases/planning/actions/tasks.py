"""Tasks: written, given to somebody, done or cancelled, and told of in time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from referral.audit.actions import Line, record, record_many
from referral.cases.actions.notes import key_of
from referral.cases.models import Case
from referral.cases.planning.actions.holding import hold_to_write
from referral.cases.planning.models import CancelReason, Doer, Goal, Task, TaskKind, TermCode
from referral.cases.planning.rules import (
    PlanningRefused,
    check_due,
    check_move_task,
    check_owner,
    check_task,
    check_words,
    colleagues_of,
    mark_of_task,
    terms_on,
)
from referral.cases.planning.workflow import TaskStatus
from referral.lib.moments import When, moments
from referral.lib.rows import update_rows
from referral.lib.versions import Version, check_seen
from referral.notices.actions import Letter, post_many
from referral.notices.kinds import Kind
from referral.organisations.models import Membership, User
from referral.organisations.roles import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTask:
    """What must be done in which case, why, before which day, and by whom."""

    case: Case
    words: str
    due_on: date | None
    kind: str = TaskKind.OTHER
    doer: str = Doer.US
    #: Empty: the whole team.
    owner: User | None = None
    #: The goal of the plan to which it leads.
    goal: Goal | None = None


def add_task(new: NewTask, *, by: Membership, at: datetime) -> Task:
    """One task; see add_tasks."""
    return add_tasks([new], by=by, at=at)[0]


@transaction.atomic
def add_tasks(news: Sequence[NewTask], *, by: Membership, at: When) -> list[Task]:
    """Write these tasks down, each with its why sealed under the key of the person.

    Raises MoveRefused when the organisation does not work on a case, and PlanningRefused.
    """
    times = moments(at, len(news))
    held = hold_to_write([new.case for new in news], by=by)
    colleagues = colleagues_of(by, at=timezone.now())
    tasks = []
    for new, moment in zip(news, times, strict=True):
        case = held[new.case.pk]
        check_task(new.kind, new.doer)
        check_owner(new.owner.pk if new.owner else None, colleagues)
        if new.goal is not None and new.goal.case_id != case.pk:
            raise PlanningRefused(_("This goal belongs to another case."))
        task = Task(
            case=case,
            goal=new.goal,
            organisation=by.organisation,
            owner=new.owner,
            kind=TaskKind(new.kind),
            doer=Doer(new.doer),
            due_on=check_due(new.due_on, today=timezone.localdate(moment)),
            written_at=moment,
            written_by=by.user,
        )
        words = check_words(new.words, _("Write down what must be done, and why."))
        task.seal_words(words, key=key_of(case))
        tasks.append(task)
    Task.objects.bulk_create(tasks, batch_size=1000)
    lines = [
        Line(action="task_written", on=task.case, ids=[task.pk], at=task.written_at)
        for task in tasks
    ]
    record_many(lines, by=by, at=timezone.now())
    _tell_owners(tasks)
    return tasks


@transaction.atomic
def change_task(
    task: Task,
    *,
    owner: User | None,
    due_on: date | None,
    seen: str | None = None,
    by: Membership,
    at: datetime,
) -> Task:
    """Give a task to a colleague or to the team, or move its day.

    Raises StaleRefused when it is no longer the task that was `seen`.
    """
    [held] = _hold_tasks([task], by=by)
    check_move_task(held, TaskStatus.DONE, "")
    check_seen(mark_of_task(held), seen)
    check_owner(owner.pk if owner else None, colleagues_of(by, at=at))
    if due_on != held.due_on:
        held.due_on = check_due(due_on, today=timezone.localdate(at))
        held.near_told_at = held.due_told_at = None
    given = owner is not None and owner.pk != held.owner_id
    held.owner, held.stands_in_for = owner, None
    held.save(
        update_fields=["owner", "stands_in_for", "due_on", "near_told_at", "due_told_at"],
    )
    record("task_changed", on=held.case, by=by, at=at, ids=[held.pk])
    if given:
        _tell_owners([held])
    return held


@transaction.atomic(savepoint=False)
def read_task(task: Task, *, by: Membership, at: datetime) -> Version:
    """Who has the task now and before which day; the look is recorded."""
    now = Task.objects.visible_to(by).with_names().select_related("case").get(pk=task.pk)
    record("tasks_listed", by=by, at=at, ids=[now.pk])
    lines = [
        (_("Who has it?"), str(now.owner or _("The whole team"))),
        (_("Before which day?"), date_format(now.due_on)),
    ]
    return Version(mark_of_task(now), lines)


def end_task(task: Task, *, to: TaskStatus, reason: str = "", by: Membership, at: datetime) -> Task:
    """One task; see end_tasks."""
    return end_tasks([task], to=to, reason=reason, by=by, at=at)[0]


@transaction.atomic
def end_tasks(
    tasks: Sequence[Task], *, to: TaskStatus, reason: str = "", by: Membership, at: When
) -> list[Task]:
    """These are done, or need not be done for this reason."""
    times = moments(at, len(tasks))
    held = _hold_tasks(tasks, by=by)
    for task, moment in zip(held, times, strict=True):
        check_move_task(task, to, reason)
        task.status, task.ended_at, task.ended_by = to, moment, by.user
        task.cancel_reason = CancelReason(reason) if reason else ""
    update_rows(held, ["status", "ended_at", "ended_by", "cancel_reason"])
    lines = [
        Line(action=f"task_{to.value}", on=task.case, ids=[task.pk], at=moment)
        for task, moment in zip(held, times, strict=True)
    ]
    record_many(lines, by=by, at=timezone.now())
    return held


def _hold_tasks(tasks: Sequence[Task], *, by: Membership) -> list[Task]:
    """The same tasks as they are now, held still: the case first, so that nobody waits in a ring.

    Raises MoveRefused where the organisation does not work on the case, and Task.DoesNotExist.
    """
    held = hold_to_write([task.case for task in tasks], by=by)
    wanted = [task.pk for task in tasks]
    rows = Task.objects.visible_to(by).filter(pk__in=wanted).with_names().order_by("pk")
    found = {task.pk: task for task in rows.select_for_update(of=["self"])}
    if len(found) < len(set(wanted)):
        raise Task.DoesNotExist
    for task in found.values():
        task.case = held[task.case_id]
    return [found[pk] for pk in wanted]


def _tell_owners(tasks: Sequence[Task]) -> None:
    letters = [
        Letter(kind=Kind.TASK_GIVEN, to=task.organisation, user=task.owner, on=task)
        for task in tasks
        if task.owner is not None
    ]
    post_many(letters, at=timezone.now())


@transaction.atomic
def remind_of_tasks(*, by: Membership, at: datetime) -> int:
    """Tell who has a task ahead of its day and on it, each once; tells how many.

    A task of the whole team is told to all its coordinators.
    """
    today = timezone.localdate(at)
    ahead = today + timedelta(days=terms_on(today, by=by)[TermCode.TASK_AHEAD].days)
    rows = Task.objects.visible_to(by).due_until(ahead).filter(due_told_at=None).with_names()
    rows = rows.select_for_update(of=["self"], skip_locked=True).order_by("pk")
    due, near = [], []
    for task in rows:
        if task.due_on <= today:
            task.due_told_at = at
            due.append(task)
        elif task.near_told_at is None:
            task.near_told_at = at
            near.append(task)
    if not due and not near:
        return 0
    update_rows([*due, *near], ["near_told_at", "due_told_at"])
    record("tasks_reminded", by=by, at=at, ids=[task.pk for task in (*due, *near)])
    post_many(
        [
            Letter(kind=kind, to=task.organisation, user=task.owner, role=role, on=task)
            for kind, tasks in ((Kind.TASK_DUE, due), (Kind.TASK_NEAR, near))
            for task in tasks
            for role in [None if task.owner else Role.ZC]
        ],
        at=at,
    )
    return len(due) + len(near)
