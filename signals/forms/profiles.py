"""A mapping at work: from the cells of a row to a draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _

from referral.geography.models import Municipality
from signals.forms.fields import read_period
from signals.models import Exploitation
from signals.rules import Answer, Draft, Layout

LONGEST_FACT = 200


class RowRefused(ValueError):
    """A row that is no signal; the message says which column and why."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A layout, and the codes of municipalities by the names that people give them."""

    layout: Layout
    places: Mapping[str, str]
    #: Columns that fill a field, and so are no loose facts.
    taken: frozenset[str]

    @property
    def label(self) -> str:
        return self.layout.label

    @property
    def columns(self) -> tuple[str, ...]:
        return self.layout.columns

    def read(self, cells: Mapping[str, str]) -> Draft:
        """One row as a draft. Raises RowRefused."""
        layout = self.layout
        said: dict[str, Any] = {name: _code(cells, answer) for name, answer in layout.coded}
        if layout.municipality:
            said["municipality_code"] = self._municipality(cells[layout.municipality])
        return Draft(
            forms=_forms(cells, layout),
            facts=cells[layout.facts] if layout.facts else "",
            details=self._details(cells),
            observed=self._period(cells),
            n_victims=_number(cells, layout),
            **said,
        )

    def period(self, cells: Mapping[str, str]) -> DateRange | None:
        """When it was seen. Raises ValueError, and AbsurdPeriod for what cannot be."""
        columns, formats = self.layout.period.columns, self.layout.period.formats
        if not columns:
            return None
        if len(columns) == 1 and formats:
            return _by_formats(cells[columns[0]], formats)
        # Parts stand from the year to the day; the first that is empty ends the date.
        parts: list[str] = []
        for column in columns:
            if not cells[column]:
                break
            parts.append(cells[column])
        return read_period("-".join(parts), today=timezone.localdate())

    def period_said(self, cells: Mapping[str, str]) -> str:
        """The cells of the period, as they stand there."""
        return " ".join(filter(None, (cells[column] for column in self.layout.period.columns)))

    def _period(self, cells: Mapping[str, str]) -> DateRange | None:
        try:
            return self.period(cells)
        except ValueError as error:
            whole = not self.layout.period.formats and len(self.layout.period.columns) == 1
            raise RowRefused(
                (
                    _("%(column)s: “%(value)s” is not a year, nor two years.")
                    if whole
                    else _("%(column)s: “%(value)s” is not a date that the mapping describes.")
                )
                % {
                    "column": self.layout.period.columns[0],
                    "value": self.period_said(cells)[:40],
                }
            ) from error

    def _municipality(self, value: str) -> str:
        if not value or not self.layout.by_name:
            return value
        code = self.places.get(value.casefold())
        if code is None:
            raise RowRefused(
                _("%(column)s: there is no municipality “%(value)s”.")
                % {"column": self.layout.municipality, "value": value[:40]}
            )
        return code

    def _details(self, cells: Mapping[str, str]) -> dict[str, object]:
        """Loose facts; where the mapping says so, also from columns that it does not name."""
        details = self.layout.details
        stated = {
            details.columns.get(column, column): value
            for column, value in cells.items()
            if value
            and (column in details.columns or (details.others and column not in self.taken))
        }
        for name, value in stated.items():
            if len(value) > LONGEST_FACT:
                raise RowRefused(
                    _("%(column)s: longer than %(most)s characters.")
                    % {"column": name, "most": LONGEST_FACT}
                )
        separator = details.separator
        split = {
            name: value.split(separator) if separator else [value] for name, value in stated.items()
        }
        return {**details.constants, **split}


def profile_of(layout: Layout) -> Profile:
    """A mapping, ready to read rows; asks for the names of municipalities once, if it needs them."""
    places: dict[str, str] = {}
    if layout.by_name:
        today = Municipality.objects.valid_on(timezone.localdate())
        for code, name, also in today.values_list("pk", "name", "also_called"):
            places |= {called.casefold(): code for called in (name, also) if called}
    return Profile(layout, places, frozenset(layout.fields))


def _forms(cells: Mapping[str, str], layout: Layout) -> list[str]:
    found: dict[str, None] = {}
    for answer in layout.forms:
        said = cells[answer.column]
        several = said.split(layout.separator) if layout.separator else [said]
        for one in several:
            found[_meaning(answer, one.strip())] = None
    found.pop("", None)
    return list(found) or [layout.no_form or Exploitation.UNKNOWN]


def _code(cells: Mapping[str, str], answer: Answer) -> Any:
    return _meaning(answer, cells[answer.column]) if answer.column else answer.empty


def _meaning(answer: Answer, value: str) -> Any:
    if not value:
        return answer.empty
    if value not in answer.codes:
        raise RowRefused(
            _("%(column)s: “%(value)s” is not one of: %(known)s, or blank.")
            % {"column": answer.column, "value": value[:40], "known": ", ".join(answer.codes)}
        )
    return answer.codes[value]


def _number(cells: Mapping[str, str], layout: Layout) -> int | None:
    if not layout.number or not cells[layout.number]:
        return layout.one_number
    value = cells[layout.number]
    if not value.isascii() or not value.isdigit() or len(value) > 9:
        raise RowRefused(
            _("%(column)s: “%(value)s” is not a whole number.")
            % {"column": layout.number, "value": value[:40]}
        )
    return int(value)


def _by_formats(text: str, formats: tuple[str, ...]) -> DateRange | None:
    if not text:
        return None
    for one in formats:
        try:
            day = datetime.strptime(text, one).date()  # noqa: DTZ007 -- a day has no zone
        except ValueError:
            continue
        return _range(day, one)
    raise ValueError(text)


def _range(day: date, written: str) -> DateRange:
    if "%d" in written:
        return DateRange(day, day + timedelta(days=1))
    if "%m" in written:
        return DateRange(day, (day + timedelta(days=31)).replace(day=1))
    return DateRange(day, day.replace(year=day.year + 1))
