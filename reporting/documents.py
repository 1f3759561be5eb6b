"""A release as a document: the same words and figures for every file and page."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import product

from django.utils import timezone

from reporting.exports import ExportFile, as_csv, as_pdf, as_workbook
from reporting.figures import shown
from reporting.lattice import shown_categories
from reporting.models import Release
from reporting.tables import TOTAL, Axis, Cell, Language, Programme, TableSpec

LANGUAGES: tuple[Language, ...] = ("nl", "en")
ALL = {"nl": "totaal", "en": "total"}
NOTES = {
    "nl": (
        "Alle aantallen zijn gezamenlijk afgerond op veelvouden van vijf; elke som klopt precies.",
        "Een gepubliceerd aantal ligt hooguit vier van het werkelijke aantal; <5 is 0 tot en met 4.",
        "Percentages worden uit de afgeronde aantallen berekend, en alleen vanaf een totaal van 50.",
        "Regels die overal <5 zijn, staan in de bestanden en niet op papier of scherm.",
        "Iemand kan onder meer dan één vorm van uitbuiting vallen; de vormen tellen dan niet op.",
    ),
    "en": (
        "All counts were rounded jointly to multiples of five; every sum is exact.",
        "A published count lies at most four from the true count; <5 means 0 to 4.",
        "Percentages are computed from rounded counts, and only on a total of 50 or more.",
        "Rows that are <5 throughout stand in the files, and not on paper or screen.",
        "Somebody may stand under more than one form of exploitation; forms then do not add up.",
    ),
}


@dataclass(frozen=True, slots=True)
class Grid:
    """One table as it is shown: a head, and rows of labels and figures."""

    code: str
    title: str
    unit: str
    labels: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[tuple[str, ...], tuple[int, ...]], ...]

    def shown_rows(
        self, language: Language, *, only_telling: bool = False
    ) -> Iterator[tuple[tuple[str, ...], list[str]]]:
        """Labels and figures as text; `only_telling` leaves out rows that are `<5` throughout."""
        for number, (labels, values) in enumerate(self.rows):
            if any(values) or number == 0 or not only_telling:
                yield labels, [shown(value, language) for value in values]


@dataclass(frozen=True, slots=True)
class ReleaseDocument:
    """Everything that a file of a release says, in one language."""

    language: Language
    title: str
    period: str
    counted_on: str
    reconciliation: str
    definitions: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    grids: tuple[Grid, ...]


def document(
    release: Release, programme: Programme, values: Mapping[Cell, int], language: Language
) -> ReleaseDocument:
    last_day = release.period_to.toordinal() - 1
    until = type(release.period_to).fromordinal(last_day)
    counted = release.snapshot_at
    return ReleaseDocument(
        language=language,
        title=programme.title.in_language(language),
        period=f"{release.period_from.isoformat()} / {until.isoformat()}",
        counted_on=timezone.localtime(counted).date().isoformat() if counted else "",
        reconciliation=reconciliation(values, language),
        definitions=tuple(
            (measure.unit.in_language(language), measure.definition.in_language(language))
            for measure in programme.measures
        ),
        notes=NOTES[language],
        grids=tuple(grid(programme, spec, values, language) for spec in programme.tables),
    )


def reconciliation(values: Mapping[Cell, int], language: Language) -> str:
    """How the totals of different units hang together; empty where there is one unit."""
    found = [values.get(Cell.of(code, {})) for code in ("reports", "persons", "repeated")]
    if any(value is None for value in found):
        return ""
    reports, persons, repeated = [shown(value or 0, language) for value in found]
    if language == "nl":
        return f"{reports} meldingen = {persons} unieke personen + {repeated} herhaalde meldingen"
    return f"{reports} reports = {persons} unique persons + {repeated} repeated reports"


def grid(
    programme: Programme, spec: TableSpec, values: Mapping[Cell, int], language: Language
) -> Grid:
    """The table with its last axis as columns and the others as rows."""
    *row_axes, column_axis = spec.axes or (None,)
    columns = choices(programme, column_axis, language)
    rows = []
    for place in product(*(choices(programme, axis, language) for axis in row_axes)):
        at = {axis.dimension: code for axis, (code, _) in zip(row_axes, place, strict=True) if axis}
        figures = []
        for code, _label in columns:
            here = at | ({column_axis.dimension: code} if column_axis else {})
            figures.append(values[Cell.of(spec.measure, here | dict(spec.where))])
        rows.append((tuple(label for _, label in place) or (ALL[language],), tuple(figures)))
    return Grid(
        code=spec.code,
        title=spec.title.in_language(language),
        unit=programme.measure(spec.measure).unit.in_language(language),
        labels=tuple(
            programme.dimension(axis.dimension).label.in_language(language)
            for axis in row_axes
            if axis
        )
        or ("",),
        columns=tuple(label for _, label in columns),
        rows=tuple(rows),
    )


def choices(programme: Programme, axis: Axis | None, language: Language) -> list[tuple[str, str]]:
    """Code and label of everything that an axis shows, the total first."""
    if axis is None:
        return [(TOTAL, ALL[language])]
    dimension = programme.dimension(axis.dimension)
    return [
        (code, ALL[language])
        if code == TOTAL
        else (code, dimension.category(code).label.in_language(language))
        for code in shown_categories(programme, axis.dimension, axis.levels)
    ]


def render_release(
    release: Release, programme: Programme, values: Mapping[Cell, int]
) -> list[ExportFile]:
    """Every file of a release, in both languages; the same figures give the same bytes."""
    name = f"baken-{release.programme_id}-{release.period_from.isoformat()}"
    files = []
    for language in LANGUAGES:
        text = document(release, programme, values, language)
        files += [
            as_csv(text, name=f"{name}-{language}.csv"),
            as_workbook(text, name=f"{name}-{language}.xlsx"),
            as_pdf(text, name=f"{name}-{language}.pdf"),
        ]
    return files


def manifest(values: Mapping[Cell, int], files: Sequence[ExportFile]) -> str:
    """SHA-256 over every figure and every file: what the seal stands for."""
    content = {
        "cells": {cell.code: value for cell, value in values.items()},
        "files": {file.name: sha256(file.content).hexdigest() for file in files},
    }
    return sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
