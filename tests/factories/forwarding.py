"""Extracts as they come about: by walking the actions, never by writing rows."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from referral.access.context import acting
from referral.organisations.models import Membership
from referral.organisations.roles import Role
from signals.enrichment.models import FlowBasis
from signals.forwarding.actions import (
    fingerprint,
    give_feedback,
    open_extract,
    preview_extract,
    recall_extract,
    send_extract,
)
from signals.forwarding.models import Extract
from signals.forwarding.rules import Packing
from signals.forwarding.workflow import ExtractStatus
from signals.models import Signal
from signals.workflow import Feedback, Status
from tests.factories.people import make_member
from tests.factories.signals import signal_at

PURPOSE = "To find out who owns the mill."


def make_packing(to: Membership, **changes: Any) -> Packing:
    said: dict[str, Any] = {
        "receiver": to.organisation,
        "basis": FlowBasis.objects.get(code="wpg_15"),
        "purpose": PURPOSE,
        "sections": ["facts", "story"],
    }
    return Packing(**{**said, **changes})


def extract_at(
    status: ExtractStatus,
    *,
    receiver: Membership,
    analyst: Membership | None = None,
    signal: Signal | None = None,
    at: datetime | None = None,
    **changes: Any,
) -> Extract:
    """An extract that came to this status in the only way there is."""
    analyst = analyst or make_member(Role.EMM_ANALYST)
    signal = signal or signal_at(Status.FORWARDED, analyst=analyst)
    now = at or timezone.now()
    packing = make_packing(receiver, **changes)
    with acting(analyst, purpose="test"):
        seen = fingerprint(preview_extract(signal, packing, by=analyst, at=now))
        sent = send_extract(signal, packing, seen=seen, by=analyst, at=now)
        if status == ExtractStatus.RECALLED:
            return recall_extract(sent, by=analyst, at=now)
    if status == ExtractStatus.SENT:
        return sent
    with acting(receiver, purpose="test"):
        sent = open_extract(sent, by=receiver, at=now)
        if status == ExtractStatus.ANSWERED:
            return give_feedback(sent, feedback=Feedback.STARTED, by=receiver, at=now)
    return sent
