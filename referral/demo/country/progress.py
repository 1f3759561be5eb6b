"""How far the making of the country is, on one line of the terminal."""

from __future__ import annotations

import time
from multiprocessing import Value
from typing import TextIO


class Progress:
    """A bar that counts deeds; quiet where nobody watches."""

    WIDTH = 30

    def __init__(self, out: TextIO, *, total: int) -> None:
        self.out, self.total = out, max(total, 1)
        #: Counted together by the processes that work side by side.
        self.count = Value("q", 0)
        self.begun = time.monotonic()
        self.stage = ""

    def start(self, stage: str) -> None:
        self.stage = stage
        self.show()

    def tick(self, count: int) -> None:
        with self.count.get_lock():
            self.count.value += count
        self.show()

    def show(self) -> None:
        if self.out.isatty():
            done = min(self.total, self.count.value)
            filled = self.WIDTH * done // self.total
            bar = "#" * filled + "." * (self.WIDTH - filled)
            share = 100 * done // self.total
            self.out.write(f"\r[{bar}] {share:3} %  {self.stage:<40}")
            self.out.flush()

    def end(self, words: str) -> None:
        line = f"{words} ({time.monotonic() - self.begun:.0f} s)"
        self.out.write(f"\r{line:<80}\n" if self.out.isatty() else f"{line}\n")
