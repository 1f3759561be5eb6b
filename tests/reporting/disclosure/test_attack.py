from itertools import product
from random import Random

import pytest

from reporting.disclosure.attack import Attacker, audit_rounding
from reporting.disclosure.polyhedron import Polyhedron
from reporting.disclosure.rounding import round_jointly
from reporting.lattice import lattice_of, tabulate
from reporting.tables import Cell
from tests.reporting.programmes import flat, ned, programme_of, random_case, table

OUTSIDER = Attacker("outsider")


def prepared(programme, people):
    lattice = lattice_of(programme)
    counts = tabulate(programme, lattice, {"victims": people})
    rounding = round_jointly(counts, lattice.sums, secret=b"test", support=lattice.support)
    return lattice, counts, rounding.values


def ring(size):
    """`size` categories with one person each: eleven published fives under a total of ten."""
    programme = programme_of([flat("a", size)], table("T", ("a", ("a",))))
    lattice = lattice_of(programme)
    counts = tabulate(programme, lattice, {"victims": [{"a": f"a{n}"} for n in range(size)]})
    published = {cell: 5 if cell.at else 10 for cell in lattice.published}
    return lattice, counts, published


def test_fives_that_do_not_add_up_give_the_small_counts_away():
    """Each is at least one and together at most 14, so each of eleven is provably 1 to 4."""
    audit = audit_rounding(*ring(11), attacker=OUTSIDER)

    assert not audit.passed
    assert audit.tested == len(audit.unsafe) == 11
    assert audit.unsafe[0].possible == (1, 2, 3, 4)


def test_a_little_room_more_and_nothing_is_proven():
    audit = audit_rounding(*ring(9), attacker=OUTSIDER)

    assert audit.passed
    assert audit.least_possible >= 5


def test_one_who_knows_the_total_narrows_it_down():
    lattice, counts, published = ring(9)
    total = Cell.of("victims", {})

    audit = audit_rounding(
        lattice, counts, published, attacker=Attacker("total", leaked={total: 9})
    )

    assert {finding.possible for finding in audit.unsafe} == {(1,)}


def test_one_who_knows_own_cases_subtracts_them():
    """Ten of eleven are the agency's own: the last one is alone, and the agency knows it."""
    lattice, counts, published = ring(11)
    own = {Cell.of("victims", {"a": f"a{n}"}): 1 for n in range(10)} | {Cell.of("victims", {}): 10}

    audit = audit_rounding(lattice, counts, published, attacker=Attacker("agency", own=own))

    # The last category, and with it the total: all others are known.
    assert {finding.cell.code for finding in audit.unsafe} == {"victims", "victims|a=a10"}


def brute_force(published, leaves):
    """Every table of counts that fits what is published."""
    whole = Cell.of("victims", {})
    ranges = [range(max(0, published[c] - 4), published[c] + 5) for c in leaves]
    for counts in product(*ranges):
        found = dict(zip(leaves, counts, strict=True))
        if abs(sum(counts) - published[whole]) <= 4:
            yield found | {whole: sum(counts)}


@pytest.mark.parametrize("seed", range(15))
def test_the_audit_agrees_with_trying_every_table(seed):
    random = Random(seed)
    programme = programme_of([flat("a", 4)], table("T", ("a", ("a",))))
    people = [{"a": f"a{random.randrange(4)}"} for _ in range(random.randint(2, 14))]
    lattice = lattice_of(programme)
    counts = tabulate(programme, lattice, {"victims": people})
    # Each cell alone, to either side: a careless office, so that some are unsafe.
    published = {
        c: n - n % 5 + (5 * random.randrange(2) if n % 5 else 0) for c, n in counts.items()
    }
    leaves = [cell for cell in lattice.published if cell.at]
    tables = list(brute_force(published, leaves))

    audit = audit_rounding(lattice, counts, published, attacker=OUTSIDER)

    possible = {c: {one[c] for one in tables} for c in counts if 1 <= counts[c] <= 4}
    unsafe = {c for c, v in possible.items() if len(v) < 5 or all(1 <= n <= 4 for n in v)}
    assert {finding.cell for finding in audit.unsafe} == unsafe
    assert audit.tested == len(possible)
    assert all(set(f.possible) == possible[f.cell] for f in audit.unsafe)


@pytest.mark.parametrize("seed", range(8))
def test_joint_rounding_withstands_the_attack(seed):
    lattice, counts, published = prepared(*random_case(seed))

    audit = audit_rounding(lattice, counts, published, attacker=OUTSIDER)

    assert audit.passed, audit.unsafe
    assert audit.tested == 0 or audit.least_possible >= 5


def test_the_real_overlap_withstands_the_attack():
    lattice, counts, published = prepared(*ned())

    audit = audit_rounding(lattice, counts, published, attacker=OUTSIDER)

    assert audit.tested >= 9
    assert audit.passed


def test_rounding_each_cell_alone_does_not_withstand_the_attack():
    """The measure of the attacker: on the same tables, the careless method loses cells."""
    random = Random(1)
    sizes = {"a": 8, "b": 2, "c": 8}
    programme = programme_of(
        [flat(name, size) for name, size in sizes.items()],
        table("T", *((name, (name,)) for name in sizes)),
    )
    people = [
        {n: f"{n}{min(int(random.expovariate(0.5)), size - 1)}" for n, size in sizes.items()}
        for _ in range(1000)
    ]
    lattice, counts, published = prepared(programme, people)
    alone = {cell: 5 * ((n + 2) // 5) for cell, n in counts.items()}
    nearest = Attacker("knows that each cell went to its nearest five", reach=2)

    proven = [
        finding
        for finding in audit_rounding(lattice, counts, alone, attacker=nearest).unsafe
        if set(finding.possible) <= {1, 2, 3, 4}
    ]

    assert proven
    assert audit_rounding(lattice, counts, published, attacker=OUTSIDER).passed


def test_no_table_means_a_mistake_not_a_safe_release():
    a, b = Cell.of("v", {"x": "a"}), Cell.of("v", {"x": "b"})
    room = Polyhedron({a: (0, 4), b: (6, 9)}, [])

    assert room.span(a) == (0, 4)
    assert room.with_value(a, 5) is None
    with pytest.raises(ArithmeticError):
        Polyhedron({a: (5, 4)}, []).span(a)
