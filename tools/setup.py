"""Set-up: from a checkout on a bare machine to a virtual environment that can run everything.

This module and what it imports use the standard library only.
"""

import fcntl
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import NoReturn

from tools import frontend, python_packages, system_packages
from tools.paths import LOCAL, ROOT, VENV
from tools.terminal import Failed, say

IN_VENV = ("demo", "test", "check", "manage", "shots", "bench")
WITH_BROWSER = ("setup", "test", "shots")


def run(arguments: list[str], *, usage: str) -> int:
    """Set up, then let the virtual environment's Python carry out the command."""
    command = arguments[0] if arguments else "help"
    if command in {"help", "-h", "--help"}:
        print(usage)
        return 0
    if command not in {*IN_VENV, "setup", "lock"}:
        print(f"dev.py: there is no command {command!r}\n\n{usage}", file=sys.stderr)
        return 2
    try:
        set_up(command)
    except Failed as failure:
        print(f"dev.py: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("dev.py: stopped during set-up; the next run goes on from here", file=sys.stderr)
        return 130
    if command in IN_VENV:
        hand_over(arguments)
    return 0


def hand_over(arguments: list[str]) -> NoReturn:
    """Become the virtual environment's Python."""
    os.environ.update(system_packages.environment())
    # Compiled once at first use, and kept: to compile all packages at set-up costs half a minute,
    # to compile at each start costs three seconds.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    python = str(VENV / "bin/python")
    os.chdir(ROOT)
    os.execv(python, [python, "-m", "tools.run", *arguments])


def set_up(command: str) -> None:
    """Install what is missing; when all is there, this costs a few hundredths of a second."""
    if sys.platform != "linux":
        raise Failed("dev.py runs on Linux; elsewhere use docker-compose.yml")
    LOCAL.mkdir(exist_ok=True)
    with (LOCAL / "setup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another run is setting up; waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            system_packages.install(browser=command in WITH_BROWSER)
            if command == "lock":
                python_packages.lock()
                return
            # Side by side, because both wait for the network.
            with ThreadPoolExecutor() as threads:
                jobs = [threads.submit(job) for job in (python_packages.install, frontend.install)]
            for job in jobs:
                job.result()
        except subprocess.CalledProcessError as failure:
            words = " ".join(map(str, failure.cmd[:4]))
            raise Failed(f"`{words} …` failed with {failure.returncode}") from failure
    if command == "setup":
        say("set-up is complete")
