"""What people mean by a date."""

import re
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

DAY = re.compile(r"(?P<day>\d{1,2})[-/. ](?P<month>\d{1,2})[-/. ](?P<year>\d{4})")
ISO_DAY = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})")
MONTH = re.compile(r"(?P<month>\d{1,2})[-/. ](?P<year>\d{4})")
ISO_MONTH = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})")
YEARS = re.compile(r"(?P<first>\d{4}) ?- ?(?P<last>\d{4})")
YEAR = re.compile(r"(?P<first>\d{4})")
DAYS_AGO = {"vandaag": 0, "today": 0, "gisteren": 1, "yesterday": 1}
NO_SUCH_PERIOD = gettext_lazy("This date or period does not exist. Check it.")


class AbsurdPeriod(ValueError):
    """Written as a period should be, and still no period: 31 June, or 2018 until 2014."""


def read_period(text: str, *, today: date) -> DateRange | None:
    """The days that a text means, the last not included; None for an empty text.

    Reads a day, a month, a year or two years, in Dutch or ISO order, and "today" and
    "yesterday" in both languages. Raises ValueError for anything else, and AbsurdPeriod, which
    is one, for a period that does not exist.
    """
    text = " ".join(text.casefold().split())
    if not text:
        return None
    if text in DAYS_AGO:
        day = today - timedelta(days=DAYS_AGO[text])
        return DateRange(day, day + timedelta(days=1))
    for pattern in (DAY, ISO_DAY, MONTH, YEARS, ISO_MONTH, YEAR):
        if found := pattern.fullmatch(text):
            try:
                return _period(**{name: int(part) for name, part in found.groupdict().items()})
            except (ValueError, OverflowError) as error:
                raise AbsurdPeriod(text) from error
    raise ValueError(text)


def _period(
    *, year: int = 0, month: int = 0, day: int = 0, first: int = 0, last: int = 0
) -> DateRange:
    if day:
        start = date(year, month, day)
        return DateRange(start, start + timedelta(days=1))
    if month:
        start = date(year, month, 1)
        return DateRange(start, (start + timedelta(days=31)).replace(day=1))
    last = last or first
    if last < first:
        raise AbsurdPeriod(f"{first}-{last}")
    return DateRange(date(first, 1, 1), date(last + 1, 1, 1))


def write_period(period: DateRange | None) -> str:
    """A period as people write it, so that read_period reads the same."""
    if period is None:
        return ""
    first, last = period.lower, period.upper - timedelta(days=1)
    if first == last:
        return f"{first:%d-%m-%Y}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first:%m-%Y}"
    return f"{first:%Y}" if first.year == last.year else f"{first:%Y}-{last:%Y}"


class PeriodField(forms.CharField):
    """A day, a month or a year, as people write it."""

    def to_python(self, value: Any) -> DateRange | None:
        text = super().to_python(value) or ""
        try:
            return read_period(text, today=timezone.localdate())
        except AbsurdPeriod as error:
            raise forms.ValidationError(NO_SUCH_PERIOD) from error
        except ValueError as error:
            raise forms.ValidationError(
                _("Write a day (31-12-2026), a month (12-2026) or a year (2026).")
            ) from error

    def validate(self, value: Any) -> None:
        forms.Field.validate(self, value)

    def run_validators(self, value: Any) -> None:
        """The checks of a text do not fit a period."""
