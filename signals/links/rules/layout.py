"""Where the picture of linked signals draws what: columns by distance, the same each time.

Signals are rectangles and what they share are pills, so that colour is never the only sign.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

#: More than this nobody reads in one picture.
MOST_NODES = 60
COLUMN, ROW, WIDE, HIGH = 210, 56, 168, 36
MARGIN = 12


class Shape(StrEnum):
    """How a node is drawn."""

    CENTRE = "centre"  # the signal that is looked at
    SIGNAL = "signal"
    SHARED = "shared"  # what signals share, by its kind only


@dataclass(frozen=True, slots=True)
class Node:
    """A signal, or something that signals share; `step` is the column from the left."""

    key: str
    label: str
    shape: Shape
    step: int
    url: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """A line between two nodes, by their keys. A person drew it, or what they share."""

    one: str
    other: str
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """A node and its upper left corner."""

    node: Node
    x: int
    y: int

    @property
    def middle(self) -> tuple[int, int]:
        return self.x + WIDE // 2, self.y + HIGH // 2

    @property
    def radius(self) -> int:
        return HIGH // 2 if self.node.shape == Shape.SHARED else 4


@dataclass(frozen=True, slots=True)
class Line:
    """A path from node to node, as SVG writes it."""

    path: str
    by_hand: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything with its place."""

    nodes: tuple[Placed, ...]
    lines: tuple[Line, ...]
    width: int
    height: int
    box_width: int = WIDE
    box_height: int = HIGH
    box_middle: int = WIDE // 2
    baseline: int = HIGH // 2 + 5


def draw(nodes: Sequence[Node], edges: Sequence[Edge]) -> Drawing:
    """Columns by step; in a column each node stands near what it hangs on in the one before."""
    columns: dict[int, list[Node]] = {}
    for node in nodes:
        columns.setdefault(node.step, []).append(node)
    tallest = max(map(len, columns.values()), default=1)
    height = tallest * ROW - (ROW - HIGH) + 2 * MARGIN
    placed: dict[str, Placed] = {}
    for number, step in enumerate(sorted(columns)):
        column = sorted(columns[step], key=lambda node: (_pull(node, edges, placed), node.key))
        top = (height - (len(column) * ROW - (ROW - HIGH))) // 2
        for row, node in enumerate(column):
            placed[node.key] = Placed(node, MARGIN + number * COLUMN, top + row * ROW)
    width = 2 * MARGIN + (len(columns) - 1) * COLUMN + WIDE
    lines = tuple(_line(placed[edge.one], placed[edge.other], edge) for edge in edges)
    return Drawing(tuple(placed[node.key] for node in nodes), lines, width, height)


def _pull(node: Node, edges: Sequence[Edge], placed: dict[str, Placed]) -> float:
    """The mean height of what this node hangs on, among what has its place already."""
    ends = [e.other if e.one == node.key else e.one for e in edges if node.key in (e.one, e.other)]
    heights = [placed[end].y for end in ends if end in placed]
    return sum(heights) / len(heights) if heights else 0.0


def _line(one: Placed, other: Placed, edge: Edge) -> Line:
    (x1, y1), (x2, y2) = one.middle, other.middle
    if x1 == x2:
        # Of one column: a bow beside it.
        side = x1 + WIDE // 2
        return Line(f"M{side} {y1}C{side + 36} {y1} {side + 36} {y2} {side} {y2}", edge.by_hand)
    if x1 > x2:
        x1, y1, x2, y2 = x2, y2, x1, y1
    x1, x2 = x1 + WIDE // 2, x2 - WIDE // 2
    half = (x1 + x2) // 2
    return Line(f"M{x1} {y1}C{half} {y1} {half} {y2} {x2} {y2}", edge.by_hand)
