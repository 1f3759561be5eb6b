"""Requests of persons in any state, by the deeds that lead there."""

from datetime import datetime

from django.utils import timezone

from referral.organisations.models import Membership
from referral.rights import actions
from referral.rights.models import (
    Extension,
    How,
    Proof,
    Refusal,
    Right,
    RightsExecution,
    RightsRequest,
)
from referral.rights.rules import WITH_REASON
from referral.rights.workflow import LOOKED_INTO, Status
from tests.factories.cases import doing

WORDS = "Canary: ik wil weten wat u van mij bewaart."
ANSWER = "Canary: hierbij krijgt u wat wij van u bewaren."


def request_at(
    status: Status,
    called: str,
    *,
    by: Membership,
    right: Right = Right.ACCESS,
    outcome: Status = Status.GRANTED,
    at: datetime | None = None,
) -> RightsRequest:
    """`outcome` is the answer that a closed request had."""
    at = at or timezone.now()
    with doing(by):
        request = actions.receive_request(
            called,
            right=right,
            came_by="letter",
            received_on=timezone.localdate(at),
            words=WORDS,
            by=by,
            at=at,
        )
    if status == Status.RECEIVED:
        return request
    with doing(by):
        request = actions.check_identity(request, proof=Proof.KNOWN, by=by, at=at)
    if status == Status.IDENTIFIED:
        return request
    with doing(by):
        request = actions.begin_request(request, by=by, at=at)
        if right == Right.ACCESS:
            actions.make_extract(request, by=by, at=at)
        if right == Right.TRANSFER:
            actions.make_transfer(request, by=by, at=at)
    if status == Status.EXTENDED:
        with doing(by):
            return actions.extend_request(request, reason=Extension.COMPLEX, by=by, at=at)
    if status in LOOKED_INTO:
        return request
    goal = outcome if status == Status.CLOSED else status
    with doing(by):
        request = actions.answer_request(
            request,
            goal,
            refusal=Refusal.OTHERS if goal in WITH_REASON else "",
            words=ANSWER,
            by=by,
            at=at,
        )
    if status != Status.CLOSED:
        return request
    with doing(by):
        return actions.close_request(request, delivery="collected", by=by, at=at)


def granted_to(called: str, right: Right, *, by: Membership) -> RightsExecution:
    """What a privacy officer granted, and somebody must carry out."""
    asked = request_at(Status.GRANTED, called, by=by, right=right)
    with doing(by):
        return RightsExecution.objects.visible_to(by).with_names().get(request=asked)


def restricted_at(called: str, *, by: Membership, desk: Membership) -> RightsExecution:
    """A restriction that the desk carried out and that stands."""
    execution = granted_to(called, Right.RESTRICTION, by=by)
    with doing(desk):
        return actions.carry_out(execution, How.RESTRICTED, by=desk, at=timezone.now())
