import ast
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporting.disclosure import checker
from reporting.disclosure.checker import violations
from reporting.disclosure.rounding import round_jointly
from reporting.lattice import lattice_of, tabulate
from reporting.tables import Cell
from tests.reporting.programmes import ned, random_case
from tests.reporting.test_lattice import bridged


def rounded(programme, records):
    lattice = lattice_of(programme)
    counts = tabulate(programme, lattice, records)
    values = round_jointly(counts, lattice.sums, secret=b"test", support=lattice.support).values
    return lattice, {cell: counts[cell] for cell in lattice.published}, values


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32))
def test_the_second_opinion_agrees_with_a_good_rounding(seed):
    programme, people = random_case(seed)
    _, counts, values = rounded(programme, {"victims": people})

    assert violations(programme, counts, values) == []


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.integers(0, 10**6))
def test_a_cell_moved_away_from_its_count_is_always_found(seed, choice):
    programme, people = random_case(seed)
    _, counts, values = rounded(programme, {"victims": people})
    cell = sorted(values)[choice % len(values)]

    away = values[cell] + (5 if values[cell] >= counts[cell] else -5)

    assert violations(programme, counts, {**values, cell: away})


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.integers(0, 10**6))
def test_one_cell_rounded_the_other_way_breaks_a_sum(seed, choice):
    programme, people = random_case(seed)
    lattice, counts, values = rounded(programme, {"victims": people})
    printed = [s for s in lattice.sums if {s.whole, *s.parts} <= set(lattice.published)]
    bound = sorted({c for s in printed for c in (s.whole, *s.parts) if counts[c] % 5})
    if not bound:
        return
    cell = bound[choice % len(bound)]
    other = values[cell] + (5 if values[cell] < counts[cell] else -5)

    assert any(
        "is not the sum" in v for v in violations(programme, counts, {**values, cell: other})
    )


@pytest.mark.parametrize(
    ("wrong", "words"),
    [(3, "not a multiple"), (-5, "not a multiple"), (5.0, "not a multiple"), (8250, "5 or more")],
)
def test_a_wrong_total_is_named(wrong, words):
    programme, people = ned()
    _, counts, values = rounded(programme, {"victims": people})
    total = Cell.of("victims", {})

    faults = violations(programme, counts, {**values, total: wrong})

    assert any(fault.startswith("victims: ") and words in fault for fault in faults)


def test_a_multiple_that_moved_is_named():
    """650 stays 650: its neighbours 645 and 655 are five away."""
    programme, people = ned()
    _, counts, values = rounded(programme, {"victims": people})
    cell = Cell.of("victims", {"reporter": "only:R"})
    assert counts[cell] == values[cell] == 650

    for other in (645, 655):
        faults = violations(programme, counts, {**values, cell: other})
        assert f"{cell.code}: 5 or more from the count" in faults


def test_a_missing_cell_is_named():
    programme, people = ned()
    _, counts, values = rounded(programme, {"victims": people})
    del values[Cell.of("victims", {})]

    assert violations(programme, counts, values) == [
        "the published cells are not the counted cells"
    ]


def test_a_broken_bridge_is_named():
    programme, records = bridged(4)
    _, counts, values = rounded(programme, records)
    counts = dict.fromkeys(counts, 4)
    values = dict.fromkeys(counts, 0) | {programme.bridges[0].whole: 5}

    assert any("bridge" in fault for fault in violations(programme, counts, values))


def test_a_reporter_with_more_victims_than_there_are_is_named():
    programme, people = random_case(2)
    _, counts, values = rounded(programme, {"victims": people})
    total, one = Cell.of("victims", {}), Cell.of("victims", {"reporter": "reporter0"})
    programme = replace(programme, tables=())
    truth = {total: counts[total], one: counts[total]}

    faults = violations(programme, truth, {total: values[total], one: values[total] + 5})

    assert any("reporter0 exceeds total" in fault for fault in faults)


def test_the_words_hold_no_true_count():
    programme, people = ned()
    _, counts, values = rounded(programme, {"victims": people})

    faults = " ".join(violations(programme, counts, {cell: n + 50 for cell, n in values.items()}))

    assert faults
    assert not any(str(n) in faults for n in (8234, 4466, 1299))


def test_the_checker_shares_no_code_with_the_solver():
    tree = ast.parse(Path(checker.__file__).read_text())
    modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}

    assert {m for m in modules if m.startswith("reporting")} == {"reporting.tables"}
