"""The trail and the deed commit together; and what a trail of many rows costs."""

import time

import pytest
from django.db import transaction
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from referral.access.context import acting
from referral.audit.actions import Line, record, record_many
from referral.organisations.roles import Role
from tests.audit.trail import events, owner
from tests.factories.people import make_member

pytestmark = pytest.mark.usefixtures("committed")


def test_a_line_belongs_in_the_transaction_of_its_deed():
    member = make_member(Role.ZC)
    with acting(member, purpose="test"), pytest.raises(TransactionManagementError):
        record("case_opened", by=member, at=timezone.now())
    with acting(member, purpose="test"), transaction.atomic():
        record("case_opened", by=member, at=timezone.now())
        transaction.set_rollback(True)

    assert events() == []


def test_many_lines_cost_little_more_than_the_bare_rows():
    """The signature is checked once a statement: once a row would cost thirty times as much."""
    member = make_member(Role.ZC)
    count = 20_000
    lines = [Line(action="case_opened", on=member, ids=[n]) for n in range(count)]
    with acting(member, purpose="test"), transaction.atomic():
        record_many(lines[:1000], by=member, at=timezone.now())
        started = time.perf_counter()
        record_many(lines, by=member, at=timezone.now())
        with_guards = time.perf_counter() - started

    with owner() as connected, connected.transaction(force_rollback=True):
        connected.execute(
            "CREATE TABLE bare (LIKE audit_auditevent INCLUDING INDEXES INCLUDING DEFAULTS)"
        )
        started = time.perf_counter()
        connected.execute(
            "INSERT INTO bare (id, xid, action, object_type, object_id, ids, result, happened_at,"
            " row_hash) SELECT n, 1, 'case_opened', 'organisations.membership', n::text,"
            " ARRAY[n::text], 'done', now(), sha256(n::text::bytea) FROM generate_series(1, %s) n",
            [count],
        )
        bare = time.perf_counter() - started

    assert len(events()) == count + 1000
    assert with_guards < 12 * bare, f"{count / with_guards:.0f} rows/s, bare {count / bare:.0f}"
