"""The gates run on a small country. How fast they are is judged by `dev.py bench` alone."""

import json

import pytest
from django.db import connection

from bench.country import cases_there
from bench.database import guard
from bench.gate import GATES, Measured, medians
from bench.run import run, unknown
from referral.checks import open_reason
from tests import databases

SIZE = 600
#: Has a test of its own, with servers of its own.
ELSEWHERE = {"kill"}
#: These count, and must hold at any size and on any machine.
COUNTED = {
    "breaks in the trail",
    "foreign rows, querysets off",
    "own rows, querysets off",
    "foreign rows, policies off",
    "own rows, policies off",
    "cases in the region queue",
    "double bookings",
    "rounds without a winner",
    "bookings without an answer",
    "rows of the import without outcome",
    "signals too many of one key at once",
    "answers to one key that differ",
}
#: May be nothing at all.
NOTHING = {"memory that five more files took"}


@pytest.fixture
def measured(committed: None) -> dict[str, Measured]:  # noqa: ARG001
    # The gates of signals have a database of their own: an empty copy saves migrating it.
    connection.close()
    with databases.one_at_a_time() as server:
        empty = str(connection.settings_dict["NAME"])
        databases.copy(server, empty, f"baken_bench_signals_{SIZE}")
    found = run(SIZE, only=[name for name in GATES if name not in ELSEWHERE], rounds=2)
    return {one.name: one for one in found}


def test_a_small_country_passes_every_gate_that_counts(measured):
    assert {name for name, one in measured.items() if not one.holds} & COUNTED == set()
    assert measured.keys() >= COUNTED
    assert all(one.value > 0 for name, one in measured.items() if name not in COUNTED | NOTHING)
    assert cases_there() == SIZE
    with guard() as eyes:  # the bulk rows say what the triggers would have said
        wrong = eyes.execute(
            "SELECT count(*) FROM cases_casegrant g FULL JOIN cases_caseaccess a"
            " USING (case_id, organisation_id)"
            " WHERE g.id IS NULL OR a.id IS NULL OR a.level <> g.level"
        ).fetchone()
        unlocked = eyes.execute(
            "SELECT relname FROM pg_class WHERE relname ~ '^(cases|persons|shelters)_'"
            " AND relkind = 'r' AND NOT (relrowsecurity AND relforcerowsecurity)"
        ).fetchall()
        silent = eyes.execute(
            "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'D'"
        ).fetchone()
    assert {name for (name,) in unlocked if not open_reason(name)} == set()
    assert (wrong, silent) == ((0,), (0,))


def test_a_limit_is_kept_from_the_right_side():
    assert Measured("a", 2, 2, "×").holds
    assert not Measured("a", 2.1, 2, "×").holds
    assert Measured("a", 500, 500, "rows/s", at_least=True).holds
    assert not Measured("a", 499, 500, "rows/s", at_least=True).holds


def test_a_machine_reads_one_line_a_gate():
    one = Measured("import", 612.3456, 500, "rows/s", at_least=True)

    assert json.loads(one.as_json()) == {
        "name": "import", "value": 612.346, "limit": 500, "unit": "rows/s", "holds": True,
    }  # fmt: skip
    assert "holds" in one.as_words()
    assert one.as_row().startswith("| import | 612.346 | ≥ 500 |")


def test_a_gate_that_is_not_there_is_named():
    assert unknown(["list", "speed"]) == ["speed"]


def test_what_is_compared_is_measured_in_turn():
    seen: list[str] = []

    medians(lambda: seen.append("a"), lambda: seen.append("b"), rounds=2, warm=1)

    assert "".join(seen) == "abababab"[:6]
