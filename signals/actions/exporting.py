"""A list of signals as a file, made while it is read, so that memory stays flat."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import Case, Expression, F, Func, TextField, Value, When

from referral.access.context import acting
from referral.audit.actions import record
from referral.organisations.models import Membership
from signals.models import Signal
from signals.querysets import SignalQuerySet

#: The heading of a column, and the field or expression below it.
Columns = Mapping[str, str | Expression]
#: The cells below the headings, a row for each of some signals.
Cells = Callable[[Sequence[Signal]], Iterable[Sequence[str]]]
#: Bytes that go out at once, and signals that are put into words at once.
PART, ROWS = 65_536, 500


@transaction.atomic
def export_signals(
    found: SignalQuerySet, columns: Columns, *, by: Membership, at: datetime
) -> Iterator[bytes]:
    """Record that this list, scoped by visible_to, goes out; returns its CSV in parts of 64 KB.

    The parts are read after this is committed, and the database asks anew who may see what.
    """
    record("signals_exported", by=by, at=at, details={"rows": found.count()})
    return _parts(found, columns, by)


@transaction.atomic
def export_lines(
    found: SignalQuerySet, heading: Sequence[str], cells: Cells, *, by: Membership, at: datetime
) -> Iterator[bytes]:
    """The same, for columns that the database cannot put into words, such as a term."""
    record("signals_exported", by=by, at=at, details={"rows": found.count()})
    return _lines(found.with_names(), heading, cells, by)


def in_words(field: str, words: Mapping[str, str]) -> Expression:
    """The word for each code of this field, empty where there is none."""
    cases = [When(**{field: code}, then=Value(word)) for code, word in words.items()]
    return Case(*cases, default=Value(""), output_field=TextField())


def all_in_words(field: str, words: Mapping[str, str]) -> Expression:
    """The words for the codes of an array, with commas between them."""
    cases: Iterable[Any] = [
        Case(When(**{f"{field}__contains": [code]}, then=Value(word)))
        for code, word in words.items()
    ]
    return Func(Value(", "), *cases, function="concat_ws", output_field=TextField())


def _parts(found: SignalQuerySet, columns: Columns, by: Membership) -> Iterator[bytes]:
    asked = {name: F(field) if isinstance(field, str) else field for name, field in columns.items()}
    names = [f"column_{number}" for number in range(len(asked))]
    lines = found.annotate(**dict(zip(names, asked.values(), strict=True))).values_list(*names)
    query, values = lines.query.sql_with_params()
    yield (",".join(f'"{name}"' for name in asked) + "\r\n").encode()
    with acting(by, purpose="export"), transaction.atomic(), connection.cursor() as cursor:
        copy = f"COPY ({query}) TO STDOUT WITH (FORMAT csv, FORCE_QUOTE *)"
        kept: list[bytes] = []
        size = 0
        with cursor.copy(copy, values) as rows:
            for row in rows:
                kept.append(bytes(row))
                size += len(row)
                if size >= PART:
                    yield b"".join(kept)
                    kept, size = [], 0
        yield b"".join(kept)


def _lines(
    found: SignalQuerySet, heading: Sequence[str], cells: Cells, by: Membership
) -> Iterator[bytes]:
    yield _written([heading])
    with acting(by, purpose="export"), transaction.atomic():
        signals = found.iterator(chunk_size=ROWS)
        while some := list(islice(signals, ROWS)):
            yield _written(cells(some))


def _written(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(rows)
    return text.getvalue().encode()
