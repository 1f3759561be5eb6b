"""The release as tidy CSV: one line for each cell of each table, both languages."""

import csv
from io import StringIO

from reporting.exports.document import ReleaseDocument, cell_label
from reporting.figures import shown
from reporting.lattice import cells_of

BEFORE = ["release", "first_day", "last_day", "table", "title_nl", "title_en", "unit_nl", "unit_en"]
AFTER = ["cell", "label_nl", "label_en", "value", "shown"]


def csv_of(document: ReleaseDocument) -> bytes:
    """Return UTF-8 CSV (RFC 4180, comma, CRLF), the same bytes for the same release.

    Columns: release, period (both days included), table and unit; a column for each dimension
    with the category code or "total"; the cell's code, labels, value (protected count, a multiple
    of five; 0 stands for 0 to 4) and the value as it is shown.
    """
    out, programme = StringIO(newline=""), document.programme
    writer = csv.writer(out, lineterminator="\r\n")
    names = [dimension.code for dimension in programme.dimensions]
    writer.writerow([*BEFORE, *names, *AFTER])
    for table in programme.tables:
        unit = programme.measure(table.measure).unit
        before = [
            document.reference,
            document.first_day.isoformat(),
            document.last_day.isoformat(),
            *(table.code, table.title.nl, table.title.en, unit.nl, unit.en),
        ]
        for cell in cells_of(programme, table):
            label, value = cell_label(programme, cell), document.values[cell]
            places = [cell.category(name) for name in names]
            after = [cell.code, label.nl, label.en, value, shown(value, "nl")]
            writer.writerow([*before, *places, *after])
    return out.getvalue().encode()
