from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporting.lattice import divisions, lattice_of, tabulate
from reporting.tables import TOTAL, Cell, Measure, Programme, ProgrammeRefused, Sum
from tests.reporting.programmes import (
    VICTIMS,
    flat,
    ned,
    nested,
    programme_of,
    random_case,
    same,
    several,
    table,
)


def counted_by_hand(programme, cell, people):
    return sum(
        all(person[n] in programme.dimension(n).leaves_of(category) for n, category in cell.at)
        for person in people
    )


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32))
def test_every_cell_is_counted_as_one_would_by_hand(seed):
    programme, people = random_case(seed)
    lattice = lattice_of(programme)

    counts = tabulate(programme, lattice, {"victims": people})

    assert set(counts) == set(lattice.cells)
    assert all(n == counted_by_hand(programme, cell, people) for cell, n in counts.items())


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32))
def test_every_sum_of_the_lattice_is_true(seed):
    programme, people = random_case(seed)
    lattice = lattice_of(programme)

    counts = tabulate(programme, lattice, {"victims": people})

    assert lattice.sums
    assert all(counts[s.whole] == sum(counts[p] for p in s.parts) for s in lattice.sums)


def test_a_cell_in_two_tables_is_one_cell():
    programme = programme_of(
        [flat("form", 2), flat("sex", 2), flat("age", 2)],
        table("T1", ("form", ("form",)), ("sex", ("sex",))),
        table("T2", ("form", ("form",)), ("age", ("age",))),
    )

    # 9 + 9, less the three that both show: the total and the two forms.
    assert len(lattice_of(programme).published) == 15


def test_a_country_is_the_sum_of_provinces_when_those_stand_between():
    region = nested("region", 4, 2)

    assert divisions(region, TOTAL, [TOTAL, *region.level("region").codes]) == [
        ("region0", "region1", "region2", "region3")
    ]
    everything = [TOTAL, *(code for level in region.levels for code in level.codes)]
    assert divisions(region, TOTAL, everything) == [("regiong0", "regiong1")]
    assert divisions(region, "regiong0", everything) == [("region0", "region2")]
    assert divisions(region, "region0", everything) == []


def test_a_missing_part_leaves_no_sum():
    region = nested("region", 4, 2)

    assert divisions(region, TOTAL, [TOTAL, "region0", "region1"]) == []


def test_overlapping_reporters_are_tied_together_by_cells_that_are_not_printed():
    reporter = several("r", 2, [frozenset({0, 1})])
    programme = programme_of([reporter], table("T", ("r", ("r",))))

    lattice = lattice_of(programme)

    both, only0, only1 = (
        Cell.of("victims", {"r": f"only:{code}"}) for code in ("r0+r1", "r0", "r1")
    )
    assert set(lattice.support) == {both, only0, only1}
    assert Sum(Cell.of("victims", {"r": "r0"}), (only0, both)) in lattice.sums
    assert len(lattice.sums) == 3


def test_the_real_overlap_adds_up():
    programme, people = ned()

    counts = tabulate(programme, lattice_of(programme), {"victims": people})

    assert counts[Cell.of("victims", {})] == 8234
    assert counts[Cell.of("victims", {"reporter": "only:O+P"})] == 59


def test_a_record_without_an_answer_is_refused_rather_than_lost():
    programme = programme_of([flat("sex", 2)], table("T", ("sex", ("sex",))))

    with pytest.raises(ProgrammeRefused, match="no 'sex'"):
        tabulate(programme, lattice_of(programme), {"victims": [{"age": "1"}]})


def test_a_table_of_minors_only_lies_in_the_same_lattice():
    programme = programme_of(
        [flat("age", 2), flat("sex", 2)],
        table("all", ("age", ("age",)), ("sex", ("sex",))),
        table("minors", ("sex", ("sex",)), age="age0"),
    )

    assert len(lattice_of(programme).published) == 9


def bridged(cases):
    """Reports = victims + repeated reports."""
    reports = Measure("reports", same("reports"), same("each report"))
    kind = flat("kind", 2)
    victims, first = Cell.of("victims", {}), Cell.of("reports", {"kind": "kind0"})
    shown = table("T1", ("sex", ("sex",)))
    report_table = type(shown)(
        "T2", same("T2"), "reports", (type(shown.axes[0])("kind", ("kind",)),)
    )
    programme = Programme(
        "p", same("p"), (VICTIMS, reports), (flat("sex", 2), kind), (shown, report_table),
        (Sum(first, (victims,)),),
    )  # fmt: skip
    people = [{"sex": sex} for sex, _ in product(["sex0", "sex1"], range(2))]
    records = {"victims": people, "reports": [{"kind": f"kind{int(n >= cases)}"} for n in range(6)]}
    return programme, records


def test_a_bridge_ties_two_measures_together():
    programme, records = bridged(4)
    lattice = lattice_of(programme)

    assert programme.bridges[0] in lattice.sums
    assert tabulate(programme, lattice, records)[Cell.of("reports", {})] == 6


def test_a_bridge_that_does_not_add_up_is_refused():
    programme, records = bridged(3)

    with pytest.raises(ProgrammeRefused, match="does not add up"):
        tabulate(programme, lattice_of(programme), records)
