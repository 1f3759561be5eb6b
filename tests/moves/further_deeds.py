"""The doors of the lives in tests/moves/further.py."""

from typing import Any

from django.utils import timezone

from referral.residence.workflow import Line, ReflectionStatus, ReportStatus, TrackStatus
from tests.moves.deeds import Answers, Deed, deed
from tests.moves.further import REFLECTION, REPORT, TRACK
from tests.moves.inner_deeds import on

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


RESIDENCE: tuple[Deed, ...] = tuple(
    deed(
        "residence:move",
        life,
        goal,
        name=f"residence:move {line.value} {goal.value}",
        answers=_answers(line, goal),
        then=(line.value, goal.value),
    )
    for line, life in LINES.items()
    for goal in _goals(line)
)
FURTHER = (*RESIDENCE,)
