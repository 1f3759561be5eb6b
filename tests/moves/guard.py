"""The database as the guard sees it, who is bound by no policy: what every page is held against."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


@contextmanager
def as_guard() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE baken_guard")
        try:
            yield
        finally:
            if not connection.needs_rollback:
                cursor.execute("SET LOCAL ROLE baken_web")


def rows(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with as_guard(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def row_of(table: str, pk: Any) -> tuple[str, str]:
    """Its status, and a mark of everything that stands in it."""
    [found] = rows(f"SELECT status, md5(t::text) FROM {table} t WHERE id = %s", pk)  # noqa: S608
    return found


def last_line() -> int:
    """The number of the last line of the trail."""
    [(number,)] = rows("SELECT coalesce(max(id), 0) FROM audit_auditevent")
    return number


def lines_since(number: int) -> list[tuple[str, str, str]]:
    """What the trail got since: the action, and the kind and key of what it is about."""
    return rows(
        "SELECT action, object_type, object_id FROM audit_auditevent WHERE id > %s ORDER BY id",
        number,
    )
