"""What planning adds to the case file: the next step, plan, checklist, tasks and risk."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from referral.cases.planning import actions
from referral.cases.planning.actions import Planning
from referral.cases.planning.rules import Step, next_step
from referral.cases.planning.workflow import TaskStatus
from referral.cases.views.parts import Part, PartMaker, Reading
from referral.cases.workflow import CaseStatus
from referral.organisations.permissions import Permission

_Maker = Callable[[Reading, Planning], Part]


class PlanningParts:
    """The parts of one page, from one look at what is planned; for who does not read care, none."""

    def __init__(self) -> None:
        self._planning: Planning | None = None
        self._looked = False

    def makers(self) -> list[PartMaker]:
        """In the order of the page."""
        return [self._part(make) for make in (tasks,)]

    def step(self, reading: Reading) -> Step | None:
        """What comes next and who has it, of an active case that is open to the reader."""
        planning = self._of(reading)
        if planning is None or reading.case.status != CaseStatus.ACTIVE:
            return None
        return next_step(planning.situation)

    def _part(self, make: _Maker) -> PartMaker:
        def part(reading: Reading) -> Part | None:
            planning = self._of(reading)
            return None if planning is None else make(reading, planning)

        return part

    def _of(self, reading: Reading) -> Planning | None:
        if not self._looked:
            self._looked = True
            if reading.reach.reads_all and reading.member.may(Permission.CARE_NOTE_READ):
                self._planning = actions.read_planning(
                    reading.case, by=reading.member, at=reading.at, reach=reading.reach
                )
        return self._planning


def tasks(reading: Reading, planning: Planning) -> Part:
    """What must be done, by whom and when."""
    data = {
        "open": [one for one in planning.tasks if one.task.status == TaskStatus.OPEN],
        "ended": [one for one in planning.tasks if one.task.status != TaskStatus.OPEN],
        "works": reading.works,
    }
    return Part("tasks", _("Tasks"), "planning/_tasks.html", data)
