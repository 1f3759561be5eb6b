"""A partner is asked, answers or declines; the expert centre takes back, or sets an answer aside."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from referral.access.secrets import new_data_key, seal
from referral.audit.actions import record
from referral.notices.actions import post
from referral.notices.kinds import Kind
from referral.organisations.models import Membership, Organisation
from referral.organisations.roles import OrganisationType
from signals.actions.triage import lock
from signals.enrichment.actions.facts import FACTS, facts_of
from signals.enrichment.models import PartnerRequest
from signals.enrichment.rules import (
    Asking,
    check_asking,
    check_enrich,
    check_move_request,
    request_due,
)
from signals.enrichment.workflow import PARTNER_ROLES, RequestStatus
from signals.models import Signal
from signals.rules import check_words


@transaction.atomic
def ask_partner(signal: Signal, asking: Asking, *, by: Membership, at: datetime) -> PartnerRequest:
    """Ask a partner what it knows. It reads question, purpose and the chosen facts, no more."""
    [signal] = lock([signal], by=by)
    check_enrich(by, signal)
    check_asking(asking, known=list(FACTS), on=timezone.localdate(at))
    purpose = check_words(
        asking.purpose, answer="purpose", empty=_("Write down what you need it for.")
    )
    question = check_words(asking.question, answer="question", empty=_("Write down your question."))

    key = new_data_key()
    asked = PartnerRequest(
        signal=signal,
        organisation=asking.organisation,
        basis=asking.basis,
        due_on=request_due(at, asking.working_days),
        key=key,
        asked_at=at,
        asked_by=by.user,
    )
    payload = {
        "purpose": purpose,
        "question": question,
        "facts": facts_of(signal, asking.facts),
    }
    asked.sealed = seal(payload, key=key, about=about_request(asked.pk))
    asked.save(force_insert=True)
    record("partner_request_asked", by=by, at=at, on=asked, legal_basis=asking.basis.code)
    tell_partner(Kind.PARTNER_ASKED, asked, at=at)
    return asked


@transaction.atomic
def answer_request(
    request: PartnerRequest, *, answer: str, by: Membership, at: datetime
) -> PartnerRequest:
    """The partner says what it knows."""
    request = _lock(request, by=by)
    check_move_request(by, request, RequestStatus.ANSWERED)
    answer = check_words(answer, answer="answer", empty=_("Write down your answer."))

    request.status, request.answered_at, request.answered_by = RequestStatus.ANSWERED, at, by.user
    request.answer = seal(
        {"answer": answer}, key=request.key, about=about_request(request.pk, "answer")
    )
    request.save(update_fields=["status", "answer", "answered_at", "answered_by"])
    record("partner_request_answered", by=by, at=at, on=request)
    tell_asker(Kind.PARTNER_ANSWERED, request, at=at)
    return request


@transaction.atomic
def decline_request(
    request: PartnerRequest, *, reason: str, by: Membership, at: datetime
) -> PartnerRequest:
    """The partner does not answer, and says why."""
    reason = check_words(reason, answer="reason", empty=_("Write down why you decline."))
    request = _lock(request, by=by)
    request.refusal = seal(
        {"reason": reason}, key=request.key, about=about_request(request.pk, "refusal")
    )
    request = end_request(request, RequestStatus.DECLINED, by=by, at=at)
    record("partner_request_declined", by=by, at=at, on=request)
    tell_asker(Kind.PARTNER_DECLINED, request, at=at)
    return request


@transaction.atomic
def withdraw_request(request: PartnerRequest, *, by: Membership, at: datetime) -> PartnerRequest:
    """The expert centre needs no answer any more."""
    request = end_request(_lock(request, by=by), RequestStatus.WITHDRAWN, by=by, at=at)
    record("partner_request_withdrawn", by=by, at=at, on=request)
    tell_partner(Kind.PARTNER_REQUEST_WITHDRAWN, request, at=at)
    return request


@transaction.atomic
def set_answer_aside(request: PartnerRequest, *, by: Membership, at: datetime) -> PartnerRequest:
    """The answer is of no use: its words go."""
    request = end_request(_lock(request, by=by), RequestStatus.SET_ASIDE, by=by, at=at)
    record("partner_request_set_aside", by=by, at=at, on=request)
    return request


def end_request(
    request: PartnerRequest, status: RequestStatus, *, by: Membership, at: datetime
) -> PartnerRequest:
    """Bring a request to its end; the words of an answer do not stay behind."""
    refusal = request.refusal
    request = _lock(request, by=by)
    check_move_request(by, request, status)
    request.refusal, request.answer = refusal, None
    request.status, request.ended_at, request.ended_by = status, at, by.user
    request.save(update_fields=["status", "answer", "refusal", "ended_at", "ended_by"])
    return request


def tell_partner(kind: Kind, request: PartnerRequest, *, at: datetime) -> None:
    """Those who answer for the organisation that was asked hear of it."""
    organisation = request.organisation
    post(
        kind,
        to=organisation,
        role=PARTNER_ROLES[OrganisationType(organisation.type)],
        on=request,
        at=at,
    )


def tell_asker(kind: Kind, request: PartnerRequest, *, at: datetime) -> None:
    """Who asked hears of it."""
    centre = Organisation.objects.of_type(OrganisationType.EMM).get()
    post(kind, to=centre, user=request.asked_by, on=request, at=at)


def _lock(request: PartnerRequest, *, by: Membership) -> PartnerRequest:
    found = PartnerRequest.objects.visible_to(by).with_names().filter(pk=request.pk)
    return found.select_for_update(of=["self"]).get()


def about_request(pk: UUID, part: str = "question") -> str:
    """What the sealed words of a request say they are about; elsewhere they do not open."""
    return f"enrichment_partnerrequest|{pk}|{part}|1"
