"""What speaks for and against a place for somebody. Pure: plain values in, reasons out.

Safety and whom a house takes in weigh more than any convenience: such a reason is hard, and no
number of advantages makes up for it. Nothing is refused in silence: a hard reason too is said, and
a person may deviate from it with a reason of their own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from referral.persons.models import MINORS, AgeGroup, Sex
from shelters.matching.models.codes import Answer, Demand, Nationality, Stay
from shelters.models import BedKind, Expertise, NeedCode, Sexes, ShelterType, TargetGroup

#: What makes a problem one of several: two of these ask for a house that is made for it
#: (COSM and OMM: domain model 2.3).
HEAVY = frozenset({NeedCode.MILD_DISABILITY, NeedCode.MENTAL_HEALTH, NeedCode.ADDICTION})
SEVERAL = 2
START, PLUS, MINUS, MOST = 20, 3, 4, 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Who waits, by what a place must be; `key` is the request, `case` the case of the person."""

    key: str
    case: str
    urgency: str
    waiting_since: datetime
    sex: str
    age_group: str
    needs: frozenset[str] = frozenset()
    avoid: frozenset[str] = frozenset()
    apart: frozenset[str] = frozenset()
    nationality: str = Nationality.UNKNOWN
    stay: str = Stay.UNKNOWN
    labour: str = Answer.UNKNOWN
    children: int = 0
    pets: bool = False
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A bed and the house around it."""

    key: str
    house: str
    name: str
    code: str
    type: str
    sexes: str
    min_age: int
    max_age: int | None
    region: str
    secret: bool
    children: bool = False
    wheelchair: bool = False
    pets: bool = False
    expertise: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    target_groups: frozenset[str] = frozenset()
    kind: str = BedKind.SINGLE
    #: Empty when it is free now, or else the moment from which it is expected to be.
    free_from: str = ""
    #: Cases of who lives there now, and of whom somebody there must be kept apart from.
    residents: frozenset[str] = frozenset()
    kept_from: frozenset[str] = frozenset()

    @property
    def alike(self) -> Place:
        """The same for every place of this house that nobody could tell apart."""
        return replace(self, key="", code="")


@dataclass(frozen=True, slots=True)
class Rule:
    """What a type of shelter asks, and which text says so."""

    type: str
    demand: str
    citation: str


class Side(StrEnum):
    """How a reason weighs."""

    HARD = "hard"
    AGAINST = "against"
    FOR = "for"


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for or against; `detail` is a source, a moment or a code."""

    side: Side
    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """A place for somebody, with every reason."""

    need: Need
    place: Place
    reasons: Sequence[Reason] = field(default_factory=tuple)

    def of(self, side: Side) -> list[Reason]:
        return [reason for reason in self.reasons if reason.side is side]

    @property
    def hard(self) -> bool:
        return any(reason.side is Side.HARD for reason in self.reasons)

    @property
    def warnings(self) -> list[Reason]:
        """What must be overridden with a reason before somebody is placed here."""
        return [reason for reason in self.reasons if reason.side is not Side.FOR]

    @property
    def points(self) -> int:
        """How well it fits: 0 to 30."""
        weight = {Side.FOR: PLUS, Side.AGAINST: -MINUS, Side.HARD: -MOST}
        return max(0, min(MOST, START + sum(weight[reason.side] for reason in self.reasons)))

    @property
    def order(self) -> tuple[int, int, str, str, str, str]:
        """The better one first; equal ones by name, so that the same input gives the same list."""
        hard, place = len(self.of(Side.HARD)), self.place
        return (hard, -self.points, place.free_from, place.name, place.code, place.key)


def weigh(need: Need, place: Place, rules: Collection[Rule] = ()) -> Match:
    """Every reason for and against this place; the same for the same input."""
    reasons = (
        *_unsafe(need, place),
        *_wrong_people(need, place),
        *_not_eligible(need, place, rules),
        *_missing(need, place),
        *_in_favour(need, place),
    )
    return Match(need, place, reasons)


def ranked(need: Need, places: Collection[Place], rules: Collection[Rule]) -> list[Match]:
    """The best first; of places in one house that are alike, the first by its code."""
    first: dict[Place, Place] = {}
    for place in sorted(places, key=lambda place: (place.code, place.key)):
        first.setdefault(place.alike, place)
    return sorted((weigh(need, place, rules) for place in first.values()), key=lambda m: m.order)


def _unsafe(need: Need, place: Place) -> Iterator[Reason]:
    if place.region in need.avoid:
        yield Reason(Side.HARD, "avoid_region")
    if need.apart & place.residents or need.case in place.kept_from:
        yield Reason(Side.HARD, "known_person")
    if NeedCode.SECRET in need.needs and not place.secret:
        yield Reason(Side.HARD, "no_secret_address")


def _wrong_people(need: Need, place: Place) -> Iterator[Reason]:
    if place.sexes != Sexes.ALL and {place.sexes, need.sex} == {Sex.FEMALE, Sex.MALE}:
        yield Reason(Side.HARD, "women_only" if place.sexes == Sexes.FEMALE else "men_only")
    young = need.age_group in MINORS
    if young and place.min_age >= 18:
        yield Reason(Side.HARD, "adults_only")
    grown = not young and need.age_group != AgeGroup.UNKNOWN
    if grown and place.max_age is not None and place.max_age < 18:
        yield Reason(Side.HARD, "minors_only")
    if NeedCode.CHILDREN in need.needs and not place.children:
        yield Reason(Side.HARD, "no_children")
    if NeedCode.WHEELCHAIR in need.needs and not place.wheelchair:
        yield Reason(Side.HARD, "no_wheelchair")


def _not_eligible(need: Need, place: Place, rules: Collection[Rule]) -> Iterator[Reason]:
    """A rule that is broken is hard; one that cannot be answered yet is to be asked."""
    for rule in rules:
        if rule.type == place.type:
            met = meets(need, rule.demand)
            if met is None:
                yield Reason(Side.AGAINST, f"ask_{rule.demand}", rule.citation)
            elif not met:
                yield Reason(Side.HARD, f"rule_{rule.demand}", rule.citation)


def meets(need: Need, demand: str) -> bool | None:
    """Whether somebody meets what a type of shelter asks; None when that is not known yet."""
    young = None if need.age_group == AgeGroup.UNKNOWN else need.age_group in MINORS
    dutch = None if need.nationality == Nationality.UNKNOWN else need.nationality == "dutch"
    stay = None if need.stay == Stay.UNKNOWN else need.stay
    return {
        Demand.ADULT: None if young is None else not young,
        Demand.MINOR: young,
        Demand.NOT_DUTCH: None if dutch is None else not dutch,
        # Who is Dutch has no reflection period, and needs no permit.
        Demand.REFLECTION: False if dutch else None if stay is None else stay == Stay.REFLECTION,
        Demand.LAWFUL: True if dutch else None if stay is None else stay == Stay.LAWFUL,
        Demand.LABOUR: None if need.labour == Answer.UNKNOWN else need.labour == Answer.YES,
        Demand.MULTIPLE: len(HEAVY & need.needs) >= SEVERAL,
    }[Demand(demand)]


def _missing(need: Need, place: Place) -> Iterator[Reason]:
    if place.free_from:
        yield Reason(Side.AGAINST, "free_later", place.free_from)
    if need.pets and not place.pets:
        yield Reason(Side.AGAINST, "no_pets")
    if need.children and place.kind != BedKind.FAMILY:
        yield Reason(Side.AGAINST, "no_family_unit")
    heavy = HEAVY & need.needs
    for lacking in sorted(heavy - place.expertise):
        yield Reason(Side.AGAINST, "no_expertise", lacking)
    if len(heavy) >= SEVERAL and not _for_several(place):
        yield Reason(Side.AGAINST, "not_for_several")


def _for_several(place: Place) -> bool:
    return (
        place.type == ShelterType.OMM
        or Expertise.LIFE_DOMAINS in place.expertise
        or TargetGroup.MULTIPLE in place.target_groups
    )


def _in_favour(need: Need, place: Place) -> Iterator[Reason]:
    if place.secret:
        yield Reason(Side.FOR, "secret_address")
    if place.type == ShelterType.COSM or TargetGroup.TRAFFICKING in place.target_groups:
        yield Reason(Side.FOR, "for_victims")
    if len(HEAVY & need.needs) >= SEVERAL and _for_several(place):
        yield Reason(Side.FOR, "for_several")
    for known in sorted(HEAVY & need.needs & place.expertise):
        yield Reason(Side.FOR, "expertise", known)
    if need.language in place.languages:
        yield Reason(Side.FOR, "language", need.language)
    yield from _for_company(need, place)


def _for_company(need: Need, place: Place) -> Iterator[Reason]:
    if NeedCode.CHILDREN in need.needs and place.children:
        yield Reason(Side.FOR, "children_welcome")
    if need.children and place.kind == BedKind.FAMILY:
        yield Reason(Side.FOR, "family_unit")
    if need.pets and place.pets:
        yield Reason(Side.FOR, "pets_welcome")
