"""Moves of the demo: who came by night, whose next place is kept, and two who may change beds."""

from __future__ import annotations

from datetime import datetime, timedelta

from referral.cases.workflow import CaseStatus
from referral.demo.country.organisations import Country, working
from referral.demo.country.stays import fits
from referral.organisations.models import Organisation
from referral.organisations.roles import OrganisationType
from shelters.actions import record_emergency, request_shelter, reserve_bed
from shelters.models import Bed, Placement, PlacementRequest, Urgency
from shelters.rules import Emergency, Wish
from shelters.swaps.actions import propose_swap
from shelters.workflow import PlacementStatus, RequestStatus

MOST_BEDS = 20


def move_some(country: Country, *, now: datetime) -> None:
    """One of each, where there are people and beds for it."""
    place_one_by_night(country, now=now)
    keep_one_next_place(country, now=now)
    propose_one_swap(country, now=now)


def place_one_by_night(country: Country, *, now: datetime) -> None:
    """The police brought somebody to a free bed last night, and the desk wrote it down."""
    desk = country.desk[0]
    with working(desk):
        waiting = PlacementRequest.objects.visible_to(desk).filter(status=RequestStatus.SUBMITTED)
        asked = waiting.of_who_has_no_bed().with_names().most_urgent_first().first()
        bed = asked and _free_bed(country, asked, now=now)
        police = Organisation.objects.filter(type=OrganisationType.POLICE_UNIT).first()
        if asked and bed and police:
            night = Emergency(
                request=asked,
                bed=bed,
                since=now - timedelta(hours=9),
                placed_by=police,
                legal_basis="vital_interest",
            )
            record_emergency(night, by=desk, at=now - timedelta(hours=1))


def keep_one_next_place(country: Country, *, now: datetime) -> None:
    """A place in another shelter is kept for who stays somewhere; that shelter has to answer."""
    desk = country.desk[0]
    for coordinator in country.coordinators.values():
        with working(coordinator):
            staying = Placement.objects.visible_to(coordinator).filter(
                status=PlacementStatus.ARRIVED, case__status=CaseStatus.ACTIVE
            )
            own = staying.filter(case__owner_organisation=coordinator.organisation_id)
            stays = own.select_related("case__person", "request").order_by("arrived_at").first()
            if stays is None:
                continue
            wish = Wish(
                case=stays.case,
                urgency=Urgency.PLANNED,
                sex=stays.request.sex,
                age_group=stays.request.age_group,
            )
            asked = request_shelter(wish, by=coordinator, at=now - timedelta(days=1))
        with working(desk):
            bed = _free_bed(country, asked, now=now, but=stays)
            if bed is not None:
                reserve_bed(asked, bed=bed, by=desk, at=now - timedelta(hours=1))
        return


def propose_one_swap(country: Country, *, now: datetime) -> None:
    """The desk proposes that two people of different shelters change beds."""
    desk = country.desk[0]
    with working(desk):
        staying = Placement.objects.visible_to(desk).filter(
            status=PlacementStatus.ARRIVED, followers=None, arrived_at__lt=now - timedelta(days=2)
        )
        newest = list(staying.with_names().select_related("bed").order_by("-arrived_at")[:20])
        for first in newest:
            for second in newest:
                apart = first.shelter.organisation_id != second.shelter.organisation_id
                if apart and fits(first.bed, second.request) and fits(second.bed, first.request):
                    propose_swap(first, second, by=desk, at=now - timedelta(hours=3))
                    return


def _free_bed(
    country: Country, asked: PlacementRequest, *, now: datetime, but: Placement | None = None
) -> Bed | None:
    """One that fits, in another house than the person is in."""
    found = Bed.objects.visible_to(country.desk[0]).in_use().free_at(now - timedelta(days=1))
    free = found.with_names()[:MOST_BEDS]
    taken = but and but.shelter_id
    fitting = (bed for bed in free if bed.shelter_id != taken and fits(bed, asked))
    return next(fitting, None)
