"""What the README tells people to type exists."""

import re
import shlex

import pytest

from tests.house.test_small_rooms import ROOT
from tools.run import COMMANDS

PAGES = [ROOT / "README.md", *sorted(ROOT.glob("CONTRIBUTING.md")), *sorted(ROOT.glob("docs/*.md"))]
TYPED = re.compile(r"python3 dev\.py(?: [^\n`|]*)?")
#: Done by tools/setup.py before there is an environment to run a command in.
BEFORE = {"setup", "lock"}
OPTIONS = {
    "demo": {"--port", "--reset", "--once"},
    "bench": {"--size", "--only", "--json"},
}


def commands() -> list[tuple[str, list[str]]]:
    return [
        (page.name, shlex.split(typed.split("#")[0])[2:])
        for page in PAGES
        for typed in TYPED.findall(page.read_text())
    ]


def test_the_readme_names_the_two_commands():
    typed = [words[0] for page, words in commands() if page == "README.md" and words]

    assert {"demo", "test"} <= set(typed)


@pytest.mark.parametrize(("page", "words"), commands())
def test_a_command_that_people_read_of_exists(page, words):
    command, *rest = words

    assert command in {*COMMANDS, *BEFORE}, page
    if command in OPTIONS:
        assert {word for word in rest if word.startswith("--")} <= OPTIONS[command]


def test_every_command_is_explained():
    explained = (ROOT / "dev.py").read_text().split('"""')[1]

    assert {*COMMANDS, *BEFORE} == set(re.findall(r"^  (\w+)", explained, re.MULTILINE))


def test_every_page_that_is_pointed_to_is_there():
    missing = [
        f"{page.name}: {target}"
        for page in PAGES
        for target in re.findall(r"\]\(([^)#:\s]+)\)", page.read_text())
        if not (page.parent / target).exists()
    ]

    assert missing == []
