"""The real processes that some tests need: web server and worker, on the test database."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.conf import settings
from django.db import connection as database

ROOT = Path(settings.BASE_DIR)
PATIENCE = 20  # seconds
#: So often quiet one after another, that nothing is on its way from queue to worker either.
ENOUGH = 4
#: What waits in the outbox, and who is in the middle of something.
BUSY = (
    "SELECT FROM notices_notice WHERE state = 'pending' UNION ALL SELECT FROM pg_stat_activity"
    " WHERE datname = current_database() AND state <> 'idle' AND pid <> pg_backend_pid()"
)


def database_url() -> str:
    """The test database, as the owner."""
    parts = urlsplit(settings.DATABASE_URL)
    name = str(database.settings_dict["NAME"])
    return urlunsplit((parts.scheme, parts.netloc, f"/{name}", parts.query, ""))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Served:
    """A running application."""

    url: str
    mail: Path
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str, role: str, *command: str) -> None:
        env = {
            **os.environ,
            "DEMO": "1",
            "DATABASE_URL": database_url(),
            "DATABASE_ROLE": role,
            "EMAIL_FILE_PATH": str(self.mail),
        }
        with (self.mail / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=ROOT,
                env=env,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def start_web(self) -> None:
        port = str(urlsplit(self.url).port)
        self.start(
            "web",
            "baken_web",
            "gunicorn",
            "referral.wsgi",
            "--bind",
            f"127.0.0.1:{port}",
            "--threads",
            "8",
        )

    def start_worker(self) -> None:
        self.start(
            "worker",
            "baken_worker",
            "celery",
            "-A",
            "referral",
            "worker",
            "--concurrency=1",
            "--queues=baken,long",
            "--without-mingle",
            "--without-gossip",
            "--loglevel=WARNING",
        )

    def wait(self, seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=2)
            try:
                connection.request("GET", "/health/")
                connection.getresponse().read()
            except (OSError, http.client.HTTPException):
                time.sleep(0.1)
            else:
                return
            finally:
                connection.close()
        raise TimeoutError(f"the web server did not answer; see {self.mail / 'web.log'}")

    def rest(self) -> None:
        """Wait until nothing is going on, before the rows are wiped; then the next test begins."""
        with psycopg.connect(database_url(), autocommit=True) as owner:
            end, quiet = time.monotonic() + PATIENCE, 0
            while quiet < ENOUGH and time.monotonic() < end:
                quiet = 0 if owner.execute(BUSY).fetchone() else quiet + 1
                time.sleep(0.1)
        for mail in self.mail.iterdir():
            if mail.suffix != ".log" or mail.stem not in self.processes:
                mail.unlink()

    def stop(self) -> None:
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)
            # Whoever of the group is left would go on writing into the next test.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)


@contextmanager
def serve(*, worker: bool = True) -> Iterator[Served]:
    """The application as it runs: gunicorn and a Celery worker on the test database."""
    running = Served(
        url=f"http://127.0.0.1:{free_port()}", mail=Path(mkdtemp(prefix="baken-served-"))
    )
    try:
        running.start_web()
        if worker:
            running.start_worker()
        running.wait()
        yield running
    finally:
        running.stop()
