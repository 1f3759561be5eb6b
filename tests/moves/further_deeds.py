"""The doors of the lives in tests/moves/further.py."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from django.utils import timezone

from referral.cases.emergency.workflow import Status as EmergencyStatus
from referral.persons.merging.workflow import Status as MergeStatus
from referral.residence.workflow import Line, ReflectionStatus, ReportStatus, TrackStatus
from referral.retention.workflow import Status as ErasureStatus
from referral.rights.workflow import Status as RightsStatus
from shelters.swaps.workflow import SwapStatus
from tests.moves.deeds import Answers, Arrow, Deed, deed, plain
from tests.moves.further import (
    EMERGENCY,
    ERASURE,
    MERGE,
    REFLECTION,
    REPORT,
    RIGHTS,
    SWAP,
    TRACK,
)
from tests.moves.inner_deeds import on
from tests.moves.lives import Life

#: What a step of residence asks beside its day.
ASKED: dict[tuple[Line, str], dict[str, Any]] = {
    (Line.REFLECTION, ReflectionStatus.OFFERED): {"ground": "exploited"},
    (Line.REFLECTION, ReflectionStatus.RUNNING): {"term": "reflection"},
    (Line.REFLECTION, ReflectionStatus.ENDED): {"reason": "waived"},
    (Line.TRACK, TrackStatus.CONTINUED_GRANTED): {"continued_ground": "special"},
    (Line.REPORT, ReportStatus.NOT_REPORTED): {"no_report": "fear"},
}
LINES = {Line.REFLECTION: REFLECTION, Line.TRACK: TRACK, Line.REPORT: REPORT}


def _permit(_record: Any, _names: Any) -> dict[str, str]:
    today = timezone.localdate().isoformat()
    return {"on": today, "ground": "b", "permit_from": today}


def _answers(line: Line, to: str) -> Answers:
    asked = ASKED.get((line, to), {})
    return _permit if (line, to) == (Line.TRACK, TrackStatus.GRANTED) else on("on", **asked)


def _goals(line: Line) -> list[Any]:
    """To what a person can bring a line; the track enters the period when that begins."""
    made = {
        goal
        for goals in LINES[line].moves.values()
        for goal, side in goals.items()
        if side != "clock" and goal != TrackStatus.REFLECTION
    }
    return sorted(made)


RESIDENCE = tuple(
    Deed(
        f"residence:move {line.value} {goal.value}",
        "residence:move",
        life,
        (Arrow(goal),),
        _answers(line, goal),
        then=(line.value, goal.value),
        of_many=True,
    )
    for line, life in LINES.items()
    for goal in _goals(line)
)


def choices(door: str, life: Life, question: str, *goals: StrEnum, **said: str) -> tuple[Deed, ...]:
    """One form, in which the goal is chosen."""
    return tuple(
        deed(
            door, life, goal, name=f"{door} {goal.value}", answers=plain(**{question: goal}, **said)
        )
        for goal in goals
    )


def steps(
    door: str, life: Life, goals: Mapping[StrEnum, StrEnum], of: str = ""
) -> tuple[Deed, ...]:
    """A button for each goal, which stands in the address; with where it begins."""
    return tuple(
        deed(door, life, goal, start, name=f"{door} {of}{goal.value}", then=(goal.value,))
        for goal, start in goals.items()
    )


_E, _M, _R, _A, _S = EmergencyStatus, MergeStatus, ErasureStatus, RightsStatus, SwapStatus
EMERGENCIES = choices(
    "cases:emergency:access",
    EMERGENCY,
    "verdict",
    _E.JUSTIFIED,
    _E.NOT_JUSTIFIED,
    words="It could not wait.",
)
MERGES = choices("persons:merge", MERGE, "decision", _M.MERGED, _M.DECLINED, _M.UNDONE)
SWAPS = choices("shelters:swaps:move", SWAP, "to", _S.AGREED, _S.DECLINED, _S.WITHDRAWN, _S.DONE)
ERASURES = steps(
    "retention:move",
    ERASURE,
    {_R.APPROVED: _R.DUE, _R.DUE: _R.APPROVED, _R.ERASED: _R.APPROVED},
)


def right(step: str, goal: StrEnum, **said: str) -> Deed:
    name = f"rights:step {goal.value}"
    return deed("rights:step", RIGHTS, goal, name=name, answers=plain(**said), then=(step,))


def answer(goal: StrEnum, **said: str) -> Deed:
    return right("answer", goal, outcome=goal.value, words="This is what you asked.", **said)


RIGHTS_STEPS = (
    right("identity", _A.IDENTIFIED, proof="known"),
    right("begin", _A.IN_PROGRESS),
    right("extend", _A.EXTENDED, extension="complex"),
    answer(_A.GRANTED),
    answer(_A.PARTLY_GRANTED, refusal="others"),
    answer(_A.REFUSED, refusal="others"),
    answer(_A.REFERRED),
    right("close", _A.CLOSED, delivery="collected"),
)
FURTHER = (*RESIDENCE, *EMERGENCIES, *MERGES, *ERASURES, *RIGHTS_STEPS, *SWAPS)
