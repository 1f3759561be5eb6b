"""The walk along every page looks at each kind of page, and not at a thousand of one kind."""

from pathlib import Path

import pytest

from tools.shots import SAME_SHAPE, Look, Walk, file_name

CASE = "/cases/00006b01-db79-70ea-b211-7bca17c763{:02x}/"


@pytest.fixture
def walk(tmp_path: Path) -> Walk:
    return Walk("zorg-zuid", "http://127.0.0.1:8000", tmp_path, common=set())


def test_pages_of_one_shape_are_visited_a_few_times(walk):
    visited = [number for number in range(9) if walk.is_new(CASE.format(number))]

    assert len(visited) == SAME_SHAPE


def test_a_page_is_visited_once(walk):
    assert walk.is_new("/home/")
    assert not walk.is_new("/home/")


def test_a_page_that_is_the_same_for_everyone_is_visited_by_one(walk, tmp_path):
    other = Walk("agent", walk.base, tmp_path, common=walk.common)

    assert walk.is_new("/accounts/2fa/")
    assert not other.is_new("/accounts/2fa/")
    assert other.is_new("/home/")


def test_pages_of_one_shape_have_one_name():
    assert file_name(CASE.format(1)) == file_name(CASE.format(2)) == "cases_x"
    assert file_name("/") == "start"


@pytest.mark.parametrize(
    "fault", [{"status": 404}, {"too_wide": True}, {"violations": ("color-contrast",)}]
)
def test_a_page_with_a_fault_is_not_well(fault):
    facts = {
        "role": "agent", "path": "/home/", "width": 360, "status": 200, "title": "Home",
        "too_wide": False, "violations": (),
    }  # fmt: skip

    assert Look(**facts).is_well
    assert not Look(**{**facts, **fault}).is_well
