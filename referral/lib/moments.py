"""Many deeds of one kind, each at its own moment; one deed is many of length one."""

from collections.abc import Sequence
from datetime import datetime

#: One moment for all, or one for each.
When = datetime | Sequence[datetime]


def moments(at: When, count: int) -> list[datetime]:
    """`count` moments. Raises ValueError when there are not as many as deeds."""
    found = [at] * count if isinstance(at, datetime) else list(at)
    if len(found) != count:
        raise ValueError(f"{count} deeds need {count} moments, not {len(found)}")
    return found
