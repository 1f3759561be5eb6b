"""The receiver answers: accepts or declines, makes contact, says what became of it."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from referral.cases.referrals.actions.moving import hold_referral, move, tell_sender
from referral.cases.referrals.models import Referral, ReferralDecline, ReferralResult
from referral.cases.referrals.rules import contact_due
from referral.cases.referrals.workflow import ReferralStatus
from referral.cases.rules import CaseRefused, MoveRefused
from referral.notices.kinds import Kind
from referral.organisations.models import Membership


@transaction.atomic
def accept_referral(referral: Referral, *, by: Membership, at: datetime) -> Referral:
    """Any authorised member of the team; of many at once exactly one. The package opens.

    Raises MoveRefused when somebody was earlier, or when what it rests on holds no longer.
    """
    held = hold_referral(referral, ReferralStatus.ACCEPTED, by=by)
    held.answered_at, held.answered_by = at, by.user
    held.contact_due_on = contact_due(held.urgency, at=at)
    fields = ["answered_at", "answered_by", "contact_due_on"]
    try:
        with transaction.atomic():
            move(held, ReferralStatus.ACCEPTED, fields, by=by, at=at)
    except IntegrityError as error:
        if "referral_is_accepted_while_its_ground_holds" in str(error):
            words = _("The consent has ended. The sender must ask the person again.")
            raise MoveRefused(words) from error
        raise
    tell_sender(Kind.REFERRAL_ACCEPTED, held, at=at)
    return held


@transaction.atomic
def decline_referral(referral: Referral, *, reason: str, by: Membership, at: datetime) -> Referral:
    """Say no, with a reason; the sender looks for somebody else."""
    if reason not in ReferralDecline.values:
        raise CaseRefused(_("Say why you cannot help."))
    held = hold_referral(referral, ReferralStatus.DECLINED, by=by)
    held.answered_at, held.answered_by = at, by.user
    held.decline_reason = ReferralDecline(reason)
    fields = ["answered_at", "answered_by", "decline_reason"]
    move(held, ReferralStatus.DECLINED, fields, by=by, at=at)
    tell_sender(Kind.REFERRAL_DECLINED, held, at=at)
    return held


@transaction.atomic
def record_contact(referral: Referral, *, by: Membership, at: datetime) -> Referral:
    """The first contact with the person was made."""
    held = hold_referral(referral, ReferralStatus.CONTACTED, by=by)
    held.contacted_at, held.contacted_by = at, by.user
    move(held, ReferralStatus.CONTACTED, ["contacted_at", "contacted_by"], by=by, at=at)
    tell_sender(Kind.REFERRAL_CONTACTED, held, at=at)
    return held


@transaction.atomic
def complete_referral(referral: Referral, *, result: str, by: Membership, at: datetime) -> Referral:
    """Say what became of it. The task ends here, and with it the sight of the package."""
    if result not in ReferralResult.values:
        raise CaseRefused(_("Say what became of it."))
    held = hold_referral(referral, ReferralStatus.COMPLETED, by=by)
    held.ended_at, held.ended_by = at, by.user
    held.result = ReferralResult(result)
    move(held, ReferralStatus.COMPLETED, ["ended_at", "ended_by", "result"], by=by, at=at)
    tell_sender(Kind.REFERRAL_COMPLETED, held, at=at)
    return held
