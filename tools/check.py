"""The checks that need no tests: each is run, whatever the others say."""

import secrets
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from tools.environment import OWNER, WEB, Surroundings
from tools.paths import VENV
from tools.processes import run_to_end
from tools.servers import scratch_servers

MANAGE = ("python", "manage.py")
# In this order, because the system checks ask a database that `up` has made.
CHECKS: dict[str, tuple[str, ...]] = {
    "ruff check": ("ruff", "check", "--quiet", "."),
    "ruff format": ("ruff", "format", "--quiet", "--check", "."),
    "types": ("mypy",),
    "import contracts": ("lint-imports",),
    "templates": ("djlint", "templates", "--lint", "--quiet"),
    "migrations are complete": (*MANAGE, "makemigrations", "--check", "--dry-run"),
    "migrations run": (*MANAGE, "up"),
    "system checks": (*MANAGE, "check", "--database", "default"),
    "production": (*MANAGE, "check", "--deploy", "--fail-level", "WARNING"),
}


def run(arguments: list[str]) -> int:
    """Run each check, or those that are named, and print its time; return 1 when one fails."""
    if unknown := set(arguments) - set(CHECKS):
        names = ", ".join(f"'{name}'" for name in CHECKS)
        print(f"dev.py check: there is no {sorted(unknown)}; there are {names}", file=sys.stderr)
        return 2
    with ExitStack() as stack:
        surroundings = Surroundings(stack.enter_context(scratch_servers()))
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        environments = {
            "system checks": surroundings.for_role(WEB),
            "production": in_production(surroundings, directory),
        }
        usual = surroundings.for_role(OWNER)
        chosen = arguments or list(CHECKS)
        failed = [name for name in chosen if not passes(name, environments.get(name, usual))]
    if failed:
        print(f"dev.py check: failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def passes(name: str, environment: Mapping[str, str]) -> bool:
    """Run one check, print its time, and tell whether it passed."""
    program, *rest = CHECKS[name]
    print(f"--- {name}", flush=True)
    start = time.monotonic()
    passed = run_to_end([VENV / "bin" / program, *rest], environment) == 0
    took = time.monotonic() - start
    print(f"--- {name}: {'passed' if passed else 'FAILED'} in {took:.1f} s\n", flush=True)
    return passed


def in_production(surroundings: Surroundings, directory: Path) -> dict[str, str]:
    """Return the environment of a production process, with keys that live for this run only."""
    ring = directory / "ring"
    ring.touch(0o600)
    ring.write_text(f"check {secrets.token_hex(32)}\n")
    return surroundings.for_role(WEB) | {
        "DEMO": "0",
        "SECRET_KEY": secrets.token_hex(32),
        "BAKEN_CONTEXT_KEY": secrets.token_hex(32),
        "BAKEN_INDEX_KEY": secrets.token_hex(32),
        "BAKEN_KEY_RING_FILE": str(ring),
        "ALLOWED_HOSTS": "baken.invalid",
        "SITE_URL": "https://baken.invalid",
        "EMAIL_URL": "smtp://mail.invalid:25",
    }
