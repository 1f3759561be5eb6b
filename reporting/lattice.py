"""The union of the cells of all tables, what they add up to, and how they are counted."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from reporting.tables import TOTAL, Cell, Dimension, Programme, ProgrammeRefused, Sum, TableSpec

Record = Mapping[str, str]


@dataclass(frozen=True)
class Lattice:
    """Every cell of a programme once.

    `published` stand in a table; `support` only hold overlapping answers together (the exclusive
    combinations beneath them) and are never printed. `sums` are over both.
    """

    published: tuple[Cell, ...]
    support: tuple[Cell, ...]
    sums: tuple[Sum, ...]

    @property
    def cells(self) -> tuple[Cell, ...]:
        return self.published + self.support


@lru_cache(maxsize=4)  # counting, protecting and warning each ask for the same one
def lattice_of(programme: Programme) -> Lattice:
    """Return all cells of all tables, an identical cell once, with every linear sum among them."""
    published = {cell for table in programme.tables for cell in cells_of(programme, table)}
    published |= {cell for bridge in programme.bridges for cell in (bridge.whole, *bridge.parts)}
    support = {cell for table in programme.tables for cell in support_of(programme, table)}
    support -= published
    sums = (*sums_among(programme, published | support), *programme.bridges)
    return Lattice(tuple(sorted(published)), tuple(sorted(support)), sums)


def cells_of(programme: Programme, table: TableSpec) -> list[Cell]:
    """Return the cells that one table shows, margins included, row by row."""
    shown = [
        [
            (axis.dimension, code)
            for code in shown_categories(programme, axis.dimension, axis.levels)
        ]
        for axis in table.axes
    ]
    return [Cell.of(table.measure, dict([*table.where, *place])) for place in product(*shown)]


def shown_categories(programme: Programme, dimension: str, levels: Iterable[str]) -> list[str]:
    """Return the codes a table shows for a dimension: TOTAL, then each level in its order."""
    found = programme.dimension(dimension)
    return [TOTAL, *(code for level in levels for code in found.level(level).codes)]


def support_of(programme: Programme, table: TableSpec) -> list[Cell]:
    """Return the cells beneath the overlapping levels of a table; none when nothing overlaps."""
    deeper = tuple(
        (axis.dimension, _with_leaves(programme.dimension(axis.dimension), axis.levels))
        for axis in table.axes
    )
    if deeper == tuple((axis.dimension, axis.levels) for axis in table.axes):
        return []
    shown = [
        [(name, code) for code in shown_categories(programme, name, levels)]
        for name, levels in deeper
    ]
    return [Cell.of(table.measure, dict([*table.where, *place])) for place in product(*shown)]


def _with_leaves(dimension: Dimension, levels: tuple[str, ...]) -> tuple[str, ...]:
    leaf_level = dimension.levels[0].code
    if leaf_level in levels or not any(dimension.level(code).overlaps for code in levels):
        return levels
    return (leaf_level, *levels)


def sums_among(programme: Programme, cells: Iterable[Cell]) -> list[Sum]:
    """Return every sum that holds between these cells because of margins, hierarchies or overlap.

    Along one dimension, all else equal, a category is the sum of each level that divides it.
    A sum that follows from two others (country = regions, when provinces stand between) is left
    out: it holds anyway.
    """
    lines: dict[tuple[str, Cell], list[str]] = defaultdict(list)
    for cell in sorted(cells):
        for dimension in programme.dimensions:
            category = cell.category(dimension.code)
            lines[dimension.code, cell.moved(dimension.code, TOTAL)].append(category)
    found = _Divisions(programme)
    return [
        Sum(base.moved(name, whole), tuple(base.moved(name, part) for part in parts))
        for (name, base), present in lines.items()
        if len(present) > 1
        for whole, parts in found.among(name, tuple(present))
    ]


class _Divisions:
    """The divisions for each set of present categories: most lines of a table have the same."""

    def __init__(self, programme: Programme) -> None:
        self._programme = programme
        self._found: dict[tuple[str, ...], list[tuple[str, tuple[str, ...]]]] = {}

    def among(self, name: str, present: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
        key = (name, *present)
        if key not in self._found:
            dimension = self._programme.dimension(name)
            self._found[key] = [
                (whole, parts)
                for whole in present
                for parts in divisions(dimension, whole, present)
            ]
        return self._found[key]


def divisions(dimension: Dimension, whole: str, present: Iterable[str]) -> list[tuple[str, ...]]:
    """Return how a category is divided exactly by levels of which every part is present.

    Each division is the codes of one level, in its order; divisions implied by a coarser one
    are left out.
    """
    here, leaves = set(present), dimension.leaves_of(whole)
    found = [
        parts
        for level in dimension.levels
        if whole not in (parts := _inside(dimension, level.codes, leaves))
        and here.issuperset(parts)
        and _is_exact(dimension, parts, leaves)
    ]
    return [
        parts
        for parts in found
        if not any(_refines_strictly(dimension, parts, other) for other in found)
    ]


def _inside(dimension: Dimension, codes: Iterable[str], leaves: frozenset[str]) -> tuple[str, ...]:
    return tuple(code for code in codes if dimension.leaves_of(code) <= leaves)


def _is_exact(dimension: Dimension, parts: Iterable[str], leaves: frozenset[str]) -> bool:
    counted = Counter(leaf for part in parts for leaf in dimension.leaves_of(part))
    return set(counted) == leaves and max(counted.values()) == 1


def _refines_strictly(dimension: Dimension, fine: Iterable[str], coarse: Iterable[str]) -> bool:
    return _refines(dimension, fine, coarse) and not _refines(dimension, coarse, fine)


def _refines(dimension: Dimension, fine: Iterable[str], coarse: Iterable[str]) -> bool:
    groups = [dimension.leaves_of(code) for code in coarse]
    return all(any(dimension.leaves_of(code) <= group for group in groups) for code in fine)


class Places:
    """Where a record counts: for a measure and a record, the cells of the lattice it stands in."""

    def __init__(self, programme: Programme, lattice: Lattice) -> None:
        self._programme = programme
        self._shapes = _by_shape(lattice.cells)
        self._found: dict[tuple[str, tuple[tuple[str, str], ...]], frozenset[Cell]] = {}

    def of(self, measure: str, record: Record) -> frozenset[Cell]:
        """Return the cells that count this record, margins and groups included.

        `record` gives a leaf for every dimension that a table of the measure uses;
        ProgrammeRefused when it misses one or names an unknown leaf.
        """
        key = (measure, tuple(sorted(record.items())))
        if key not in self._found:
            self._found[key] = frozenset(self._search(measure, record))
        return self._found[key]

    def _search(self, measure: str, record: Record) -> Iterator[Cell]:
        for names, cells in self._shapes[measure].items():
            for place in product(*(self._holders(name, record) for name in names)):
                cell = Cell(measure, tuple(zip(names, place, strict=True)))
                if cell in cells:
                    yield cell

    def _holders(self, name: str, record: Record) -> tuple[str, ...]:
        if name not in record:
            raise ProgrammeRefused(f"a record has no '{name}'; unknown is a category of its own")
        return self._programme.dimension(name).holders_of(record[name])


def _by_shape(cells: Iterable[Cell]) -> dict[str, dict[tuple[str, ...], set[Cell]]]:
    """Group cells by measure and by the dimensions they name, so that a look-up is a set's."""
    shapes: dict[str, dict[tuple[str, ...], set[Cell]]] = defaultdict(lambda: defaultdict(set))
    for cell in cells:
        shapes[cell.measure][tuple(name for name, _ in cell.at)].add(cell)
    return shapes


def tabulate(
    programme: Programme, lattice: Lattice, records: Mapping[str, Iterable[Record]]
) -> dict[Cell, int]:
    """Count records into every cell of the lattice.

    `records` maps a measure to its records, one for each counted unit. Returns cell → count, 0
    included. ProgrammeRefused when a record does not fit (see Places.of) or when a bridge between
    measures does not add up.
    """
    counts = dict.fromkeys(lattice.cells, 0)
    places = Places(programme, lattice)
    for measure, lines in records.items():
        for record in lines:
            for cell in places.of(measure, record):
                counts[cell] += 1
    for bridge in programme.bridges:
        if counts[bridge.whole] != sum(counts[part] for part in bridge.parts):
            raise ProgrammeRefused(f"the bridge of {bridge.whole.code} does not add up")
    return counts
