"""The signals around one, up to two steps away, and what they share: by kind, never by value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from referral.audit.actions import record
from referral.organisations.models import Membership
from signals.links.models import Link
from signals.links.querysets import KeyRow, LinkQuerySet, equal_keys, key_rows
from signals.links.rules import (
    MOST_NODES,
    NOUNS,
    Drawing,
    Edge,
    Node,
    Shape,
    draw,
    percentage,
)
from signals.models import ItemKey, KeyKind, Signal

#: So many signals of the first step are asked what they share with others.
ASKED = 20
FIRST, SECOND = 2, 4


@dataclass(frozen=True, slots=True)
class Neighbour:
    """One line of the table: another signal, how far away, and what it shares with which."""

    signal: Signal
    step: int
    shared: tuple[str, ...]
    by_hand: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Graph:
    """The picture and the table with the same content."""

    drawing: Drawing
    neighbours: tuple[Neighbour, ...]
    #: There was more than can be shown.
    cut: bool


@transaction.atomic(savepoint=False)
def open_graph(signal: Signal, *, by: Membership, at: datetime) -> Graph:
    """What surrounds this signal; the trail gets the ids shown. At most nine statements."""
    web = _Web(signal, by=by)
    web.grow()
    record("signal_graph_opened", by=by, at=at, on=signal, ids=sorted(web.steps))
    return web.graph()


class _Web:
    """Signals by step, and the values that they share; what is common to many is left out."""

    def __init__(self, signal: Signal, *, by: Membership) -> None:
        self.centre, self.by = signal, by
        self.steps: dict[UUID, int] = {signal.pk: 0}
        self.shared: dict[bytes, tuple[str, int]] = {}
        self.holders: dict[bytes, set[UUID]] = {}
        self.links: list[Link] = []
        self.cut = False

    def grow(self) -> None:
        """Two steps outward, by equal keys and by links; then the links among all of them."""
        for step in (FIRST, SECOND):
            edge = sorted(pk for pk, at in self.steps.items() if at == step - 2)
            self.cut |= len(edge) > ASKED
            self._by_links(edge[:ASKED], step)
            self._by_keys(edge[:ASKED], step)
        linked = self._links().filter(first__in=self.steps, second__in=self.steps)
        self.links = list(linked.in_order())

    def _by_links(self, edge: Iterable[UUID], step: int) -> None:
        asked = list(edge)
        found = self._links().filter(Q(first__in=asked) | Q(second__in=asked)).in_order()
        for pair in found.values_list("first_id", "second_id")[:MOST_NODES]:
            self._add(pair, step)

    def _by_keys(self, edge: Iterable[UUID], step: int) -> None:
        keys = ItemKey.objects.visible_to(self.by)
        own = key_rows(keys.of(edge))
        found: dict[bytes, list[KeyRow]] = {}
        for row in equal_keys(keys, {row.hmac for row in own} - self.shared.keys()):
            found.setdefault(row.hmac, []).append(row)
        for hmac, rows in sorted(found.items(), key=_telling_first):
            signals = sorted({row.signal for row in rows})
            if len(signals) < 2 or not percentage(len(signals) - 1):
                continue
            if rows[0].kind == KeyKind.SOUND and self._share_more(signals):
                continue
            if self._size() >= MOST_NODES - 1:
                self.cut = True
                return
            self.shared[hmac] = (rows[0].kind, step - 1)
            self._add(signals, step)
            self.holders[hmac] = {pk for pk in signals if pk in self.steps}

    def _add(self, signals: Iterable[UUID], step: int) -> None:
        for pk in signals:
            if pk not in self.steps and self._size() >= MOST_NODES:
                self.cut = True
            else:
                self.steps.setdefault(pk, step)

    def _share_more(self, signals: Iterable[UUID]) -> bool:
        """Whether something else is drawn that all of them share."""
        return any(holders.issuperset(signals) for holders in self.holders.values())

    def _size(self) -> int:
        return len(self.steps) + len(self.shared)

    def _links(self) -> LinkQuerySet:
        return Link.objects.visible_to(self.by).standing()

    def graph(self) -> Graph:
        signals = Signal.objects.visible_to(self.by).with_names().in_bulk(list(self.steps))
        names = _numbered(self.shared)
        nodes = [
            Node(
                str(pk),
                signals[pk].reference,
                Shape.SIGNAL if step else Shape.CENTRE,
                step,
                signals[pk].get_absolute_url() if step else "",
            )
            for pk, step in self.steps.items()
        ]
        nodes += [
            Node(hmac.hex(), names[hmac], Shape.SHARED, step)
            for hmac, (_kind, step) in self.shared.items()
        ]
        edges = [
            Edge(str(pk), hmac.hex())
            for hmac, holders in sorted(self.holders.items())
            for pk in sorted(holders)
        ]
        edges += [Edge(str(one.first_id), str(one.second_id), by_hand=True) for one in self.links]
        neighbours = [
            self._neighbour(signals[pk], step, names)
            for pk, step in sorted(self.steps.items(), key=lambda one: (one[1], one[0]))
            if step
        ]
        return Graph(draw(nodes, edges), tuple(neighbours), self.cut)

    def _neighbour(self, signal: Signal, step: int, names: dict[bytes, str]) -> Neighbour:
        shared = [names[hmac] for hmac, holders in self.holders.items() if signal.pk in holders]
        by_hand = [
            str(link.get_kind_display())
            for link in self.links
            if signal.pk in (link.first_id, link.second_id)
        ]
        return Neighbour(signal, step // 2, tuple(sorted(shared)), tuple(by_hand))


def _numbered(shared: dict[bytes, tuple[str, int]]) -> dict[bytes, str]:
    """What each shared value is called: its kind, and a number where there are several."""
    of_kind: dict[str, list[bytes]] = {}
    for hmac, (kind, _step) in shared.items():
        of_kind.setdefault(kind, []).append(hmac)
    return {
        hmac: f"{NOUNS[KeyKind(kind)]} {number}" if len(hashes) > 1 else str(NOUNS[KeyKind(kind)])
        for kind, hashes in of_kind.items()
        for number, hmac in enumerate(hashes, start=1)
    }


def _telling_first(found: tuple[bytes, list[KeyRow]]) -> tuple[bool, int, bytes]:
    """What few share before what many share, and the sound of a name last."""
    hmac, rows = found
    return rows[0].kind == KeyKind.SOUND, len(rows), hmac
