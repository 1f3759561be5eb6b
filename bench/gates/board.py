"""The bed board, which a desk keeps open all day."""

import statistics
from collections.abc import Iterator

from bench.country import Country
from bench.gate import Measured, gate, milliseconds
from bench.visits import look, visitor


@gate("board")
def bed_board(country: Country) -> Iterator[Measured]:
    """Nineteen of twenty visits are faster."""
    client = visitor(country.placement)
    look(client, "/shelters/board/")
    taken = [
        milliseconds(lambda: look(client, "/shelters/board/")) for _ in range(2 * country.rounds)
    ]
    shown = f"median {statistics.median(taken):.0f} ms"
    yield Measured("bed board, p95", statistics.quantiles(taken, n=20)[-1], 500, "ms", detail=shown)
