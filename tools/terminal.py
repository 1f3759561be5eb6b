"""Words on the terminal: what happens and since when; and an end with one clear sentence."""

import os
import time

STARTED = float(os.environ.setdefault("BAKEN_STARTED", str(time.time())))


class Failed(Exception):
    """The run cannot go on; the text says why and how to mend it."""


def say(message: str) -> None:
    """Print a line with the seconds since the start."""
    print(f"[{time.time() - STARTED:5.1f} s] {message}\n", end="", flush=True)
