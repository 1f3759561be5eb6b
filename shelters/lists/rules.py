"""What can be chosen on a day, what a code says, and what makes a new one."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from referral.lib.refusals import Refused
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from shelters.lists.models import CODE, SHORT_CODE, ListedCode, ListName


class ListRefused(Refused):
    """A code is not added or ended, or is not to be chosen; each sentence beside its question."""

    def __init__(self, words: str = "", **reasons: str) -> None:
        super().__init__(words or " ".join(reasons.values()))
        self.reasons: Mapping[str, str] = reasons


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCode:
    """A code that can be chosen from a day on."""

    list: str
    code: str
    dutch: str
    english: str
    source: str
    since: date


@dataclass(frozen=True, slots=True)
class Lists:
    """Every list as it stands, read in one statement."""

    rows: Sequence[ListedCode]

    def of(self, name: ListName) -> list[ListedCode]:
        return [row for row in self.rows if row.list == name]

    def words(self, name: ListName) -> dict[str, str]:
        """Of every code that ever was, since what is recorded keeps its words."""
        return {row.code: row.words for row in self.of(name)}

    def said(self, name: ListName, codes: Iterable[str]) -> str:
        words = self.words(name)
        return ", ".join(words[code] for code in codes)

    def choices(
        self, name: ListName, *, on: date, kept: Collection[str] = ()
    ) -> list[tuple[str, str]]:
        """What can be chosen on this day, and what is recorded already though it has ended."""
        return [
            (row.code, row.words) for row in self.of(name) if on in row.valid or row.code in kept
        ]

    def check(
        self, name: ListName, codes: Iterable[str], *, on: date, kept: Collection[str] = ()
    ) -> None:
        """Raises ListRefused when one of these cannot be chosen on this day."""
        if not set(codes) <= {code for code, _words in self.choices(name, on=on, kept=kept)}:
            raise ListRefused(_("Choose one of the answers."))


def read_lists(*, by: Membership) -> Lists:
    return Lists(list(ListedCode.objects.visible_to(by).in_order()))


def check_keeps_lists(by: Membership) -> None:
    if not by.may(Permission.PLACEMENT_RESERVE):
        raise ListRefused(_("Only the placement desk does this."))


def check_new_code(new: NewCode, lists: Lists, *, today: date) -> None:
    if new.list not in ListName.values:
        raise ListRefused(_("Choose one of the answers."))
    name = ListName(new.list)
    pattern = SHORT_CODE if name in (ListName.TYPE, ListName.FUNDER) else CODE
    if not re.match(pattern, new.code):
        longest = 8 if pattern == SHORT_CODE else 16
        raise ListRefused(
            code=_("Write 2 to %(longest)d small letters, or low lines between them.")
            % {"longest": longest}
        )
    if new.code in lists.words(name):
        raise ListRefused(code=_("This code is in the list already, or was. Choose another one."))
    if new.since < today:
        raise ListRefused(since=_("Choose today or a later day."))


def check_end(code: ListedCode, *, until: date, today: date) -> None:
    if code.valid.upper is not None:
        raise ListRefused(code=_("This code has its last day already."))
    if until < today or until <= code.valid.lower:
        raise ListRefused(until=_("Choose a day after its first, and today or later."))
