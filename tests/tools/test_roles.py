"""The roles of the database: made once, by whoever is first, and refused when they are unbound."""

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from psycopg import sql

from tools import roles
from tools.postgres import SCRATCH, Postgres
from tools.terminal import Failed

RUNS = 16


@pytest.fixture(scope="module")
def cluster(place):
    postgres = Postgres(place, SCRATCH)
    postgres.prepare()
    postgres.start_server()
    yield postgres
    postgres.stop()


@pytest.fixture
def server(cluster):
    """A server without any role of ours."""
    with psycopg.connect(address(cluster), autocommit=True) as connection:
        made = "SELECT rolname FROM pg_roles WHERE rolname !~ '^(pg_|postgres$)'"
        for (name,) in connection.execute(made).fetchall():
            words = "DROP OWNED BY {name}; DROP ROLE {name}"
            connection.execute(sql.SQL(words).format(name=sql.Identifier(name)))
    return cluster


def address(server, login="postgres"):
    return f"postgresql://{login}@/postgres?host={server.socket}"


def run_as(server, login):
    with psycopg.connect(address(server, login), autocommit=True) as connection:
        connection.execute(roles.STATEMENTS)


def ask(server, statement):
    with psycopg.connect(address(server), autocommit=True) as connection:
        return connection.execute(statement).fetchall()


def test_many_runs_at_once_make_each_role_once(server):
    with ThreadPoolExecutor(RUNS) as threads:
        for run in [threads.submit(run_as, server, "postgres") for _ in range(RUNS)]:
            run.result()
    unbound = "SELECT rolname FROM pg_roles WHERE rolname LIKE 'baken%' AND rolbypassrls"
    assert ask(server, unbound) == [("baken_backup",)]
    for role in ("baken_web", "baken_worker", "baken_auditor", "baken_guard"):
        become = f"SELECT pg_has_role('baken_owner', '{role}', 'SET')"
        inherit = f"SELECT pg_has_role('baken_owner', '{role}', 'USAGE')"
        assert ask(server, become) == [(True,)]
        assert ask(server, inherit) == [(False,)]


def test_the_owner_becomes_a_role_that_binds_it_when_it_connects(server):
    run_as(server, "postgres")
    options = {"options": "-c role=baken_web"}
    with psycopg.connect(address(server, "baken_owner"), **options) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("baken_web",)


def test_a_login_that_may_make_roles_becomes_the_owner(server):
    with psycopg.connect(address(server), autocommit=True) as connection:
        connection.execute("CREATE ROLE hired LOGIN CREATEROLE CREATEDB")
    roles.make_on(address(server, "hired"))
    with psycopg.connect(address(server, "hired"), options="-c role=baken_worker") as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("baken_worker",)


def test_a_login_without_rights_is_told_what_an_administrator_runs(server):
    with psycopg.connect(address(server), autocommit=True) as connection:
        connection.execute("CREATE ROLE plain LOGIN")
    with pytest.raises(Failed, match=r"baken\.owner=plain' psql -f tools/roles\.sql"):
        roles.make_on(address(server, "plain"))


def test_a_role_that_row_level_security_does_not_bind_is_refused(server):
    run_as(server, "postgres")
    with psycopg.connect(address(server), autocommit=True) as connection:
        connection.execute("ALTER ROLE baken_web BYPASSRLS")
        with pytest.raises(psycopg.errors.RaiseException, match="does not bind baken_web"):
            connection.execute(roles.STATEMENTS)


def test_a_server_that_is_not_there_is_named():
    with pytest.raises(Failed, match="DATABASE_URL cannot be reached"):
        roles.make_on("postgresql://nobody@127.0.0.1:1/nothing")
