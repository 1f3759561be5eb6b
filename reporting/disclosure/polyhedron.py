"""All tables that fit a set of bounds and sums, searched with a linear programme."""

import math
from collections.abc import Iterable, Mapping, Sequence

import highspy
import numpy as np

from reporting.disclosure.solver import new_model, new_solver
from reporting.tables import Cell, Sum

EPSILON = 1e-6


class Polyhedron:
    """Tables of counts within bounds (low, high; None is without end) for which all sums hold.

    One solver lives as long as the object.
    Every returned table (cell → whole count) is checked in whole numbers before it is handed out.
    """

    def __init__(self, bounds: Mapping[Cell, tuple[int, int | None]], sums: Sequence[Sum]) -> None:
        self._cells = list(bounds)
        self._column = {cell: number for number, cell in enumerate(self._cells)}
        self._bounds, self._sums = bounds, sums
        self._solver = new_solver(mip_rel_gap=0.1, mip_max_nodes=2_000)
        model = new_model(self._column, sums, [0.0] * len(sums))
        ends = [self._ends(cell) for cell in self._cells]
        model.col_lower_ = np.array([low for low, _ in ends])
        model.col_upper_ = np.array([high for _, high in ends])
        self._solver.passModel(model)
        self._priced: list[int] = []

    def span(self, cell: Cell) -> tuple[int, int]:
        """Return the lowest and highest whole number of a cell that the linear relaxation allows.

        No integer table lies outside it, so a narrow span is a proof of disclosure.
        """
        self._price({cell: 1})
        lowest = self._objective()
        self._price({cell: -1})
        highest = -self._objective()
        return math.ceil(lowest - EPSILON), math.floor(highest + EPSILON)

    def towards(
        self, goals: Mapping[Cell, int], home: Mapping[Cell, int]
    ) -> dict[Cell, int] | None:
        """Return a table that brings many cells to their goal at once, and none past it.

        `home` is a table that fits; goals lie within the bounds. None when the search stops
        empty-handed.
        """
        self._price({cell: -1 if goal > home[cell] else 1 for cell, goal in goals.items()})
        for cell, goal in goals.items():
            low, high = self._ends(cell)
            up = goal > home[cell]
            self._bind(cell, low if up else goal, goal if up else high)
        try:
            return self._whole_table()
        finally:
            self._release(goals)

    def with_value(self, cell: Cell, value: int) -> dict[Cell, int] | None:
        """Return a table in which a cell has this value, or None when there is none."""
        self._price({})
        self._bind(cell, value, value)
        try:
            return self._whole_table()
        finally:
            self._release([cell])

    def _bind(self, cell: Cell, low: float, high: float) -> None:
        self._solver.changeColBounds(self._column[cell], low, high)

    def _release(self, cells: Iterable[Cell]) -> None:
        for cell in cells:
            self._bind(cell, *self._ends(cell))

    def _ends(self, cell: Cell) -> tuple[float, float]:
        low, high = self._bounds[cell]
        return float(low), highspy.kHighsInf if high is None else float(high)

    def _price(self, costs: Mapping[Cell, int]) -> None:
        for column in self._priced:
            self._solver.changeColCost(column, 0.0)
        self._priced = [self._column[cell] for cell in costs]
        for column, cost in zip(self._priced, costs.values(), strict=True):
            self._solver.changeColCost(column, float(cost))

    def _objective(self) -> float:
        self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise ArithmeticError("nothing fits what is published: the sums or bounds are wrong")
        return float(self._solver.getObjectiveValue())

    def _whole_table(self) -> dict[Cell, int] | None:
        """Solve in whole numbers; return the table when there is one and it really fits."""
        self._set_kind(highspy.HighsVarType.kInteger)
        try:
            self._solver.run()
            found = self._solver.getSolution().col_value
        finally:
            self._set_kind(highspy.HighsVarType.kContinuous)
        table = {cell: round(found[number]) for cell, number in self._column.items()}
        return table if self._fits(table) else None

    def _set_kind(self, kind: highspy.HighsVarType) -> None:
        count = len(self._cells)
        self._solver.changeColsIntegrality(
            count, np.arange(count, dtype=np.int32), np.full(count, int(kind), np.uint8)
        )

    def _fits(self, table: Mapping[Cell, int]) -> bool:
        return all(
            low <= table[cell] and (high is None or table[cell] <= high)
            for cell, (low, high) in self._bounds.items()
        ) and all(table[one.whole] == sum(table[part] for part in one.parts) for one in self._sums)
