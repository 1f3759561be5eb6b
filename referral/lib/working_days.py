"""Dutch working days: terms of the chain are counted in these, not in days."""

from datetime import date, timedelta
from functools import cache

from holidays import country_holidays


def is_working_day(day: date) -> bool:
    """Monday to Friday, and no public holiday (Liberation Day only in lustrum years)."""
    return day.weekday() < 5 and day not in _holidays(day.year)


def working_days_after(day: date, count: int) -> date:
    """The last day of a term of `count` working days that begins on `day`; raises ValueError
    for a term of no days.
    """
    if count < 1:
        raise ValueError("a term lasts at least one working day")
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


@cache
def _holidays(year: int) -> frozenset[date]:
    return frozenset(country_holidays("NL", years=year))
