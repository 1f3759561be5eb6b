"""The trail only grows, and its months are kept: the owner of the tables is bound too."""

import psycopg
import pytest

from referral.organisations.roles import Role
from tests.audit.trail import CHANGES, TABLES, events, owner, seal_all, write
from tests.factories.people import make_member

pytestmark = pytest.mark.usefixtures("committed")


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize(("table", "column"), TABLES)
def test_the_owner_is_refused_as_well(change, table, column):
    write(make_member(Role.ZC))
    seal_all()
    with owner() as connected, pytest.raises(psycopg.Error, match="append-only"):
        connected.execute(change.format(table=table, column=column))

    assert len(events()) == 1


@pytest.mark.parametrize("change", CHANGES)
def test_the_owner_is_refused_at_the_back_door_of_a_month(change):
    write(make_member(Role.ZC))
    with owner() as connected:
        month = connected.execute(
            "SELECT tableoid::regclass::text FROM audit_auditevent"  # hidden by its policies
        ).fetchone()
        assert month is None
        for (partition,) in connected.execute(
            "SELECT inhrelid::regclass::text FROM pg_inherits"
            " WHERE inhparent = 'audit_auditevent'::regclass"
        ).fetchall():
            with pytest.raises(psycopg.Error, match="append-only"):
                connected.execute(change.format(table=partition, column="action"))


def test_lines_lie_in_the_partition_of_their_month():
    write(make_member(Role.ZC), 3)
    with owner() as connected:
        connected.execute("ALTER TABLE audit_auditevent NO FORCE ROW LEVEL SECURITY")
        found = connected.execute(
            "SELECT tableoid::regclass::text, to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY_MM')"
            " FROM audit_auditevent"
        ).fetchall()
        connected.execute("ALTER TABLE audit_auditevent FORCE ROW LEVEL SECURITY")

    assert len(found) == 3
    assert all(name == f"audit_auditevent_{month}" for name, month in found)


def test_the_coming_months_are_made_once_and_closed():
    with owner() as connected, connected.transaction(force_rollback=True):
        made = connected.execute("SELECT baken.make_audit_partitions(5)").fetchall()
        again = connected.execute("SELECT baken.make_audit_partitions(5)").fetchall()
        [(open_doors,)] = connected.execute(
            "SELECT count(*) FROM pg_class WHERE relname = ANY(%s) AND (NOT relforcerowsecurity"
            " OR has_table_privilege('baken_web', oid, 'SELECT')"
            " OR has_table_privilege('baken_worker', oid, 'INSERT'))",
            [[name for (name,) in made]],
        )

    assert len(made) == 2
    assert again == []
    assert open_doors == 0


def test_a_month_whose_lines_stand_in_the_default_partition_is_left_there():
    """Safety: when nobody made the month in time, writing goes on and nothing is lost."""
    write(make_member(Role.ZC))
    with owner() as connected, connected.transaction(force_rollback=True):
        [(month,)] = connected.execute(
            "SELECT 'audit_auditevent_' || to_char(now() AT TIME ZONE 'UTC', 'YYYY_MM')"
        )
        connected.execute(f"ALTER TABLE audit_auditevent DETACH PARTITION {month}")
        connected.execute(f"ALTER TABLE {month} RENAME TO taken_away")
        connected.execute(
            "INSERT INTO audit_auditevent (action, result, happened_at)"
            " VALUES ('case_opened', 'done', now())"
        )
        made = connected.execute("SELECT baken.make_audit_partitions()").fetchall()

    assert made == []


def test_a_line_cannot_be_dated_back_even_by_the_owner():
    with owner() as connected, pytest.raises(psycopg.Error, match="audit_event_is_not_back_dated"):
        connected.execute(
            "INSERT INTO audit_auditevent (action, result, happened_at, recorded_at)"
            " VALUES ('case_opened', 'done', now(), now() - interval '1 hour')"
        )


def test_the_auditors_login_reads_everything_and_writes_nothing():
    write(make_member(Role.ZC), 2)
    with owner() as connected:
        connected.execute("SET ROLE baken_auditor")
        assert connected.execute("SELECT count(*) FROM audit_auditevent").fetchone() == (2,)
        with pytest.raises(psycopg.Error, match="permission denied"):
            connected.execute(
                "INSERT INTO audit_auditevent (action, result, happened_at)"
                " VALUES ('case_opened', 'done', now())"
            )
