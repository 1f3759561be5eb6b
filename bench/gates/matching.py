"""Everybody who waits over all free beds at once: the best whole, with reasons."""

from collections.abc import Iterator

from django.db import transaction
from django.utils import timezone

from bench.country import Country
from bench.gate import Measured, gate, medians
from referral.access.context import acting
from shelters.matching.actions.gathering import beds_free_or_soon, needs_of, places_of, rules_on
from shelters.matching.rules import Given, assign
from shelters.models import PlacementRequest
from shelters.workflow import RequestStatus

PEOPLE, BEDS = 200, 400


@gate("matching")
def people_by_beds(country: Country) -> Iterator[Measured]:
    """What a proposal reads, and what it computes."""
    who, at = country.placement, timezone.now()
    found: list[list[Given]] = []

    def match() -> None:
        with acting(who, purpose="bench"), transaction.atomic():
            waiting = PlacementRequest.objects.visible_to(who).filter(
                status=RequestStatus.SUBMITTED
            )
            needs = needs_of(waiting.most_urgent_first()[:PEOPLE], by=who)
            beds = beds_free_or_soon(at, by=who).order_by("code", "pk")[:BEDS]
            places = places_of(beds, by=who, at=at)
            rules = rules_on(at, by=who)
        found.append(assign(needs, places, rules))

    [taken] = medians(match, rounds=max(1, country.rounds // 6), warm=1)
    placed = sum(one.match is not None for one in found[-1])
    shown = f"{len(found[-1])} people, {placed} with a place"
    yield Measured("matching of 200 × 400", taken, 2000, "ms", detail=shown)
