"""What planning adds to the case file: the next step, plan, checklist, tasks and risk."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from referral.cases.models import Need
from referral.cases.planning import actions
from referral.cases.planning.actions import Planning
from referral.cases.planning.models import Phase, SkipReason
from referral.cases.planning.rules import (
    Step,
    can_move_plan,
    next_step,
    open_items,
    phase_of,
    plan_due_on,
)
from referral.cases.planning.views.paper import (
    checklist_on_paper,
    plan_on_paper,
    risk_on_paper,
    tasks_on_paper,
)
from referral.cases.planning.workflow import AGREED, WRITABLE, PlanStatus, TaskStatus
from referral.cases.views.paper import Paper
from referral.cases.views.parts import Part, PartMaker, Reading
from referral.cases.workflow import CaseStatus
from referral.organisations.permissions import Permission

_Data = Callable[[Reading, Planning], Mapping[str, object]]
_OnPaper = Callable[[Planning], Paper]


class PlanningParts:
    """The parts of one page, from one look at what is planned; for who does not read care, none."""

    def __init__(self) -> None:
        self._planning: Planning | None = None

    def makers(self) -> list[PartMaker]:
        """In the order of the page."""
        return [
            self._part(
                "plan", gettext_lazy("Care plan"), "planning/_plan.html", plan, plan_on_paper
            ),
            self._part(
                "checklist",
                gettext_lazy("Checklist"),
                "planning/_checklist.html",
                checklist,
                checklist_on_paper,
            ),
            self._part(
                "tasks", gettext_lazy("Tasks"), "planning/_tasks.html", tasks, tasks_on_paper
            ),
            self._part("risk", gettext_lazy("Risk"), "planning/_risk.html", risk, risk_on_paper),
        ]

    def step(self, reading: Reading) -> Step | None:
        """What comes next and who has it, of an active case that is open to the reader."""
        if not _reads(reading) or reading.case.status != CaseStatus.ACTIVE:
            return None
        return next_step(self._of(reading).situation)

    def _part(
        self, slug: str, title: Promise, template: str, data: _Data, on_paper: _OnPaper
    ) -> PartMaker:
        def part(reading: Reading) -> Part | None:
            if not _reads(reading):
                return None
            return Part(
                slug,
                str(title),
                template,
                fetch=lambda: data(reading, self._of(reading)),
                at_once=True,
                paper=lambda: on_paper(self._of(reading)),
            )

        return part

    def _of(self, reading: Reading) -> Planning:
        if self._planning is None:
            self._planning = actions.read_planning(
                reading.case, by=reading.member, at=reading.at, reach=reading.reach
            )
        return self._planning


def _reads(reading: Reading) -> bool:
    return reading.reach.reads_all and reading.member.may(Permission.CARE_NOTE_READ)


def plan(reading: Reading, planning: Planning) -> Mapping[str, object]:
    """What the person wants to reach, what is done for it, and how far it is."""
    situation = planning.situation
    kept = situation.plan
    covered = {one.goal.need for one in planning.goals}
    return {
        "plan": kept,
        "due_on": None if kept and kept.status in AGREED else plan_due_on(situation),
        "goals": planning.goals,
        "without_goal": [Need(need).label for need in reading.case.needs if need not in covered],
        "writes": reading.works and (kept is None or kept.status in WRITABLE),
        "agrees": reading.works and kept is not None and can_move_plan(kept, PlanStatus.AGREED),
        "reviews": reading.works and kept is not None and can_move_plan(kept, PlanStatus.REVIEW),
        "evaluates": reading.works and kept is not None and kept.status in AGREED,
        "works": reading.works,
    }


def checklist(reading: Reading, planning: Planning) -> Mapping[str, object]:
    """What must be seen to in each phase; the phase of now is unfolded."""
    items, marks = planning.situation.items, planning.situation.marks
    now = phase_of(items, marks)
    phases = []
    for phase in Phase:
        lines = [(item, marks.get(item.code)) for item in items if item.phase == phase]
        left = len(open_items([item for item, _mark in lines], marks))
        phases.append({"label": phase.label, "lines": lines, "left": left, "now": phase == now})
    return {"phases": phases, "reasons": SkipReason.choices, "works": reading.works}


def risk(reading: Reading, planning: Planning) -> Mapping[str, object]:
    """How safe the person is, when to look again, and what was found before."""
    return {
        "latest": planning.risks[0] if planning.risks else None,
        "earlier": planning.risks[1:],
        "works": reading.works,
    }


def tasks(reading: Reading, planning: Planning) -> Mapping[str, object]:
    """What must be done, by whom and when."""
    return {
        "open": [one for one in planning.tasks if one.task.status == TaskStatus.OPEN],
        "ended": [one for one in planning.tasks if one.task.status != TaskStatus.OPEN],
        "works": reading.works,
    }
