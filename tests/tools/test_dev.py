"""The first words of the runner: an old Python, a wrong command, a busy port."""

import socket
import subprocess
import sys

import pytest
from django.core.management import get_commands

from tools.demo import listen
from tools.environment import AS_OWNER, OWNER, WORKER, Surroundings
from tools.paths import ROOT
from tools.servers import Addresses
from tools.terminal import Failed

AS_IF_OLD = """
import collections, runpy, sys
Version = collections.namedtuple("Version", "major minor micro")
sys.version_info = Version(3, 9, 2)
sys.version = "3.9.2 (as if)"
sys.argv = ["dev.py", "help"]
runpy.run_path("dev.py", run_name="__main__")
"""


def old_python(path):
    return subprocess.run(
        [sys.executable, "-c", AS_IF_OLD],
        cwd=ROOT,
        env={"PATH": str(path)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_old_python_without_a_newer_one_says_so(tmp_path):
    done = old_python(tmp_path)
    assert done.returncode == 1
    assert "Python 3.11 or newer is needed; this is 3.9.2" in done.stderr


def test_an_old_python_passes_over_a_shim_and_takes_a_newer_one_that_works(tmp_path):
    shim = tmp_path / "python3.13"
    shim.write_text("#!/bin/sh\necho 'version is not installed' >&2; exit 127\n")
    (tmp_path / "python3.12").symlink_to(sys.executable)
    shim.chmod(0o755)
    done = old_python(tmp_path)
    assert done.returncode == 0
    assert "python3 dev.py COMMAND" in done.stdout


def test_an_unknown_command_is_named_and_the_commands_are_listed():
    done = subprocess.run(
        [sys.executable, "dev.py", "serve"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "there is no command 'serve'" in done.stderr
    assert "demo" in done.stderr


def test_a_busy_port_is_named_and_the_next_is_free():
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        with pytest.raises(Failed, match=f"port {port} is in use.*--port"):
            listen(port)
    with listen(None) as first, listen(None) as second:
        assert 8000 <= first.getsockname()[1] < second.getsockname()[1]


def test_only_commands_that_exist_work_as_the_owner():
    assert set(get_commands()) >= AS_OWNER


@pytest.mark.parametrize(
    ("command", "role"), [("migrate", OWNER), ("up", OWNER), ("seed_demo", WORKER), ("", WORKER)]
)
def test_a_command_that_does_not_change_the_schema_gives_the_rights_of_the_owner_away(
    command, role
):
    found = Surroundings(Addresses("postgresql:", "redis:")).for_command(command)
    assert found["DATABASE_ROLE"] == role
    assert found["DATABASE_URL"] == "postgresql:"
