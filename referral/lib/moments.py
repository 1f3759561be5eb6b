"""Many deeds of one kind, each at its own moment; one deed is many of length one."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import TypeVar

Item = TypeVar("Item")

#: One moment for all, or one for each.
When = datetime | Sequence[datetime]


def moments(at: When, count: int) -> list[datetime]:
    """`count` moments. Raises ValueError when there are not as many as deeds."""
    found = [at] * count if isinstance(at, datetime) else list(at)
    if len(found) != count:
        raise ValueError(f"{count} deeds need {count} moments, not {len(found)}")
    return found


def by_moment(
    items: Iterable[Item], times: Iterable[datetime]
) -> Iterator[tuple[datetime, list[Item]]]:
    """The items of each moment, the earliest first: one statement can serve each group."""
    pairs = sorted(zip(times, items, strict=True), key=itemgetter(0))
    for at, group in groupby(pairs, key=itemgetter(0)):
        yield at, [item for _, item in group]
