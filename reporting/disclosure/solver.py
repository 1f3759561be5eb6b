"""HiGHS, set up so that the same question has the same answer on every machine of one version."""

from collections.abc import Iterable, Mapping

import highspy
import numpy as np

from reporting.tables import Cell, Sum

Option = bool | int | float | str


def new_solver(**options: Option) -> highspy.Highs:
    """Return a silent solver on one thread with a fixed seed, and these options besides."""
    solver = highspy.Highs()
    fixed: dict[str, Option] = {
        "output_flag": False,
        "threads": 1,
        "parallel": "off",
        "random_seed": 0,
    }
    for name, value in (fixed | options).items():
        solver.setOptionValue(name, value)
    return solver


def new_model(
    columns: Mapping[Cell, int], sums: Iterable[Sum], sides: Iterable[float]
) -> highspy.HighsLp:
    """Return a model with a column for each cell and a row for each sum: whole - parts = side.

    `columns` numbers the cells 0, 1, …; a cell of a sum without a column is left out. Costs are 0,
    bounds 0 to 1 until the caller sets them.
    """
    model = highspy.HighsLp()
    entries = [
        [
            (columns[cell], sign)
            for cell, sign in [(one.whole, 1.0), *((part, -1.0) for part in one.parts)]
            if cell in columns
        ]
        for one in sums
    ]
    model.num_col_, model.num_row_ = len(columns), len(entries)
    model.col_cost_, model.col_lower_ = np.zeros(len(columns)), np.zeros(len(columns))
    model.col_upper_ = np.ones(len(columns))
    model.row_lower_ = model.row_upper_ = np.array(list(sides))
    matrix = model.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kRowwise
    matrix.num_col_, matrix.num_row_ = len(columns), len(entries)
    matrix.start_ = np.cumsum([0, *(len(entry) for entry in entries)])
    matrix.index_ = np.array([column for entry in entries for column, _ in entry], dtype=np.int32)
    matrix.value_ = np.array([sign for entry in entries for _, sign in entry])
    return model
