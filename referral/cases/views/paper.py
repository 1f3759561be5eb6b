"""What a part of the case file says on paper (referral.cases.printing): words only, no buttons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of text under its own line: a note, a goal, a task."""

    title: str
    text: str = ""
    more: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """A part as it stands on paper: facts with a value, then blocks."""

    facts: Sequence[tuple[str, object]] = ()
    blocks: Sequence[Block] = ()

    @property
    def known(self) -> list[tuple[str, object]]:
        return [(label, value) for label, value in self.facts if value]


def in_days(day: date | None) -> str:
    """The day in words; nothing where there is none."""
    if isinstance(day, datetime):
        day = timezone.localdate(day)
    return date_format(day, "DATE_FORMAT") if day else ""


def in_moments(at: datetime) -> str:
    return date_format(timezone.localtime(at), "DATETIME_FORMAT")
