"""A release document as CSV, workbook and tagged PDF; the same document gives the same bytes."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO, StringIO
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import weasyprint
import xlsxwriter
from django.template.loader import render_to_string
from django.utils.translation import override

from reporting.figures import shown

if TYPE_CHECKING:
    from reporting.documents import Grid, ReleaseDocument

#: A workbook carries a date of making; a fixed one keeps its bytes the same.
MADE = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
WORDS = {
    "nl": {"cover": "Voorblad", "notes": "Toelichting", "table": "tabel", "unit": "eenheid",
           "value": "aantal", "column": "kolom", "period": "Periode", "counted": "Geteld op"},
    "en": {"cover": "Cover", "notes": "Notes", "table": "table", "unit": "unit",
           "value": "count", "column": "column", "period": "Period", "counted": "Counted on"},
}  # fmt: skip
ROW_LABELS = 3


@dataclass(frozen=True, slots=True)
class ExportFile:
    """One file to be kept and downloaded."""

    name: str
    media_type: str
    content: bytes


def as_csv(document: ReleaseDocument, *, name: str) -> ExportFile:
    """One line a figure (tidy), UTF-8: table, unit, up to three row labels, column, count."""
    words = WORDS[document.language]
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    labels = [f"label_{number}" for number in range(1, ROW_LABELS + 1)]
    writer.writerow([words["table"], words["unit"], *labels, words["column"], words["value"]])
    for grid in document.grids:
        for places, values in grid.shown_rows(document.language):
            padded = [*places, *[""] * (ROW_LABELS - len(places))]
            for column, value in zip(grid.columns, values, strict=True):
                writer.writerow([grid.code, grid.unit, *padded, column, value])
    return ExportFile(name, "text/csv; charset=utf-8", out.getvalue().encode())


def as_workbook(document: ReleaseDocument, *, name: str) -> ExportFile:
    """A cover, the notes, and one sheet a table; no hidden cells, no formulas."""
    words, out = WORDS[document.language], BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"title": document.title, "created": MADE, "author": "Baken"})
        bold = book.add_format({"bold": True})
        cover = book.add_worksheet(words["cover"])
        cover.set_column(0, 0, 28)
        cover.set_column(1, 1, 90)
        lines = [
            (document.title, ""),
            (words["period"], document.period),
            (words["counted"], document.counted_on),
            ("", document.reconciliation),
            *((unit, definition) for unit, definition in document.definitions),
            *((grid.code, grid.title) for grid in document.grids),
        ]
        for row, (head, text) in enumerate(lines):
            cover.write_string(row, 0, head, bold)
            cover.write_string(row, 1, text)
        notes = book.add_worksheet(words["notes"])
        notes.set_column(0, 0, 110)
        for row, note in enumerate(document.notes):
            notes.write_string(row, 0, note)
        for grid in document.grids:
            _sheet(book, grid, document, bold)
    return ExportFile(
        name,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        same_bytes(out.getvalue()),
    )


def _sheet(book: xlsxwriter.Workbook, grid: Grid, document: ReleaseDocument, bold: object) -> None:
    sheet = book.add_worksheet(grid.code)
    sheet.set_column(0, len(grid.labels) - 1, 34)
    sheet.write_string(0, 0, f"{grid.title} ({grid.unit})", bold)
    for column, label in enumerate([*grid.labels, *grid.columns]):
        sheet.write_string(2, column, label, bold)
    for row, (places, values) in enumerate(grid.rows, start=3):
        for column, place in enumerate(places):
            sheet.write_string(row, column, place)
        for column, value in enumerate(values, start=len(places)):
            if value:
                sheet.write_number(row, column, value)
            else:
                sheet.write_string(row, column, shown(value, document.language))
    sheet.freeze_panes(3, len(grid.labels))


def same_bytes(archive: bytes) -> bytes:
    """The same archive with fixed times, so that the same content is the same file."""
    out = BytesIO()
    with ZipFile(BytesIO(archive)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = ZipInfo(name, date_time=(2000, 1, 1, 0, 0, 0))
            entry.compress_type = ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return out.getvalue()


def as_pdf(document: ReleaseDocument, *, name: str) -> ExportFile:
    """A tagged PDF (PDF/UA-1), with a head for each table and the notes at the end."""
    with override(document.language):
        html = render_to_string(
            "reporting/release_pdf.html",
            {
                "document": document,
                "grids": [
                    (grid, list(grid.shown_rows(document.language, only_telling=True)))
                    for grid in document.grids
                ],
            },
        )
    content: bytes = weasyprint.HTML(string=html).write_pdf(
        pdf_variant="pdf/ua-1", pdf_identifier=name.encode()
    )
    return ExportFile(name, "application/pdf", content)
