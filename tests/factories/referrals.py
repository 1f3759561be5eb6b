"""Referrals in any state, by the deeds that lead there: never an impossible one."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from referral.access.context import acting, service
from referral.cases.models import Case
from referral.cases.referrals.actions import (
    accept_referral,
    complete_referral,
    decline_referral,
    expire_referrals,
    offer_referral,
    record_contact,
    withdraw_referral,
)
from referral.cases.referrals.models import Referral
from referral.cases.referrals.rules import Request
from referral.cases.referrals.workflow import ReferralStatus
from referral.cases.workflow import CaseStatus
from referral.organisations.models import Membership
from referral.organisations.roles import OrganisationType, Role
from referral.persons.models import Person
from referral.sharing.actions import (
    ask_consent,
    record_answer,
    use_other_basis,
    withdraw_consent,
)
from referral.sharing.models import Consent, OtherBasis, Purpose, WithdrawalReason
from referral.sharing.rules import Answer, OtherBasisEntry
from tests.factories.cases import Country, case_at, doing
from tests.factories.people import make_member, make_organisation

#: No word of a case may hold this before acceptance.
SECRET = "Zij heeft een advocaat nodig voor vrijdag."


def make_lawyer() -> Membership:
    return make_member(
        Role.PARTNER_NGO, organisation=make_organisation(OrganisationType.LAWYER), name="Bob Law"
    )


def consent_for(
    case: Case, receiver: Membership, *, by: Membership, at: datetime | None = None
) -> Consent:
    """Given for care by this organisation, whatever data that needs."""
    at = at or timezone.now() - timedelta(minutes=5)
    with doing(by):
        consent = ask_consent(
            case.person,
            purpose=Purpose.CARE_COORDINATION,
            recipient=receiver.organisation,
            by=by,
            at=at,
        )
        return record_answer(consent, given=True, answer=Answer(), by=by, at=at)


def request_of(case: Case, receiver: Membership, **changed: object) -> Request:
    answers: dict[str, object] = {
        "needs": ["legal"],
        "urgency": "normal",
        "sections": ["message", "situation", "identity", "contact", "consents"],
        "message": SECRET,
    } | changed
    return Request(case=case, receiver=receiver.organisation, **answers)


def other_basis_for(
    case: Case, receiver: Membership, *, by: Membership, **changed: Any
) -> OtherBasis:
    """Care for a child that cannot wait for an answer."""
    with doing(by):
        entry = OtherBasisEntry(
            person=Person.objects.select_related("key").get(pk=case.person_id),
            purpose=Purpose.PLACEMENT,
            recipient=receiver.organisation,
            categories=["care"],
            basis="public_task",
            article="Wmo 2015 art. 5.3.3",
            reason="Een kind.",
        )
        return use_other_basis(
            replace(entry, **changed), by=by, at=timezone.now() - timedelta(minutes=1)
        )


def referral_at(
    status: ReferralStatus,
    country: Country,
    *,
    receiver: Membership,
    case: Case | None = None,
    at: datetime | None = None,
    **changed: object,
) -> Referral:
    """A referral of Alice to the receiver, walked to this status."""
    alice, at = country.alice, at or timezone.now() - timedelta(minutes=3)
    case = case or case_at(CaseStatus.ACTIVE, country)
    consent = consent_for(case, receiver, by=alice, at=at - timedelta(minutes=1))
    with doing(alice):
        request = request_of(case, receiver, **changed)
        referral = offer_referral(request, by=alice, at=at)
        if status == ReferralStatus.WITHDRAWN:
            return withdraw_referral(referral, by=alice, at=at)
        if status == ReferralStatus.STOPPED:
            withdraw_consent(consent, reason=WithdrawalReason.NOT_SAID, by=alice, at=at)
    if status == ReferralStatus.EXPIRED:
        with acting(service(Role.SERVICE_SWEEPER), purpose="test") as sweeper:
            expire_referrals(by=sweeper, at=at + timedelta(days=9))
    with doing(receiver):
        if status == ReferralStatus.DECLINED:
            return decline_referral(referral, reason="capacity", by=receiver, at=at)
        if status in {
            ReferralStatus.ACCEPTED, ReferralStatus.CONTACTED, ReferralStatus.COMPLETED
        }:  # fmt: skip
            referral = accept_referral(referral, by=receiver, at=at)
        if status in {ReferralStatus.CONTACTED, ReferralStatus.COMPLETED}:
            referral = record_contact(referral, by=receiver, at=at)
        if status == ReferralStatus.COMPLETED:
            return complete_referral(referral, result="helped", by=receiver, at=at)
        return Referral.objects.get(pk=referral.pk)
