"""What the application's own role may do to the trail: add, and nothing else."""

import pytest
from django.db import DatabaseError, connection, transaction

from tests.audit.trail import CHANGES, TABLES

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize(("table", "column"), TABLES)
def test_the_application_may_change_nothing(change, table, column):
    with (
        connection.cursor() as cursor,
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
    ):
        cursor.execute(change.format(table=table, column=column))


def test_a_month_is_closed_to_the_application():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT inhrelid::regclass::text FROM pg_inherits"
            " WHERE inhparent = 'audit_auditevent'::regclass"
        )
        months = [name for (name,) in cursor.fetchall()]
        assert len(months) >= 5
        for month in months:
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                cursor.execute(f"SELECT count(*) FROM {month}")  # noqa: S608
