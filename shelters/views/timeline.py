"""Today and the coming twelve weeks, from what is known now.

Who stays has no known end, and a reservation that is not answered is free again within hours; so
what changes is where a bed goes out of order, or comes back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from shelters.forms import FREE, OUT
from shelters.models import Bed

WEEKS = 12
#: The picture: the width of a bar and of a gap, and how high the highest bar is.
BAR, GAP, HIGH = 44, 6, 96


def moments_of(at: datetime) -> list[datetime]:
    """Now, and the same hour in each of the coming twelve weeks."""
    return [at + timedelta(weeks=week) for week in range(WEEKS + 1)]


def states_of(
    beds: Iterable[Bed], outages: Iterable[tuple[UUID, Any]], at: datetime
) -> list[tuple[Bed, list[str]]]:
    """Each bed with how it stands at each moment; `outages` are key of the bed and range."""
    spans: dict[UUID, list[Any]] = defaultdict(list)
    for bed, during in outages:
        spans[bed].append(during)
    moments = moments_of(at)
    return [
        (bed, [_state(str(getattr(bed, "state")), spans[bed.pk], then) for then in moments])  # noqa: B009 -- annotated
        for bed in beds
    ]


def _state(now: str, spans: Sequence[Any], then: datetime) -> str:
    if now not in (FREE, OUT):
        return now
    return OUT if any(then in span for span in spans) else FREE


@dataclass(frozen=True, slots=True)
class Bar:
    """How many beds are free in one week, as a bar of the picture."""

    when: datetime
    free: int
    x: int
    height: int

    @property
    def y(self) -> int:
        return HIGH - self.height + 20


def free_by_week(
    free_now: Mapping[str, int],
    outages: Iterable[tuple[str, UUID, str, Any]],
    at: datetime,
) -> dict[str, list[int]]:
    """By group, how many beds are free at each moment.

    `outages` are those that go on now or begin later: group, bed, its state now, and range.
    """
    weeks = {group: [count] * (WEEKS + 1) for group, count in free_now.items()}
    by_bed: dict[tuple[str, UUID, str], list[Any]] = defaultdict(list)
    for group, bed, now, during in outages:
        by_bed[(group, bed, now)].append(during)
    for (group, _bed, now), spans in by_bed.items():
        for week, then in enumerate(moments_of(at)):
            weeks[group][week] += (_state(now, spans, then) == FREE) - (now == FREE)
    return weeks


def bars_of(weeks: Mapping[str, Sequence[int]], at: datetime) -> list[Bar]:
    """All groups together, as bars."""
    sums = [sum(counts) for counts in zip(*weeks.values(), strict=True)]
    most = max([*sums, 1])
    return [
        Bar(when, free, GAP + number * (BAR + GAP), round(HIGH * free / most))
        for number, (when, free) in enumerate(zip(moments_of(at), sums, strict=False))
    ]
