"""What it says that two signals share something, and why: the version of the weights, applied.

No source gives such weights. The expert centre sets them (LinkWeights); the first version is our
own proposal. A person decides about each pair, and the points only order what is shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from signals.links.models import SURROUNDINGS, LinkWeights
from signals.links.querysets import MOST, KeyRow
from signals.models import KeyKind, Signal

HIGHEST = 100


@dataclass(frozen=True, slots=True)
class Weight:
    """How much one kind of equal key says, and why so much."""

    words: str
    points: int
    why: str | Promise


#: Why each counts for much or little; beside the points of the version in force.
WHY = {
    KeyKind.NAME_AND_DATE: _("Few people share name and day of birth."),
    KeyKind.PLATE: _("A plate is one vehicle; it can be rented or false."),
    KeyKind.IBAN: _("An account has one holder; money of many can pass through it."),
    KeyKind.PHONE: _("A number is used by few people at a time; numbers are reissued."),
    KeyKind.PROFILE: _("A name on a platform is used once; it can change hands."),
    KeyKind.EMAIL: _("An address is used by few people."),
    KeyKind.WORDS_AND_YEAR: _("Order and day may differ between papers; so do people."),
    KeyKind.ADDRESS: _("Many people can live or work behind one front door."),
    KeyKind.KVK: _("A company can have many workers and many places."),
    KeyKind.SOUND: _("Names are written down by ear; many people have names that sound alike."),
    KeyKind.DOMAIN: _("Many people write from one domain."),
    SURROUNDINGS: _("The same form at such a place in one week: it may be one event."),
}
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
    KeyKind.SOUND: _("Name by its sound"),
}
#: Who shares the first shares the second as well; it does not count twice.
IMPLIED = (
    (KeyKind.NAME_AND_DATE, KeyKind.WORDS_AND_YEAR),
    (KeyKind.NAME_AND_DATE, KeyKind.SOUND),
    (KeyKind.WORDS_AND_YEAR, KeyKind.SOUND),
    (KeyKind.EMAIL, KeyKind.DOMAIN),
)


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that two signals share, in words, never with the value itself."""

    kind: str
    points: int
    #: How many signals share it beside this one.
    shared_by: int = 1

    @property
    def words(self) -> str:
        return words_of(self.kind)


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
    #: The expert centre wants to hear of this one.
    strong: bool


def percentage(shared_by: int) -> int:
    """For how much a value counts that so many other signals share."""
    return next((percent for most, percent in COMMON if shared_by <= most), 0)


def weights_of(version: LinkWeights) -> list[Weight]:
    """The table of a version, from the most telling to the least."""
    rows = [Weight(words_of(kind), getattr(version, kind), why) for kind, why in WHY.items()]
    return sorted(rows, key=lambda row: -row.points)


def words_of(kind: str) -> str:
    names = {field.name: field.verbose_name for field in LinkWeights._meta.fields}
    return str(names[kind])


def meetings(
    own: Iterable[KeyRow], found: Iterable[KeyRow], weights: LinkWeights
) -> dict[UUID, Meeting]:
    """Each signal that shares a telling key with this one; `found` are keys of other signals."""
    mine = {row.hmac: row for row in own}
    sharing: dict[bytes, dict[UUID, KeyRow]] = {}
    for row in found:
        sharing.setdefault(row.hmac, {})[row.signal] = row
    reasons: dict[UUID, list[Reason]] = {}
    newest: dict[UUID, UUID] = {}
    for hmac, rows in sorted(sharing.items()):
        kind, percent = mine[hmac].kind, percentage(len(rows))
        points = weights.terms[kind] * percent // 100
        for other, row in rows.items() if points else ():
            reasons.setdefault(other, []).append(Reason(kind, points, len(rows)))
            newest[other] = max(newest.get(other, row.key), row.key, mine[hmac].key)
    return {
        other: Meeting(other, in_order(without_implied(why)), newest[other])
        for other, why in reasons.items()
    }


def without_implied(reasons: list[Reason]) -> list[Reason]:
    """Each thing once: a name has two sounds, and who shares name and date shares the sound."""
    kinds = {reason.kind for reason in reasons}
    implied = {second for first, second in IMPLIED if first in kinds}
    heard = [reason for reason in reasons if reason.kind == KeyKind.SOUND]
    best = sorted(heard, key=lambda reason: -reason.points)[:1]
    others = [reason for reason in reasons if reason.kind != KeyKind.SOUND]
    return [reason for reason in [*others, *best] if reason.kind not in implied]


def in_order(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """The most telling first; what several rows say the same is said once for each."""
    place = {kind: number for number, kind in enumerate(WHY)}
    return tuple(sorted(reasons, key=lambda reason: (-reason.points, place[reason.kind])))
