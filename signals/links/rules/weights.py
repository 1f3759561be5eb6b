"""What it says that two signals share something: an ordered table of weights, each explained.

No source gives such weights. They are our own proposal, to be judged by the expert centre: a
person decides about each pair, and the points only order what is shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from signals.links.querysets import MOST, KeyRow
from signals.models import KeyKind, Signal

SURROUNDINGS = "surroundings"
#: From so many points on the handler is told, and the suggestion is called strong.
STRONG = 60
HIGHEST = 100


@dataclass(frozen=True, slots=True)
class Weight:
    """How much one kind of equal key says, and why so much."""

    kind: str
    points: int
    why: str | Promise


#: From the most telling to the least. Source of all rows: our own proposal.
WEIGHTS = (
    Weight(KeyKind.NAME_AND_DATE, 80, _("Few people share name and day of birth.")),
    Weight(KeyKind.PLATE, 70, _("A plate is one vehicle; it can be rented or false.")),
    Weight(KeyKind.IBAN, 70, _("An account has one holder; money of many can pass through it.")),
    Weight(KeyKind.PHONE, 60, _("A number is used by few people at a time; numbers are reissued.")),
    Weight(KeyKind.PROFILE, 60, _("A name on a platform is used once; it can change hands.")),
    Weight(KeyKind.EMAIL, 60, _("An address is used by few people.")),
    Weight(KeyKind.WORDS_AND_YEAR, 40, _("Order and day may differ between papers; so do people.")),
    Weight(KeyKind.ADDRESS, 40, _("Many people can live or work behind one front door.")),
    Weight(KeyKind.KVK, 40, _("A company can have many workers and many places.")),
    Weight(KeyKind.DOMAIN, 20, _("Many people write from one domain.")),
    Weight(SURROUNDINGS, 10, _("The same form at such a place in one week: it may be one event.")),
)
POINTS = {weight.kind: weight.points for weight in WEIGHTS}
WHY_SURROUNDINGS = _("same municipality, kind of place, form and week")
#: Shared by at most so many other signals, a value counts for so many per cent. What more share
#: (a shelter's telephone, the police's own number) is left out.
COMMON = ((3, 100), (20, 50), (MOST, 20))
#: What is shared, as a thing; a picture never says more of it.
NOUNS = {
    KeyKind.PHONE: _("Telephone number"),
    KeyKind.PLATE: _("Number plate"),
    KeyKind.IBAN: _("Bank account"),
    KeyKind.PROFILE: _("Account online"),
    KeyKind.EMAIL: _("E-mail address"),
    KeyKind.DOMAIN: _("Web domain"),
    KeyKind.KVK: _("Company"),
    KeyKind.ADDRESS: _("Address"),
    KeyKind.NAME_AND_DATE: _("Name and birth date"),
    KeyKind.WORDS_AND_YEAR: _("Names and birth year"),
}
#: Who shares the first shares the second as well; it does not count twice.
IMPLIED = ((KeyKind.NAME_AND_DATE, KeyKind.WORDS_AND_YEAR), (KeyKind.EMAIL, KeyKind.DOMAIN))


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that two signals share, in words, never with the value itself."""

    kind: str
    points: int
    #: How many signals share it beside this one.
    shared_by: int = 1

    @property
    def words(self) -> str:
        return str(WHY_SURROUNDINGS if self.kind == SURROUNDINGS else KeyKind(self.kind).label)


@dataclass(frozen=True, slots=True)
class Meeting:
    """Why one other signal may belong with this one."""

    other: UUID
    reasons: tuple[Reason, ...]
    #: The newest of the keys that the two share; none where they share surroundings only.
    newest: UUID | None = None

    @property
    def score(self) -> int:
        return min(HIGHEST, sum(reason.points for reason in self.reasons))


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Another signal that may belong with this one, and why."""

    signal: Signal
    reasons: tuple[Reason, ...]
    score: int

    @property
    def strong(self) -> bool:
        return self.score >= STRONG


def percentage(shared_by: int) -> int:
    """For how much a value counts that so many other signals share."""
    return next((percent for most, percent in COMMON if shared_by <= most), 0)


def meetings(own: Iterable[KeyRow], found: Iterable[KeyRow]) -> dict[UUID, Meeting]:
    """Each signal that shares a telling key with this one; `found` are keys of other signals."""
    mine = {row.hmac: row for row in own}
    sharing: dict[bytes, dict[UUID, KeyRow]] = {}
    for row in found:
        sharing.setdefault(row.hmac, {})[row.signal] = row
    reasons: dict[UUID, list[Reason]] = {}
    newest: dict[UUID, UUID] = {}
    for hmac, rows in sorted(sharing.items()):
        kind, percent = mine[hmac].kind, percentage(len(rows))
        for other, row in rows.items() if percent else ():
            points = POINTS[kind] * percent // 100
            reasons.setdefault(other, []).append(Reason(kind, points, len(rows)))
            newest[other] = max(newest.get(other, row.key), row.key, mine[hmac].key)
    return {
        other: Meeting(other, in_order(without_implied(why)), newest[other])
        for other, why in reasons.items()
    }


def without_implied(reasons: list[Reason]) -> list[Reason]:
    kinds = {reason.kind for reason in reasons}
    implied = {second for first, second in IMPLIED if first in kinds}
    return [reason for reason in reasons if reason.kind not in implied]


def in_order(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """As the table of weights has them; what several rows say the same is said once for each."""
    place = {weight.kind: number for number, weight in enumerate(WEIGHTS)}
    return tuple(sorted(reasons, key=lambda reason: (place[reason.kind], -reason.points)))
