"""Joint controlled rounding: every count to an adjacent multiple of five, every sum exact.

Source: zero-restricted controlled rounding (Cox 1987; Salazar-González 2006), as one mixed
integer programme over all cells of a release, solved by HiGHS.
"""

import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

import highspy
import numpy as np

from reporting.disclosure.solver import new_model, new_solver
from reporting.tables import Cell, Sum

BASE = 5
# How far a random preference may outweigh closeness. Residues cost 1 or 3 more on the wrong side;
# above 3 no direction is certain, so that the method itself gives nobody's count away.
NOISE = 3.5
# Cells that are not printed may move this many steps of five: they only have to exist.
SLACK = 2
# A revision within reach keeps its old published value: a correction of one person shows nothing.
STICKINESS = 20.0


class RoundingRefused(ValueError):
    """There is no rounding with every error below five and every sum exact; says where."""


@dataclass(frozen=True)
class Limits:
    """When the search stops: relative gap to the optimum (fraction), nodes, seconds.

    The gap and the nodes stop every run at the same place. Seconds are the emergency brake.
    """

    gap: float = 0.01
    nodes: int = 20_000
    seconds: float = 120.0


@dataclass(frozen=True)
class Rounding:
    """A found rounding: printed cell → published value, and how the search ended.

    `gap` is the proven distance to the optimum (fraction; 0 is optimal). `stopped_by_clock`
    says that another machine might have found another, equally valid, rounding.
    """

    values: dict[Cell, int]
    gap: float
    stopped_by_clock: bool


def round_jointly(
    counts: Mapping[Cell, int],
    sums: Sequence[Sum],
    *,
    secret: bytes,
    support: Iterable[Cell] = (),
    previous: Mapping[Cell, int] | None = None,
    limits: Limits | None = None,
) -> Rounding:
    """Round all counts at once to the multiple of five just below or just above.

    `counts` maps every cell to its true count (≥ 0); `sums` hold among them; `secret` decides
    ties and preferences through HMAC-SHA256, so the same input gives the same output and nobody
    else can redo it; `support` are the cells that are not printed, for which amounts of zero or
    more must exist and no more; `previous` holds earlier published values, kept wherever they are
    still adjacent. Printed multiples of five, zero included, stay. Raises RoundingRefused when no
    such rounding exists or none is found within the limits: the rule is never weakened.
    """
    limits = limits or Limits()
    loose = set(support)
    printed = {cell: count for cell, count in counts.items() if cell not in loose}
    free = [cell for cell in sorted(printed) if printed[cell] % BASE]
    values = {cell: count - count % BASE for cell, count in printed.items()}
    if not free:
        return Rounding(values, gap=0.0, stopped_by_clock=False)
    costs = [_cost_of_up(cell, counts[cell], secret, previous or {}) for cell in free]
    solver = new_solver(
        mip_rel_gap=limits.gap, mip_max_nodes=limits.nodes, time_limit=limits.seconds
    )
    solver.passModel(_programme(free, costs, sorted(loose), counts, sums))
    solver.run()
    _refuse_without_solution(solver)
    ups = solver.getSolution().col_value
    for cell, up in zip(free, ups, strict=False):
        values[cell] += BASE * round(up)
    stopped = solver.getModelStatus() == highspy.HighsModelStatus.kTimeLimit
    return Rounding(values, solver.getInfo().mip_gap, stopped)


def _cost_of_up(cell: Cell, count: int, secret: bytes, previous: Mapping[Cell, int]) -> float:
    """Return what it costs to round up instead of down: closeness, preference, old value."""
    low = count - count % BASE
    cost = (BASE - 2 * (count % BASE)) + NOISE * _preference(cell, secret)
    if cell in previous:
        cost -= STICKINESS * ((previous[cell] == low + BASE) - (previous[cell] == low))
    return cost


def _preference(cell: Cell, secret: bytes) -> float:
    """Return a secret number in (-1, 1), mostly near 0, the same for the same cell and secret."""
    digest = hmac.digest(secret, cell.code.encode(), sha256)
    uniform = int.from_bytes(digest[:8], "big") / 2**63 - 1
    return float(uniform**3)


def _programme(
    free: list[Cell],
    costs: list[float],
    loose: list[Cell],
    counts: Mapping[Cell, int],
    sums: Sequence[Sum],
) -> highspy.HighsLp:
    """Build: choose up (1) or down (0) for each cell that is not a multiple, all sums exact."""
    # 5·up(whole) - Σ 5·up(part) = Σ low(part) - low(whole), divided by five.
    sides = [
        float(sum(counts[part] // BASE for part in one.parts) - counts[one.whole] // BASE)
        for one in sums
    ]
    whole, real = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
    columns = {cell: number for number, cell in enumerate(free + loose)}
    model = new_model(columns, sums, sides)
    model.col_cost_ = np.array(costs + [0.0] * len(loose))
    model.col_lower_ = np.array([0.0] * len(free) + [-(counts[c] // BASE) for c in loose])
    model.col_upper_ = np.array([1.0] * len(free) + [float(SLACK)] * len(loose))
    model.integrality_ = [whole] * len(free) + [real] * len(loose)
    # The objective counts from everything down: the offset makes the gap a share of the whole.
    model.offset_ = float(sum(abs(cost) for cost in costs))
    return model


def _refuse_without_solution(solver: highspy.Highs) -> None:
    status = solver.getModelStatus()
    if status == highspy.HighsModelStatus.kInfeasible:
        raise RoundingRefused("no rounding keeps every error below five and every sum exact")
    if solver.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        raise RoundingRefused(f"no rounding was found: {solver.modelStatusToString(status)}")
