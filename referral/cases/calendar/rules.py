"""What stands on a day: a kind and a case, and nothing of anybody. Days make a month on a page, or
a file for calendar programmes.
"""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar as Programme
from icalendar import Event

MONDAY = 0
#: What a calendar programme gets: a month back, so that nothing vanishes at once, and a year on.
BACK, ON = timedelta(days=31), timedelta(days=366)


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


def days_fed(at: datetime) -> tuple[date, date]:
    """The first and the last day that a calendar programme gets now."""
    today = timezone.localdate(at)
    return today - BACK, today + ON


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


def programme_of(entries: Iterable[Entry], *, at: datetime) -> bytes:
    """The days as an iCalendar file (RFC 5545): whole days, a kind and a reference, no address.

    Two things of one kind in one case on one day are one event: told apart they would say more.
    """
    file = Programme()
    file.add("version", "2.0")
    file.add("prodid", "-//Baken//Calendar//NL")
    file.add("method", "PUBLISH")
    file.add("x-wr-calname", _("Baken: my days"))
    told = {(one.on, one.label, one.reference) for one in entries}
    for on, label, reference in sorted(told):
        event = Event()
        event.add("uid", f"{sha256(f'{on}|{label}|{reference}'.encode()).hexdigest()}@baken")
        event.add("dtstamp", at.astimezone(UTC))
        event.add("dtstart", on)
        event.add("dtend", on + timedelta(days=1))
        event.add("summary", f"{reference}: {label}")
        event.add("class", "PRIVATE")
        event.add("transp", "TRANSPARENT")
        file.add_component(event)
    return bytes(file.to_ical())
