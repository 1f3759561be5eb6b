"""Which quarter is counted, and what a figure says in words. Nothing here asks the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shelters.models import RefusalReason, ShelterType, Urgency
from shelters.stays.models import BlockerKind

#: How far back one can look.
QUARTERS = 8


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """Three months that begin on the first of January, April, July or October."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Quarter:
        return cls(day.year, (day.month - 1) // 3 + 1)

    def before(self) -> Quarter:
        return (
            Quarter(self.year - 1, 4) if self.number == 1 else Quarter(self.year, self.number - 1)
        )

    def after(self) -> Quarter:
        return (
            Quarter(self.year + 1, 1) if self.number == 4 else Quarter(self.year, self.number + 1)
        )

    @property
    def begin(self) -> datetime:
        first = date(self.year, 3 * self.number - 2, 1)
        return timezone.make_aware(datetime.combine(first, time.min))

    @property
    def end(self) -> datetime:
        return self.after().begin

    def __str__(self) -> str:
        return f"{self.year}-{self.number}"


def quarters(today: date, *, running: bool) -> list[Quarter]:
    """The newest first; the one that runs only for who counts exactly."""
    found = [Quarter.of(today)]
    while len(found) <= QUARTERS:
        found.append(found[-1].before())
    return found if running else found[1:]


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the database: a count, and the middle and the high end of its spans."""

    subject: str
    code: str
    n: float
    middle: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table, in words."""

    label: str
    values: list[str]


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the page and of the file."""

    code: str
    title: str
    heads: list[str]
    rows: list[Row]


LABELS: Mapping[str, Mapping[str, str | Promise]] = {
    "refused": {**dict(RefusalReason.choices), "expired": gettext_lazy("Not answered in time")},
    "waited": dict(Urgency.choices),
    "multiple": {
        "asked": gettext_lazy("Asked for"),
        "placed": gettext_lazy("Placed"),
        "cancelled": gettext_lazy("Taken back"),
        "beds": gettext_lazy("Places for multiple problems"),
    },
    "blocked": dict(BlockerKind.choices),
}


def tables(figures: Sequence[Figure], types: Mapping[str, str]) -> list[Table]:
    """What the figures say, with the words of each type; supply stands beside demand for persons with multiple problems."""
    labels = {"occupied": types, **LABELS}
    beds = [one for one in figures if (one.subject, one.code) == ("occupied", ShelterType.OMM)]
    supply = [Figure("multiple", "beds", one.n, None, None) for one in beds]
    heads = {
        "occupied": (_("How full shelters were"), [_("Type"), _("Places"), _("Occupied")]),
        "refused": (_("Refused, by reason"), [_("Reason"), _("Times")]),
        "waited": (
            _("How long people waited for a place"),
            [_("How soon"), _("Placed"), _("Hours: median"), _("Hours: nine in ten")],
        ),
        "multiple": (
            _("Multiple problems: demand and places"),
            [_("What"), _("How many")],
        ),
        "blocked": (
            _("What stood in the way of leaving"),
            [_("Blocker"), _("Stays"), _("Days: median"), _("Days: nine in ten")],
        ),
    }
    return [
        Table(
            code,
            title,
            head,
            [
                Row(str(label), _values(code, one))
                for key, label in labels[code].items()
                for one in [*figures, *supply]
                if (one.subject, one.code) == (code, key)
            ],
        )
        for code, (title, head) in heads.items()
    ]


def _values(subject: str, one: Figure) -> list[str]:
    count = str(number_format(int(one.n)))
    if subject == "occupied":
        share = "–" if one.middle is None else f"{round(100 * one.middle)}%"
        return [count, share]
    if subject in {"waited", "blocked"}:
        return [count, _span(one.middle), _span(one.high)]
    return [count]


def _span(value: float | None) -> str:
    return "–" if value is None else str(number_format(round(value, 1), 1))
