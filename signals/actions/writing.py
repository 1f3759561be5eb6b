"""Many new rows in one statement, with one array for each column.

Django's bulk_create gives every value a placeholder of its own where a table has arrays or
binary columns; composing those cost more than all the rest of an import together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

ROWS = 1000
#: Between the parts of a list inside one text; it occurs in no code.
UNIT = "\x1f"


def insert_rows(rows: Sequence[models.Model]) -> None:
    """Insert new objects of one model; what the database generates is put on them.

    Lists of codes may not be empty, and triggers and policies see each row as always.
    """
    for start in range(0, len(rows), ROWS):
        _insert(rows[start : start + ROWS])


def _insert(rows: Sequence[models.Model]) -> None:
    meta = rows[0]._meta
    fields = [field for field in meta.concrete_fields if not field.generated]
    generated = [field for field in meta.concrete_fields if field.generated]
    names = [f"c{number}" for number in range(len(fields))]
    columns = ", ".join(str(field.column) for field in fields)
    values = ", ".join(_value(field, name) for field, name in zip(fields, names, strict=True))
    arrays = ", ".join(f"%s::{_type(field)}[]" for field in fields)
    returned = ", ".join(str(field.column) for field in [meta.pk, *generated])
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {meta.db_table} ({columns})"  # noqa: S608 -- names of our own models
            f" SELECT {values} FROM unnest({arrays}) AS row ({', '.join(names)})"
            f" RETURNING {returned}",
            [[_prepared(field, row) for row in rows] for field in fields],
        )
        answers = {key: made for key, *made in cursor.fetchall()}
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias
        for field, value in zip(generated, answers[row.pk], strict=True):
            setattr(row, field.attname, value)


def _type(field: models.Field[Any, Any]) -> str:
    return "text" if isinstance(field, ArrayField) else str(field.db_type(connection))


def _value(field: models.Field[Any, Any], name: str) -> str:
    if isinstance(field, ArrayField):
        return f"string_to_array({name}, chr(31))::{field.db_type(connection)}"
    return name


def _prepared(field: models.Field[Any, Any], row: models.Model) -> object:
    value = getattr(row, field.attname)
    if isinstance(field, ArrayField):
        return UNIT.join(value)
    return field.get_db_prep_save(value, connection)
