"""The servers of one kind of run: started, shared with other commands, stopped.

Who starts them holds the file `lock` for as long as they run; the kernel lets go of it when
that process ends, however it ends. Who uses the servers of another run holds `users` shared,
so that the starter can wait for its guests.
"""

import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TextIO

from tools import roles
from tools.paths import state_base, state_directory
from tools.postgres import DURABLE, RELAXED, SCRATCH, Postgres
from tools.terminal import Failed, say
from tools.valkey import Valkey

PATIENCE = 60  # seconds that a guest waits for servers that are starting
SCRATCH_PLACES = 9
# The runs whose data are kept, and how PostgreSQL keeps them.
KINDS: dict[str, Mapping[str, str]] = {"demo": RELAXED, "bench": DURABLE}


@dataclass(frozen=True)
class Addresses:
    """Where the servers are, and the web address when there is one."""

    database_url: str
    redis_url: str
    web_url: str = ""

    def environment(self) -> dict[str, str]:
        """Return the variables by which Django and Celery find the servers."""
        return {"DATABASE_URL": self.database_url, "REDIS_URL": self.redis_url}


def given() -> Addresses:
    """Return the addresses of servers that the caller runs, where given."""
    return Addresses(os.environ.get("DATABASE_URL", ""), os.environ.get("REDIS_URL", ""))


@contextmanager
def own_servers(kind: str, *, reset: bool = False) -> Iterator[Addresses]:
    """Start the servers that are not given, and stop them at the end."""
    with ExitStack() as stack:
        directory = state_directory(kind)
        if not hold(stack, directory / "lock", fcntl.LOCK_EX):
            raise Failed(
                f"another run uses {directory}; stop it first, or name another directory in "
                "BAKEN_STATE"
            )
        (directory / "servers.json").unlink(missing_ok=True)
        if reset:
            empty(directory)
        yield start(stack, directory, KINDS[kind])


@contextmanager
def shared_servers(kind: str) -> Iterator[Addresses]:
    """Use the servers of a run that is there, or start them for this command."""
    directory = state_directory(kind)
    with ExitStack() as stack:
        if not hold(stack, directory / "lock", fcntl.LOCK_EX):
            hold(stack, directory / "users", fcntl.LOCK_SH)
            yield found(directory)
            return
        (directory / "servers.json").unlink(missing_ok=True)
        addresses = start(stack, directory, KINDS[kind])
        stack.callback(wait_for_guests, directory)
        publish(directory, addresses)
        yield addresses


@contextmanager
def scratch_servers() -> Iterator[Addresses]:
    """Start servers that forget everything, in the first place that no other run uses."""
    with ExitStack() as stack:
        for number in range(1, SCRATCH_PLACES + 1):
            directory = state_directory(f"test-{number}")
            if hold(stack, directory / "lock", fcntl.LOCK_EX):
                yield start(stack, directory, SCRATCH)
                return
        raise Failed(f"{SCRATCH_PLACES} test runs are at work in {state_base()} already")


def start(stack: ExitStack, directory: Path, settings: Mapping[str, str]) -> Addresses:
    """Start what is not given; the stack stops it again."""
    known = given()
    database_url, redis_url = known.database_url, known.redis_url
    if database_url:
        roles.make_on(database_url)
    else:
        postgres = Postgres(directory, settings)
        stack.callback(postgres.stop)
        database_url = postgres.start()
        say(f"PostgreSQL {postgres.version} runs, {postgres.socket}")
    if not redis_url:
        valkey = Valkey(directory)
        stack.callback(valkey.stop)
        redis_url = valkey.start()
        say(f"Valkey runs, {valkey.socket}")
    return Addresses(database_url, redis_url)


def empty(directory: Path) -> None:
    """Throw away what the servers of an earlier run wrote."""
    if given().database_url:
        raise Failed("--reset empties the demo's own database, and DATABASE_URL names another")
    for data in (*directory.glob("postgres*"), *directory.glob("beat*"), directory / "prepared"):
        if data.is_dir():
            shutil.rmtree(data)
        else:
            data.unlink(missing_ok=True)


def publish(directory: Path, addresses: Addresses) -> None:
    """Tell other commands where the servers are."""
    unfinished = directory / "servers.json.new"
    unfinished.write_text(json.dumps(asdict(addresses)))
    unfinished.replace(directory / "servers.json")


def found(directory: Path) -> Addresses:
    """Return the addresses that the run which is there tells, waiting while it starts."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            told = Addresses(**json.loads((directory / "servers.json").read_text()))
        except FileNotFoundError:
            time.sleep(0.1)
            continue
        known = given()
        return Addresses(
            known.database_url or told.database_url,
            known.redis_url or told.redis_url,
            told.web_url,
        )
    raise Failed(f"the run that uses {directory} does not become ready; stop it and try again")


def running_address(kind: str) -> Addresses | None:
    """Return the addresses of a run that serves pages, or nothing when there is none."""
    directory = state_directory(kind)
    with ExitStack() as stack:
        if hold(stack, directory / "lock", fcntl.LOCK_EX):
            return None
    told = found(directory)
    return told if told.web_url else None


def hold(stack: ExitStack, path: Path, how: int) -> bool:
    """Take a lock until the stack closes, and tell whether it was free."""
    file: TextIO = stack.enter_context(path.open("a"))
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def wait_for_guests(directory: Path) -> None:
    """Keep the servers running until no other command uses them."""
    (directory / "servers.json").unlink(missing_ok=True)
    with (directory / "users").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another command still uses these servers; waiting for it")
            fcntl.flock(file, fcntl.LOCK_EX)
