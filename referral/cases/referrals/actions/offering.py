"""A case is referred to a team elsewhere, and taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from referral.audit.actions import Line, record_many
from referral.cases.models import Case
from referral.cases.referrals.actions.moving import hold_referral, move, tell_receiver
from referral.cases.referrals.actions.packages import pack
from referral.cases.referrals.models import Referral, ReferralPackage, ReferralSection
from referral.cases.referrals.rules import Request, answer_due, check_request
from referral.cases.referrals.workflow import ReferralStatus
from referral.cases.rules import CaseRefused, check_work, reaches_of
from referral.notices.kinds import Kind
from referral.organisations.models import Membership
from referral.sharing.models import Consent, OtherBasis, Purpose
from referral.sharing.rules import Sharing


def offer_referral(request: Request, *, by: Membership, at: datetime) -> Referral:
    """One referral; see offer_referrals."""
    return offer_referrals([request], by=by, at=at)[0]


@transaction.atomic
def offer_referrals(requests: Sequence[Request], *, by: Membership, at: datetime) -> list[Referral]:
    """Ask teams elsewhere for help, each with a sealed package of chosen sections.

    The consent that each rests on is held still meanwhile: taken back at the same time, the
    referral is either not made or stopped. Raises MoveRefused, CaseRefused or SharingRefused.
    """
    cases = _cases(requests, by=by)
    persons = [case.person_id for case in cases.values()]
    sharings = {
        purpose: Sharing.read(persons, purpose=purpose, by=by, hold=True)
        for purpose in sorted({request.purpose for request in requests})
    }
    referrals = []
    for request in requests:
        request.case.person = cases[request.case.pk].person
        ruling, ground = check_request(request, sharing=sharings[request.purpose], at=at)
        referrals.append(
            Referral(
                case=cases[request.case.pk],
                from_organisation=by.organisation,
                to_organisation=request.receiver,
                purpose=Purpose(request.purpose).value,
                legal_basis=ground.basis if isinstance(ground, OtherBasis) else ruling.basis,
                consent=ground if isinstance(ground, Consent) else None,
                other_basis=ground if isinstance(ground, OtherBasis) else None,
                urgency=request.urgency,
                needs=list(request.needs),
                care_region=cases[request.case.pk].care_region,
                age_group=cases[request.case.pk].age_group,
                sections=[ReferralSection(section).value for section in request.sections],
                answer_due_on=answer_due(request.urgency, at=at),
                offered_at=at,
                offered_by=by.user,
            )
        )
    packages = pack(referrals, requests, by=by, at=at)
    try:
        with transaction.atomic():
            Referral.objects.bulk_create(referrals, batch_size=1000)
    except IntegrityError as error:
        if "case_is_referred_once_at_a_time_to_a_receiver" in str(error):
            raise CaseRefused(_("This receiver has an open referral of this case.")) from error
        raise
    ReferralPackage.objects.bulk_create(packages, batch_size=1000)
    lines = [
        Line(action="referral_offered", on=one, purpose=one.purpose, legal_basis=one.legal_basis)
        for one in referrals
    ]
    record_many(lines, by=by, at=at)
    tell_receiver(Kind.REFERRAL_OFFERED, referrals, at=at)
    return referrals


def _cases(requests: Sequence[Request], *, by: Membership) -> dict[UUID, Case]:
    """The cases as they are now, by key, with whom they are about; only who works on one refers."""
    wanted = {request.case.pk for request in requests}
    found = {
        case.pk: case for case in Case.objects.visible_to(by).with_names().filter(pk__in=wanted)
    }
    if found.keys() != wanted:
        raise Case.DoesNotExist
    for pk, reach in reaches_of(found.values(), by).items():
        check_work(by, found[pk], reach)
    prefetch_related_objects(list(found.values()), "person__key")
    return found


@transaction.atomic
def withdraw_referral(referral: Referral, *, by: Membership, at: datetime) -> Referral:
    """The sender takes it back, or ends the help: the receiver reads no more from now on."""
    held = hold_referral(referral, ReferralStatus.WITHDRAWN, by=by)
    held.ended_at, held.ended_by = at, by.user
    move(held, ReferralStatus.WITHDRAWN, ["ended_at", "ended_by"], by=by, at=at)
    tell_receiver(Kind.REFERRAL_WITHDRAWN, [held], at=at)
    return held
