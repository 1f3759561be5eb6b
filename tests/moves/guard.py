"""The database as the guard sees it, who is bound by no policy: what every page is held against."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection


@contextmanager
def as_guard(role: str = "baken_guard") -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {role}")
        try:
            yield
        finally:
            if not connection.needs_rollback:
                cursor.execute("SET LOCAL ROLE baken_web")


def rows(sql: str, *values: Any, role: str = "baken_guard") -> list[tuple[Any, ...]]:
    with as_guard(role), connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def row_of(table: str, key: str, pk: Any) -> tuple[str, str]:
    """Its status, and a mark of everything that stands in it."""
    [found] = rows(f"SELECT status, md5(t::text) FROM {table} t WHERE {key} = %s", pk)  # noqa: S608
    return found


#: A record by its table and its key: a plan has the key of its case.
Place = tuple[str, Any]


def statuses(tables: Iterable[tuple[str, str]]) -> dict[Place, str]:
    """Of each record of these tables, given with the names of their keys: where it stands."""
    each = " UNION ALL ".join(
        f"SELECT '{table}', {key}, status FROM {table}"  # noqa: S608
        for table, key in tables
    )
    return {(table, pk): status for table, pk, status in rows(each)}


@dataclass(frozen=True)
class Trail:
    """The trail up to a line: which line that is, and a mark of every line until there."""

    last: int
    mark: str

    @classmethod
    def now(cls, until: int | None = None) -> "Trail":
        [found] = rows(
            "SELECT coalesce(max(id), 0), coalesce(md5(string_agg(row_hash::text, '' ORDER BY id)),"
            " '') FROM audit_auditevent WHERE %s::bigint IS NULL OR id <= %s",
            until,
            until,
            role="baken_auditor",
        )
        return cls(*found)

    def lines_after(self) -> list[tuple[str, str]]:
        """What was written since: the action, and the key of what it is about."""
        return rows(
            "SELECT action, object_id FROM audit_auditevent WHERE id > %s ORDER BY id",
            self.last,
            role="baken_auditor",
        )
