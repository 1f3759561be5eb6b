"""The steps of a request of a person: one deed, one transaction, one line in the trail."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from referral.access.secrets import new_data_key, seal
from referral.audit.actions import record
from referral.notices.actions import Letter, post_many
from referral.notices.kinds import Kind
from referral.organisations.models import Membership
from referral.organisations.roles import Role
from referral.rights.actions.carrying import ask_to_carry_out
from referral.rights.models import RightsExtract, RightsRequest
from referral.rights.querysets import new_reference, person_called, safe_contact
from referral.rights.rules import (
    GIVEN,
    NEAR_DAYS,
    RightsRefused,
    check_answer,
    check_delivery,
    check_extension,
    check_move,
    check_proof,
    check_received,
    term,
)
from referral.rights.workflow import Status


@transaction.atomic
def receive_request(
    called: str,
    *,
    right: str,
    came_by: str,
    received_on: date,
    words: str,
    by: Membership,
    at: datetime,
) -> RightsRequest:
    """A person asks something about the own data; the term runs from the day of receipt.

    `called` is any reference by which the organisation knows the person. Raises RightsRefused.
    """
    check_received(by, received_on=received_on, words=words, today=timezone.localdate(at))
    person = person_called(called)
    if person is None:
        raise RightsRefused(
            called=_(
                "Your organisation keeps nothing under this reference. Look at the letter again."
            )
        )
    request = RightsRequest(
        reference=new_reference(timezone.localdate(at).year),
        organisation=by.organisation,
        person_id=person[0],
        person_reference=person[1],
        right=right,
        came_by=came_by,
        received_on=received_on,
        due_on=term(received_on),
        key=new_data_key(),
        received_at=at,
        received_by=by.user,
    )
    request.words = seal({"words": words.strip()}, key=request.key, about=request.about_words)
    request.save(force_insert=True)
    record("rights_request_received", on=request, by=by, at=at, ids=[request.person_id])
    post_many([_to_officers(Kind.RIGHTS_RECEIVED, request)], at=at)
    return request


@transaction.atomic
def check_identity(
    request: RightsRequest, *, proof: str, by: Membership, at: datetime
) -> RightsRequest:
    """It was made sure who asks; how, and not with which document, is kept."""
    request = _moving(request, Status.IDENTIFIED, by)
    check_proof(proof)
    request.proof, request.identified_at, request.identified_by = proof, at, by.user
    _move(request, Status.IDENTIFIED, "proof", "identified_at", "identified_by")
    record("rights_identity_checked", on=request, by=by, at=at)
    return request


@transaction.atomic
def begin_request(request: RightsRequest, *, by: Membership, at: datetime) -> RightsRequest:
    """From now on the officer may look at what is kept, to answer."""
    request = _moving(request, Status.IN_PROGRESS, by)
    request.begun_at, request.begun_by = at, by.user
    _move(request, Status.IN_PROGRESS, "begun_at", "begun_by")
    record("rights_request_begun", on=request, by=by, at=at)
    return request


@transaction.atomic
def extend_request(
    request: RightsRequest, *, reason: str, by: Membership, at: datetime
) -> RightsRequest:
    """Two months more; the person is told why, within the first month."""
    request = _moving(request, Status.EXTENDED, by)
    check_extension(request, reason, today=timezone.localdate(at))
    request.extension, request.extended_at, request.extended_by = reason, at, by.user
    request.due_on, request.near_told_at = term(request.received_on, extended=True), None
    changed = ("extension", "extended_at", "extended_by", "due_on", "near_told_at")
    _move(request, Status.EXTENDED, *changed)
    record("rights_request_extended", on=request, by=by, at=at)
    return request


@transaction.atomic
def answer_request(
    request: RightsRequest,
    goal: Status,
    *,
    refusal: str,
    words: str,
    by: Membership,
    at: datetime,
) -> RightsRequest:
    """Granted, in part, refused, or a matter of the police; who must act on it is told."""
    request = _moving(request, goal, by)
    has_extract = RightsExtract.objects.visible_to(by).of(request).exists()
    check_answer(request, goal, refusal=refusal, words=words, has_extract=has_extract)
    request.outcome, request.refusal = goal, refusal
    request.decided_at, request.decided_by = at, by.user
    request.answer = seal({"words": words.strip()}, key=request.key, about=request.about_answer)
    _move(request, goal, "outcome", "refusal", "decided_at", "decided_by", "answer")
    record("rights_request_answered", on=request, by=by, at=at, ids=[request.person_id])
    if goal in GIVEN:
        ask_to_carry_out(request, words=words.strip(), by=by, at=at)
    return request


@transaction.atomic
def close_request(
    request: RightsRequest, *, delivery: str, by: Membership, at: datetime
) -> RightsRequest:
    """The answer was delivered, and only by a way that is safe."""
    request = _moving(request, Status.CLOSED, by)
    check_delivery(delivery, safe={one["channel"] for one in safe_contact(request)})
    request.delivery, request.closed_at, request.closed_by = delivery, at, by.user
    _move(request, Status.CLOSED, "delivery", "closed_at", "closed_by")
    record("rights_request_closed", on=request, by=by, at=at)
    return request


@transaction.atomic
def tell_of_terms(*, by: Membership, at: datetime) -> int:
    """Remind the officers once before the last day and once after it; tells how many."""
    today = timezone.localdate(at)
    ending = RightsRequest.objects.visible_to(by).ending_by(today + timedelta(days=NEAR_DAYS))
    found = ending.select_related("organisation").order_by("pk")
    letters = []
    for request in found.select_for_update(of=["self"], skip_locked=True):
        is_late = request.due_on < today
        field = "late_told_at" if is_late else "near_told_at"
        if getattr(request, field) is not None:
            continue
        setattr(request, field, at)
        request.save(update_fields=[field])
        record("rights_term_told", on=request, by=by, at=at)
        letters.append(_to_officers(Kind.RIGHTS_LATE if is_late else Kind.RIGHTS_NEAR, request))
    post_many(letters, at=at)
    return len(letters)


# --- Parts of the deeds ----------------------------------------------------------------------
def _moving(request: RightsRequest, goal: Status, by: Membership) -> RightsRequest:
    """As it is now, held until the deed is done."""
    found = RightsRequest.objects.visible_to(by).with_names()
    request = found.select_for_update(of=["self"]).get(pk=request.pk)
    check_move(by, request, goal)
    return request


def _move(request: RightsRequest, goal: Status, *changed: str) -> None:
    request.status = goal
    request.save(update_fields=["status", *changed])


def _to_officers(kind: Kind, request: RightsRequest) -> Letter:
    return Letter(kind=kind, to=request.organisation, role=Role.FG, on=request)
