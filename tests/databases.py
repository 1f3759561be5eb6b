"""The test database of each process of a run: one is migrated while the tests are read, and all
copy it.

Migrating takes most of half a minute of one core. Each process has a database of its own,
because what one commits the others would see.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import django
import psycopg
from django.conf import settings
from django.db import connection
from django.test.utils import setup_databases
from psycopg import Connection, sql

#: Held by whoever makes or copies a database; any number that nobody else takes.
LOCK = 7_412_663


def begin(run: str) -> subprocess.Popen[bytes]:
    """Migrate in a process of its own; who wants a database meanwhile waits for it."""
    return subprocess.Popen([sys.executable, "-m", "tests.databases", run])


def make(*, keep: bool, run: str | None) -> list[Any]:
    """Make this process's database, and return what `teardown_databases` wants.

    `run` tells the processes of this run from those of another; None if it is the only one.
    """
    if run is None or keep:
        return migrated(keep=keep)
    mine, model = names()
    with one_at_a_time() as server:
        made = made_by(server, model) == run
    if not made and begin(run).wait():
        raise RuntimeError("the test database could not be migrated")
    with one_at_a_time() as server:
        copy(server, model, mine)
    return migrated(keep=True)


def make_model(run: str) -> None:
    """Migrate the database that the others copy, and say of which run it is."""
    model = f"test_{settings.DATABASES['default']['NAME']}_model"
    with one_at_a_time() as server:
        if made_by(server, model) != run:
            connection.settings_dict["TEST"]["NAME"] = model
            migrated(keep=False)
            name = sql.Identifier(model)
            server.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(name, run))


def forget_model() -> None:
    """Drop what was copied; a process that comes later migrates."""
    with one_at_a_time() as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(names()[1])))


def migrated(*, keep: bool) -> list[Any]:
    return list(setup_databases(0, interactive=False, keepdb=keep, serialized_aliases=set()))


def names() -> tuple[str, str]:
    """The database of this process, and the one to copy."""
    mine = str(settings.DATABASES["default"]["TEST"]["NAME"])
    return mine, f"{mine.rpartition('_')[0]}_model"


@contextmanager
def one_at_a_time() -> Iterator[Connection[Any]]:
    """A connection beside the databases, which the others wait for."""
    address = urlunsplit(urlsplit(settings.DATABASE_URL)._replace(path="/postgres"))
    with psycopg.connect(address, autocommit=True) as server:
        server.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        yield server


def made_by(server: Connection[Any], name: str) -> str | None:
    """The run that made this database, or nothing."""
    found = server.execute(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name]
    ).fetchone()
    return found[0] if found else None


def copy(server: Connection[Any], source: str, name: str) -> None:
    of, to = sql.Identifier(source), sql.Identifier(name)
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(to))
    server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(to, of))


if __name__ == "__main__":
    django.setup()
    make_model(sys.argv[1])
