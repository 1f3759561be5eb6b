"""The attack on one's own release: what can somebody who knows the method work out?

For every small cell the audit exhibits the whole numbers that are still possible: each is proven
by a complete table that fits everything published. A cell for which too few are found is unsafe.
Source: GDPR recital 26 and WP216: the realistic attacker is an agency that knows its own cases.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from reporting.disclosure.polyhedron import Polyhedron
from reporting.lattice import Lattice
from reporting.tables import Cell

REACH = 4
SMALL = range(1, 5)
ENOUGH = 5
PATIENCE = 4

Bounds = dict[Cell, tuple[int, int | None]]


@dataclass(frozen=True)
class Attacker:
    """Somebody with the release in hand.

    `leaked` are cells known exactly (cell → count); `own` are counts of the attacker's own cases
    in every cell (cell → count, missing = 0), which the attacker subtracts. `reach` is how far a
    published value can lie from the count by the method that the attacker knows was used.
    """

    name: str
    leaked: Mapping[Cell, int] = field(default_factory=dict)
    own: Mapping[Cell, int] = field(default_factory=dict)
    reach: int = REACH


@dataclass(frozen=True)
class Finding:
    """What stays possible for one cell, less the attacker's own cases: proven values, ascending."""

    cell: Cell
    possible: tuple[int, ...]


@dataclass(frozen=True)
class Audit:
    """The outcome for one attacker: cells tested, the least number of possible values, failures."""

    attacker: str
    tested: int
    least_possible: int
    unsafe: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        return not self.unsafe


def audit_rounding(
    lattice: Lattice,
    truth: Mapping[Cell, int],
    published: Mapping[Cell, int],
    *,
    attacker: Attacker,
) -> Audit:
    """Attack every printed cell whose count, less the attacker's own cases, is 1 to 4.

    `truth` holds the counts of all cells of the lattice, `published` only what is printed.
    Safe for an outsider: at least five whole numbers are possible and not all of them are 1–4.
    Safe for one who knows more than the release: the number of other people is not provably 1–4.
    What an attacker knows exactly is not tested. An unsafe cell is an outcome, not an error.
    """
    targets = [
        cell
        for cell in lattice.published
        if truth[cell] - attacker.own.get(cell, 0) in SMALL and cell not in attacker.leaked
    ]
    need = 1 if attacker.own or attacker.leaked else ENOUGH
    seen = _Seen(attacker.own, need, targets)
    seen.note(truth)
    bounds = _bounds(lattice, published, attacker)
    _push(_smaller(bounds, lattice, truth), truth, bounds, seen)
    if seen.open():
        room = Polyhedron(bounds, lattice.sums)
        _push(room, truth, bounds, seen)
        _pursue(room, seen)
    unsafe = tuple(Finding(cell, seen.values(cell)) for cell in seen.open())
    least = min((len(seen.values(cell)) for cell in targets), default=0)
    return Audit(attacker.name, len(targets), least, unsafe)


class _Seen:
    """The values proven possible for each target, less the attacker's own cases."""

    def __init__(self, own: Mapping[Cell, int], need: int, targets: Iterable[Cell]) -> None:
        self._own, self._need = own, need
        self._values: dict[Cell, set[int]] = {cell: set() for cell in targets}

    def note(self, table: Mapping[Cell, int] | None) -> None:
        if table is not None:
            for cell, values in self._values.items():
                values.add(table[cell] - self._own.get(cell, 0))

    def values(self, cell: Cell) -> tuple[int, ...]:
        return tuple(sorted(self._values[cell]))

    def settled(self, cell: Cell) -> bool:
        values = self._values[cell]
        return len(values) >= self._need and any(value not in SMALL for value in values)

    def open(self) -> list[Cell]:
        return [cell for cell in self._values if not self.settled(cell)]

    def missing(self, cell: Cell, low: int, high: int) -> list[int]:
        """Return the counts from low to high, own cases included, that were not yet seen."""
        own = self._own.get(cell, 0)
        return [count for count in range(low, high + 1) if count - own not in self._values[cell]]


def _bounds(lattice: Lattice, published: Mapping[Cell, int], attacker: Attacker) -> Bounds:
    """Return what each count can be by itself: near what is printed, own cases in."""
    bounds: Bounds = {}
    for cell in lattice.cells:
        own = attacker.own.get(cell, 0)
        known = attacker.leaked.get(cell)
        if known is not None:
            bounds[cell] = (known, known)
        elif (shown := published.get(cell)) is not None:
            bounds[cell] = (max(own, shown - attacker.reach), shown + attacker.reach)
        else:
            bounds[cell] = (own, None)
    return bounds


def _smaller(bounds: Bounds, lattice: Lattice, truth: Mapping[Cell, int]) -> Polyhedron:
    """Keep away the combinations of several answers that nobody gave: what is found without them
    is possible with them, and found sooner. What is not found says nothing yet.
    """
    printed = set(lattice.published)
    groups = Counter(part for one in lattice.sums if one.whole in printed for part in one.parts)
    # A single answer counts in the total and in its own group; a combination in more.
    away = {c: (0, 0) for c in lattice.support if groups[c] > 2 and not truth[c]}
    return Polyhedron({**bounds, **away}, lattice.sums)


def _push(room: Polyhedron, truth: Mapping[Cell, int], bounds: Bounds, seen: _Seen) -> None:
    """Send all open cells to values not yet seen, each to another: one table settles many."""
    idle = turn = 0
    while idle < PATIENCE and (cells := seen.open()):
        goals = {}
        for number, cell in enumerate(cells):
            low, high = bounds[cell]
            if high is not None and (missing := seen.missing(cell, low, high)):
                goals[cell] = missing[(number + turn) % len(missing)]
        seen.note(room.towards(goals, truth))
        idle = 0 if len(seen.open()) < len(cells) else idle + 1
        turn += 1


def _pursue(room: Polyhedron, seen: _Seen) -> None:
    """For each cell still open: ask for every value by itself, until enough are proven."""
    for cell in seen.open():
        for value in seen.missing(cell, *room.span(cell)):
            if not seen.settled(cell):
                seen.note(room.with_value(cell, value))
