"""Real parts: the tables are the owner's, and every test is the role that serves people."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection

from tests.processes import Served, database_url, serve

#: Facts that migrations and sync_roles put there; everything else is wiped between tests.
KEPT = ("geography_", "django_", "auth_permission", "access_rolepermission")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:  # noqa: ARG001
    """Migrate as the owner, then become `baken_web`: otherwise row-level security proves nothing."""
    with django_db_blocker.unblock():
        call_command("install_context_key")
        call_command("sync_roles")
        connection.close()
        connection.settings_dict["OPTIONS"] = {"options": "-c role=baken_web"}
    yield
    with django_db_blocker.unblock():  # only the owner may drop the test database
        connection.close()
        connection.settings_dict["OPTIONS"] = {}


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:  # noqa: ARG001
    """Rows that are really committed, for other processes to see; wiped by the owner after."""
    with django_db_blocker.unblock():
        try:
            yield
        finally:
            connection.close()
            wipe()
            call_command("sync_roles")
            connection.close()


@pytest.fixture
def served(committed: None) -> Iterator[Served]:  # noqa: ARG001
    """The application as it runs: gunicorn and a Celery worker on the test database."""
    with serve() as running:
        yield running


def wipe() -> None:
    with psycopg.connect(database_url(), autocommit=True) as owner:
        tables = [
            name
            for (name,) in owner.execute(
                "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
                " AND relkind IN ('r', 'p') AND NOT relispartition"
            )
            if not name.startswith(KEPT)
        ]
        triggers = owner.execute(
            "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
            " AND tgtype & 32 = 32"  # the triggers that refuse TRUNCATE
        ).fetchall()
        for (table,) in triggers:
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        owner.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE")
        for (table,) in triggers:
            owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
