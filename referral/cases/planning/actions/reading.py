"""Looking at tasks and plans. Words are opened here only, and the look is recorded first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from referral.audit.actions import record
from referral.cases.actions.notes import key_of
from referral.cases.models import Case
from referral.cases.planning.models import (
    CarePlan,
    ChecklistItem,
    ChecklistMark,
    Evaluation,
    Goal,
    PlanningTerm,
    RiskAssessment,
    Task,
)
from referral.cases.planning.rules import Situation
from referral.cases.querysets import ROWS_ON_HOME
from referral.cases.rules import Reach, reach_of
from referral.lib.tally import Tally
from referral.lib.together import fetch_together
from referral.organisations.models import Membership, User
from referral.organisations.permissions import Permission


@dataclass(frozen=True, slots=True)
class ReadTask:
    """A task with its words."""

    task: Task
    words: str


@dataclass(frozen=True, slots=True)
class ReadEvaluation:
    """A look back with its words."""

    evaluation: Evaluation
    words: str


@dataclass(frozen=True, slots=True)
class ReadGoal:
    """A goal with its words, what is done for it, and how far it is; the newest look back first."""

    goal: Goal
    words: str
    actions: list[ReadTask]
    evaluations: list[ReadEvaluation]


@dataclass(frozen=True, slots=True)
class ReadRisk:
    """An assessment with its explanation."""

    risk: RiskAssessment
    words: str


@dataclass(frozen=True, slots=True)
class Planning:
    """All that is planned in one case, with the words."""

    situation: Situation
    tasks: list[ReadTask]
    goals: list[ReadGoal]
    risks: list[ReadRisk]


@transaction.atomic(savepoint=False)
def read_planning(
    case: Case, *, by: Membership, at: datetime, reach: Reach | None = None
) -> Planning:
    """Plan, tasks, risks and checklist of a case; the look is recorded where words are shown.

    `reach` spares a query where the case has just been opened; it opens nothing.
    """
    today = timezone.localdate(at)
    tasks, plans, goals, looks, risks, marks, items, terms = fetch_together(
        Task.objects.visible_to(by).filter(case=case).first_due_first(),
        CarePlan.objects.visible_to(by).filter(case=case),
        Goal.objects.visible_to(by).filter(case=case).oldest_first(),
        Evaluation.objects.visible_to(by).filter(case=case).newest_first(),
        RiskAssessment.objects.visible_to(by).filter(case=case).newest_first(),
        ChecklistMark.objects.visible_to(by).filter(case=case).latest_of_each(),
        ChecklistItem.objects.visible_to(by).in_force(today).defer("valid"),
        PlanningTerm.objects.visible_to(by).in_force(today).defer("valid"),
    )
    _give_names(case, tasks, [*looks, *risks, *marks])
    situation = Situation(
        case=case,
        tasks=tasks,
        plan=plans[0] if plans else None,
        risk=risks[0] if risks else None,
        items=items,
        marks={mark.code: mark for mark in marks},
        terms={term.code: term for term in terms},
    )
    rows = [*tasks, *goals, *looks, *risks]
    if not rows:
        return Planning(situation, [], [], [])
    grant = (reach or reach_of(case, by)).grant or ""
    record("planning_read", on=case, by=by, at=at, ids=[row.pk for row in rows], grant=grant)
    key = key_of(case)
    read = [ReadTask(task, task.opened_words(key=key)) for task in tasks]
    back = [ReadEvaluation(look, look.opened_words(key=key)) for look in looks]
    return Planning(
        situation,
        read,
        [
            ReadGoal(
                goal,
                goal.opened_words(key=key),
                [one for one in read if one.task.goal_id == goal.pk],
                [one for one in back if one.evaluation.goal_id == goal.pk],
            )
            for goal in goals
        ],
        [ReadRisk(risk, risk.opened_words(key=key)) for risk in risks],
    )


def _give_names(
    case: Case,
    tasks: Iterable[Task],
    written: Iterable[Evaluation | RiskAssessment | ChecklistMark],
) -> None:
    """Who has, had or ended each task and who wrote the rest, in one query for all of them."""
    tasks, written = list(tasks), list(written)
    people = User.objects.in_bulk(
        {one.written_by_id for one in written}
        | {
            user
            for task in tasks
            for user in (task.owner_id, task.stands_in_for_id, task.ended_by_id)
            if user is not None
        }
    )
    for task in tasks:
        task.owner = people.get(task.owner_id)
        task.stands_in_for = people.get(task.stands_in_for_id)
        task.ended_by = people.get(task.ended_by_id)
        if task.organisation_id == case.owner_organisation_id:
            task.organisation = case.owner_organisation
    for one in written:
        one.written_by = people[one.written_by_id]


@transaction.atomic(savepoint=False)
def list_tasks(found: Iterable[Task], *, by: Membership, at: datetime) -> list[Task]:
    """One page of a list that was scoped by visible_to: codes and days, and no words."""
    tasks = list(found)
    record("tasks_listed", by=by, at=at, ids=[task.pk for task in tasks])
    return tasks


@dataclass(frozen=True, slots=True)
class HomePlanning:
    """What planning/_home.html shows: the own tasks first due, and risks to look at again."""

    counts: Mapping[str, int] = field(default_factory=dict)
    tasks: tuple[Task, ...] = ()
    risks: tuple[RiskAssessment, ...] = ()

    @property
    def kind(self) -> str:
        return "coordinator" if self.tasks or self.risks or self.counts.get("team") else ""


@transaction.atomic(savepoint=False)
def list_home_planning(*, by: Membership, at: datetime, tally: Tally | None = None) -> HomePlanning:
    """What a coordinator has to do in the own cases; the look is recorded where there is anything."""
    if not by.may(Permission.CASE_WORK):
        return HomePlanning()
    seen = Task.objects.visible_to(by)
    counts = (tally or Tally()).of(mine=seen.mine(by), team=seen.of_team(by))
    mine = seen.mine(by).with_names().select_related("case").first_due_first()
    tasks = tuple(mine[:ROWS_ON_HOME])
    late = RiskAssessment.objects.visible_to(by).overdue(by, timezone.localdate(at))
    risks = tuple(late.select_related("case")[:ROWS_ON_HOME])
    shown = [*(one.case_id for one in tasks), *(one.case_id for one in risks)]
    if shown:
        record("tasks_listed", by=by, at=at, ids=list(dict.fromkeys(shown)))
    return HomePlanning(counts, tasks, risks)
