"""The rows of a form, and the buttons that add one, take one away, or ask anew what follows.

A row keeps its number for as long as the page lives, so that taking one away moves no other: the
numbers have gaps, and a row is there when anything of it was sent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from signals.models import ItemKind
from signals.rules import field_name
from signals.rules.questions import Group

STEP = "step"
ADD, REMOVE, AGAIN = "add", "remove", "again"
REST = "rest"
STEPS = re.compile(rf"({ADD}|{REMOVE})-({'|'.join(ItemKind.values)})(?:-(\d{{1,2}}))?")
#: Of the rows that a page ever had, the highest number.
LAST_ROW = 99


@dataclass(frozen=True, slots=True)
class Step:
    """A button that only changes the form: what it does, and in which row of which group."""

    deed: str
    kind: str = ""
    number: int = 0

    @property
    def row(self) -> str:
        """The row that comes or goes, as it is called on the page."""
        return f"{self.kind}-{self.number}" if self.kind else ""

    def taken(self, data: Any) -> Any:
        """What was typed, after this step."""
        changed = data.copy()
        del changed[STEP]
        if self.deed == ADD:
            changed[rows_name(self.kind)] = str(self.number)
            changed[field_name(self.kind, self.number, REST)] = ""
        elif self.deed == REMOVE:
            of_row = field_name(self.kind, self.number, "")
            for name in [name for name in changed if name.startswith(of_row)]:
                del changed[name]
        return changed


def step_of(data: Mapping[str, Any]) -> Step | None:
    """Which button was pressed; a step that nobody can take asks the form again, and no more."""
    step = str(data.get(STEP) or "")
    if not step:
        return None
    found = STEPS.fullmatch(step)
    if found is None:
        return Step(AGAIN)
    deed, kind, number = found.groups()
    last = how_many(data, kind)
    if deed == ADD:
        return Step(ADD, kind, last + 1) if last < LAST_ROW else Step(AGAIN)
    return Step(REMOVE, kind, int(number)) if number and int(number) <= last else Step(AGAIN)


def rows_name(kind: str) -> str:
    """The hidden number of the last row."""
    return f"{kind}-rows"


def how_many(values: Mapping[str, Any], kind: str) -> int:
    """The number of the last row, those between that were taken away counted too."""
    said = str(values.get(rows_name(kind)) or "0")
    return min(int(said), LAST_ROW) if said.isascii() and said.isdigit() and len(said) < 4 else 0


def rows_of(values: Mapping[str, Any], group: Group) -> list[int]:
    """The numbers of the rows that are there."""
    names = [*(question.name for question in group.questions), REST]
    return [
        number
        for number in range(1, how_many(values, group.kind) + 1)
        if any(field_name(group.kind, number, name) in values for name in names)
    ]
