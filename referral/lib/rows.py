"""Many rows written in one statement, with one parameter for all their values.

Django's bulk_update makes a CASE with a branch for every row and field. To compose, resolve and
parse those took a quarter of the time in which the demo country is made.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.backends.postgresql.psycopg_any import Range

#: Rows in one UPDATE; a longer statement is not faster, and holds more in memory.
ROWS = 1000


def update_rows(rows: Sequence[models.Model], fields: Sequence[str]) -> int:
    """Write these fields of objects of one model, as they stand; tell how many rows were found.

    A plain UPDATE: policies and triggers see each row as always, and who may not write a row
    does not find it. What a field sets by itself when it is saved (auto_now) stays as it is.
    """
    return sum(_update(rows[start : start + ROWS], fields) for start in range(0, len(rows), ROWS))


def _update(rows: Sequence[models.Model], names: Sequence[str]) -> int:
    meta = rows[0]._meta
    named = {field.name: field for field in meta.concrete_fields}
    fields = [named[name] for name in names]
    columns = [str(field.column) for field in fields]
    key = str(meta.pk.column)
    types = [f"{key} {meta.pk.rel_db_type(connection)}"]
    types += [f"{field.column} {field.db_type(connection)}" for field in fields]
    values = [{field.column: _value(field, row) for field in (meta.pk, *fields)} for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {meta.db_table} AS kept"  # noqa: S608 -- names of our own models
            f" SET {', '.join(f'{column} = given.{column}' for column in columns)}"
            f" FROM json_to_recordset(%s::json) AS given ({', '.join(types)})"
            f" WHERE kept.{key} = given.{key}",
            [json.dumps(values, default=_in_json)],
        )
        return int(cursor.rowcount)


def _value(field: models.Field[Any, Any], row: models.Model) -> object:
    value = getattr(row, field.attname)
    if hasattr(value, "resolve_expression"):  # a text field would write the words of an F()
        raise TypeError(f"{field.name} is an expression, and not a value")
    return field.get_db_prep_save(value, connection)


def _in_json(value: object) -> object:
    """What JSON has no word for, as PostgreSQL reads it from a text."""
    if isinstance(value, date):  # a datetime is one too
        return value.isoformat()
    if isinstance(value, timedelta):
        return f"{value.days} days {value.seconds} seconds {value.microseconds} microseconds"
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Range):
        return _range(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON yet: add it here and to the test")


def _range(value: Range[Any]) -> str:
    if value.isempty:
        return "empty"
    lower, upper = ("" if end is None else _in_json(end) for end in (value.lower, value.upper))
    return f"{'[' if value.lower_inc else '('}{lower},{upper}{']' if value.upper_inc else ')'}"


def count_rows(*found: models.QuerySet[Any]) -> list[int]:
    """How many rows each of these has, in one statement for all."""
    counts: list[str] = []
    values: list[Any] = []
    for rows in found:
        try:
            sql, given = rows.order_by().values("pk").query.sql_with_params()
        except EmptyResultSet:
            sql, given = "SELECT WHERE false", ()
        counts.append(f"(SELECT count(*) FROM ({sql}) AS found)")  # noqa: S608 -- Django's own words
        values += given
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(counts)}", values)
        return [int(number) for number in cursor.fetchone() or ()]
