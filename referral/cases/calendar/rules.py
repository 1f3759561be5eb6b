"""A month as weeks of days, and what stands on a day: a kind and a case, and nothing of anybody."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

MONDAY = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that falls on a day."""

    on: date
    label: str
    reference: str
    url: str


@dataclass(frozen=True, slots=True)
class Day:
    on: date
    in_month: bool
    entries: list[Entry]


@dataclass(frozen=True, slots=True)
class Month:
    """A month with the days around it that fill its first and last week."""

    first: date
    weeks: list[list[Day]]

    @property
    def before(self) -> date:
        return (self.first - timedelta(days=1)).replace(day=1)

    @property
    def after(self) -> date:
        return (self.first + timedelta(days=31)).replace(day=1)

    @property
    def is_empty(self) -> bool:
        return not any(day.entries for week in self.weeks for day in week)


def days_shown(first: date) -> tuple[date, date]:
    """The first and the last day on the page of this month."""
    days = list(Calendar(MONDAY).itermonthdates(first.year, first.month))
    return days[0], days[-1]


def month_of(first: date, entries: Iterable[Entry]) -> Month:
    """Each entry on its day, in the order of their kinds."""
    on: dict[date, list[Entry]] = {}
    for entry in sorted(entries, key=lambda one: (one.label, one.reference)):
        on.setdefault(entry.on, []).append(entry)
    weeks = Calendar(MONDAY).monthdatescalendar(first.year, first.month)
    return Month(
        first,
        [[Day(day, day.month == first.month, on.get(day, [])) for day in week] for week in weeks],
    )
