"""What a release says, apart from any file format: protected cells and the words around them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import product

from reporting.figures import shown, shown_percentage
from reporting.lattice import shown_categories
from reporting.tables import TOTAL, Axis, Cell, Language, Programme, TableSpec, Words

ALL = Words("Totaal", "Total")
NUMBER = Words("Aantal", "Number")
SUBJECT = Words("Onderwerp", "Subject")
UNTIL = Words("tot en met", "to")
MONTHS = Words(
    "januari februari maart april mei juni juli augustus september oktober november december",
    "January February March April May June July August September October November December",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its labels, its protected counts, and its share when that is shown."""

    labels: tuple[str, ...]
    counts: tuple[int, ...]
    share: str
    is_total: bool

    @property
    def tells(self) -> bool:
        """Whether there is more to read than "<5" throughout."""
        return any(self.counts)


@dataclass(frozen=True, slots=True)
class Grid:
    """A table in one language as it is printed: the last axis makes the columns.

    A table of one axis has one column of numbers and, on a base of 50 or more, shares.
    """

    code: str
    title: str
    unit: str
    labels: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def has_shares(self) -> bool:
        return any(row.share for row in self.rows)

    def telling_rows(self) -> tuple[Row, ...]:
        """Return the first row, and those that are not "<5" throughout: for paper and screen."""
        return tuple(row for n, row in enumerate(self.rows) if n == 0 or row.tells)

    def shown_rows(
        self, language: Language, *, only_telling: bool = False
    ) -> Iterator[tuple[tuple[str, ...], list[str]]]:
        """Yield the labels of each row and its counts as text."""
        for row in self.telling_rows() if only_telling else self.rows:
            yield row.labels, [shown(count, language) for count in row.counts]


@dataclass(frozen=True, slots=True)
class SpokenDocument:
    """Everything that a release says, in one language."""

    language: Language
    reference: str
    title: str
    period: str
    counted_on: str
    reconciliation: str
    definitions: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    grids: tuple[Grid, ...]


@dataclass(frozen=True, slots=True)
class ReleaseDocument:
    """A release, ready to be written in any format and language.

    `reference` names it in files; `first_day` and `last_day` are both in the period; `counted_on`
    is the day of the snapshot. `values` hold the protected cells of all tables (multiples of
    five) and nothing else: a true count never reaches this structure.
    """

    reference: str
    programme: Programme
    first_day: date
    last_day: date
    counted_on: date
    values: Mapping[Cell, int]
    notes: tuple[Words, ...] = ()

    def in_language(self, language: Language) -> SpokenDocument:
        """Say it in "nl" or "en"; KeyError when the release lacks a cell of its tables."""
        programme = self.programme
        return SpokenDocument(
            language=language,
            reference=self.reference,
            title=programme.title.in_language(language),
            period=period_in_words(self.first_day, self.last_day, language),
            counted_on=day_in_words(self.counted_on, language),
            reconciliation=" · ".join(self._reconciliations(language)),
            definitions=tuple(
                (measure.unit.in_language(language), measure.definition.in_language(language))
                for measure in programme.measures
            ),
            notes=tuple(note.in_language(language) for note in self.notes),
            grids=tuple(
                grid_of(programme, table, self.values, language) for table in programme.tables
            ),
        )

    def _reconciliations(self, language: Language) -> Iterator[str]:
        """Say each bridge between counting units: "1.045 reports = 870 persons + 175 repeated"."""
        for bridge in self.programme.bridges:
            if len({cell.measure for cell in (bridge.whole, *bridge.parts)}) == 1:
                continue  # who did something and who did not: the tables say so
            whole, *parts = (self._amount(cell, language) for cell in (bridge.whole, *bridge.parts))
            yield f"{whole} = {' + '.join(parts)}"

    def _amount(self, cell: Cell, language: Language) -> str:
        unit = self.programme.measure(cell.measure).unit.in_language(language)
        place = cell_label(self.programme, cell).in_language(language) if cell.at else ""
        return f"{shown(self.values[cell], language)} {unit}{f' ({place})' if place else ''}"


def day_in_words(day: date, language: Language) -> str:
    """Return a day as "31 maart 2025" or "31 March 2025"."""
    return f"{day.day} {MONTHS.in_language(language).split()[day.month - 1]} {day.year}"


def period_in_words(first: date, last: date, language: Language) -> str:
    """Return a period, both days included, in words."""
    until = UNTIL.in_language(language)
    return f"{day_in_words(first, language)} {until} {day_in_words(last, language)}"


def category_label(programme: Programme, dimension: str, code: str) -> Words:
    """Return the label of a category, or "Total"."""
    return ALL if code == TOTAL else programme.dimension(dimension).category(code).label


def cell_label(programme: Programme, cell: Cell) -> Words:
    """Return a cell in words, its categories joined: "arbeidsuitbuiting · vrouw"; else "Total"."""
    labels = [category_label(programme, name, code) for name, code in cell.at] or [ALL]
    return Words(" · ".join(label.nl for label in labels), " · ".join(label.en for label in labels))


def grid_of(
    programme: Programme, table: TableSpec, values: Mapping[Cell, int], language: Language
) -> Grid:
    """Lay one table out in rows and columns; KeyError when one of its cells has no value."""
    *down, across = table.axes if len(table.axes) > 1 else (*table.axes, None)
    headings = [programme.dimension(axis.dimension).label for axis in down if axis]
    columns = (
        [category_label(programme, across.dimension, code) for code in _codes(programme, across)]
        if across
        else [NUMBER]
    )
    return Grid(
        code=table.code,
        title=table.title.in_language(language),
        unit=programme.measure(table.measure).unit.in_language(language),
        labels=tuple(label.in_language(language) for label in headings or [SUBJECT]),
        columns=tuple(label.in_language(language) for label in columns),
        rows=tuple(_rows(programme, table, [a for a in down if a], across, values, language)),
    )


def _rows(
    programme: Programme,
    table: TableSpec,
    down: list[Axis],
    across: Axis | None,
    values: Mapping[Cell, int],
    language: Language,
) -> Iterator[Row]:
    whole = values[Cell.of(table.measure, dict(table.where))]
    for place in product(*(_codes(programme, axis) for axis in down)):
        at = {axis.dimension: code for axis, code in zip(down, place, strict=True)}
        cell = Cell.of(table.measure, at | dict(table.where))
        labels = [category_label(programme, name, code) for name, code in at.items()] or [ALL]
        yield Row(
            labels=tuple(label.in_language(language) for label in labels),
            counts=tuple(values[one] for one in _across(programme, cell, across)),
            share=_share(values[cell], whole, language) if down and not across else "",
            is_total=TOTAL in place,
        )


def _across(programme: Programme, cell: Cell, axis: Axis | None) -> list[Cell]:
    if axis is None:
        return [cell]
    return [cell.moved(axis.dimension, code) for code in _codes(programme, axis)]


def _share(part: int, whole: int, language: Language) -> str:
    text = shown_percentage(part, whole, language)
    return "" if text == "." else text


def _codes(programme: Programme, axis: Axis) -> list[str]:
    return shown_categories(programme, axis.dimension, axis.levels)
