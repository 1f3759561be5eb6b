"""What is acknowledged is there once, whatever is killed: the scenario of the tests, at its size."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bench.country import Country
from bench.gate import Measured, gate

ROOT = Path(__file__).resolve().parents[2]
SCENARIO = "tests/journeys/test_kill.py"
SUBMISSIONS = 400


@gate("kill")
def kill_everything(country: Country) -> Iterator[Measured]:
    """Web, worker, broker and database die while four clients send, on servers of their own."""
    submissions = min(SUBMISSIONS, country.size)
    ran = subprocess.run(
        [
            sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:randomly",
            SCENARIO, "--submissions", str(submissions),
        ],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": os.environ.get("BENCH_GIVEN_URL", "")},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    said = re.search(r"^.*\d+ acknowledged.*$", ran.stdout, re.MULTILINE)
    shown = said.group(0)[-160:] if said else " ".join(ran.stdout.split()[-12:])
    lost = 0 if ran.returncode == 0 else 1
    yield Measured("runs with something lost or twice", lost, 0, "runs", detail=shown)
