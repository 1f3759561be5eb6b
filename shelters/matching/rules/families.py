"""Several people in one house at once, or none of them. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from shelters.matching.rules.fitting import Match, Need, Place, Rule, Side, weigh


@dataclass(frozen=True, slots=True)
class Together:
    """One house with a place for each, and the reasons of each of them."""

    matches: Sequence[Match]

    @property
    def warned(self) -> bool:
        """Whether a reason is asked for before they are placed here."""
        return any(match.warnings for match in self.matches)

    @property
    def order(self) -> tuple[int, int, str, str]:
        """The better house first; equal ones by name, so that the same input gives the same."""
        hard = sum(len(match.of(Side.HARD)) for match in self.matches)
        place = self.matches[0].place
        return (hard, -sum(match.points for match in self.matches), place.name, place.house)


def houses_for(
    needs: Sequence[Need], places: Iterable[Place], rules: Collection[Rule]
) -> list[Together]:
    """Houses with a place for each of them, the best first.

    Of a house those places are given that come first: whoever asks puts them in that order.
    """
    found = []
    by_house = sorted(places, key=lambda place: place.house)
    for _house, group in groupby(by_house, key=lambda place: place.house):
        chosen = list(group)[: len(needs)]
        if len(chosen) == len(needs):
            found.append(Together(weigh_together(_pairs(needs, chosen, rules), rules)))
    return sorted(found, key=lambda together: together.order)


def weigh_together(
    pairs: Sequence[tuple[Need, Place]], rules: Collection[Rule] = ()
) -> list[Match]:
    """Each in their own place, while all the others live in the same house."""
    weighed = []
    for number, (need, place) in enumerate(pairs):
        others = [other for other, _place in (*pairs[:number], *pairs[number + 1 :])]
        lived_in = replace(
            place,
            residents=place.residents.union(other.case for other in others),
            kept_from=place.kept_from.union(*(other.apart for other in others)),
        )
        weighed.append(Match(need, place, weigh(need, lived_in, rules).reasons))
    return weighed


def _pairs(
    needs: Sequence[Need], places: Iterable[Place], rules: Collection[Rule]
) -> list[tuple[Need, Place]]:
    """Who brings most children chooses first, since their place is the rarest."""
    left = list(places)
    given = {}
    for need in sorted(needs, key=lambda need: -need.children):
        given[need.key] = min(left, key=lambda place: weigh(need, place, rules).order)
        left.remove(given[need.key])
    return [(need, given[need.key]) for need in needs]
