"""Several questions in one statement: the rows of each come back as JSON, and are models again.

For a page that needs a little of many tables: each queryset stays what it was, with its own
`visible_to` and under the policies of who asks; only the journey to the database is shared.
"""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models import BinaryField, Field, Model, QuerySet

#: The rows of one question as one value.
ROWS = "(SELECT coalesce(json_agg(row_to_json(found)), '[]') FROM (QUESTION) AS found)"


def fetch_together(*questions: QuerySet[Any]) -> list[list[Any]]:
    """The rows of each queryset, in its order, asked in one statement.

    Only for plain rows: no joins to others (`select_related`), no annotations; ranges are left
    out with `defer`.
    """
    parts: list[str] = []
    params: list[Any] = []
    for question in questions:
        sql, values = question.query.sql_with_params()  # Django's own, with its parameters apart
        parts.append(ROWS.replace("QUESTION", sql))
        params += values
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(parts), params)
        answers = cursor.fetchone()
    return [
        [_as_model(question.model, row) for row in rows]
        for question, rows in zip(questions, answers, strict=True)
    ]


def _as_model(model: type[Model], row: dict[str, object]) -> Model:
    fields = [field for field in model._meta.concrete_fields if field.column in row]
    values = [_as_value(field, row[str(field.column)]) for field in fields]
    return model.from_db(connection.alias, [field.attname for field in fields], values)


def _as_value(field: Field[Any, Any], value: object) -> object:
    if isinstance(field, BinaryField):
        return bytes.fromhex(str(value).removeprefix("\\x")) if value is not None else None
    return field.to_python(value)
