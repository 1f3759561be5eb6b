"""No status without a row, none that cannot be reached, and the drawing is of the tables."""

from pathlib import Path

import pytest

from tools.states import PAGE, Table, page, tables

TABLES = tables()
ROOT = Path(__file__).parents[2]


BY_TITLE = pytest.mark.parametrize("table", TABLES, ids=[table.title for table in TABLES])


def test_the_drawing_is_of_the_tables():
    assert PAGE.read_text() == page(), "run: python -m tools.states"


def test_every_room_with_moves_is_drawn():
    places = (
        "*/workflow.py",
        "referral/**/workflow.py",
        "signals/*/workflow.py",
        "shelters/*/workflow.py",
    )
    rooms = {str(path.relative_to(ROOT)) for place in places for path in ROOT.glob(place)}

    assert {table.source for table in TABLES} == rooms
    for source in rooms:
        written = (ROOT / source).read_text().count("MOVES: dict[")
        assert written == sum(table.source == source for table in TABLES)


@BY_TITLE
def test_every_status_has_a_row_and_no_row_leads_nowhere(table: Table):
    assert set(table.moves) == set(table.statuses)
    assert {goal for _start, goal, _side in table.arrows()} <= set(table.statuses)


@BY_TITLE
def test_every_status_is_reached_from_a_beginning(table: Table):
    reached, waiting = set(), list(table.beginnings)
    while waiting:
        status = waiting.pop()
        reached.add(status)
        waiting += [goal for goal in table.moves[status] if goal not in reached]

    assert reached == set(table.statuses)


@BY_TITLE
def test_every_status_is_left_or_final(table: Table):
    endings = set(table.endings())
    ends = set(endings)
    while more := {s for s, goals in table.moves.items() if set(goals) & ends} - ends:
        ends |= more

    assert endings
    assert ends == set(table.statuses)
