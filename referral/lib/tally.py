"""Counts and short lists that rooms ask apart, without knowing each other, and fetch together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, overload

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

Found = QuerySet[Any, Any]
Row = Mapping[str, Any]
#: What one number or list is asked with, and who takes the answer.
Question = tuple[str, tuple[Any, ...], Callable[[Any], None]]


class Tally:
    """One statement for each time that is asked; or, where it waits, for all that was asked.

    What waits is fetched when the first of the answers is read, or before: by whoever acts then.
    """

    def __init__(self, *, waits: bool = False) -> None:
        self._waits = waits
        self._asked: list[Question] = []

    def of(self, **found: Found) -> Counts:
        """How many rows each of these finds, by its name."""
        counts = Counts(self, found)
        questions = [
            (*_counting(one), partial(counts.numbers.__setitem__, name))
            for name, one in found.items()
        ]
        self._ask(*questions)
        return counts

    def rows(self, found: Found) -> Rows:
        """The rows themselves, in their order, with the values that were chosen as JSON.

        Of short lists only: `found` says with `values` which columns, and how many at most.
        """
        rows = Rows(self)
        self._ask((*_listing(found), rows.put))
        return rows

    def fetch(self) -> None:
        """Put in every answer that was asked and is not there yet."""
        asked, self._asked = self._asked, []
        if not asked:
            return
        values = [value for _sql, given, _put in asked for value in given]
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(sql for sql, _given, _put in asked)}", values)
            [answers] = cursor.fetchall()
        for (_sql, _given, put), answer in zip(asked, answers, strict=True):
            put(answer)

    def _ask(self, *questions: Question) -> None:
        self._asked += questions
        if not self._waits:
            self.fetch()


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


class Rows(Sequence[Row]):
    """A short list, of one room."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._rows: list[Row] | None = None

    def put(self, rows: list[Row]) -> None:
        self._rows = rows

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> list[Row]: ...
    def __getitem__(self, place: int | slice) -> Row | list[Row]:
        return self._there()[place]

    def __len__(self) -> int:
        return len(self._there())

    def _there(self) -> list[Row]:
        if self._rows is None:
            self._tally.fetch()
        return self._rows or []


def _counting(found: Found) -> tuple[str, tuple[Any, ...]]:
    try:
        sql, values = found.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return "0", ()
    return f"(SELECT count(*) FROM ({sql}) found)", values  # noqa: S608 -- composed by the ORM


def _listing(found: Found) -> tuple[str, tuple[Any, ...]]:
    try:
        sql, values = found.query.sql_with_params()
    except EmptyResultSet:
        return "'[]'::json", ()
    listing = f"(SELECT coalesce(json_agg(found), '[]') FROM ({sql}) found)"  # noqa: S608 -- as above
    return listing, values
