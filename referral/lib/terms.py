"""Terms in calendar months and days, as the law counts them."""

from calendar import monthrange
from datetime import date, timedelta


def end_of_term(day: date, *, months: int = 0, days: int = 0) -> date:
    """The last day of a term that begins on `day`: 31 January and three months is 30 April.

    Months first, cut off at the end of a shorter month, then days; PostgreSQL counts alike.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last)) + timedelta(days=days)
