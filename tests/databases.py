"""The test database of each process of a run: the first migrates, the others copy.

Migrating takes most of half a minute of one core. Each process has a database of its own,
because what one commits the others would see.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.conf import settings
from django.db import connection
from django.test.utils import setup_databases
from psycopg import Connection, sql

#: Held by whoever makes or copies a database; any number that nobody else takes.
LOCK = 7_412_663


def make(*, keep: bool, run: str | None) -> list[Any]:
    """Make this process's database, and return what `teardown_databases` wants.

    `run` tells the processes of this run from those of another; None if it is the only one.
    """
    if run is None or keep:
        return migrated(keep=keep)
    mine, model = names()
    with one_at_a_time() as server:
        if made_by(server, model) != run:
            done = migrated(keep=False)
            connection.close()  # who is connected keeps others from copying
            copy(server, mine, model)
            server.execute(
                sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(model), run)
            )
            return done
        copy(server, model, mine)
    return migrated(keep=True)


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
