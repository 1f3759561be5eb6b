"""Counts that are asked apart, by rooms that do not know each other, and fetched together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

Found = QuerySet[Any, Any]


class Tally:
    """One statement for each time that is asked; or, where it waits, for all that was asked.

    What waits is fetched when the first of the numbers is read, or before: by whoever acts then.
    """

    def __init__(self, *, waits: bool = False) -> None:
        self._waits = waits
        self._asked: list[Counts] = []

    def of(self, **found: Found) -> Counts:
        """How many rows each of these finds, by its name."""
        counts = Counts(self, found)
        self._asked.append(counts)
        if not self._waits:
            self.fetch()
        return counts

    def fetch(self) -> None:
        """Put in every number that was asked and is not there yet."""
        asked, self._asked = self._asked, []
        names = [(counts, name) for counts in asked for name in counts.found]
        if not names:
            return
        parts, values = list[str](), list[Any]()
        for counts, name in names:
            sql, given = _counting(counts.found[name])
            parts.append(sql)
            values += given
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(parts)}", values)
            [numbers] = cursor.fetchall()
        for (counts, name), number in zip(names, numbers, strict=True):
            counts.numbers[name] = number


class Counts(Mapping[str, int]):
    """Numbers by name, of one room."""

    def __init__(self, tally: Tally, found: Mapping[str, Found]) -> None:
        self._tally, self.found = tally, found
        self.numbers: dict[str, int] = {}

    def __getitem__(self, name: str) -> int:
        if name in self.found and name not in self.numbers:
            self._tally.fetch()
        return self.numbers[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.found)

    def __len__(self) -> int:
        return len(self.found)


def _counting(found: Found) -> tuple[str, tuple[Any, ...]]:
    try:
        sql, values = found.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return "0", ()
    return f"(SELECT count(*) FROM ({sql}) found)", values  # noqa: S608 -- composed by the ORM
