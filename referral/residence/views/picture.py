"""A small line of time, drawn on the server: what happened and what is to come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from referral.residence.actions import OpenedFile
from referral.residence.models import Step
from referral.residence.workflow import Line, ReflectionStatus, ReportStatus, TrackStatus

#: In the units of the picture.
LEFT, RIGHT, TOP, HEIGHT, GAP = 24, 616, 32, 16, 36
STATUSES = {Line.REFLECTION: ReflectionStatus, Line.TRACK: TrackStatus, Line.REPORT: ReportStatus}


@dataclass(frozen=True, slots=True)
class Mark:
    """One day of one line: a past step, or a day to come."""

    x: int
    y: int
    coming: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """The reflection period or the permit, from its first day to its last."""

    x: int
    y: int
    width: int


@dataclass(frozen=True, slots=True)
class Row:
    """A line with its name above it."""

    label: str
    y: int
    text_y: int


@dataclass(frozen=True, slots=True)
class Entry:
    """The same, as a line of the table."""

    on: date
    line: str
    label: str
    coming: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """All that the template draws; the table beside it says the same."""

    rows: list[Row]
    bars: list[Bar]
    marks: list[Mark]
    today_x: int
    height: int
    first: date
    last: date
    entries: list[Entry]


def word_of(step: Step) -> str:
    return str(STATUSES[Line(step.line)](step.status).label)


def picture_of(opened: OpenedFile, *, today: date) -> Picture | None:
    """None when nothing has happened yet."""
    if not opened.steps:
        return None
    reflection, track = opened.reflection, opened.track
    days = [step.happened_on for step in opened.steps]
    days += [one.ends_on for one in opened.deadlines]
    days += [day for day in (reflection.ends_on, track.permit_to) if day]
    first = min(days) - timedelta(days=7)
    last = max([today, *days]) + timedelta(days=7)

    def x(day: date) -> int:
        return LEFT + round((RIGHT - LEFT) * (day - first).days / max(1, (last - first).days))

    lines = [line for line in Line if line != Line.REPORT or opened.report is not None]
    heights = {line: TOP + number * (HEIGHT + GAP) for number, line in enumerate(lines)}
    bars = [
        Bar(x(begins), heights[line], max(4, x(ends) - x(begins)))
        for line, begins, ends in (
            (Line.REFLECTION, reflection.starts_on, reflection.ended_on or reflection.ends_on),
            (Line.TRACK, track.permit_from, track.permit_to),
        )
        if begins and ends
    ]
    marks = [
        Mark(x(s.happened_on), heights[Line(s.line)] + HEIGHT // 2, coming=False)
        for s in opened.steps
    ]
    coming = {
        "reflection_end": Line.REFLECTION,
        "reporting_day": Line.REFLECTION,
        "complaint": Line.REPORT,
    }
    marks += [
        Mark(x(d.ends_on), heights[coming.get(d.kind, Line.TRACK)] + HEIGHT // 2, coming=True)
        for d in opened.deadlines
        if coming.get(d.kind, Line.TRACK) in heights
    ]
    entries = [
        Entry(s.happened_on, str(Line(s.line).label), word_of(s), coming=False)
        for s in opened.steps
    ]
    entries += [
        Entry(d.ends_on, "", str(d.get_kind_display()), coming=True) for d in opened.deadlines
    ]
    return Picture(
        rows=[Row(str(line.label), y, y - 6) for line, y in heights.items()],
        bars=bars,
        marks=marks,
        today_x=x(today),
        height=TOP + len(lines) * (HEIGHT + GAP) + 4,
        first=first,
        last=last,
        entries=sorted(entries, key=lambda entry: (entry.on, entry.coming)),
    )
