"""The night watch raises an alarm, and the command says it with an exit code."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from referral.access.context import acting
from referral.notices.kinds import Kind
from referral.notices.querysets import unread_count
from referral.organisations.roles import Role
from referral.oversight import tasks
from tests.audit.trail import seal_all, tampering, write
from tests.factories.people import make_member
from tests.notices.post_office import go_round, notices

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def trail(committed: None):  # noqa: ARG001
    write(make_member(Role.ZC), 3)
    return seal_all()


def spoil() -> None:
    with tampering() as attacker:
        touched = attacker.execute(
            "UPDATE audit_auditevent SET action = 'nothing_seen' WHERE id = 2"
        )
        assert touched.rowcount == 1


def verify(*arguments: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("verify_audit", *arguments, stdout=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


@pytest.mark.usefixtures("trail")
def test_a_whole_trail_lets_everyone_sleep():
    tasks.verify()

    assert notices() == []


@pytest.mark.usefixtures("trail")
def test_a_broken_trail_wakes_all_who_watch_over_it():
    watchers = [make_member(role) for role in (Role.FG, Role.AUDITOR, Role.PLATFORM_ADMIN)]
    charlie = make_member(Role.ZC)
    spoil()
    tasks.verify()
    go_round()

    assert {item.kind for item in notices()} == {Kind.AUDIT_ALARM}
    assert all(item.urgent for item in notices())
    for member in watchers:
        with acting(member, purpose="test"), transaction.atomic():
            assert unread_count(member) == 1
    with acting(charlie, purpose="test"), transaction.atomic():
        assert unread_count(charlie) == 0


def test_the_command_says_that_the_trail_is_whole(trail):
    head = "{}:{}".format(*trail)
    code, words = verify("--anchor", head)

    assert code == 0
    assert "3 rows" in words
    assert head in words
    assert "The trail is whole." in words


@pytest.mark.usefixtures("trail")
def test_the_command_names_the_break_and_ends_with_1():
    spoil()
    code, words = verify()

    assert code == 1
    assert "BROKEN at seal 1: rows do not match their own hash, 1 rows (2)" in words


@pytest.mark.usefixtures("trail")
def test_the_command_speaks_to_machines_too():
    code, words = verify("--json")
    report = json.loads(words)
    assert (code, report["whole"], report["rows"], report["breaks"]) == (0, True, 3, [])

    spoil()
    code, words = verify("--json", "--anchor", f"9:{'0' * 64}")
    report = json.loads(words)
    assert (code, report["whole"]) == (1, False)
    assert {item["what"] for item in report["breaks"]} == {
        "rows do not match their own hash",
        "the end was cut off: the anchored seal is gone",
    }


def test_an_anchor_that_is_none_is_refused():
    with pytest.raises(CommandError, match="SEQ:HASH"):
        verify("--anchor", "yesterday")
