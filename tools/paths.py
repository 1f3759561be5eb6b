"""Where things lie: the checkout, what set-up installs, and the data of the servers."""

import hashlib
import os
from pathlib import Path

from tools.terminal import Failed

ROOT = Path(__file__).resolve().parent.parent
LOCAL = ROOT / ".local"
VENV = ROOT / ".venv"
SYSROOT = LOCAL / "sysroot"
IS_ROOT = os.geteuid() == 0
#: The packages of the application: each has rooms, and some rooms have rooms inside.
HOUSES = ("referral", "signals", "shelters", "municipalities", "reporting")


def short_hash(text: str) -> str:
    """Eight characters that stand for a text, for the name of a directory."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def owned_directory(path: Path, mode: int) -> Path:
    """Make a directory, and refuse one that another user put there before."""
    path.mkdir(mode=mode, parents=True, exist_ok=True)
    if path.stat().st_uid != os.geteuid():
        raise Failed(f"{path} belongs to another user; remove it, or set BAKEN_STATE")
    return path


def state_base() -> Path:
    """Return the directory for the data of all servers of this checkout.

    PostgreSQL refuses to run as root, so root starts it as another user, who cannot enter /root:
    its data then lie outside the checkout.
    """
    if given := os.environ.get("BAKEN_STATE"):
        base = Path(given).resolve()
    elif IS_ROOT:
        base = Path("/var/tmp") / f"baken-{short_hash(str(ROOT))}"  # noqa: S108  owner is checked
    else:
        base = LOCAL / "state"
    return owned_directory(base, 0o755 if IS_ROOT else 0o700)


def state_directory(kind: str) -> Path:
    """Return the directory of one kind of run: demo, test, bench."""
    return owned_directory(state_base() / kind, 0o711 if IS_ROOT else 0o700)
