"""The runner's servers: alone, shared with guests, and gone when the runner is gone."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from tools import servers
from tools.paths import ROOT
from tools.terminal import Failed

PATIENCE = 30
HOLD = """
import sys, time
from tools.servers import {how}
with {how}({arguments}) as addresses:
    print(addresses.database_url, addresses.redis_url, flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def alone(state, monkeypatch):
    """A state of its own, without the servers that the tests themselves use."""
    monkeypatch.setenv("BAKEN_STATE", str(state))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)
    return state


def runner(how, arguments="'demo'"):
    """Another process that holds servers until it reads a line."""
    program = HOLD.format(how=how, arguments=arguments)
    return subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def addresses_of(process):
    """The line that a runner prints when its servers are there."""
    for line in process.stdout:
        if line.startswith("postgresql:"):
            return line.split()
    raise AssertionError("the runner stopped before its servers were there")


def let_go(process):
    process.stdin.write("\n")
    process.stdin.flush()
    assert process.wait(PATIENCE) == 0
    process.stdin.close()
    process.stdout.close()


def processes_in(directory: Path) -> list[str]:
    """The commands of living processes that work in a directory, or name it."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "cmdline").read_bytes().decode().split("\0")
            state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if state != "Z" and any(str(directory) in word for word in words):
            found.append(" ".join(words))
    return found


def test_servers_that_are_given_are_used_and_none_is_started(alone, monkeypatch):
    url = "postgresql://nobody@127.0.0.1:1/nothing"
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(Failed, match="cannot be reached"), servers.scratch_servers():
        pass
    assert processes_in(alone) == []


@pytest.mark.usefixtures("alone")
def test_a_second_run_of_the_same_kind_is_refused_in_clear_words():
    first = runner("own_servers")
    addresses_of(first)
    with (
        pytest.raises(Failed, match=r"another run uses .*; stop it first, or .* BAKEN_STATE"),
        servers.own_servers("demo"),
    ):
        pass
    let_go(first)


@pytest.mark.usefixtures("alone")
def test_test_runs_go_side_by_side():
    first, second = runner("scratch_servers", ""), runner("scratch_servers", "")
    assert addresses_of(first) != addresses_of(second)
    let_go(first)
    let_go(second)


@pytest.mark.usefixtures("alone")
def test_a_guest_uses_the_servers_that_run_and_the_host_waits_for_it():
    host = runner("shared_servers")
    known = addresses_of(host)
    guest = runner("shared_servers")
    assert addresses_of(guest) == known
    host.stdin.write("\n")
    host.stdin.flush()
    with pytest.raises(subprocess.TimeoutExpired):
        host.wait(0.5)
    with psycopg.connect(known[0]) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("baken_owner",)
    let_go(guest)
    assert host.wait(PATIENCE) == 0
    host.stdin.close()
    host.stdout.close()


@pytest.mark.usefixtures("alone")
def test_what_is_kept_is_there_in_the_next_run_until_it_is_reset():
    with servers.own_servers("demo") as found, psycopg.connect(found.database_url) as connection:
        connection.execute("CREATE TABLE kept (answer int)")
    with servers.own_servers("demo") as found, psycopg.connect(found.database_url) as connection:
        assert connection.execute("SELECT to_regclass('kept')::text").fetchone() == ("kept",)
    with (
        servers.own_servers("demo", reset=True) as found,
        psycopg.connect(found.database_url) as connection,
    ):
        assert connection.execute("SELECT to_regclass('kept')::text").fetchone() == (None,)


def test_a_killed_run_leaves_no_process_and_the_next_run_starts(alone):
    first = runner("own_servers")
    addresses_of(first)
    assert len(processes_in(alone)) >= 2
    first.send_signal(signal.SIGKILL)
    first.wait(PATIENCE)
    first.stdin.close()
    first.stdout.close()
    with servers.own_servers("demo") as found, psycopg.connect(found.database_url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    end = time.monotonic() + PATIENCE
    while processes_in(alone) and time.monotonic() < end:
        time.sleep(0.05)
    assert processes_in(alone) == []
