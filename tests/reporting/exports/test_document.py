from datetime import date

import pytest

from reporting.exports import SpokenDocument
from reporting.exports.document import cell_label, day_in_words, period_in_words
from reporting.figures import shown
from reporting.tables import Cell, Words
from tests.reporting.exports.releases import programme, release


def spoken(language: str = "nl") -> SpokenDocument:
    return release()[0].in_language(language)


def test_days_and_periods_are_words():
    assert day_in_words(date(2025, 3, 1), "nl") == "1 maart 2025"
    assert day_in_words(date(2025, 3, 1), "en") == "1 March 2025"
    assert (
        period_in_words(date(2025, 1, 1), date(2025, 3, 31), "nl")
        == "1 januari 2025 tot en met 31 maart 2025"
    )


def test_a_cell_has_a_name_in_both_languages():
    cell = Cell.of("reports", {"form": "labour", "sex": "f"})

    assert cell_label(programme(), cell) == Words(
        "arbeidsuitbuiting · vrouw", "labour exploitation · female"
    )
    assert cell_label(programme(), Cell.of("reports", {})) == Words("Totaal", "Total")


def test_the_totals_of_different_units_are_reconciled_in_words():
    document, _ = release()
    values = document.values
    whole, persons, repeated = (
        shown(values[Cell.of(unit, {})], "en") for unit in ("reports", "persons", "repeated")
    )

    line = spoken("en").reconciliation

    assert line == f"{whole} reports = {persons} persons + {repeated} repeated"
    amounts = [values[Cell.of(unit, {})] for unit in ("reports", "persons", "repeated")]
    assert amounts[0] == amounts[1] + amounts[2]


def test_the_last_axis_makes_the_columns():
    grid = spoken().grids[2]

    assert grid.labels == ("vorm",)
    assert grid.columns == ("Totaal", "vrouw", "man")
    assert [row.labels[0] for row in grid.rows] == [
        "Totaal", "seksuele uitbuiting", "arbeidsuitbuiting", "criminele uitbuiting",
    ]  # fmt: skip
    assert [row.is_total for row in grid.rows] == [True, False, False, False]
    assert not grid.has_shares


def test_a_table_of_one_axis_has_shares_of_the_protected_counts():
    document, _ = release()
    female, total = (document.values[Cell.of("reports", at)] for at in ({"sex": "f"}, {}))

    grid = spoken("en").grids[1]

    assert grid.has_shares
    assert grid.rows[1].share == f"{round(100 * female / total)}%"


def test_a_table_without_axes_is_one_number():
    grid = spoken().grids[0]

    assert (grid.labels, grid.columns) == (("Onderwerp",), ("Aantal",))
    assert [row.labels for row in grid.rows] == [("Totaal",)]
    assert not grid.has_shares


def test_rows_that_tell_nothing_are_not_printed():
    grid = spoken().grids[2]

    left_out = [row.labels for row in grid.rows if row not in grid.telling_rows()]

    assert left_out == [row.labels for row in grid.rows if set(row.counts) == {0}]
    assert [labels for labels, _ in grid.shown_rows("nl", only_telling=True)] == [
        row.labels for row in grid.telling_rows()
    ]


def test_counts_are_shown_as_text():
    rows = dict(spoken().grids[2].shown_rows("nl"))

    assert rows["arbeidsuitbuiting",][2] == "<5"
    assert "." in rows["Totaal",][0]


def test_a_release_without_one_of_its_cells_is_not_written():
    document, _ = release()
    lacking = {cell: n for cell, n in document.values.items() if cell.at}

    with pytest.raises(KeyError):
        type(document)(
            **{f: getattr(document, f) for f in document.__dataclass_fields__} | {"values": lacking}
        ).in_language("nl")
