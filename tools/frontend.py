"""The front-end assets: npm packages without build steps, put into node_modules/."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from tools.paths import LOCAL, ROOT
from tools.python_packages import NODE_LOCK, installed_uv, make_environment, uv_environment
from tools.terminal import Failed, say

LOCK = ROOT / "package-lock.json"
STAMP = ROOT / "node_modules/.stamp"
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
INSTALL = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")


def install() -> None:
    """Make node_modules/ equal to the lock; a stamp makes the usual case free."""
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if STAMP.exists() and STAMP.read_text() == wanted:
        return
    say("front-end assets from package-lock.json")
    system = shutil.which("npm")
    if not (system and npm(system)) and not npm_from_wheel():
        raise Failed("the front-end assets could not be installed, see above: is the index there?")
    STAMP.write_text(wanted)


def npm(path: str) -> bool:
    """Run npm, and tell whether it did its work."""
    search = f"{Path(path).parent}:{os.environ['PATH']}"
    environment = dict(os.environ, PATH=search, npm_config_update_notifier="false")
    if CERTIFICATES.exists():  # the node of a wheel does not look there by itself
        environment.setdefault("NODE_EXTRA_CA_CERTS", str(CERTIFICATES))
    return subprocess.run([path, *INSTALL], cwd=ROOT, env=environment).returncode == 0


def npm_from_wheel() -> bool:
    """Run the npm of a Python wheel, in a virtual environment that is thrown away afterwards."""
    place = LOCAL / "node"
    make_environment(place)
    install_node = [installed_uv(), "pip", "install", "-q", "--python", str(place / "bin/python")]
    install_node += ["--require-hashes", "-r", str(NODE_LOCK)]
    try:
        done = subprocess.run(install_node, env=uv_environment()).returncode == 0
        return done and npm(str(place / "bin/npm"))
    finally:
        shutil.rmtree(place, ignore_errors=True)
