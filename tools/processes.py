"""Child processes that end with the runner, whatever happens to it."""

import ctypes
import os
import pwd
import resource
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypedDict

from tools.paths import ROOT
from tools.terminal import Failed

PR_SET_PDEATHSIG = 1


class User(TypedDict, total=False):
    """The arguments of subprocess that make a child run as another user."""

    user: int
    group: int
    extra_groups: list[int]


def nobody() -> User:
    """The user without rights, as whom root starts what refuses to be root."""
    entry = pwd.getpwnam("nobody")
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def dies_with_parent(death: signal.Signals) -> Callable[[], None]:
    """Let the kernel send this signal to a child when its parent is gone, even by kill -9."""
    parent = os.getpid()
    libc = ctypes.CDLL(None)

    def before_exec() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(death))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # SIGQUIT would write a dump of memory
        if os.getppid() != parent:  # it died before the kernel knew
            os._exit(1)

    return before_exec


def run_to_end(command: Sequence[str | Path], environment: Mapping[str, str]) -> int:
    """Run a child on this terminal and return its exit code.

    Ctrl-C reaches the child as well, which says what it has to say; a second one ends the wait.
    """
    child = subprocess.Popen(
        command, env=environment, cwd=ROOT, preexec_fn=dies_with_parent(signal.SIGTERM)
    )
    try:
        return child.wait()
    except KeyboardInterrupt:
        return child.wait()


class Process:
    """A running child with a log, a signal that ends it softly, and one that ends it at once."""

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        log: Path,
        environment: Mapping[str, str],
        directory: Path,
        user: User | None = None,
        files: Sequence[int] = (),
        soft: signal.Signals = signal.SIGTERM,
        hard: signal.Signals = signal.SIGKILL,
    ) -> None:
        """Start the child in a session of its own, so that Ctrl-C reaches the runner only."""
        self.name, self.log, self.soft, self.hard = name, log, soft, hard
        with log.open("ab") as out:
            self.child = subprocess.Popen(
                command,
                env=environment,
                cwd=directory,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
                pass_fds=files,
                preexec_fn=dies_with_parent(soft),
                **(user or {}),
            )

    @property
    def runs(self) -> bool:
        """Tell whether the child is alive."""
        return self.child.poll() is None

    def check(self) -> None:
        """Raise when the child has stopped, with the end of its log."""
        if not self.runs:
            raise Failed(f"{self.name} stopped; the end of {self.log}:\n{self.last_lines()}")

    def last_lines(self, count: int = 12) -> str:
        """Return the end of the log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-count:])

    def ask_to_stop(self) -> None:
        """Send the soft signal and do not wait."""
        if self.runs:
            self.child.send_signal(self.soft)

    def stop(self, patience: float = 10) -> None:
        """End the child, softly first."""
        self.ask_to_stop()
        try:
            self.child.wait(patience)
        except subprocess.TimeoutExpired:
            self.child.send_signal(self.hard)
            self.child.wait(5)
