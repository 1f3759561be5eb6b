"""The release as a workbook: cover, notes, and one sheet for each table; nothing hidden."""

from datetime import datetime
from io import BytesIO
from typing import Any

import xlsxwriter

from reporting.exports import words
from reporting.exports.document import Grid, ReleaseDocument, SpokenDocument
from reporting.figures import FEW
from reporting.tables import Language

# A published 0 stands for 0 to 4: the number stays 0, so that sums add up, and is shown as "<5".
NUMBER_FORMAT = f'[=0]"{FEW}";#,##0'
BLUE = "#173f6b"


def xlsx_of(document: ReleaseDocument, language: Language) -> bytes:
    """Return the workbook (Office Open XML) in "nl" or "en", the same bytes for the same release.

    Every cell is a protected count or a text; there are no formulas, hidden sheets, rows or
    columns. The date inside is the reference date.
    """
    spoken, out = document.in_language(language), BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        made = datetime.combine(document.counted_on, datetime.min.time())
        book.set_properties({"title": spoken.title, "subject": spoken.reference, "created": made})
        formats = _formats(book)
        _cover(book.add_worksheet(words.ABOUT.in_language(language)), spoken, formats)
        _notes(book.add_worksheet(words.NOTES.in_language(language)), spoken, formats)
        for grid in spoken.grids:
            _table(book.add_worksheet(grid.code), grid, formats, language)
    return out.getvalue()


def _formats(book: Any) -> dict[str, Any]:
    heading = {"bold": True, "font_color": "#ffffff", "bg_color": BLUE, "text_wrap": True}
    return {
        "title": book.add_format({"bold": True, "font_size": 16, "font_color": BLUE}),
        "strong": book.add_format({"bold": True, "valign": "top"}),
        "heading": book.add_format(heading),
        "number": book.add_format({"num_format": NUMBER_FORMAT}),
        "total": book.add_format({"num_format": NUMBER_FORMAT, "bold": True}),
        "right": book.add_format({"align": "right"}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
    }


def _cover(sheet: Any, spoken: SpokenDocument, formats: dict[str, Any]) -> None:
    facts = [
        (words.PERIOD, spoken.period),
        (words.COUNTED_ON, spoken.counted_on),
        (words.REFERENCE, spoken.reference),
        (words.RECONCILIATION, spoken.reconciliation),
    ]
    lines = [(label.in_language(spoken.language), text) for label, text in facts if text]
    sheet.write_string(0, 0, spoken.title, formats["title"])
    _pairs(sheet, 2, lines, formats)
    start = len(lines) + 3
    sheet.write_string(start, 0, words.CONTENTS.in_language(spoken.language), formats["strong"])
    _pairs(sheet, start + 1, [(grid.code, grid.title) for grid in spoken.grids], formats)


def _notes(sheet: Any, spoken: SpokenDocument, formats: dict[str, Any]) -> None:
    sheet.write_string(0, 0, words.DEFINITIONS.in_language(spoken.language), formats["title"])
    _pairs(sheet, 2, list(spoken.definitions), formats)
    start = len(spoken.definitions) + 3
    sheet.write_string(start, 0, words.NOTES.in_language(spoken.language), formats["title"])
    for number, note in enumerate(spoken.notes, start=start + 2):
        sheet.write_string(number, 1, note, formats["wrap"])


def _pairs(sheet: Any, start: int, lines: list[tuple[str, str]], formats: dict[str, Any]) -> None:
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 100)
    for number, (left, right) in enumerate(lines, start=start):
        sheet.write_string(number, 0, left, formats["strong"])
        sheet.write_string(number, 1, right, formats["wrap"])


def _table(sheet: Any, grid: Grid, formats: dict[str, Any], language: Language) -> None:
    width, share = len(grid.labels), words.SHARE.in_language(language)
    headings = [*grid.labels, *grid.columns, *([share] if grid.has_shares else [])]
    sheet.set_column(0, width - 1, 34)
    sheet.set_column(width, len(headings) - 1, 14)
    sheet.write_string(0, 0, f"{grid.code} {grid.title}", formats["title"])
    sheet.write_string(1, 0, f"{words.UNIT.in_language(language)}: {grid.unit}")
    for column, heading in enumerate(headings):
        sheet.write_string(3, column, heading, formats["heading"])
    for number, row in enumerate(grid.rows, start=4):
        for column, text in enumerate(row.labels):
            sheet.write_string(number, column, text, formats["strong" if row.is_total else "wrap"])
        for column, count in enumerate(row.counts, start=width):
            sheet.write_number(
                number, column, count, formats["total" if row.is_total else "number"]
            )
        if row.share:
            sheet.write_string(number, width + len(row.counts), row.share, formats["right"])
    sheet.freeze_panes(4, width)
