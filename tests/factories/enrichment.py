"""Findings and requests as they come about: by walking the actions, never by writing rows."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from referral.access.context import acting
from referral.organisations.models import Membership
from referral.organisations.roles import Role
from signals.enrichment.actions import (
    add_enrichment,
    answer_request,
    ask_partner,
    decline_request,
    set_answer_aside,
    take_over_answer,
    withdraw_request,
)
from signals.enrichment.models import Enrichment, FlowBasis, Ground, PartnerRequest, Source
from signals.enrichment.rules import Asking, Finding
from signals.enrichment.workflow import Credibility, FindingKind, Reliability, RequestStatus
from signals.models import Signal
from signals.workflow import Status
from tests.factories.people import make_member
from tests.factories.signals import signal_at

#: Words that only the expert centre may find.
FOUND = "A heron is named in three earlier reports."
#: Words that the partner alone may find beside it.
QUESTION = "Do you know the owner of the mill?"
ANSWER = "The owner is a pelican, known since May."


def make_finding(on: str = "wpg_9", **changes: Any) -> Finding:
    said: dict[str, Any] = {
        "kind": FindingKind.EARLIER,
        "text": FOUND,
        "source": Source.objects.get(code="police"),
        "reliability": Reliability.B,
        "credibility": Credibility.PROBABLE,
        "ground": Ground.objects.get(code=on),
    }
    return Finding(**{**said, **changes})


def enrichment_at(
    signal: Signal | None = None,
    *,
    analyst: Membership | None = None,
    ground: str = "wpg_9",
    at: datetime | None = None,
) -> Enrichment:
    analyst = analyst or make_member(Role.EMM_ANALYST)
    signal = signal or signal_at(Status.TRIAGE, analyst=analyst)
    with acting(analyst, purpose="test"):
        return add_enrichment(signal, make_finding(ground), by=analyst, at=at or timezone.now())


def make_asking(partner: Membership, **changes: Any) -> Asking:
    said: dict[str, Any] = {
        "organisation": partner.organisation,
        "basis": FlowBasis.objects.get(code="avg_6_1_e"),
        "purpose": "To judge the signal.",
        "question": QUESTION,
        "facts": ["forms", "place"],
        "working_days": 10,
    }
    return Asking(**{**said, **changes})


def request_at(
    status: RequestStatus,
    *,
    partner: Membership,
    analyst: Membership | None = None,
    signal: Signal | None = None,
    at: datetime | None = None,
) -> PartnerRequest:
    """A request that came to this status in the only way there is."""
    analyst = analyst or make_member(Role.EMM_ANALYST)
    signal = signal or signal_at(Status.TRIAGE, analyst=analyst)
    now = at or timezone.now()
    with acting(analyst, purpose="test"):
        asked = ask_partner(signal, make_asking(partner), by=analyst, at=now)
        if status == RequestStatus.WITHDRAWN:
            return withdraw_request(asked, by=analyst, at=now)
    if status == RequestStatus.ASKED:
        return asked
    with acting(partner, purpose="test"):
        if status == RequestStatus.DECLINED:
            return decline_request(asked, reason="Not ours.", by=partner, at=now)
        asked = answer_request(asked, answer=ANSWER, by=partner, at=now)
    with acting(analyst, purpose="test"):
        if status == RequestStatus.SET_ASIDE:
            return set_answer_aside(asked, by=analyst, at=now)
        if status == RequestStatus.TAKEN_OVER:
            take_over_answer(asked, make_finding(text=ANSWER), by=analyst, at=now)
            return PartnerRequest.objects.get(pk=asked.pk)
    return asked
