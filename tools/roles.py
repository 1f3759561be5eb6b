"""The database roles, on a server that is not ours: made when the login may, else explained."""

import psycopg

from tools.paths import ROOT
from tools.terminal import Failed

OWNER = "baken_owner"
STATEMENTS = (ROOT / "tools/roles.sql").read_bytes()


def make_on(database_url: str) -> None:
    """Run tools/roles.sql as the login of this address, which becomes the owner."""
    try:
        with psycopg.connect(database_url, autocommit=True, connect_timeout=10) as connection:
            connection.execute("SELECT set_config('baken.owner', session_user, false)")
            connection.execute(STATEMENTS)
    except psycopg.errors.InsufficientPrivilege as failure:
        with psycopg.connect(database_url) as connection:
            login = connection.info.user
        raise Failed(
            "the database roles are missing and this login may not make them; an administrator "
            f"runs once: PGOPTIONS='-c baken.owner={login}' psql -f tools/roles.sql"
        ) from failure
    except psycopg.OperationalError as failure:
        raise Failed(f"DATABASE_URL cannot be reached: {failure}") from failure
