"""Three pairs of eyes: the owner who fills, the application under both locks, and the guard."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.db import connection

Row = tuple[Any, ...]
Owner = psycopg.Connection[Row]


def named(url: str, name: str) -> str:
    """The same server, another database."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, f"/{name}", parts.query, ""))


def make_database(url: str, name: str) -> None:
    """Make an empty database beside the given one, unless it is there."""
    with psycopg.connect(named(url, "postgres"), autocommit=True) as server:
        there = server.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone()
        if there is None:
            server.execute(
                psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name))
            )


@contextmanager
def owner(*, autocommit: bool = False) -> Iterator[Owner]:
    """A connection of its own to the same database, as the owner of the tables."""
    settings = connection.settings_dict
    with psycopg.connect(
        dbname=settings["NAME"],
        user=settings["USER"] or None,
        password=settings["PASSWORD"] or None,
        host=settings["HOST"] or None,
        port=settings["PORT"] or None,
        autocommit=autocommit,
        # As Django sends its questions: with the values in them.
        cursor_factory=psycopg.ClientCursor,
    ) as opened:
        yield opened


@contextmanager
def guard() -> Iterator[Owner]:
    """The owner in the role that policies let through: the raw limit, and the truth."""
    with owner() as opened:
        opened.execute("SET ROLE baken_guard")
        yield opened


@contextmanager
def unlocked(opened: Owner, tables: list[str]) -> Iterator[None]:
    """Within one transaction of the owner: no policies, no triggers of ours on these tables."""
    for table in tables:
        opened.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE TRIGGER USER")
    yield
    # A table with foreign keys still to be checked cannot be locked again.
    opened.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table in tables:
        opened.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY, ENABLE TRIGGER USER")


def act_as(role: str) -> None:
    """From now on the ORM works in this role; empty for the owner."""
    connection.close()
    connection.settings_dict["OPTIONS"] = {"options": f"-c role={role}"} if role else {}


@contextmanager
def orm_as(role: str) -> Iterator[None]:
    """The ORM in this role for a while."""
    before = connection.settings_dict["OPTIONS"]
    act_as(role)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["OPTIONS"] = before
