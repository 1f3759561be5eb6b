"""The second opinion on a rounding, in whole numbers, sharing no code with the solver's side.

It reads the declarations and the numbers only: what adds up is derived again from the leaves, and
more sums are checked than the solver was given.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, permutations

from reporting.tables import TOTAL, Cell, Dimension, Programme

STEP = 5
Line = dict[str, int]


def violations(
    programme: Programme, truth: Mapping[Cell, int], published: Mapping[Cell, int]
) -> list[str]:
    """Return every broken promise in words; an empty list means the rounding may be published.

    `truth` and `published` map the printed cells to whole counts. Checked: each value is a
    multiple of five and less than five from the truth (so a multiple stays); every sum within and
    across tables is exact; no part exceeds its whole, where parts overlap. The words name cells,
    never a true count.
    """
    if truth.keys() != published.keys():
        return ["the published cells are not the counted cells"]
    return list(chain(_value_faults(truth, published), _sum_faults(programme, published)))


def _value_faults(truth: Mapping[Cell, int], published: Mapping[Cell, int]) -> Iterator[str]:
    for cell, shown in published.items():
        if type(shown) is not int or shown < 0 or shown % STEP:
            yield f"{cell.code}: not a multiple of {STEP}"
        elif abs(shown - truth[cell]) >= STEP:
            yield f"{cell.code}: {STEP} or more from the count"


def _sum_faults(programme: Programme, published: Mapping[Cell, int]) -> Iterator[str]:
    for dimension in programme.dimensions:
        for place, line in _lines(dimension.code, published).items():
            for words in _line_faults(dimension, line):
                yield f"{place}: {dimension.code} {words}"
    for bridge in programme.bridges:
        if published[bridge.whole] != sum(published[part] for part in bridge.parts):
            yield f"{bridge.whole.code} is not the sum of its bridge"


def _line_faults(dimension: Dimension, line: Line) -> Iterator[str]:
    for whole, parts in _divisions(dimension, line):
        if line[whole] != sum(line[part] for part in parts):
            yield f"{whole} is not the sum of {', '.join(parts)}"
    for part, whole in _containments(dimension, line):
        if line[part] > line[whole]:
            yield f"{part} exceeds {whole}"


def _lines(name: str, published: Mapping[Cell, int]) -> dict[str, Line]:
    """Collect the cells that differ in one dimension only: one row or column of the lattice."""
    lines: dict[str, Line] = defaultdict(dict)
    for cell, shown in published.items():
        here = next((category for key, category in cell.at if key == name), TOTAL)
        rest = [f"{key}={category}" for key, category in cell.at if key != name]
        lines["|".join([cell.measure, *rest])][here] = shown
    return lines


def _divisions(dimension: Dimension, line: Line) -> Iterator[tuple[str, list[str]]]:
    """Yield each category with each level that divides it into present, disjoint parts."""
    leaves = _leaves(dimension)
    for whole in line:
        wanted = leaves[whole]
        for level in dimension.levels:
            parts = [c.code for c in level.categories if leaves[c.code] <= wanted]
            fills = _fills(wanted, [leaves[part] for part in parts])
            if fills and whole not in parts and all(part in line for part in parts):
                yield whole, parts


def _containments(dimension: Dimension, line: Line) -> Iterator[tuple[str, str]]:
    leaves = _leaves(dimension)
    return ((part, whole) for part, whole in permutations(line, 2) if leaves[part] < leaves[whole])


def _leaves(dimension: Dimension) -> dict[str, set[str]]:
    leaves = {
        category.code: set(category.covers) or {category.code}
        for level in dimension.levels
        for category in level.categories
    }
    return leaves | {TOTAL: set().union(*leaves.values())}


def _fills(wanted: set[str], groups: Iterable[set[str]]) -> bool:
    counted = [leaf for group in groups for leaf in group]
    return len(counted) == len(set(counted)) and set(counted) == wanted
