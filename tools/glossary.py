"""Writes docs/glossary.md out of the docstrings: python -m tools.glossary.

A class says what it is in the world, with the Dutch term in brackets at the end of its first
sentence; that is the one place where the two words meet.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tools.paths import HOUSES, ROOT

PAGE = ROOT / "docs" / "glossary.md"
INTRODUCTION = """\
# Words

English in the code, Dutch on the screen and in the field. Written by `python -m tools.glossary`
from the docstrings of the classes; do not edit.

| English | Dutch | room | what it is |
|---|---|---|---|
"""
#: The first sentence, and the last brackets in it.
TERM = re.compile(r"^(?P<before>[^(]*)\((?P<dutch>[^()]+)\)(?P<after>[^(]*)", re.DOTALL)
#: Brackets that explain in English.
ENGLISH = {
    "a person, a signal, a shelter", "outbox", "django-guardian, by direct key", "fraction",
    "the first level", "0 to 100", "low, high; None is without end", "or nobody", "day", "member",
    "the last axis makes the columns",
}  # fmt: skip
Row = tuple[str, str, str, str]


def spoken(name: str) -> str:
    """`PlacementRequest` as "placement request"."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def room_of(path: Path) -> str:
    """The room in which a file lies."""
    parts = path.relative_to(ROOT).parts
    return parts[1] if parts[0] == "referral" else parts[0]


def rows() -> Iterator[Row]:
    """English, Dutch, room and meaning of every class that names its Dutch term."""
    for house in HOUSES:
        for path in sorted((ROOT / house).rglob("*.py")):
            if "migrations" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.ClassDef) and (row := _row(node, path)):
                    yield row


def _row(node: ast.ClassDef, path: Path) -> Row | None:
    said = (ast.get_docstring(node) or "").split("\n\n")[0]
    match = TERM.match(" ".join(said.split()))
    if match is None or match["dutch"] in ENGLISH:
        return None
    meaning = match["before"].strip() + match["after"].split(":")[0].split(";")[0].rstrip(" .")
    return spoken(node.name), match["dutch"], room_of(path), meaning.strip(" .,") + "."


def page() -> str:
    """The whole page, in the order of the English words."""
    found = sorted(set(rows()))
    return INTRODUCTION + "".join(f"| {' | '.join(row)} |\n" for row in found)


if __name__ == "__main__":
    PAGE.write_text(page())
