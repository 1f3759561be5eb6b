"""The checks that need no tests: each is run, whatever the others say."""

import sys
import time
from collections.abc import Sequence

from tools.environment import OWNER, Surroundings
from tools.paths import VENV
from tools.processes import run_to_end
from tools.servers import scratch_servers

CHECKS: dict[str, Sequence[str]] = {
    "ruff check": ("ruff", "check", "."),
    "ruff format": ("ruff", "format", "--check", "."),
    "types": ("mypy",),
    "import contracts": ("lint-imports",),
    "templates": ("djlint", "templates", "--lint", "--quiet"),
    "migrations": ("python", "manage.py", "makemigrations", "--check", "--dry-run"),
    "system checks": ("python", "manage.py", "check"),
}


def run(arguments: list[str]) -> int:
    """Run each check, or those that are named, and print its time; return 1 when one fails."""
    if unknown := set(arguments) - set(CHECKS):
        print(f"dev.py check: unknown {sorted(unknown)}; there are {', '.join(CHECKS)}")
        return 2
    chosen = arguments or list(CHECKS)
    failed = []
    with scratch_servers() as addresses:
        environment = Surroundings(addresses).for_role(OWNER)
        for name in chosen:
            program, *rest = CHECKS[name]
            print(f"--- {name}", flush=True)
            start = time.monotonic()
            code = run_to_end([VENV / "bin" / program, *rest], environment)
            word = "failed" if code else "passed"
            print(f"--- {name}: {word} in {time.monotonic() - start:.1f} s\n", flush=True)
            if code:
                failed.append(name)
    if failed:
        print(f"dev.py check: failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0
