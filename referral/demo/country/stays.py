"""Stays in shelters: requests, reservations, arrivals and departures, bed by bed in time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from django.db.models import Max

from referral.cases.models import Case, Priority
from referral.demo.country.calendar import later
from referral.demo.country.organisations import Country, working
from referral.organisations.models import Membership
from shelters.actions import (
    accept_placements,
    end_placements,
    record_arrivals,
    request_shelters,
    reserve_beds,
)
from shelters.matching.actions.gathering import need_of, place_of
from shelters.matching.models import NeedProfile
from shelters.matching.rules import weigh
from shelters.models import Bed, EndReason, NeedCode, Placement, PlacementRequest, Urgency
from shelters.rules import Choice, Departure, Wish
from shelters.workflow import PlacementStatus

URGENCY = {
    Priority.CRISIS: Urgency.CRISIS,
    Priority.HIGH: Urgency.DAY,
    Priority.NORMAL: Urgency.PLANNED,
}
SHORTEST, LONGEST = 20, 150  # days
ENDS = (EndReason.OWN_HOME, EndReason.OTHER_SHELTER, EndReason.RETURN_COUNTRY, EndReason.FAMILY)


@dataclass(frozen=True, slots=True)
class Stay:
    """Who has which bed, from when and until when; no end when that lies in the future."""

    request: PlacementRequest
    bed: Bed
    begin: datetime
    end: datetime


def seed_stays(country: Country, cases: list[Case], *, random: Random, until: datetime) -> int:
    """Place as many as there are beds for; the rest keeps waiting. Tells how many were placed."""
    requests = ask(country, cases, until=until)
    desk = country.desk[0]
    with working(desk):
        beds = list(
            Bed.objects.visible_to(desk).with_names().order_by("shelter__code_name", "code")
        )
        earlier = Placement.objects.visible_to(desk)
        taken = set(earlier.open().values_list("bed_id", flat=True))
        ended = earlier.filter(status=PlacementStatus.ENDED).values_list("bed_id")
        ends = dict(ended.annotate(Max("during__endswith")))
    free = [bed for bed in beds if bed.pk not in taken]
    rounds = plan(requests, free, ends, random=random, until=until)
    for stays in rounds:
        live(country, stays, random=random, until=until)
    return sum(map(len, rounds))


def ask(country: Country, cases: list[Case], *, until: datetime) -> list[PlacementRequest]:
    requests: list[PlacementRequest] = []
    groups: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        if case.accepted_at and later(case.accepted_at, days=2, until=until):
            groups[str(case.owner_organisation_id)].append(case)
    for organisation, group in groups.items():
        coordinator = country.coordinators[organisation]
        with working(coordinator):
            requests += request_shelters(
                [wish(case) for case in group],
                by=coordinator,
                at=[case.accepted_at + timedelta(days=2) for case in group if case.accepted_at],
            )
    return sorted(requests, key=lambda request: (request.requested_at, request.reference))


def wish(case: Case) -> Wish:
    return Wish(
        case=case,
        urgency=URGENCY[Priority(case.priority)],
        sex=case.person.sex,
        age_group=case.age_group,
        needs=[NeedCode.INTERPRETER] if case.priority == Priority.HIGH else [],
    )


def plan(
    requests: Iterable[PlacementRequest],
    beds: list[Bed],
    ends: Mapping[UUID, datetime],
    *,
    random: Random,
    until: datetime,
) -> list[list[Stay]]:
    """Rounds of stays: within a round every bed is used at most once, later ones follow.

    `ends` are the last days of earlier years' stays, which may reach into this year.
    """
    free_from = dict(ends)
    used: dict[object, int] = defaultdict(int)
    rounds: list[list[Stay]] = []
    places = {bed.pk: place_of(bed) for bed in beds}
    for request in requests:
        begin = later(request.requested_at, days=1, until=until)
        if begin is None:
            continue
        need = need_of(request, NeedProfile())
        bed = next(
            (
                bed
                for bed in beds
                if free_from.get(bed.pk, begin) <= begin and not weigh(need, places[bed.pk]).hard
            ),
            None,
        )
        if bed is None:
            continue
        end = begin + timedelta(days=random.randint(SHORTEST, LONGEST))
        if used[bed.pk] == len(rounds):
            rounds.append([])
        rounds[used[bed.pk]].append(Stay(request=request, bed=bed, begin=begin, end=end))
        used[bed.pk] += 1
        free_from[bed.pk] = end
    return rounds


def fits(bed: Bed, request: PlacementRequest) -> bool:
    """Whether nothing forbids it, of who asked for nothing special."""
    return not weigh(need_of(request, NeedProfile()), place_of(bed)).hard


def live(country: Country, stays: list[Stay], *, random: Random, until: datetime) -> None:
    """Reserve, accept, arrive and, when the time has come, leave."""
    desk = country.desk[0]
    with working(desk):
        placements = reserve_beds(
            [Choice(request=stay.request, bed=stay.bed) for stay in stays],
            by=desk,
            at=[stay.begin for stay in stays],
        )
    for manager, group in by_shelter(country, zip(stays, placements, strict=True)):
        with working(manager):
            answered = [(s, p) for s, p in group if later(s.begin, days=1, until=until)]
            accept_placements(
                [p for _, p in answered],
                by=manager,
                at=[s.begin + timedelta(hours=2) for s, _ in answered],
            )
            record_arrivals(
                [p for _, p in answered],
                by=manager,
                at=[s.begin + timedelta(days=1) for s, _ in answered],
            )
            over = [(s, p) for s, p in answered if s.end <= until]
            end_placements(
                [Departure(placement=p, reason=random.choice(ENDS)) for _, p in over],
                by=manager,
                at=[s.end for s, _ in over],
            )


def by_shelter(
    country: Country, pairs: Iterable[tuple[Stay, Placement]]
) -> Iterator[tuple[Membership, list[tuple[Stay, Placement]]]]:
    groups: dict[int, list[tuple[Stay, Placement]]] = defaultdict(list)
    for stay, placement in pairs:
        groups[stay.bed.shelter.organisation_id].append((stay, placement))
    for manager in country.shelters:
        if manager.organisation_id in groups:
            yield manager, groups[manager.organisation_id]
