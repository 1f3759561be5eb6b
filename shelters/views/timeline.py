"""Today and the coming twelve weeks, from what is known now.

A reservation that is not answered is free again within hours; so what changes is where a bed goes
out of order or comes back, and where a stay ends by plan. A plan is no certainty: what becomes
free by it is counted beside what is free.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from referral.organisations.models import Membership
from shelters.forms import FREE, OUT
from shelters.models import Bed

WEEKS = 12
#: How a bed stands that somebody leaves by plan; beside those of forms.STATES.
BY_PLAN = "by_plan"
#: Stays of which is known when they end, with that day as `free_on`; the room of stays knows.
EndsMaker = Callable[[Membership, datetime], QuerySet[Any, Any]]
#: The picture: the width of a bar and of a gap, and how high the highest bar is.
BAR, GAP, HIGH = 44, 6, 96


def moments_of(at: datetime) -> list[datetime]:
    """Now, and the same hour in each of the coming twelve weeks."""
    return [at + timedelta(weeks=week) for week in range(WEEKS + 1)]


def states_of(
    beds: Iterable[Bed],
    outages: Iterable[tuple[UUID, Any]],
    ends: Mapping[UUID, date],
    at: datetime,
) -> list[tuple[Bed, list[str]]]:
    """Each bed with how it stands at each moment.

    `outages` are key of the bed and range, `ends` the day on which who stays there leaves.
    """
    spans: dict[UUID, list[Any]] = defaultdict(list)
    for bed, during in outages:
        spans[bed].append(during)
    moments = moments_of(at)
    return [
        (
            bed,
            [
                BY_PLAN
                if bed.pk in ends and ends[bed.pk] <= timezone.localdate(then)
                else _state(str(getattr(bed, "state")), spans[bed.pk], then)  # noqa: B009 -- annotated
                for then in moments
            ],
        )
        for bed in beds
    ]


def ends_of(ends: QuerySet[Any, Any], beds: Iterable[Bed]) -> dict[UUID, date]:
    """By bed, the day on which who stays there leaves by plan."""
    theirs = ends.filter(placement__bed__in=[bed.pk for bed in beds])
    return dict(theirs.values_list("placement__bed", "free_on"))


def _state(now: str, spans: Sequence[Any], then: datetime) -> str:
    if now not in (FREE, OUT):
        return now
    return OUT if any(then in span for span in spans) else FREE


@dataclass(frozen=True, slots=True)
class Bar:
    """How many beds are free in one week, and become free by plan, as a bar of the picture."""

    when: datetime
    free: int
    planned: int
    x: int
    height: int
    more: int

    @property
    def y(self) -> int:
        return HIGH - self.height + 20

    @property
    def top(self) -> int:
        return self.y - self.more


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


def planned_by_week(
    groups: Iterable[str], ends: Iterable[tuple[str, date, int]], at: datetime
) -> dict[str, list[int]]:
    """By group, how many beds are free by plan at each moment; `ends` are group, day, number."""
    weeks = {group: [0] * (WEEKS + 1) for group in groups}
    days = [timezone.localdate(then) for then in moments_of(at)]
    for group, day, number in ends:
        for week, then in enumerate(days):
            weeks[group][week] += number * (day <= then)
    return weeks


def bars_of(
    free: Mapping[str, Sequence[int]], planned: Mapping[str, Sequence[int]], at: datetime
) -> list[Bar]:
    """All groups together, as bars."""
    sums = [
        [sum(counts) for counts in zip(*all_.values(), strict=True)] for all_ in (free, planned)
    ]
    both = list(zip(*sums, strict=True))
    most = max([*map(sum, both), 1])
    return [
        Bar(
            when,
            now,
            later,
            GAP + number * (BAR + GAP),
            round(HIGH * now / most),
            round(HIGH * later / most),
        )
        for number, (when, (now, later)) in enumerate(zip(moments_of(at), both, strict=False))
    ]
