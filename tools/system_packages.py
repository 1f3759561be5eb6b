"""The few system libraries that no wheel brings: for PDF documents, and for the browser tests.

Three ways, the first that works: apt-get as root, apt-get through sudo without a password,
and apt-get downloads that are unpacked in .local/ without any rights.
"""

import ctypes
import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

from tools.paths import IS_ROOT, LOCAL, SYSROOT
from tools.terminal import Failed, say

# Debian's package for each library that WeasyPrint loads.
PDF_LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
CHROMIUMS = ("chromium-headless-shell", "chromium", "google-chrome")
FONTS = LOCAL / "fonts.conf"


def install(*, browser: bool) -> None:
    """Install the packages that are missing; say what to run when that cannot be done."""
    needed = missing(browser=browser)
    if not needed:
        return
    names = " ".join(needed)
    by_hand = f"apt-get install -y --no-install-recommends {names}"
    if not shutil.which("apt-get"):
        raise Failed(f"install these system packages first (names as in Debian): {names}")
    if IS_ROOT:
        install_as([], needed)
    elif sudo_needs_no_password():
        install_as(["sudo", "-n"], needed)
    else:
        say(f"no root here: unpacking into .local/sysroot: {names}")
        try:
            unpack(needed)
        except (OSError, subprocess.CalledProcessError) as failure:
            raise Failed(f"system packages are missing; run once: sudo {by_hand}") from failure
    if left := missing(browser=browser):
        raise Failed(f"still missing after the installation: {' '.join(left)}; try: {by_hand}")


def missing(*, browser: bool) -> list[str]:
    """Return the Debian packages that this machine lacks."""
    needed = []
    if not importlib.util.find_spec("ensurepip") and not bundled_pip():
        needed.append("python3-venv")
    if Path("/etc/debian_version").exists() and not Path("/etc/ssl/certs").exists():
        needed.append("ca-certificates")
    needed += [package for library, package in PDF_LIBRARIES.items() if not has_library(library)]
    if browser and not chromium():
        needed.append("chromium-headless-shell")
    if browser and not has_library("libatomic.so.1"):  # Playwright brings a node that needs it
        needed.append("libatomic1")
    return needed


def has_library(name: str) -> bool:
    """Tell whether the loader finds a library, in the system or in .local/."""
    if any((directory / name).exists() for directory in library_directories()):
        return True
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def library_directories() -> list[Path]:
    """Return where unpacked packages have their libraries."""
    patterns = ("usr/lib/*-linux-gnu*", "lib/*-linux-gnu*", "usr/lib/*-linux-gnu*/pulseaudio")
    return [found for pattern in patterns for found in SYSROOT.glob(pattern)]


def chromium() -> str:
    """Return the browser for the tests, or nothing."""
    for name in (os.environ.get("CHROMIUM", ""), *CHROMIUMS):
        if name and (found := shutil.which(name)):
            return found
    unpacked = SYSROOT / "usr/lib/chromium/chromium-headless-shell"
    return str(unpacked) if unpacked.exists() else ""


def bundled_pip() -> Path | None:
    """Return the pip that Debian ships as a wheel, once unpacked."""
    return next(SYSROOT.glob("usr/share/python-wheels/pip-*.whl"), None)


def environment() -> dict[str, str]:
    """Return the variables that let processes find the browser and what was unpacked."""
    found = {"CHROMIUM": path} if (path := chromium()) else {}
    if path.startswith(str(SYSROOT)):
        found["PATH"] = f"{Path(path).parent}:{os.environ.get('PATH', '')}"
    if directories := library_directories():
        searched = [*map(str, directories), os.environ.get("LD_LIBRARY_PATH", "")]
        found["LD_LIBRARY_PATH"] = ":".join(filter(None, searched))
    if FONTS.exists() and "FONTCONFIG_FILE" not in os.environ:
        found["FONTCONFIG_FILE"] = str(FONTS)
    return found


def sudo_needs_no_password() -> bool:
    """Tell whether sudo works here without asking anything."""
    if not shutil.which("sudo"):
        return False
    return subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0


def install_as(sudo: list[str], packages: list[str]) -> None:
    """Install with apt-get as root, waiting for another apt-get when one is at work."""
    say(f"system packages: {' '.join(packages)}")
    log = LOCAL / "apt.log"
    # sudo clears the environment, so `env` sets the variable behind it.
    apt = [*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y"]
    apt += ["-o", "DPkg::Lock::Timeout=300"]
    with log.open("w") as out:
        for step in (["update"], ["install", "--no-install-recommends", *packages]):
            if subprocess.run([*apt, *step], stdout=out, stderr=out).returncode:
                command = " ".join([*sudo, "apt-get", *step])
                raise Failed(f"`{command}` failed, see {log}; run it by hand, then start again")


def unpack(packages: list[str]) -> None:
    """Download packages and what they need with lists of our own, and unpack them."""
    place = LOCAL / "apt"
    shutil.rmtree(place, ignore_errors=True)
    for directory in ("lists/partial", "cache/archives/partial", "downloads"):
        (place / directory).mkdir(parents=True)
    downloads = place / "downloads"
    options = [f"Dir::State::lists={place}/lists", f"Dir::Cache={place}/cache"]
    options += ["Debug::NoLocking=1", "APT::Sandbox::User="]
    apt = ["apt-get", "-qq", *[word for option in options for word in ("-o", option)]]

    def run(*arguments: str) -> str:
        return subprocess.run(
            [*apt, *arguments], cwd=downloads, text=True, check=True, capture_output=True
        ).stdout

    run("update")
    plan = run("install", "--simulate", "--no-install-recommends", *packages)
    run("download", *[line.split()[1] for line in plan.splitlines() if line.startswith("Inst ")])
    for package in downloads.glob("*.deb"):
        subprocess.run(["dpkg-deb", "-x", package, SYSROOT], check=True)
    shutil.rmtree(place)
    write_fonts_configuration()


def write_fonts_configuration() -> None:
    """Let fontconfig look in the unpacked packages as well as in the system."""
    unpacked = SYSROOT / "etc/fonts/fonts.conf"
    if unpacked.exists():
        text = unpacked.read_text()
        both = f"{SYSROOT}/usr/share/fonts</dir><dir>/usr/share/fonts"
        text = text.replace("/usr/share/fonts", both, 1)
        FONTS.write_text(text.replace(">conf.d<", f">{SYSROOT}/etc/fonts/conf.d<"))
