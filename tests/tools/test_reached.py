"""What the tests reached is counted as it was told, line by line and branch by branch."""

from collections import defaultdict

import pytest
from django.template import engines

from tools import reached

FILE = "referral/lib/outbound.py"


@pytest.fixture
def told(monkeypatch):
    found = defaultdict(set)
    monkeypatch.setattr(reached, "TOLD", found)
    monkeypatch.setitem(reached.CONFIGURED, "source", ["referral/lib"])
    return found


def test_what_nobody_told_of_was_not_reached(told):
    file = reached.everything_told()["files"][FILE]
    there = file["missing_lines"], file["missing_branches"]
    assert all(there)
    assert not file["executed_lines"]
    assert not file["executed_branches"]

    [line, *lines], [branch, *branches] = there
    told[FILE] = {line, branch, 9_999}  # nobody reaches a line that is not there
    report = reached.everything_told()

    file = report["files"][FILE]
    assert (file["executed_lines"], file["executed_branches"]) == ([line], [branch])
    assert (file["missing_lines"], file["missing_branches"]) == (lines, branches)
    assert reached.falls_short(report)


def test_all_that_there_is_suffices(told):
    for name, file in reached.everything_told()["files"].items():
        told[name] = {*file["missing_lines"], *file["missing_branches"]}

    report = reached.everything_told()

    assert report["summary"]["percent_covered"] == 100
    assert not reached.falls_short(report)


def test_a_template_is_reached_where_it_was_rendered():
    [engine] = engines.all()
    nodes = set(engine.get_template("404.html").template.nodelist)

    lines = reached.lines_of(nodes)

    assert set(lines) == {"templates/404.html"}
    assert 1 in lines["templates/404.html"]
    assert reached.lines_of(set()) == {}
