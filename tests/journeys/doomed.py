"""An installation of its own that a test may kill, part by part, and start again."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

from tests.processes import database_url, free_port
from tools.environment import OWNER, WEB, WORKER, Surroundings
from tools.paths import ROOT
from tools.postgres import Postgres
from tools.processes import Process
from tools.servers import Addresses
from tools.valkey import Valkey

#: What is acknowledged is on the disk.
KEPT = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
PARTS = ("web", "worker", "broker", "database")


class Installation:
    """Database, broker, web server and worker, each of which may die at any moment."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.postgres, self.valkey = Postgres(directory, KEPT), Valkey(directory)
        self.port = free_port()
        self.starts = 0
        self.running: dict[str, Process] = {}
        self.addresses = Addresses(self.postgres.start(), self.valkey.start())
        self.url = self.addresses.database_url

    def manage(self, *words: str) -> str:
        """Run a Django command as the owner, and return what it prints."""
        return self.run("manage.py", *words)

    def run(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, *words],
            env=self.environment(OWNER),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def environment(self, role: str) -> dict[str, str]:
        found = Surroundings(self.addresses).for_role(role)
        return found | {"DEMO": "1", "EMAIL_FILE_PATH": str(self.directory / "mail")}

    def restore(self, source: str) -> None:
        """Take over the tables of another server, as from a backup, where its superuser lets us.

        Migrating takes a quarter of a minute of one core; `up` does what is left to do.
        """
        roles = self.dumped("pg_dumpall", "--roles-only", "--dbname", as_superuser(source))
        tables = self.dumped("pg_dump", as_superuser(source))
        if tables:
            self.read_in(roles)  # of which most are there
            self.read_in(tables, "--set=ON_ERROR_STOP=1")

    def dumped(self, program: str, *words: str) -> bytes:
        """What a server tells of itself; nothing where it does not let us in."""
        command = [self.postgres.programs / program, "--no-password", *words]
        done = subprocess.run(command, capture_output=True, check=False)
        return done.stdout if done.returncode == 0 else b""

    def read_in(self, dump: bytes, *words: str) -> None:
        command = [self.postgres.programs / "psql", "--quiet", *words, as_superuser(self.url)]
        done = subprocess.run(command, input=dump, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr

    def rows(self, statement: str) -> list[Any]:
        """What really stands in the database, whoever may see it."""
        with psycopg.connect(self.url) as owner:
            owner.execute("SET ROLE baken_guard")
            return owner.execute(statement).fetchall()

    def start_web(self) -> None:
        bind = f"127.0.0.1:{self.port}"
        words = ["gunicorn", "referral.wsgi", "--bind", bind, "--threads", "8"]
        self.start("web", WEB, [*words, "--no-control-socket"])

    def start_worker(self) -> None:
        self.starts += 1  # beat's own file may be half written
        schedule = str(self.directory / f"beat-{self.starts}")
        words = "celery -A referral worker --concurrency=1 --without-mingle --without-gossip"
        words += " --queues=baken,long --loglevel=WARNING --beat --schedule"
        self.start("worker", WORKER, [*words.split(), schedule])

    def start(self, name: str, role: str, words: list[str]) -> None:
        self.running[name] = Process(
            name,
            [sys.executable, "-m", *words],
            log=self.directory / f"{name}.log",
            environment=self.environment(role),
            directory=ROOT,
        )

    def kill(self, part: str) -> None:
        """As a power cut does: no goodbye."""
        servers = {"database": self.postgres.process, "broker": self.valkey.process}
        process = servers.get(part) or self.running[part]
        os.killpg(process.child.pid, signal.SIGKILL)
        process.child.wait(10)

    def start_again(self, part: str) -> None:
        begin = {
            "web": self.start_web,
            "worker": self.start_worker,
            "broker": self.valkey.start,
            "database": self.postgres.start_server,
        }
        begin[part]()

    def stop(self) -> None:
        for process in self.running.values():
            process.stop()
        self.valkey.stop()
        self.postgres.stop()


def as_superuser(address: str) -> str:
    """The same database, as the superuser of our own servers."""
    parts = urlsplit(address)
    return parts._replace(netloc=f"postgres@{parts.netloc.rpartition('@')[2]}").geturl()


@contextmanager
def installation() -> Iterator[Installation]:
    """As the test database stands, and running."""
    directory = Path(tempfile.mkdtemp(prefix="baken-", dir="/var/tmp"))
    directory.chmod(0o755)  # PostgreSQL runs as somebody else when the test runs as root
    made = None
    try:
        made = Installation(directory)
        made.restore(database_url())
        made.manage("up")
        made.start_web()
        made.start_worker()
        yield made
    finally:
        if made is not None:
            made.stop()
        shutil.rmtree(directory, ignore_errors=True)


SIGN_IN = """
import json, django
django.setup()
from django.conf import settings
from django.test import Client
from referral.organisations.roles import Role
from tests.factories.people import make_member, sign_in
for _ in range(2):
    make_member(Role.EMM_ANALYST)
senders = [make_member(Role.LE_POLICE) for _ in range({count})]
name = settings.SESSION_COOKIE_NAME
print(json.dumps([sign_in(Client(), sender).cookies[name].value for sender in senders]))
"""


def sign_in_senders(doomed: Installation, count: int) -> list[str]:
    """Officers of as many units, each with a session."""
    found: list[str] = json.loads(doomed.run("-c", SIGN_IN.replace("{count}", str(count))))
    return found


def eventually(true: Any, *, seconds: float, step: float = 0.2) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(step)
    return bool(true())
