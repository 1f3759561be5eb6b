from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporting.disclosure.rounding import Limits, RoundingRefused, _cost_of_up, round_jointly
from reporting.lattice import lattice_of, tabulate
from reporting.tables import Cell, Sum
from tests.reporting.programmes import flat, ned, programme_of, random_case, table

SECRET = b"a secret of the tests only"


def counted(programme, people):
    lattice = lattice_of(programme)
    return lattice, tabulate(programme, lattice, {"victims": people})


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32))
def test_every_sum_is_exact_and_every_error_at_most_four(seed):
    lattice, counts = counted(*random_case(seed))

    values = round_jointly(counts, lattice.sums, secret=SECRET, support=lattice.support).values

    assert set(values) == set(lattice.published)
    printed = [s for s in lattice.sums if {s.whole, *s.parts} <= set(values)]
    assert all(values[s.whole] == sum(values[part] for part in s.parts) for s in printed)
    assert all(value % 5 == 0 and abs(value - counts[c]) <= 4 for c, value in values.items())
    assert all(counts[cell] == value for cell, value in values.items() if counts[cell] % 5 == 0)


def test_the_real_overlap_rounds_with_every_sum_exact():
    lattice, counts = counted(*ned())

    values = round_jointly(counts, lattice.sums, secret=SECRET).values

    assert max(abs(values[cell] - n) for cell, n in counts.items()) <= 4
    assert all(values[s.whole] == sum(values[part] for part in s.parts) for s in lattice.sums)
    assert values[Cell.of("victims", {})] in {8230, 8235}


def best_by_brute_force(counts, sums, secret):
    free = [cell for cell, n in counts.items() if n % 5]
    best = None
    for ups in product([0, 1], repeat=len(free)):
        values = {cell: n - n % 5 for cell, n in counts.items()}
        values |= {c: values[c] + 5 * up for c, up in zip(free, ups, strict=True)}
        if all(values[s.whole] == sum(values[p] for p in s.parts) for s in sums):
            cost = sum(
                _cost_of_up(c, counts[c], secret, {}) for c, up in zip(free, ups, strict=True) if up
            )
            best = cost if best is None else min(best, cost)
    return best


@pytest.mark.parametrize("seed", range(12))
def test_no_rounding_of_a_tiny_table_is_better(seed):
    random = Random(seed)
    programme = programme_of([flat("a", 2), flat("b", 3)], table("T", ("a", ("a",)), ("b", ("b",))))
    people = [
        {"a": f"a{random.randrange(2)}", "b": f"b{random.randrange(3)}"}
        for _ in range(random.randint(5, 40))
    ]
    lattice, counts = counted(programme, people)

    values = round_jointly(counts, lattice.sums, secret=SECRET, limits=Limits(gap=0)).values

    cost = sum(_cost_of_up(c, n, SECRET, {}) for c, n in counts.items() if values[c] > n)
    assert cost == pytest.approx(best_by_brute_force(counts, lattice.sums, SECRET))


def test_the_same_input_gives_the_same_values_and_another_secret_does_not():
    lattice, counts = counted(*ned())

    first = round_jointly(counts, lattice.sums, secret=SECRET).values

    assert round_jointly(counts, lattice.sums, secret=SECRET).values == first
    others = [round_jointly(counts, lattice.sums, secret=bytes([n])).values for n in range(10)]
    assert any(other != first for other in others)


def test_no_direction_is_certain_for_one_who_knows_the_method():
    """Every remainder goes up under some secret and down under another."""
    for remainder in range(1, 5):
        cell = Cell.of("victims", {})
        shown = {
            round_jointly({cell: remainder}, (), secret=f"{n}".encode()).values[cell]
            for n in range(200)
        }
        assert shown == {0, 5}


def test_rounding_stays_near_what_rounding_each_cell_alone_would_give():
    random = Random(3)
    programme = programme_of(
        [flat("form", 8), flat("sex", 3), flat("age", 8)],
        table("T", ("form", ("form",)), ("sex", ("sex",)), ("age", ("age",))),
    )
    people = [
        {n: f"{n}{min(int(random.expovariate(0.5)), s - 1)}" for n, s in (("form", 8), ("sex", 3), ("age", 8))}
        for _ in range(1000)
    ]  # fmt: skip
    lattice, counts = counted(programme, people)

    values = round_jointly(counts, lattice.sums, secret=SECRET).values

    ours = sum(abs(values[cell] - n) for cell, n in counts.items())
    alone = sum(min(n % 5, 5 - n % 5) for n in counts.values())
    assert ours <= 1.25 * alone


def test_a_correction_of_one_person_changes_no_published_value():
    """One victim less, where nothing passes a multiple of five: everything stays as it was."""
    lattice, counts = counted(*ned())
    published = round_jointly(counts, lattice.sums, secret=SECRET).values
    one_less = ("victims", "victims|reporter=only:I", "victims|reporter=I")
    corrected = {cell: n - (cell.code in one_less) for cell, n in counts.items()}
    assert all(corrected[cell] // 5 == n // 5 for cell, n in counts.items())

    again = round_jointly(corrected, lattice.sums, secret=b"another", previous=published).values

    assert sum(again[cell] != value for cell, value in published.items()) == 0


def test_what_cannot_be_rounded_is_refused():
    a, b, whole = (Cell.of("victims", {"a": code}) for code in ("x", "y", "z"))
    untrue = [Sum(whole, (a, b))]

    with pytest.raises(RoundingRefused, match="below five"):
        round_jointly({a: 11, b: 11, whole: 2}, untrue, secret=SECRET)


def test_a_search_that_may_not_start_is_refused_not_guessed():
    lattice, counts = counted(*ned())

    with pytest.raises(RoundingRefused, match="was found"):
        round_jointly(counts, lattice.sums, secret=SECRET, limits=Limits(seconds=0))


def test_an_empty_year_needs_no_solver():
    cell = Cell.of("victims", {})

    assert round_jointly({cell: 0}, (), secret=SECRET).values == {cell: 0}
