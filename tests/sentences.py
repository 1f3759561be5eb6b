"""Breaks the sentences of the database on purpose, with nothing else in the way."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, connection, models, transaction

from referral.lib.ids import uuid7


@contextmanager
def bare(*tables: type[models.Model]) -> Iterator[None]:
    """These tables without triggers, as the role to which no policy says no.

    Only the constraints themselves refuse now. It is undone with the transaction.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL ROLE baken_owner")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table._meta.db_table} DISABLE TRIGGER USER")
        cursor.execute("SET LOCAL ROLE baken_guard")
        yield
        transaction.set_rollback(True)


def unbroken(changes: Mapping[str, Callable[[], object]]) -> list[str]:
    """Which of these sentences said nothing to the change that should break them."""
    silent = []
    for name, change in changes.items():
        try:
            with transaction.atomic():
                change()
        except IntegrityError as error:
            if name not in str(error):
                silent.append(f"{name}, but: {error}".splitlines()[0])
        else:
            silent.append(name)
    return silent


def once_more(row: models.Model, **changes: Any) -> Callable[[], object]:
    """Write the same row a second time."""

    def write() -> None:
        row.pk = uuid7() if isinstance(row._meta.pk, models.UUIDField) else None
        for name, value in changes.items():
            setattr(row, name, value)
        row.save(force_insert=True)

    return write


def changed(row: models.Model, **values: Any) -> Callable[[], object]:
    """Change what is there."""
    return lambda: type(row)._base_manager.filter(pk=row.pk).update(**values)
