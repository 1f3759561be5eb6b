"""The files of a release: the same figures everywhere, nothing else in them, and always the same."""

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
from functools import cache
from hashlib import sha256
from xml.etree import ElementTree as ET

import openpyxl
import pikepdf
import pytest
from weasyprint import HTML

from referral.lib.press import FetchRefused, Inside
from reporting.exports import changed_files, render
from reporting.figures import shown
from reporting.lattice import cells_of
from reporting.tables import Cell
from tests.reporting.exports.releases import release, true_counts_to_hide
from tests.reporting.exports.text import text_of_pdf

NAME = "baken-victims-2025-01-01"


@cache
def files() -> dict[str, bytes]:
    return {file.name: file.content for file in render(release()[0])}


def lines() -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files()[f"{NAME}.csv"].decode())))


def workbook(language: str) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(files()[f"{NAME}-{language}.xlsx"]))


def test_a_release_has_figures_for_machines_and_for_readers_of_both_languages():
    assert sorted(files()) == [
        f"{NAME}-en.pdf", f"{NAME}-en.xlsx", f"{NAME}-manifest.json",
        f"{NAME}-nl.pdf", f"{NAME}-nl.xlsx", f"{NAME}.csv",
    ]  # fmt: skip


def test_every_cell_of_every_table_is_a_line_of_the_csv():
    document, _ = release()
    expected = [
        (table.code, cell.code, document.values[cell])
        for table in document.programme.tables
        for cell in cells_of(document.programme, table)
    ]

    assert [(row["table"], row["cell"], int(row["value"])) for row in lines()] == expected
    small = next(row for row in lines() if row["cell"] == "reports|form=labour|sex=m")
    assert (small["value"], small["shown"]) == ("0", "<5")
    assert (small["form"], small["sex"], small["label_nl"]) == (
        "labour", "m", "arbeidsuitbuiting · man",
    )  # fmt: skip
    assert (small["first_day"], small["last_day"]) == ("2025-01-01", "2025-03-31")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_same_cell_has_the_same_value_in_every_file(language):
    document, _ = release()
    spoken = document.in_language(language)
    by_table = {table.code: [r for r in lines() if r["table"] == table.code]
                for table in document.programme.tables}  # fmt: skip
    text = text_of_pdf(files()[f"{NAME}-{language}.pdf"])
    for grid in spoken.grids:
        in_csv = [int(row["value"]) for row in by_table[grid.code]]
        sheet = workbook(language)[grid.code]
        block = sheet.iter_rows(
            min_row=5, min_col=len(grid.labels) + 1,
            max_col=len(grid.labels) + len(grid.columns), values_only=True,
        )  # fmt: skip
        assert [value for row in block for value in row] == in_csv
        for row in grid.telling_rows():
            printed = " ".join([*row.labels, *(shown(n, language) for n in row.counts)])
            assert printed in text


def test_no_file_holds_a_true_count():
    parts = {f"{NAME}.csv": files()[f"{NAME}.csv"].decode()}
    for name, content in files().items():
        if name.endswith(".xlsx"):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                parts |= {f"{name}/{n}": archive.read(n).decode() for n in archive.namelist()}
        elif name.endswith(".pdf"):
            parts[name] = text_of_pdf(content)
    assert any("7.01" in part for part in parts.values())  # the protected neighbours are there
    for place, part in parts.items():
        found = {
            n for n in true_counts_to_hide() if re.search(rf"(?<![\d.,]){re.escape(n)}(?!\d)", part)
        }
        assert not found, place


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_workbook_has_no_hidden_corner(language):
    book = workbook(language)

    assert len(book.sheetnames) == 2 + 3
    assert not book.defined_names
    for sheet in book:
        assert sheet.sheet_state == "visible"
        assert not any(d.hidden for d in sheet.row_dimensions.values())
        assert not any(d.hidden for d in sheet.column_dimensions.values())
        assert not any(c.data_type == "f" or c.comment for row in sheet.iter_rows() for c in row)


def test_a_number_in_the_workbook_adds_up_and_a_small_one_is_shown_as_such():
    sheet = workbook("nl")["T02"]
    total, female, male = (sheet.cell(row, 2).value for row in (5, 6, 7))

    assert total == female + male
    assert sheet.cell(5, 2).number_format == '[=0]"<5";#,##0'


def test_the_cover_and_the_notes_say_what_is_counted():
    cover = [cell.value for row in workbook("nl").worksheets[0].iter_rows() for cell in row]
    notes = [cell.value for row in workbook("nl").worksheets[1].iter_rows() for cell in row]

    assert {"5 april 2025", "1 januari 2025 tot en met 31 maart 2025", NAME} <= set(cover)
    assert release()[0].in_language("nl").reconciliation in cover
    assert {"meldingen", "elke melding", "Afgerond op vijf & <meer>."} <= set(notes)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_pdf_is_tagged_titled_and_in_its_language(language):
    with pikepdf.open(io.BytesIO(files()[f"{NAME}-{language}.pdf"])) as pdf:
        root = pdf.Root
        assert root.MarkInfo.Marked
        assert str(root.Lang) == language
        assert root.ViewerPreferences.DisplayDocTitle
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
        kinds = set(structure(root.StructTreeRoot))
        assert {"/H1", "/H2", "/Table", "/TR", "/TH", "/TD", "/L", "/LI", "/Figure"} <= kinds


def test_every_picture_in_the_pdf_has_words():
    with pikepdf.open(io.BytesIO(files()[f"{NAME}-nl.pdf"])) as pdf:
        figures = [e for e in elements(pdf.Root.StructTreeRoot) if e.get("/S") == "/Figure"]
        assert [str(figure.Alt) for figure in figures] == [
            "Staafdiagram bij tabel T02: Meldingen naar geslacht"
        ]


def elements(node):
    """Walk down the structure tree; numbers and references to content are leaves."""
    children = node.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            yield child
            yield from elements(child)


def structure(node):
    return (str(element.S) for element in elements(node))


def test_a_document_opens_nothing_outside_itself():
    html = HTML(string='<img src="https://example.org/x.png" alt="">', url_fetcher=Inside())

    with pytest.raises(FetchRefused):
        html.write_pdf()


def test_another_process_writes_the_same_bytes():
    code = (
        "from hashlib import sha256\n"
        "from reporting.exports import render\n"
        "from tests.reporting.exports.releases import release\n"
        "for file in render(release()[0]): print(file.name, sha256(file.content).hexdigest())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert dict(line.split() for line in done.stdout.splitlines()) == {
        name: sha256(content).hexdigest() for name, content in files().items()
    }


def test_the_manifest_tells_which_copy_was_changed():
    manifest = files()[f"{NAME}-manifest.json"]
    others = {name: content for name, content in files().items() if "manifest" not in name}

    assert json.loads(manifest)["release"] == NAME
    assert changed_files(manifest, others) == []
    touched = others | {f"{NAME}.csv": b"", "new.txt": b""}
    del touched[f"{NAME}-nl.pdf"]
    assert changed_files(manifest, touched) == [f"{NAME}-nl.pdf", f"{NAME}.csv", "new.txt"]


def test_a_bigger_figure_in_one_cell_is_another_file():
    document, _ = release()
    cell = Cell.of("reports", {"form": "labour", "sex": "m"})
    values = dict(document.values) | {cell: 5}
    fields = {field: getattr(document, field) for field in document.__dataclass_fields__}

    other = {f.name: f.content for f in render(type(document)(**fields | {"values": values}))}

    assert all(other[name] != content for name, content in files().items())


def test_the_workbook_is_valid_xml_throughout():
    with zipfile.ZipFile(io.BytesIO(files()[f"{NAME}-en.xlsx"])) as archive:
        for name in archive.namelist():
            ET.fromstring(archive.read(name))  # noqa: S314
