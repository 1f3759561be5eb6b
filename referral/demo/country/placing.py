"""The placement desk today: who waits, who is offered, who is on the way, and who has come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from referral.cases.models import Case
from referral.cases.workflow import CaseStatus
from referral.demo.cast import CARE_NORTH, SHELTER
from referral.demo.country.organisations import Country, working
from referral.demo.country.stays import wish
from referral.organisations.models import Membership
from referral.persons.models import MINORS, Sex
from referral.sharing.rules import SharingRefused
from shelters.actions import (
    accept_placement,
    record_arrival,
    request_shelters,
    reserve_beds,
    set_out_of_order,
)
from shelters.models import Bed, NeedCode, Placement, PlacementRequest, Urgency
from shelters.rules import Choice, Wish

#: In the shelter of the demo one has come, one is on the way, and one is offered: hours since
#: the place was asked.
GUESTS = (9 * 24, 30, 2)
#: How those who wait ask: one of each urgency, and hours since then.
WAITING: tuple[tuple[Urgency, list[NeedCode], int], ...] = (
    (Urgency.CRISIS, [NeedCode.SECRET], 3),
    (Urgency.DAY, [NeedCode.INTERPRETER], 8),
    (Urgency.PLANNED, [], 50),
)
#: Who asks is accepted longer ago than the first request.
ACCEPTED = timedelta(days=14)
Search = tuple[Membership, Wish]


def fill_the_desk(country: Country, *, now: datetime) -> None:
    """Once, where nobody waits: everybody at the desk and in its shelter finds work.

    The coordinator in the north gets no request, so that a visitor can ask for one.
    """
    desk = country.desk[0]
    with working(desk):
        if PlacementRequest.objects.visible_to(desk).open().exists():
            return
        free = list(
            Bed.objects.visible_to(desk)
            .free_at(now)
            .with_names()
            .select_related("shelter__organisation")
        )
    beds = [bed for bed in free if bed.shelter.organisation.name == SHELTER]
    elsewhere = [bed for bed in free if bed not in beds]
    searches = list(_searches(country, now=now))
    guests = [one for one in searches if _can_be_guest(one[1])][: len(GUESTS)]
    one_each = {one[0].pk: one for one in searches if one not in guests}
    others = list(one_each.values())[: len(WAITING)]
    for (coordinator, asked), (urgency, needs, hours) in zip(others, WAITING, strict=False):
        other = Wish(
            case=asked.case,
            urgency=urgency,
            sex=asked.sex,
            age_group=asked.age_group,
            needs=needs,
        )
        _ask(coordinator, other, at=now - timedelta(hours=hours))
    for (coordinator, asked), hours, bed in zip(guests, GUESTS, beds, strict=False):
        at = now - timedelta(hours=hours)
        for request in _ask(coordinator, asked, at=at):
            _welcome(country, request, bed, asked_at=at, now=now)
    for bed in elsewhere[-1:]:
        manager = _manager(country, bed)
        with working(manager):
            set_out_of_order(bed, until=now + timedelta(days=10), by=manager, at=now)


def _searches(country: Country, *, now: datetime) -> Iterator[Search]:
    """Active cases without a place, with who works on them."""
    for coordinator in country.coordinators.values():
        if coordinator.organisation.name == CARE_NORTH:
            continue
        with working(coordinator):
            placed = Placement.objects.visible_to(coordinator).open().values("case")
            cases = Case.objects.visible_to(coordinator).filter(
                status=CaseStatus.ACTIVE,
                owner_organisation=coordinator.organisation,
                offered_to=None,
                accepted_at__lt=now - ACCEPTED,
            )
            found = cases.exclude(pk__in=placed).select_related("person").order_by("pk")
            wishes = [wish(case) for case in found]
        yield from ((coordinator, one) for one in wishes)


def _can_be_guest(asked: Wish) -> bool:
    """The shelter of the demo takes in women."""
    return asked.sex == Sex.FEMALE and asked.age_group not in MINORS


def _ask(coordinator: Membership, asked: Wish, *, at: datetime) -> Sequence[PlacementRequest]:
    """None for who took consent back."""
    try:
        with working(coordinator):
            return request_shelters([asked], by=coordinator, at=at)
    except SharingRefused:
        return []


def _welcome(
    country: Country, request: PlacementRequest, bed: Bed, *, asked_at: datetime, now: datetime
) -> None:
    """As far as there was time: an hour to offer, three to accept, a day to arrive."""
    desk, manager = country.desk[0], _manager(country, bed)
    with working(desk):
        [placement] = reserve_beds(
            [Choice(request=request, bed=bed)], by=desk, at=asked_at + timedelta(hours=1)
        )
    accepted, arrived = asked_at + timedelta(hours=4), asked_at + timedelta(days=2)
    with working(manager):
        if accepted < now:
            placement = accept_placement(placement, by=manager, at=accepted)
        if arrived < now:
            record_arrival(placement, by=manager, at=arrived)


def _manager(country: Country, bed: Bed) -> Membership:
    return next(
        manager
        for manager in country.shelters
        if manager.organisation_id == bed.shelter.organisation_id
    )
