import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporting.disclosure.attack import Attacker
from reporting.disclosure.protection import (
    ReleaseRefused,
    _refuse_violations,
    protect,
    uniform_groups,
)
from reporting.disclosure.rounding import Rounding
from reporting.lattice import lattice_of, tabulate
from reporting.tables import Axis, Cell, Measure, Programme, Sum, TableSpec
from tests.reporting.programmes import VICTIMS, flat, programme_of, random_case, same, table

SECRET = b"sixteen bytes or more"


def counted(programme, people):
    lattice = lattice_of(programme)
    return lattice, tabulate(programme, lattice, {"victims": people})


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32))
def test_a_release_is_safe_against_everyone_or_refused(seed):
    programme, people = random_case(seed)
    lattice, counts = counted(programme, people)
    own = counted(programme, [p for p in people if p["sex"] == "sex0"])[1]

    insiders = [Attacker("agency", own=own)]
    try:
        found = protect(programme, lattice, counts, secret=SECRET, insiders=insiders)
    except ReleaseRefused:
        # Three people, and somebody who knows that they are three: too few to hide among.
        assert len(people) <= 3
        return

    names = [audit.attacker for audit in found.audits]
    assert names[0] == "outsider"
    assert names[-1] == "agency"
    assert all(audit.passed for audit in found.audits)
    assert set(found.values) == set(lattice.published)


def test_the_same_people_and_secret_give_the_same_release():
    programme, people = random_case(4)
    lattice, counts = counted(programme, people)

    first = protect(programme, lattice, counts, secret=SECRET)

    assert protect(programme, lattice, counts, secret=SECRET) == first


def test_a_short_secret_is_refused():
    programme, people = random_case(4)
    lattice, counts = counted(programme, people)

    with pytest.raises(ValueError, match="16 bytes"):
        protect(programme, lattice, counts, secret=b"short")


def test_progress_is_told_in_order():
    programme, people = random_case(4)
    told = []

    protect(programme, *counted(programme, people), secret=SECRET,
            progress=lambda stage, share: told.append((share, stage)))  # fmt: skip

    assert told == sorted(told)
    assert [stage for _, stage in told] == ["rounding", "checking", "attacking", "protected"]


def test_a_release_that_cannot_hide_somebody_is_refused():
    """A neighbour who knows everyone else and the total: no rounding hides the last one."""
    programme = programme_of([flat("a", 3)], table("T", ("a", ("a",))))
    lattice, counts = counted(programme, [{"a": f"a{n}"} for n in range(3)])
    others = {cell: n for cell, n in counts.items() if cell.category("a") != "a2"}

    with pytest.raises(ReleaseRefused, match=r"5 roundings: neighbour .* 1 of 1 .*victims\|a=a2"):
        protect(
            programme,
            lattice,
            counts,
            secret=SECRET,
            insiders=[Attacker("neighbour", leaked=others)],
        )


def three_reports_each():
    """Two victims with three reports each: 2 = 2 = 2 adds up to 6, and 0 or 15 is not near it."""
    reports = Measure("reports", same("reports"), same("each report"))
    total = Cell.of("victims", {})
    steps = [Cell.of("reports", {"step": f"step{n}"}) for n in range(3)]
    programme = Programme(
        "p",
        same("p"),
        (VICTIMS, reports),
        (flat("sex", 2), flat("step", 3)),
        (
            table("victims", ("sex", ("sex",))),
            TableSpec("reports", same("reports"), "reports", (Axis("step", ("step",)),)),
        ),
        tuple(Sum(step, (total,)) for step in steps),
    )
    lattice = lattice_of(programme)
    records = {
        "victims": [{"sex": "sex0"}, {"sex": "sex1"}],
        "reports": [{"step": f"step{n % 3}"} for n in range(6)],
    }
    return programme, lattice, tabulate(programme, lattice, records)


def test_tables_that_cannot_be_rounded_together_are_refused_and_named():
    with pytest.raises(ReleaseRefused, match="it exists without reports"):
        protect(*three_reports_each(), secret=SECRET)


def test_a_rounding_that_breaks_a_sum_never_gets_out():
    programme = programme_of([flat("a", 2)], table("T", ("a", ("a",))))
    _, counts = counted(programme, [{"a": "a0"}])
    values = dict.fromkeys(counts, 0) | {Cell.of("victims", {}): 5}

    with pytest.raises(ReleaseRefused, match="the check failed: victims: a total"):
        _refuse_violations(programme, counts, Rounding(values, gap=0.0, stopped_by_clock=False))


def test_a_group_that_is_all_one_thing_is_pointed_out():
    programme = programme_of([flat("a", 2), flat("b", 2)], table("T", ("a", ("a",)), ("b", ("b",))))
    people = [{"a": "a0", "b": "b1"}] * 6 + [{"a": "a1", "b": "b0"}, {"a": "a1", "b": "b1"}] * 3
    lattice, counts = counted(programme, people)

    assert uniform_groups(lattice, counts) == [Cell.of("victims", {"a": "a0", "b": "b1"})]
