"""A process that has read the application, of which the workers of the tests are forked.

Reading it takes nearly two seconds of a core, and what is killed must rise. What is forked is a
worker with its own arguments and mail, as `python -m celery` would start it; the process that it
came from had no connection open that it could share.
"""

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from celery.bin.celery import main as celery
from django.conf import settings
from environ import Env


class Forked:
    """A process that is no child of ours; otherwise as subprocess has it."""

    def __init__(self, pid: int) -> None:
        self.pid, self.handle = pid, os.pidfd_open(pid)

    def wait(self, seconds: float) -> None:
        ended, _, _ = select.select([self.handle], [], [], seconds)
        os.close(self.handle)
        if not ended:
            raise subprocess.TimeoutExpired("a worker", seconds)


class Warm:
    """The process that forks. It ends when nobody can write to it any more."""

    def __init__(self, env: Mapping[str, str], directory: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.notices.warm"],
            cwd=directory,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, words: Sequence[str], *, env: Mapping[str, str], log: Path) -> Forked:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        order = {"words": list(words), "env": dict(env), "log": str(log)}
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return Forked(int(self.process.stdout.readline()))

    def end(self) -> None:
        self.process.communicate(timeout=20)


def begin(words: Sequence[str], env: Mapping[str, str], log: str) -> Callable[[], None]:
    """In the child: a session of its own, its own log and mail, and then the programme."""
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    sys.stdout.write(f"{os.getpid()}\n")  # not before it may be killed with its group
    sys.stdout.flush()
    with Path(log).open("ab") as out, Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
        os.dup2(out.fileno(), 1)
        os.dup2(out.fileno(), 2)
    os.environ.update(env)
    mail = Env.email_url_config(env["EMAIL_URL"]) if "EMAIL_URL" in env else {}
    for name, value in {"EMAIL_FILE_PATH": env["EMAIL_FILE_PATH"], **mail}.items():
        setattr(settings, name, value)
    sys.argv = ["celery", *words]
    return celery


def main() -> None:
    from referral.celery import app  # noqa: PLC0415 -- who only starts this needs none of it

    app.loader.import_default_modules()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who ends is gone, without somebody to wait
    # Read line by line: what a buffer holds would be read again by the child.
    while order := sys.stdin.readline():
        if os.fork() == 0:
            begin(**json.loads(order))()
            return


if __name__ == "__main__":
    main()
