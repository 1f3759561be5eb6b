"""A coordinator asks a place, or takes that back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from referral.audit.actions import Line, record, record_many
from referral.cases.models import Case
from referral.cases.rules import check_work, reaches_of
from referral.lib.moments import When, moments
from referral.notices.actions import post_many
from referral.notices.kinds import Kind
from referral.organisations.models import Membership
from referral.sharing.models import Purpose
from referral.sharing.rules import Sharing
from shelters.actions.holding import hold_requests, new_references, to_desk, write_requests
from shelters.models import NeedCode, PlacementRequest, Urgency
from shelters.rules import (
    PlacementRefused,
    Wish,
    check_case_is_open,
    check_request_move,
    check_wish,
    national_desk,
    taken_in_words,
)
from shelters.workflow import RequestStatus


def request_shelter(wish: Wish, *, by: Membership, at: datetime) -> PlacementRequest:
    """One request; see request_shelters."""
    return request_shelters([wish], by=by, at=at)[0]


@transaction.atomic
def request_shelters(wishes: Sequence[Wish], *, by: Membership, at: When) -> list[PlacementRequest]:
    """Ask the national desk a place for the persons of these cases.

    What is asked goes on, the name does not. Raises SharingRefused without consent or another
    basis, MoveRefused when the case is not theirs or shelter is asked for already.
    """
    times = moments(at, len(wishes))
    desk = national_desk()
    cases = {
        case.pk: case
        for case in Case.objects.visible_to(by).filter(pk__in=[w.case.pk for w in wishes])
    }
    if not cases.keys() >= {wish.case.pk for wish in wishes}:
        raise Case.DoesNotExist
    prefetch_related_objects(list(cases.values()), "person")
    reaches = reaches_of(cases.values(), by)
    sharing = Sharing.read(
        [case.person_id for case in cases.values()], purpose=Purpose.PLACEMENT, by=by
    )
    requests = []
    for wish, reference, moment in zip(wishes, new_references(times), times, strict=True):
        case = cases[wish.case.pk]
        check_wish(wish)
        check_case_is_open(case)
        check_work(by, case, reaches[case.pk])
        ruling = sharing.check(case.person, recipient=desk, at=moment)
        requests.append(
            PlacementRequest(
                reference=reference,
                case=case,
                person_id=case.person_id,
                organisation=by.organisation,
                urgency=wish.urgency,
                sex=wish.sex,
                age_group=wish.age_group,
                needs=[NeedCode(need).value for need in wish.needs],
                avoid_region=wish.avoid_region,
                legal_basis=ruling.basis,
                citation=ruling.citation[:200],
                requested_at=moment,
                requested_by=by.user,
            )
        )
    taken_in_words(lambda: PlacementRequest.objects.bulk_create(requests, batch_size=1000))
    now = timezone.now()
    lines = [
        Line(action="shelter_requested", on=r, legal_basis=r.legal_basis, at=r.requested_at)
        for r in requests
    ]
    record_many(lines, by=by, at=now)
    letters = [
        to_desk(
            Kind.SHELTER_REQUESTED, r, desk, urgent=r.urgency == Urgency.CRISIS, at=r.requested_at
        )
        for r in requests
    ]
    post_many(letters, at=now)
    return requests


@transaction.atomic
def cancel_request(request: PlacementRequest, *, by: Membership, at: datetime) -> PlacementRequest:
    """No place is needed any more, or not this way."""
    if not Case.objects.visible_to(by).filter(pk=request.case_id).exists():
        raise PlacementRequest.DoesNotExist
    check_work(by, Case.objects.visible_to(by).get(pk=request.case_id))
    [request] = hold_requests([request], by=by)
    if request.status == RequestStatus.OFFERED:
        raise PlacementRefused(
            _("A bed is reserved for this request. It can be withdrawn when the shelter answers.")
        )
    check_request_move(by, request, RequestStatus.CANCELLED)
    write_requests([request], status=RequestStatus.CANCELLED, cancelled_at=at, cancelled_by=by.user)
    record("shelter_request_cancelled", on=request, by=by, at=at)
    return request
