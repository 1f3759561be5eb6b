"""A trail to test with: written by a member, sealed, read by the sealer, attacked by the owner."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection, transaction
from django.utils import timezone

from referral.access.context import acting, service
from referral.audit.actions import Line, record, record_many
from referral.audit.models import AuditEvent
from referral.audit.rules import Report, check_trail
from referral.organisations.models import Membership
from referral.organisations.roles import Role
from tests.processes import database_url

#: Transactions of other databases on this server hold a seal back; so long it may take.
PATIENCE = 300
CHANGES = ["UPDATE {table} SET {column} = {column}", "DELETE FROM {table}", "TRUNCATE {table}"]
TABLES = [("audit_auditevent", "action"), ("audit_seal", "hash")]
PARTS = (
    "SELECT oid::regclass::text FROM pg_class"
    " WHERE relname ~ '^audit_(auditevent|seal)' AND relkind IN ('r', 'p')"
)


def write(member: Membership, count: int = 1, *, action: str = "case_opened") -> None:
    with acting(member, purpose="test"), transaction.atomic():
        lines = [Line(action=action, on=member.organisation, ids=[n]) for n in range(count)]
        record_many(lines, by=member, at=timezone.now())


def one(member: Membership, action: str = "case_opened", **facts: object) -> None:
    with acting(member, purpose="test"), transaction.atomic():
        record(action, by=member, at=timezone.now(), **facts)


def owner() -> psycopg.Connection:
    return psycopg.connect(database_url(), autocommit=True)


def seal() -> tuple[int, str]:
    """Seal once; the new head."""
    with owner() as connected:
        return connected.execute(
            "SELECT seq, encode(hash, 'hex') FROM baken.seal_audit()"
        ).fetchone()


def await_older(*, seconds: float = PATIENCE) -> None:
    """Until whatever is open on this server now has ended: a seal waits for it in any database.

    To ask for the number of the oldest costs next to nothing; to seal and check meanwhile kept
    the cores from the very tests that are waited for.
    """
    end = time.monotonic() + seconds
    with owner() as connected:
        number = connected.execute("SELECT pg_current_xact_id()::text::bigint").fetchone()
        while not connected.execute(
            "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint > %s", number
        ).fetchone()[0]:
            assert time.monotonic() < end, "a transaction stays open on this server"
            time.sleep(0.05)


def seal_all(*, seconds: float = PATIENCE) -> tuple[int, str]:
    """Seal until nothing is open: other databases of the server may hold the horizon back."""
    end = time.monotonic() + seconds
    while True:
        await_older(seconds=seconds)
        head = seal()
        if check().unsealed == 0:
            return head
        assert time.monotonic() < end, "a transaction stays open on this server"


def check(*anchors: str) -> Report:
    with acting(service(Role.SERVICE_SEALER), purpose="test"), transaction.atomic():
        return check_trail(anchors=anchors)


def events() -> list[AuditEvent]:
    """The whole trail, oldest first, as the sealer may read it."""
    with acting(service(Role.SERVICE_SEALER), purpose="test"), transaction.atomic():
        return list(AuditEvent.objects.order_by("pk"))


def found(*anchors: str) -> set[str]:
    return {item.what for item in check(*anchors).breaks}


@contextmanager
def tampering() -> Iterator[psycopg.Connection]:
    """The owner of the tables switches every guard off, works, and switches them on again."""
    connection.close()
    with owner() as connected:
        tables = [name for (name,) in connected.execute(PARTS)]
        for name in tables:
            connected.execute(f"ALTER TABLE {name} DISABLE TRIGGER USER")
            connected.execute(f"ALTER TABLE {name} NO FORCE ROW LEVEL SECURITY")
        try:
            yield connected
        finally:
            for name in tables:
                connected.execute(f"ALTER TABLE {name} ENABLE TRIGGER USER")
                connected.execute(f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY")
