"""Running the gates one after another on one country."""

import time
from collections.abc import Sequence

from bench import gates
from bench.country import country_of
from bench.database import orm_as
from bench.gate import GATES, Measured

assert gates  # noqa: S101 -- importing them is what puts them on the list


def unknown(names: Sequence[str]) -> list[str]:
    """Those that are no gates."""
    return sorted(set(names) - set(GATES))


def run(
    size: int, *, only: Sequence[str] | None = None, tell: bool = False, rounds: int = 30
) -> list[Measured]:
    """Measure as the application works: in the role that serves people."""
    begin = time.monotonic()
    country = country_of(size, rounds=rounds)
    if tell:
        print(f"a country of {size} cases, in {time.monotonic() - begin:.1f} s", flush=True)
    measured = []
    with orm_as("baken_web"):
        for name in only or GATES:
            for one in GATES[name](country):
                measured.append(one)
                if tell:
                    print(one.as_words(), flush=True)
    return measured
