"""Valkey as a child process on a Unix socket: cache, and broker of Celery."""

import os
import socket
import tempfile
import time
from pathlib import Path

from tools.paths import owned_directory, short_hash
from tools.processes import Process
from tools.programs import BARE_ENVIRONMENT, valkey_program
from tools.terminal import Failed

LONGEST_PATH = 100  # of the 107 bytes that the kernel takes
PATIENCE = 10  # seconds


class Valkey:
    """One server that keeps nothing on disk: what must not be lost is in PostgreSQL."""

    def __init__(self, directory: Path) -> None:
        """Choose the place of the socket; nothing runs yet."""
        self.directory, self.log = directory, directory / "valkey.log"
        self.socket = directory / "valkey.sock"
        if len(str(self.socket)) > LONGEST_PATH:
            name = f"baken-{os.geteuid()}-{short_hash(str(directory))}-valkey"
            self.socket = owned_directory(Path(tempfile.gettempdir()) / name, 0o700) / "valkey.sock"
        self.process: Process | None = None

    def start(self) -> str:
        """Start the server, wait for its answer, and return its address."""
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "save": "",
            "dir": str(self.directory),
            "maxmemory": "256mb",
        }
        command: list[str | Path] = [valkey_program()]
        for name, value in options.items():
            command += [f"--{name}", value]
        self.socket.unlink(missing_ok=True)
        self.process = Process(
            "Valkey",
            command,
            log=self.log,
            environment=BARE_ENVIRONMENT,
            directory=self.directory,
        )
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            self.process.check()
            if self.answers():
                return f"redis+socket://{self.socket}"
            time.sleep(0.01)
        raise Failed(f"Valkey does not answer, see {self.log}:\n{self.process.last_lines()}")

    def stop(self) -> None:
        """Stop the server."""
        if self.process:
            self.process.stop()

    def answers(self) -> bool:
        """Tell whether the server says PONG."""
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.connect(str(self.socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(5) == b"+PONG"
        except OSError:
            return False
