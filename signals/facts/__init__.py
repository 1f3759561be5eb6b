"""The library of indicators as written facts: `indicators.csv`, one version of one code a line.

Words are our own, after ILO, Operational indicators of trafficking (2012, the eleven numbers in
column `ilo`), UNODC, the toolkit for first responders of the United Kingdom (section 9), the
Labour Authority (nlarbeidsinspectie.nl), maakhetzichtbaar.nl, huwelijksdwangenachterlating.nl and
PMC4946497 (organ removal). Who can come to know an indicator (column `groups`) and what speaks
against trafficking (codes 91 and up) are our own. EMM, CoMensha and the Labour Authority have yet
to validate all of it.

A changed text is a new line with the next version and the day `since` which it holds; the version
before it ends on that day. A line that was shown to somebody is never rewritten: `load` refuses.
"""

import csv
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

WRITTEN = Path(__file__).parent / "indicators.csv"
#: The mappings of files that come with the product.
LAYOUTS = Path(__file__).parent / "layouts"
#: The letter of a code, and the chapter of the library that it stands for.
CHAPTERS = {
    "A": "general",
    "B": "sexual",
    "C": "labour",
    "D": "criminal",
    "E": "begging",
    "F": "organ_removal",
    "G": "domestic",
    "H": "marriage",
    "K": "children",
}


class Rewritten(Exception):
    """A version that is in the library already stands in the file with other words."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One version of one indicator, as it is written down."""

    code: str
    version: int
    chapter: str
    dimension: str
    strength: str
    ages: str
    target_groups: list[str]
    ilo: list[int]
    departs: bool
    text_nl: str
    text_en: str
    source: str
    valid: DateRange


@dataclass(frozen=True, slots=True)
class ShippedLayout:
    """A mapping that comes with the product; signals.rules.read_layout checks it."""

    code: str
    version: int
    label: str
    content: str


def layouts() -> list[ShippedLayout]:
    """Every mapping that comes with the product, by its code."""
    found = []
    for path in sorted(LAYOUTS.glob("*.toml")):
        content = path.read_text(encoding="utf-8")
        said = tomllib.loads(content)
        found.append(ShippedLayout(said["code"], said["version"], said["label"], content))
    return found


def facts() -> list[Fact]:
    """Every version of every indicator, in the order of codes and versions."""
    with WRITTEN.open(encoding="utf-8", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: (row["code"], int(row["version"])))
    return list(_read(rows))


def _read(rows: list[dict[str, str]]) -> Iterator[Fact]:
    following = {
        _identity(row): after["since"]
        for row, after in pairwise(rows)
        if row["code"] == after["code"]
    }
    for row in rows:
        until = row["until"] or following.get(_identity(row), "")
        yield Fact(
            code=row["code"],
            version=int(row["version"]),
            chapter=CHAPTERS[row["code"][0]],
            dimension=row["dimension"],
            strength=row["strength"],
            ages=row["ages"],
            target_groups=row["groups"].split(),
            ilo=[int(number) for number in row["ilo"].split()],
            departs=row["departs"] == "yes",
            text_nl=row["nl"],
            text_en=row["en"],
            source=row["source"],
            valid=DateRange(
                date.fromisoformat(row["since"]), date.fromisoformat(until) if until else None
            ),
        )


def _identity(row: dict[str, str]) -> tuple[str, str]:
    return row["code"], row["version"]


def load(indicators: Any, written: list[Fact]) -> int:
    """Bring the table in line with what is written, and tell how many versions are new.

    `indicators` is the manager of the model, also of a migration. May be run at any time: only
    the last day of a version may differ from what is there. Raises Rewritten for anything else.
    """
    there = {(row.code, row.version): row for row in indicators.all()}
    new = []
    for fact in written:
        row = there.get((fact.code, fact.version))
        if row is None:
            new.append(fact)
            continue
        shown = {name: getattr(row, name) for name in Fact.__slots__ if name != "valid"}
        said = {name: getattr(fact, name) for name in shown}
        if shown != said or row.valid.lower != fact.valid.lower:
            raise Rewritten(f"{fact.code} version {fact.version} was shown with other words.")
        if row.valid != fact.valid:  # before the next version begins on that day
            indicators.filter(pk=row.pk).update(valid=fact.valid)
    indicators.bulk_create(
        indicators.model(**{name: getattr(fact, name) for name in Fact.__slots__}) for fact in new
    )
    return len(new)
