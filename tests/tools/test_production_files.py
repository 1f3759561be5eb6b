"""The files for production name only what exists: no container engine is needed to know that."""

import re
import shutil
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands

from tools.paths import ROOT, VENV

COMPOSE = (ROOT / "docker-compose.yml").read_text()
SERVICES = yaml.safe_load(COMPOSE)["services"]
APPLICATION = {name: service for name, service in SERVICES.items() if "build" in service}
EXAMPLE = (ROOT / ".env.example").read_text()
DOCKERFILE = (ROOT / "Dockerfile").read_text()
SETTINGS = (ROOT / "referral/settings.py").read_text()


def variables(text: str) -> set[str]:
    """The variables that a compose file takes from outside: one dollar sign, not two."""
    return set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", text))


def read_by_settings() -> set[str]:
    """The variables that the settings read."""
    return set(re.findall(r'(?:env\.\w+|required)\(\s*"([A-Z_]+)"', SETTINGS))


def option(command: list[str], name: str) -> str:
    """The value of an option in a command."""
    return next(word.split("=", 1)[1] for word in command if word.startswith(f"{name}="))


def test_each_variable_is_explained_in_the_example_and_used():
    assert variables(COMPOSE) == set(re.findall(r"^([A-Z_]+)=", EXAMPLE, re.MULTILINE))


def test_the_example_holds_no_secret():
    for line in EXAMPLE.splitlines():
        name, _, value = line.partition("=")
        if re.search(r"^\w*(KEY|PASSWORD)$", name):
            assert not value, f"{name} must be empty"


@pytest.mark.parametrize("name", APPLICATION)
def test_each_variable_of_a_service_is_read_by_the_settings(name):
    given = set(APPLICATION[name]["environment"])
    assert given <= read_by_settings()
    required = set(re.findall(r'required\(\s*"([A-Z_]+)"', SETTINGS))
    assert required | {"BAKEN_KEY_RING_FILE"} <= given
    assert "DEMO" not in given, "the demo's door and keys stay out of production"


@pytest.mark.parametrize("name", [name for name in APPLICATION if "command" in SERVICES[name]])
def test_each_command_exists(name):
    program, *rest = SERVICES[name]["command"]
    assert (VENV / "bin" / program).exists() or shutil.which(program)
    if rest[0] == "manage.py":
        assert rest[1] in get_commands()
    else:
        assert option(rest, "--app") == "referral"


def test_each_queue_has_a_worker():
    commands = [service["command"] for service in APPLICATION.values() if "command" in service]
    served = {option(words, "--queues") for words in commands if "worker" in words}
    routed = {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()}
    assert served == routed | {settings.CELERY_TASK_DEFAULT_QUEUE}


def test_only_the_migrations_work_as_the_owner():
    logins = {
        name: re.search(r"//(\w+):", service["environment"]["DATABASE_URL"])[1]
        for name, service in APPLICATION.items()
    }
    assert logins == {
        "migrate": "baken_owner",
        "web": "baken_web",
        "worker": "baken_worker",
        "worker-long": "baken_worker",
        "beat": "baken_worker",
    }
    roles = (ROOT / "tools/roles.sql").read_text()
    assert all(f"'{login}'" in roles for login in logins.values())


def test_the_servers_have_no_way_out():
    compose = yaml.safe_load(COMPOSE)
    assert compose["networks"]["inside"]["internal"] is True
    for name in ("database", "valkey"):
        assert SERVICES[name]["networks"] == ["inside"]
        assert "ports" not in SERVICES[name]


def test_each_lasting_service_has_a_health_check():
    assert {name for name in SERVICES if "healthcheck" not in SERVICES[name]} == {"migrate"}


def test_mounted_and_copied_files_exist():
    mounted = re.findall(r"^ +- \./(\S+?):", COMPOSE, re.MULTILINE)
    copied = [
        word
        for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
        for word in line.split()[:-1]
    ]
    assert mounted
    assert copied
    assert [name for name in (*mounted, *copied) if not (ROOT / name).exists()] == []


def test_the_image_holds_every_room():
    copied = set(re.findall(r"^COPY (\w+) \1$", DOCKERFILE, re.MULTILINE))
    rooms = {Path(path).parent.name for path in ROOT.glob("*/apps.py")}
    assert rooms <= copied
    assert {"referral", "templates"} <= copied


def test_the_image_installs_the_libraries_that_set_up_installs():
    from_set_up = (ROOT / "tools/system_packages.py").read_text()
    libraries = re.findall(
        r"lib[a-z0-9.-]+-?\d", re.search(r"install -y .*?rm", DOCKERFILE, re.DOTALL)[0]
    )
    assert libraries
    assert all(f'"{library}"' in from_set_up for library in libraries)


def test_continuous_integration_runs_the_checks_and_the_tests():
    lines = (ROOT / ".ci/run").read_text().splitlines()
    assert [line for line in lines if line.startswith("python3")] == [
        "python3 dev.py check || failed=1",
        "python3 dev.py test || failed=1",
    ]
