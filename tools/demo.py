"""The demo: the real application on real servers, with fictitious data."""

import argparse
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from types import FrameType
from typing import NoReturn

from tools import visit
from tools.environment import WEB, WORKER, Surroundings
from tools.paths import HOUSES, ROOT, state_directory
from tools.processes import Process, run_to_end
from tools.servers import Addresses, own_servers, publish
from tools.terminal import Failed, say

KIND = "demo"
FIRST_PORT = 8000
PATIENCE = 60  # seconds until the first page is served


def run(arguments: list[str]) -> int:
    """Serve until Ctrl-C, or with --once look at each home page and stop."""
    parser = argparse.ArgumentParser(prog="dev.py demo")
    parser.add_argument("--port", type=int, help=f"the first free one from {FIRST_PORT}")
    parser.add_argument("--reset", action="store_true", help="begin with an empty database")
    parser.add_argument("--once", action="store_true", help="look at each home page and stop")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, stop_softly)
    try:
        with running_demo(port=options.port, reset=options.reset) as demo:
            if options.once:
                return visit.visit(demo.surroundings)
            say(f"ready: {demo.surroundings.site_url}   Ctrl-C stops everything")
            demo.watch()
    except KeyboardInterrupt:
        say("stopped")
        return 0


def stop_softly(_number: int, _frame: FrameType | None) -> NoReturn:
    """End as after Ctrl-C, when another process asks to stop."""
    raise KeyboardInterrupt


class Demo:
    """The processes of the application."""

    def __init__(self, surroundings: Surroundings, directory: Path) -> None:
        """Know where to serve; nothing runs yet."""
        self.surroundings, self.directory = surroundings, directory
        self.processes: list[Process] = []

    def manage(self, command: str, *arguments: str) -> None:
        """Run a command of manage.py to its end."""
        words = [sys.executable, "manage.py", command, *arguments]
        if run_to_end(words, self.surroundings.for_command(command)):
            raise Failed(f"`manage.py {command}` failed, see above")

    def serve(self, door: socket.socket) -> None:
        """Start the web process; it loads the code while the database is prepared."""
        gunicorn = ["gunicorn", "referral.wsgi", "--bind", f"fd://{door.fileno()}"]
        gunicorn += ["--workers", "1", "--threads", "8", "--worker-tmp-dir", str(self.directory)]
        gunicorn += ["--no-control-socket"]
        self.start("web", gunicorn, WEB, files=[door.fileno()])

    def work(self) -> None:
        """Start worker and beat, once the first page is there: they can wait, a visitor cannot."""
        celery = ["celery", "--app", "referral"]
        worker = [*celery, "worker", "--loglevel", "INFO", "--concurrency", "2"]
        worker += ["--queues", "baken,long", "--without-mingle", "--without-gossip"]
        beat = [*celery, "beat", "--loglevel", "INFO"]
        beat += ["--schedule", str(self.directory / "beat"), "--pidfile="]
        # A task that is cut off runs again: it is acknowledged at its end.
        self.start("worker", worker, WORKER, signal.SIGQUIT)
        self.start("beat", beat, WORKER)

    def start(
        self,
        name: str,
        module: list[str],
        role: str,
        soft: signal.Signals = signal.SIGTERM,
        files: Sequence[int] = (),
    ) -> None:
        """Start one process of the application."""
        self.processes.append(
            Process(
                name,
                [sys.executable, "-m", *module],
                log=self.directory / f"{name}.log",
                environment=self.surroundings.for_role(role),
                directory=ROOT,
                files=files,
                soft=soft,
            )
        )

    def wait_until_ready(self) -> None:
        """Wait for the first answer of the web process."""
        health = f"{self.surroundings.site_url}/health/"
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            self.check()
            try:
                with urllib.request.urlopen(health, timeout=5):  # noqa: S310  always http
                    return
            except urllib.error.HTTPError as answer:
                web = self.processes[0]
                raise Failed(
                    f"/health/ answers {answer.code}; the end of {web.log}:\n{web.last_lines()}"
                ) from answer
            except OSError:
                time.sleep(0.05)
        raise Failed(f"the web process does not answer, see {self.processes[0].log}")

    def check(self) -> None:
        """Raise when one of the processes has stopped."""
        for process in self.processes:
            process.check()

    def watch(self) -> NoReturn:
        """Look after the processes until Ctrl-C."""
        while True:
            self.check()
            time.sleep(0.5)

    def stop(self) -> None:
        """End all processes, side by side."""
        for process in self.processes:
            process.ask_to_stop()
        for process in self.processes:
            process.stop()


@contextmanager
def running_demo(*, port: int | None = None, reset: bool = False) -> Iterator[Demo]:
    """Start servers and application with demo data, and stop all of it at the end."""
    with ExitStack() as stack:
        door = stack.enter_context(listen(port))
        addresses = stack.enter_context(own_servers(KIND, reset=reset))
        surroundings = Surroundings(addresses, f"http://127.0.0.1:{door.getsockname()[1]}")
        demo = Demo(surroundings, state_directory(KIND))
        stack.callback(demo.stop)
        prepared, wanted = demo.directory / "prepared", state_of(addresses)
        # The web process refuses to start on a database that is not up to date. Where it was made
        # by these very migrations, loading it beside the check saves a few seconds.
        warm = prepared.exists() and prepared.read_text() == wanted
        if warm:
            demo.serve(door)
        demo.manage("prepare_demo")
        prepared.write_text(wanted)
        say("the database is migrated, the demo data are there")
        if not warm:
            demo.serve(door)
        demo.wait_until_ready()
        demo.work()
        publish(demo.directory, replace(addresses, web_url=surroundings.site_url))
        yield demo


def state_of(addresses: Addresses) -> str:
    """Return a hash over the address of the database and all migrations."""
    files = [file for house in HOUSES for file in (ROOT / house).rglob("migrations/*.py")]
    written = b"".join(file.read_bytes() for file in sorted(files))
    return sha256(addresses.database_url.encode() + written).hexdigest()


def listen(wanted: int | None) -> socket.socket:
    """Take the port that was asked for, or the first free one, before anything is started."""
    ports = [wanted] if wanted is not None else range(FIRST_PORT, FIRST_PORT + 50)
    for port in ports:
        door = socket.socket()
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind(("127.0.0.1", port))
            door.listen(512)
        except OSError:
            door.close()
            continue
        return door
    if wanted is not None:
        raise Failed(f"port {wanted} is in use or not allowed; choose another with --port")
    raise Failed(f"ports {ports[0]} to {ports[-1]} are all in use; name a free one with --port")
