"""What the police did outside office hours, written down afterwards."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from referral.audit.actions import record
from referral.lib.ids import uuid7
from referral.notices.actions import post_many
from referral.notices.kinds import Kind
from referral.organisations.models import Membership
from shelters.actions.holding import (
    board_changed,
    case_of,
    hold_requests,
    to_coordinator,
    to_shelter,
    write_requests,
)
from shelters.actions.placements import beds_in_use, expire_reservations, terms_at
from shelters.models import EmergencyPlacement, Placement
from shelters.rules import (
    Emergency,
    PlacementRefused,
    check_emergency,
    check_request_move,
    taken_in_words,
)
from shelters.workflow import PlacementStatus, RequestStatus


@transaction.atomic
def record_emergency(emergency: Emergency, *, by: Membership, at: datetime) -> Placement:
    """The person sleeps there already: the bed counts from the moment that the police named.

    The basis is the one on which the police acted, since what happened is written down also when
    nothing is shared any more. Raises PlacementRefused when the bed or the person was taken then.
    """
    return taken_in_words(partial(_record, emergency, by=by, at=at))


def _record(emergency: Emergency, *, by: Membership, at: datetime) -> Placement:
    [request] = hold_requests([emergency.request], by=by)
    [terms] = terms_at([at])
    check_request_move(by, request, RequestStatus.PLACED)
    check_emergency(emergency, days=terms.record_days, at=at)
    bed = beds_in_use([emergency.bed], by=by)[emergency.bed.pk]
    unanswered = Placement.objects.visible_to(by).unanswered_at(at)
    taken = Q(bed=bed) | Q(person=request.person_id)
    expire_reservations(unanswered.filter(taken), by=by, at=at)
    since = emergency.since
    held = Placement.objects.visible_to(by).holding_after(since)
    if held.filter(bed=bed).exists():
        raise PlacementRefused(_("Somebody else had this bed at that moment, or has it now."))
    if held.filter(person=request.person_id).exists():
        raise PlacementRefused(_("This person had a bed at that moment, or has one now."))
    placement = Placement(
        id=uuid7(),
        request=request,
        case_id=request.case_id,
        person_id=request.person_id,
        shelter=bed.shelter,
        bed=bed,
        during=(since, None),
        status=PlacementStatus.ARRIVED,
        reserved_at=since,
        reserved_by=by.user,
        reserved_until=since + timedelta(hours=terms.answer_hours),
        answered_at=since,
        answered_by=by.user,
        arrived_at=since,
        arrived_by=by.user,
    )
    # First the emergency: without it no placement begins with somebody in the bed.
    EmergencyPlacement.objects.bulk_create(
        [
            EmergencyPlacement(
                placement_id=placement.pk,
                placed_by=emergency.placed_by,
                legal_basis=emergency.legal_basis,
                recorded_at=at,
                recorded_by=by.user,
            )
        ]
    )
    Placement.objects.bulk_create([placement])
    board_changed()
    write_requests([request], status=RequestStatus.PLACED)
    basis = emergency.legal_basis
    record("emergency_placement_recorded", on=placement, by=by, at=at, legal_basis=basis)
    record("access_granted", on=case_of(placement), by=by, at=at)
    letters = to_shelter(Kind.EMERGENCY_PLACED, placement, at=at)
    post_many([*letters, to_coordinator(Kind.EMERGENCY_PLACED, placement, at=at)], at=at)
    return placement
