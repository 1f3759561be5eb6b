"""When things happen in the made-up country: on days, within office hours, never later than now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@dataclass(frozen=True, slots=True)
class Year:
    """A stretch of days that is filled with the figures of one published year."""

    figures: int
    begin: date
    end: date

    @property
    def days(self) -> int:
        return (self.end - self.begin).days


def calendar_year(year: int) -> Year:
    return Year(figures=year, begin=date(year, 1, 1), end=date(year + 1, 1, 1))


def year_until(today: date, *, figures: int) -> Year:
    """The last 365 days, today included."""
    return Year(figures=figures, begin=today - timedelta(days=364), end=today + timedelta(days=1))


def moment(day: date, hour: int = 10, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=AMSTERDAM)


def moments(year: Year, count: int, *, grain: int, random: Random) -> list[datetime]:
    """`count` moments over the year, on at most `grain` different days, in order.

    Deeds of one moment share their statements, so a coarse grain makes a large country quickly.
    """
    step = year.days / grain
    days = sorted(int(random.randrange(grain) * step) for _ in range(count))
    return [moment(year.begin + timedelta(days=day)) for day in days]


def later(start: datetime, *, days: float, until: datetime) -> datetime | None:
    """So many days on; None when that lies in the future."""
    found = start + timedelta(days=days)
    return found if found <= until else None
