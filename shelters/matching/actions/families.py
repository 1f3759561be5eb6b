"""A family: a bed for each in one house, or no bed for any of them, weighed as everybody else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from referral.audit.actions import record
from referral.organisations.models import Membership
from shelters.actions import reserve_for_family
from shelters.matching.actions.gathering import needs_of, places_of, rules_on
from shelters.matching.actions.reserving import choose_alone, keep_overrides
from shelters.matching.rules.families import Together, houses_for, weigh_together
from shelters.matching.rules.refusals import Pick, check_override
from shelters.models import Bed, Placement, PlacementRequest, Shelter
from shelters.rules import Choice, check_family

MOST_HOUSES = 10


@dataclass(frozen=True, slots=True)
class House:
    """A shelter with a free bed for each of a family, who would get which, and the reasons."""

    shelter: Shelter
    beds: Sequence[Bed]
    together: Together


@transaction.atomic
def suggest_houses(
    requests: Sequence[PlacementRequest], *, by: Membership, at: datetime
) -> list[House]:
    """Shelters with a bed for each now, the best first, with reasons per person."""
    free = Bed.objects.visible_to(by).in_use().free_at(at).with_names()
    beds = _nearest_together(free)
    places = places_of(beds, by=by, at=at)
    found = houses_for(needs_of(requests, by=by), places, rules_on(at, by=by))[:MOST_HOUSES]
    ids = [match.place.key for together in found for match in together.matches]
    record("beds_suggested", on=requests[0], by=by, at=at, ids=ids)
    in_house: dict[str, list[Bed]] = {}
    for bed in beds:
        in_house.setdefault(str(bed.shelter_id), []).append(bed)
    return [
        House(in_house[house][0].shelter, in_house[house], together)
        for together in found
        for house in [together.matches[0].place.house]
    ]


@transaction.atomic
def reserve_together(picks: Sequence[Pick], *, by: Membership, at: datetime) -> list[Placement]:
    """All or nobody, weighed as things stand now; raises MatchRefused without a reason."""
    choices = [Choice(request=pick.request, bed=pick.bed) for pick in picks]
    check_family(choices)
    choose_alone()
    beds = Bed.objects.visible_to(by).filter(pk__in=[pick.bed.pk for pick in picks])
    places = {place.key: place for place in places_of(beds.with_names(), by=by, at=at)}
    needs = needs_of([pick.request for pick in picks], by=by)
    pairs = [(need, places[str(pick.bed.pk)]) for need, pick in zip(needs, picks, strict=True)]
    matches = weigh_together(pairs, rules_on(at, by=by))
    for match, pick in zip(matches, picks, strict=True):
        check_override(match, pick.reason)
    placements = reserve_for_family(choices, by=by, at=at)
    reasons = [pick.reason for pick in picks]
    keep_overrides(zip(placements, matches, reasons, strict=True), by=by, at=at)
    return placements


def _nearest_together(free: Iterable[Bed]) -> list[Bed]:
    """Of each house the unit with the most free beds first."""
    beds = list(free)
    number = Counter((bed.shelter_id, bed.unit) for bed in beds)
    return sorted(beds, key=lambda bed: (-number[bed.shelter_id, bed.unit], bed.unit, bed.code))
