"""Rows into the plain values that the rules weigh: the one place where a field is read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from referral.organisations.models import Membership
from shelters.matching.models import EligibilityRule, NeedProfile
from shelters.matching.rules import Need, Place, Rule
from shelters.models import Bed, BedOutage, Placement, PlacementRequest, SecurityLevel
from shelters.querysets import BedQuerySet
from shelters.stays.models import Stay

#: A bed that is out of order and comes back within this time is nearly free.
SOON = timedelta(days=7)
NOBODY: Mapping[UUID, date] = MappingProxyType({})


def rules_on(at: datetime, *, by: Membership) -> list[Rule]:
    """What each type of shelter asks today."""
    found = EligibilityRule.objects.visible_to(by).valid_on(timezone.localdate(at)).by_type()
    return [Rule(rule.shelter_type, rule.demand, rule.citation) for rule in found]


def needs_of(requests: Iterable[PlacementRequest], *, by: Membership) -> list[Need]:
    """Each request with its profile; one that was made without has the answers unknown."""
    requests = list(requests)
    found = NeedProfile.objects.visible_to(by).filter(request__in=[one.pk for one in requests])
    profiles = {profile.request_id: profile for profile in found}
    return [need_of(one, profiles.get(one.pk) or NeedProfile()) for one in requests]


def need_of(request: PlacementRequest, profile: NeedProfile) -> Need:
    regions = {request.avoid_region_id, *profile.avoid_regions} - {None}
    return Need(
        key=str(request.pk),
        case=str(request.case_id),
        urgency=request.urgency,
        waiting_since=request.requested_at,
        sex=request.sex,
        age_group=request.age_group,
        needs=frozenset(request.needs),
        avoid=frozenset(map(str, regions)),
        apart=frozenset(map(str, profile.apart)),
        nationality=profile.nationality,
        stay=profile.stay,
        labour=profile.labour,
        children=profile.children,
        pets=profile.pets,
        language=profile.language,
    )


def soon_left(at: datetime, *, by: Membership, but: UUID) -> dict[UUID, date]:
    """Beds that somebody leaves by plan within a week, and on which day; not that person's own.

    Nobody can be placed there before: to the desk it is a day to wait for.
    """
    stays = Stay.objects.visible_to(by).with_planned_end(timezone.localdate(at))
    soon = stays.filter(Q(("free_on__lte", timezone.localdate(at + SOON))))
    others: QuerySet[Any, Any] = soon.exclude(placement__person=but)
    return dict(others.values_list("placement__bed", "free_on"))


def beds_free_or_soon(at: datetime, *, by: Membership, left: Collection[UUID] = ()) -> BedQuerySet:
    """Those that nobody has, and that can be used now or within a week; and those of `left`."""
    held = Placement.objects.holding_after(at).filter(bed=OuterRef("pk"))
    long_out = BedOutage.objects.filter(bed=OuterRef("pk"), during__contains=[at, at + SOON])
    free = ~Exists(held) | Q(pk__in=left)
    return Bed.objects.visible_to(by).in_use().filter(free, ~Exists(long_out)).with_names()


def places_of(
    beds: Iterable[Bed],
    *,
    by: Membership,
    at: datetime,
    left: Mapping[UUID, date] = NOBODY,
    leaving: Collection[PlacementRequest] = (),
) -> list[Place]:
    """Each bed with its house and who lives there, in three statements whatever the number.

    Who is `leaving` does not count as somebody who lives there.
    """
    beds = list(beds)
    outages = BedOutage.objects.visible_to(by).filter(
        bed__in=[bed.pk for bed in beds], during__contains=at, during__endswith__isnull=False
    )
    back = {outage.bed_id: outage.during.upper.isoformat() for outage in outages}
    back |= {bed: _begin_of(day).isoformat() for bed, day in left.items()}
    houses = {bed.shelter_id for bed in beds}
    residents, kept_from = _who_lives_where(houses, by=by, but=leaving)
    return [
        place_of(bed, back.get(bed.pk, ""), residents[bed.shelter_id], kept_from[bed.shelter_id])
        for bed in beds
    ]


def _begin_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def place_of(
    bed: Bed,
    free_from: str = "",
    residents: Iterable[str] = (),
    kept_from: Iterable[str] = (),
) -> Place:
    house = bed.shelter
    return Place(
        key=str(bed.pk),
        house=str(house.pk),
        name=house.code_name,
        code=bed.code,
        kind=bed.kind,
        type=house.type,
        sexes=house.sexes,
        min_age=house.min_age,
        max_age=house.max_age,
        region=str(house.safety_region_id),
        secret=house.security == SecurityLevel.SECRET,
        children=house.children,
        pets=house.pets,
        wheelchair=house.wheelchair,
        expertise=frozenset(house.expertise),
        languages=frozenset(house.languages),
        target_groups=frozenset(house.target_groups),
        free_from=free_from,
        residents=frozenset(residents),
        kept_from=frozenset(kept_from),
    )


Cases = defaultdict[UUID, set[str]]


def _who_lives_where(
    houses: Collection[UUID], *, by: Membership, but: Collection[PlacementRequest]
) -> tuple[Cases, Cases]:
    """By house: the cases of who has a bed there, and those they must be kept apart from."""
    residents: Cases = defaultdict(set)
    kept_from: Cases = defaultdict(set)
    stays = list(
        Placement.objects.visible_to(by)
        .open()
        .filter(shelter__in=houses)
        .exclude(request__in=but)
        .values_list("shelter_id", "case_id", "request_id")
    )
    profiles = dict(
        NeedProfile.objects.visible_to(by)
        .filter(request__in=[request for _, _, request in stays])
        .exclude(apart=[])
        .values_list("request_id", "apart")
    )
    for house, case, request in stays:
        residents[house].add(str(case))
        kept_from[house].update(map(str, profiles.get(request, ())))
    return residents, kept_from
