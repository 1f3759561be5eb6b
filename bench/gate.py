"""A gate: a name, what was measured, and the limit it must keep to."""

import json
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.country import Country


@dataclass(frozen=True)
class Measured:
    """One figure beside its limit."""

    name: str
    value: float
    limit: float
    unit: str
    #: The limit is the least, not the most.
    at_least: bool = False
    detail: str = ""

    @property
    def holds(self) -> bool:
        """Whether the figure keeps to its limit."""
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def as_json(self) -> str:
        """One line for a machine."""
        return json.dumps(
            {
                "name": self.name,
                "value": round(self.value, 3),
                "limit": self.limit,
                "unit": self.unit,
                "holds": self.holds,
            }
        )

    def as_words(self) -> str:
        """One line for a person."""
        sign = "≥" if self.at_least else "≤"
        verdict = "holds" if self.holds else "BROKEN"
        about = f"  ({self.detail})" if self.detail else ""
        return f"{verdict:6} {self.name:42} {self.value:10.3f} {sign} {self.limit:g} {self.unit}{about}"

    def as_row(self) -> str:
        """One row of the table in results.md."""
        sign = "≥" if self.at_least else "≤"
        verdict = "yes" if self.holds else "**no**"
        return (
            f"| {self.name} | {self.value:.3f} | {sign} {self.limit:g} | {self.unit} | {verdict}"
            f" | {self.detail} |"
        )


Gate = Callable[["Country"], Iterator[Measured]]
GATES: dict[str, Gate] = {}


def gate(name: str) -> Callable[[Gate], Gate]:
    """Put a gate on the list; `--only NAME` runs it alone."""

    def put(function: Gate) -> Gate:
        GATES[name] = function
        return function

    return put


def milliseconds(deed: Callable[[], object]) -> float:
    """How long it took."""
    begin = time.perf_counter()
    deed()
    return (time.perf_counter() - begin) * 1000


def medians(*deeds: Callable[[], object], rounds: int, warm: int = 3) -> list[float]:
    """The median milliseconds of each, taken in turn, so that a busy moment hits all alike."""
    for deed in deeds:
        for _ in range(warm):
            deed()
    taken: list[list[float]] = [[] for _ in deeds]
    for _ in range(rounds):
        for times, deed in zip(taken, deeds, strict=True):
            times.append(milliseconds(deed))
    return [statistics.median(times) for times in taken]
