"""A bed is reserved, accepted or refused, slept in, and free again. One reservation wins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from referral.audit.actions import Line, record_many
from referral.lib.moments import When, moments
from referral.notices.actions import Letter, post_many
from referral.notices.kinds import Kind
from referral.organisations.models import Membership
from referral.persons.models import Person
from referral.sharing.models import Purpose
from referral.sharing.rules import Sharing
from shelters.actions.holding import (
    board_changed,
    case_of,
    hold_placements,
    hold_requests,
    tell_houses_left,
    to_coordinator,
    to_desk,
    to_shelter,
    with_families,
    write_placements,
    write_requests,
)
from shelters.models import Bed, Placement, PlacementRequest, ShelterTerm, Urgency
from shelters.querysets import PlacementQuerySet
from shelters.rules import (
    Choice,
    Departure,
    Refusal,
    check_departure,
    check_move,
    check_refusal,
    check_request_move,
    national_desk,
    taken_in_words,
)
from shelters.workflow import PlacementStatus, RequestStatus


def reserve_bed(request: PlacementRequest, *, bed: Bed, by: Membership, at: datetime) -> Placement:
    """One bed; see reserve_beds."""
    return reserve_beds([Choice(request=request, bed=bed)], by=by, at=at)[0]


@transaction.atomic
def reserve_beds(choices: Sequence[Choice], *, by: Membership, at: When) -> list[Placement]:
    """Keep these beds for these requests until the shelters answer, or their time is over.

    Who stays somewhere keeps that place until the arrival: this is the next one, a transfer.

    Of many who want one bed exactly one gets it; the others get PlacementRefused with a
    sentence. Reservations that nobody answered in time are released first. Raises
    SharingRefused when consent was withdrawn since the request.
    """
    return taken_in_words(partial(_reserve, choices, by=by, times=moments(at, len(choices))))


def _reserve(
    choices: Sequence[Choice], *, by: Membership, times: Sequence[datetime]
) -> list[Placement]:
    wanted = Q(bed__in=[choice.bed.pk for choice in choices]) | Q(
        person__in=[choice.request.person_id for choice in choices]
    )
    for moment in sorted(set(times))[-1:]:
        unanswered = Placement.objects.visible_to(by).unanswered_at(moment).filter(wanted)
        expire_reservations(unanswered, by=by, at=moment)
    requests = hold_requests([choice.request for choice in choices], by=by)
    beds = beds_in_use([choice.bed for choice in choices], by=by)
    persons = [request.person_id for request in requests]
    sharing = Sharing.read(persons, purpose=Purpose.PLACEMENT, by=by)
    now_in = {
        placement.person_id: placement
        for placement in Placement.objects.visible_to(by)
        .where_they_stay(persons)
        .select_for_update(of=["self"])
        .order_by("pk")
    }
    terms = terms_at(times)
    placements = []
    for request, choice, moment, term in zip(requests, choices, times, terms, strict=True):
        bed = beds[choice.bed.pk]
        check_request_move(by, request, RequestStatus.OFFERED)
        # The desk knows of the person what the request says, and not more.
        person = Person(pk=request.person_id, age_group=request.age_group)
        sharing.check(person, recipient=by.organisation, at=moment)
        placements.append(
            Placement(
                request=request,
                case_id=request.case_id,
                person_id=request.person_id,
                shelter=bed.shelter,
                bed=bed,
                during=(moment, None),
                follows=now_in.get(request.person_id),
                reserved_at=moment,
                reserved_by=by.user,
                reserved_until=moment + timedelta(hours=term.answer_hours),
            )
        )
    # In one order for all, so that two who reserve several beds wait and do not block each other.
    in_order = sorted(placements, key=lambda placement: placement.bed_id)
    Placement.objects.bulk_create(in_order, batch_size=1000)
    board_changed()
    write_requests(requests, status=RequestStatus.OFFERED)
    now = timezone.now()
    lines = [Line(action="bed_reserved", on=p, at=p.reserved_at) for p in placements]
    record_many(lines, by=by, at=now)
    letters = [
        letter
        for p in placements
        for letter in to_shelter(
            Kind.PLACEMENT_OFFERED,
            p,
            at=p.reserved_at,
            urgent=p.request.urgency == Urgency.CRISIS,
        )
    ]
    post_many(letters, at=now)
    return placements


def terms_at(times: Sequence[datetime]) -> list[ShelterTerm]:
    """The terms that were in force at each of these moments, read once."""
    versions = list(ShelterTerm.objects.order_by("-version"))
    return [next(one for one in versions if moment in one.valid) for moment in times]


def beds_in_use(wanted: Sequence[Bed], *, by: Membership) -> Mapping[UUID, Bed]:
    found = Bed.objects.visible_to(by).filter(
        pk__in=[bed.pk for bed in wanted], shelter__active=True, withdrawn_at=None
    )
    beds = {bed.pk: bed for bed in found.select_related("shelter__organisation")}
    if not beds.keys() >= {bed.pk for bed in wanted}:
        raise Bed.DoesNotExist
    return beds


@transaction.atomic
def expire_reservations(
    unanswered: PlacementQuerySet, *, by: Membership, at: datetime
) -> list[Placement]:
    """Release the beds of reservations that nobody answered in time; the requests are open again.

    Rows that somebody else is releasing now are left to them.
    """
    found = list(
        unanswered.with_names()
        .select_related("request__organisation")
        .select_for_update(of=["self", "request"], skip_locked=True)
        .order_by("pk")
    )
    if not found:
        return []
    for placement in found:
        placement.status = PlacementStatus.EXPIRED
    write_placements(found, ["status"])
    write_requests((p.request for p in found), status=RequestStatus.SUBMITTED)
    record_many([Line(action="placement_expired", on=p) for p in found], by=by, at=at)
    desk = national_desk()
    letters = [to_desk(Kind.PLACEMENT_EXPIRED, p.request, desk, at=at) for p in found]
    letters += [letter for p in found for letter in to_shelter(Kind.PLACEMENT_EXPIRED, p, at=at)]
    post_many(letters, at=at)
    return found


def accept_placement(placement: Placement, *, by: Membership, at: datetime) -> Placement:
    """One placement; see accept_placements."""
    return accept_placements([placement], by=by, at=at)[0]


@transaction.atomic
def accept_placements(
    placements: Sequence[Placement], *, by: Membership, at: When
) -> list[Placement]:
    """The shelter says yes: the bed is kept until the person arrives.

    To one of a family it says yes to all.
    """
    times = moments(at, len(placements))
    placements = with_families(placements, by=by)
    times += times[-1:] * (len(placements) - len(times))
    held = hold_placements(placements, by=by)
    for placement, moment in zip(held, times, strict=True):
        check_move(by, placement, PlacementStatus.ACCEPTED, at=moment)
        placement.status = PlacementStatus.ACCEPTED
        placement.answered_at, placement.answered_by = moment, by.user
    write_placements(held, ["status", "answered_at", "answered_by"])
    write_requests((p.request for p in held), status=RequestStatus.PLACED)
    _tell(held, times, "placement_accepted", Kind.PLACEMENT_ACCEPTED, by=by)
    return held


def refuse_placement(
    placement: Placement, *, reason: str, by: Membership, at: datetime
) -> Placement:
    """One placement; see refuse_placements."""
    return refuse_placements([Refusal(placement=placement, reason=reason)], by=by, at=at)[0]


@transaction.atomic
def refuse_placements(refusals: Sequence[Refusal], *, by: Membership, at: When) -> list[Placement]:
    """The shelter says no, with a reason: the bed is free, and the desk looks further.

    To one of a family it says no to all, for that reason.
    """
    times = moments(at, len(refusals))
    reasons = [refusal.reason for refusal in refusals]
    placements = with_families([refusal.placement for refusal in refusals], by=by)
    more = len(placements) - len(refusals)
    times, reasons = times + times[-1:] * more, reasons + reasons[-1:] * more
    held = hold_placements(placements, by=by)
    for placement, reason, moment in zip(held, reasons, times, strict=True):
        check_move(by, placement, PlacementStatus.REFUSED, at=moment)
        check_refusal(reason)
        placement.status, placement.refusal_reason = PlacementStatus.REFUSED, reason
        placement.answered_at, placement.answered_by = moment, by.user
    write_placements(held, ["status", "refusal_reason", "answered_at", "answered_by"])
    write_requests((p.request for p in held), status=RequestStatus.SUBMITTED)
    now, desk = timezone.now(), national_desk()
    pairs = list(zip(held, times, strict=True))
    lines = [Line(action="placement_refused", on=p, at=at) for p, at in pairs]
    record_many(lines, by=by, at=now)
    letters = [to_desk(Kind.PLACEMENT_REFUSED, p.request, desk, at=at) for p, at in pairs]
    post_many(letters, at=now)
    return held


def withdraw_reservation(placement: Placement, *, by: Membership, at: datetime) -> Placement:
    """One reservation; see withdraw_reservations."""
    return withdraw_reservations([placement], by=by, at=at)[0]


@transaction.atomic
def withdraw_reservations(
    placements: Sequence[Placement], *, by: Membership, at: When
) -> list[Placement]:
    """The desk takes back what no shelter has answered yet: the beds are free, the requests open.

    Of a family that of all is taken back.
    """
    times = moments(at, len(placements))
    placements = with_families(placements, by=by)
    times += times[-1:] * (len(placements) - len(times))
    held = hold_placements(placements, by=by)
    for placement, moment in zip(held, times, strict=True):
        check_move(by, placement, PlacementStatus.WITHDRAWN, at=moment)
        placement.status = PlacementStatus.WITHDRAWN
        placement.withdrawn_at, placement.withdrawn_by = moment, by.user
    write_placements(held, ["status", "withdrawn_at", "withdrawn_by"])
    write_requests((p.request for p in held), status=RequestStatus.SUBMITTED)
    now = timezone.now()
    pairs = list(zip(held, times, strict=True))
    record_many(
        [Line(action="reservation_withdrawn", on=p, at=at) for p, at in pairs], by=by, at=now
    )
    letters = [one for p, at in pairs for one in to_shelter(Kind.RESERVATION_WITHDRAWN, p, at=at)]
    post_many(letters, at=now)
    return held


def record_arrival(placement: Placement, *, by: Membership, at: datetime) -> Placement:
    """One arrival; see record_arrivals."""
    return record_arrivals([placement], by=by, at=at)[0]


@transaction.atomic
def record_arrivals(
    placements: Sequence[Placement], *, by: Membership, at: When
) -> list[Placement]:
    """The persons have come. From now on the shelter knows who they are, until they leave.

    The database gives the grant (basis and profile placement), because nobody grants to the
    own organisation; care notes stay closed for the shelter. Who still had another place moves:
    the database ends that one at the same moment.
    """
    return taken_in_words(partial(_arrive, placements, by=by, times=moments(at, len(placements))))


def _arrive(
    placements: Sequence[Placement], *, by: Membership, times: Sequence[datetime]
) -> list[Placement]:
    held = hold_placements(placements, by=by)
    for placement, moment in zip(held, times, strict=True):
        check_move(by, placement, PlacementStatus.ARRIVED, at=moment)
        placement.status = PlacementStatus.ARRIVED
        placement.arrived_at, placement.arrived_by = moment, by.user
    write_placements(held, ["status", "arrived_at", "arrived_by"])
    _tell(held, times, "arrival_recorded", Kind.PERSON_ARRIVED, "access_granted", by=by)
    tell_houses_left([placement for placement in held if placement.follows_id], by=by)
    return held


def end_placement(placement: Placement, *, reason: str, by: Membership, at: datetime) -> Placement:
    """One placement; see end_placements."""
    return end_placements([Departure(placement=placement, reason=reason)], by=by, at=at)[0]


@transaction.atomic
def end_placements(departures: Sequence[Departure], *, by: Membership, at: When) -> list[Placement]:
    """The stay ends, or never began: the bed is free, and the shelter's grant closes."""
    times = moments(at, len(departures))
    held = hold_placements([departure.placement for departure in departures], by=by)
    came = [placement for placement in held if placement.arrived_at is not None]
    for placement, departure, moment in zip(held, departures, times, strict=True):
        check_move(by, placement, PlacementStatus.ENDED, at=moment)
        check_departure(placement, departure.reason, at=moment)
        placement.status, placement.end_reason = PlacementStatus.ENDED, departure.reason
        placement.ended_at, placement.ended_by = moment, by.user
        begin = placement.during.lower
        placement.during = (begin, max(moment, begin + timedelta(microseconds=1)))
    write_placements(held, ["status", "end_reason", "ended_at", "ended_by", "during"])
    _tell(held, times, "placement_ended", Kind.PLACEMENT_ENDED, by=by)
    lines = [Line(action="access_ended", on=case_of(p), at=p.ended_at) for p in came]
    record_many(lines, by=by, at=timezone.now())
    return held


def _tell(
    placements: Sequence[Placement],
    times: Iterable[datetime],
    action: str,
    kind: Kind,
    access: str = "",
    *,
    by: Membership,
) -> None:
    """Write the deed in the trail, and tell the desk and who asked for the place."""
    now, desk = timezone.now(), national_desk()
    pairs = list(zip(placements, times, strict=True))
    lines = [Line(action=action, on=p, at=at) for p, at in pairs]
    if access:
        lines += [Line(action=access, on=case_of(p), at=at) for p, at in pairs]
    record_many(lines, by=by, at=now)
    letters: list[Letter] = [to_coordinator(kind, p, at=at) for p, at in pairs]
    if by.organisation_id != desk.pk:
        letters += [to_desk(kind, p, desk, at=at) for p, at in pairs]
    post_many(letters, at=now)
