"""What the clock does with requests to partners: remind, and tell who is in charge."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from referral.audit.actions import record
from referral.notices.actions import post
from referral.notices.kinds import Kind
from referral.organisations.models import Membership, Organisation
from referral.organisations.roles import OrganisationType, Role
from signals.enrichment.actions.requests import tell_partner
from signals.enrichment.models import PartnerRequest
from signals.enrichment.querysets import PartnerRequestQuerySet
from signals.enrichment.rules import remind_until


@transaction.atomic
def remind_partners(*, by: Membership, at: datetime) -> int:
    """Say once that the last day is near; tells how many were reminded."""
    near = PartnerRequest.objects.visible_to(by).due_until(remind_until(timezone.localdate(at)))
    found = _locked(near.filter(reminded_at=None))
    for request in found:
        request.reminded_at = at
        request.save(update_fields=["reminded_at"])
        record("partner_request_reminded", by=by, at=at, on=request)
        tell_partner(Kind.PARTNER_REMINDED, request, at=at)
    return len(found)


@transaction.atomic
def escalate_requests(*, by: Membership, at: datetime) -> int:
    """Tell the coordinator and the partner once that the last day is over; tells how many."""
    late = PartnerRequest.objects.visible_to(by).due_before(timezone.localdate(at))
    found = _locked(late.filter(escalated_at=None))
    if not found:
        return 0
    centre = Organisation.objects.of_type(OrganisationType.EMM).get()
    for request in found:
        request.escalated_at = at
        request.save(update_fields=["escalated_at"])
        record("partner_request_escalated", by=by, at=at, on=request)
        role = Role.EMM_COORDINATOR
        post(Kind.PARTNER_OVERDUE, to=centre, role=role, on=request, at=at)
        tell_partner(Kind.PARTNER_LATE, request, at=at)
    return len(found)


def _locked(requests: PartnerRequestQuerySet) -> list[PartnerRequest]:
    """Each by one worker only."""
    found = requests.select_related("organisation").order_by("pk")
    return list(found.select_for_update(of=["self"], skip_locked=True))
