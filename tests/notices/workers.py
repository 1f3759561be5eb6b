"""A real Celery worker that a test may kill at any moment, and a mail server it can reach."""

import atexit
import os
import signal
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email import message_from_string
from email.message import Message
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from tests.notices.warm import Forked, Warm
from tests.processes import ROOT, database_url


@cache
def warm() -> Warm:
    """Where all workers of this run come from."""
    env = {
        **os.environ,
        "DEMO": "1",
        "DATABASE_URL": database_url(),
        "DATABASE_ROLE": "baken_worker",
    }
    made = Warm(env, ROOT)
    atexit.register(made.end)
    return made


class Worker:
    """One worker process with its children, in a group of its own."""

    def __init__(self, **env: str) -> None:
        self.mail = Path(mkdtemp(prefix="baken-worker-"))
        self.env = env
        self.process: Forked | None = None

    def start(self) -> None:
        words = "-A referral worker --pool=solo --queues=baken --without-mingle"
        self.process = warm().start(
            [*words.split(), "--without-gossip", "--loglevel=WARNING"],
            env={"EMAIL_FILE_PATH": str(self.mail), **self.env},
            log=self.mail / "worker.log",
        )

    def kill(self) -> None:
        """As a power cut does: no goodbye."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)
            self.process = None

    def log(self) -> str:
        return (self.mail / "worker.log").read_text()


@contextmanager
def running_worker(**env: str) -> Iterator[Worker]:
    worker = Worker(**env)
    try:
        worker.start()
        yield worker
    finally:
        worker.kill()


def eventually(true: Callable[[], bool], *, seconds: float = 60, step: float = 0.1) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(step)
    return true()


class MailServer(socketserver.ThreadingTCPServer):
    """A mail server on this machine that keeps what it gets (RFC 5321, the few words needed).

    `refuse` answers to a recipient: a code and words; `before_answer` runs when a message has
    been taken and nobody has been told yet.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.taken: list[Message] = []
        self.refused: dict[str, str] = {}
        self.before_answer: Callable[[], None] = lambda: None
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"


class Conversation(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.say("220 ready")
        for line in self.rfile:
            word = line.decode().strip()
            verb = word[:4].upper()
            if verb == "QUIT":
                self.say("221 bye")
                return
            if verb == "DATA":
                self.take()
            elif verb == "RCPT":
                address = word.partition("<")[2].partition(">")[0]
                self.say(self.server.refused.get(address, "250 ok"))
            else:
                self.say("250 ok")

    def take(self) -> None:
        self.say("354 go on")
        lines = []
        for line in self.rfile:
            if line.strip() == b".":
                break
            lines.append(line.decode())
        self.server.taken.append(message_from_string("".join(lines)))
        self.server.before_answer()
        self.say("250 taken")

    def say(self, words: str) -> None:
        with suppress(OSError):
            self.wfile.write(f"{words}\r\n".encode())
