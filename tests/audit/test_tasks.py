"""Sealing, new months and the anchor: as the worker does it."""

import json
import re
import time
from itertools import pairwise

import psycopg
import pytest
from django.core import mail
from django.db import DatabaseError, connection, transaction

from referral.audit import tasks
from referral.organisations.roles import Role
from tests.audit.trail import PATIENCE, await_older, check, one, owner, seal, seal_all, write
from tests.factories.people import make_member

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture
def as_worker(committed: None):  # noqa: ARG001
    """The connection of these tests becomes the worker's."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE baken_worker")
    yield
    connection.close()


def test_each_seal_holds_the_one_before():
    member = make_member(Role.ZC)
    for _ in range(3):
        write(member, 2)
        seal_all()
    with owner() as connected:
        connected.execute("ALTER TABLE audit_seal NO FORCE ROW LEVEL SECURITY")
        seals = connected.execute(
            "SELECT seq, row_count, from_xid, until_xid, previous, hash FROM audit_seal ORDER BY seq"
        ).fetchall()
        connected.execute("ALTER TABLE audit_seal FORCE ROW LEVEL SECURITY")

    assert [item[0] for item in seals] == list(range(1, len(seals) + 1))
    assert sum(item[1] for item in seals) == 6
    assert seals[0][4] == b""
    for before, after in pairwise(seals):
        assert after[4] == before[5]
        assert after[2] == before[3]


def test_without_new_lines_there_is_no_new_seal():
    write(make_member(Role.ZC))
    head = seal_all()

    assert seal() == head
    assert check().seals == head[0]


def test_a_line_of_a_transaction_still_open_is_sealed_after_it_ends():
    """Nothing can slip in under a seal: what is open holds the seal back."""
    member = make_member(Role.ZC)
    with owner() as slow, slow.transaction():
        slow.execute("SELECT pg_current_xact_id()")
        write(member, 2)
        seal()
        assert check().unsealed == 2
        slow.execute(
            "INSERT INTO audit_auditevent (action, result, happened_at)"
            " VALUES ('case_opened', 'done', now())"
        )
    seal_all()

    report = check()
    assert (report.whole, report.rows, report.unsealed) == (True, 3, 0)


def test_two_sealers_at_once_make_one_chain():
    member = make_member(Role.ZC)
    write(member, 3)
    with owner() as first, owner() as second:
        with first.transaction():
            first.execute("SELECT baken.seal_audit()")
            second.execute("SET lock_timeout = '200ms'")
            with pytest.raises(psycopg.errors.LockNotAvailable):
                second.execute("SELECT baken.seal_audit()")
        second.execute("SELECT baken.seal_audit()")
    seal_all()

    assert check().whole


def test_after_a_restore_into_a_new_server_the_trail_goes_on():
    """There, transaction numbers start low: a line is refused until the sealer has seen it."""
    member = make_member(Role.ZC)
    write(member, 2)
    seal_all()
    with owner() as connected:
        connected.execute("UPDATE baken.audit_counter SET xid_offset = -50000")
        try:
            with pytest.raises(DatabaseError, match="audit_number_is_not_sealed_already"):
                one(member)
            seal()
            write(member, 2)
            head = seal_all()
            again = check("{}:{}".format(*head))
        finally:
            connected.execute("UPDATE baken.audit_counter SET floor = 0, xid_offset = 0")

    assert (again.whole, again.rows, again.unsealed) == (True, 4, 0)


@pytest.mark.usefixtures("as_worker")
def test_the_head_goes_to_the_log_as_json(caplog):
    write(make_member(Role.ZC), 2)
    caplog.set_level("INFO", logger="referral.audit.tasks")
    await_older()
    end = time.monotonic() + PATIENCE
    while check().unsealed and time.monotonic() < end:
        tasks.seal()

    heads = [json.loads(line.message) for line in caplog.records]
    assert heads[-1]["event"] == "audit_seal_head"
    assert sum(head["new_rows"] for head in heads) == 2
    assert check("{seq}:{hash}".format(**heads[-1])).whole


@pytest.mark.usefixtures("as_worker")
def test_the_anchor_is_mailed_to_the_auditor(settings):
    settings.AUDITOR_EMAIL = "auditor@example.invalid"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    tasks.anchor()
    assert mail.outbox == []

    write(make_member(Role.ZC))
    head = "{}:{}".format(*seal_all())
    tasks.anchor()

    [letter] = mail.outbox
    assert letter.to == ["auditor@example.invalid"]
    assert re.findall(r"\d+:[0-9a-f]{64}", letter.body) == [head, head]
    settings.AUDITOR_EMAIL = ""
    tasks.anchor()
    assert len(mail.outbox) == 1


@pytest.mark.usefixtures("as_worker")
def test_the_worker_makes_the_months_and_nobody_else():
    tasks.make_partitions()
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE baken_web")
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            cursor.execute("SELECT baken.make_audit_partitions()")


def test_a_real_worker_seals(worker):
    member = make_member(Role.ZC)
    write(member, 5)
    await_older()
    end = time.monotonic() + PATIENCE
    while check().unsealed:
        assert time.monotonic() < end, worker.log()
        tasks.seal.delay()
        time.sleep(0.3)

    assert check().whole
