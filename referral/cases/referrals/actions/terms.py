"""What the clock does with referrals: reminds, ends what nobody answered, tells of late contact."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from referral.audit.actions import record
from referral.cases.referrals.actions.moving import move, tell_receiver, tell_sender
from referral.cases.referrals.models import Referral
from referral.cases.referrals.querysets import ReferralQuerySet
from referral.cases.referrals.workflow import ReferralStatus
from referral.notices.kinds import Kind
from referral.organisations.models import Membership


@transaction.atomic
def remind_of_referrals(*, by: Membership, at: datetime) -> int:
    """Say once, on the last day, that an answer is due; tells how many were reminded."""
    today = timezone.localdate(at)
    found = _held(Referral.objects.visible_to(by).answer_due_until(today).filter(reminded_at=None))
    for referral in found:
        referral.reminded_at = at
        referral.save(update_fields=["reminded_at"])
        record("referral_reminded", on=referral, by=by, at=at)
    tell_receiver(Kind.REFERRAL_REMINDED, found, at=at)
    return len(found)


@transaction.atomic
def expire_referrals(*, by: Membership, at: datetime) -> int:
    """End what nobody answered in time, and tell both sides; tells how many."""
    yesterday = timezone.localdate(at) - timedelta(days=1)
    found = _held(Referral.objects.visible_to(by).answer_due_until(yesterday))
    for referral in found:
        referral.ended_at, referral.ended_by = at, by.user
        move(referral, ReferralStatus.EXPIRED, ["ended_at", "ended_by"], by=by, at=at)
        tell_sender(Kind.REFERRAL_EXPIRED, referral, at=at)
    tell_receiver(Kind.REFERRAL_EXPIRED, found, at=at)
    return len(found)


@transaction.atomic
def tell_late_contacts(*, by: Membership, at: datetime) -> int:
    """Say once, to both sides, that there was no first contact in time."""
    today = timezone.localdate(at)
    late = Referral.objects.visible_to(by).contact_due_before(today).filter(late_told_at=None)
    found = _held(late)
    for referral in found:
        referral.late_told_at = at
        referral.save(update_fields=["late_told_at"])
        record("referral_contact_late", on=referral, by=by, at=at)
        tell_sender(Kind.REFERRAL_LATE, referral, at=at)
    tell_receiver(Kind.REFERRAL_LATE, found, at=at)
    return len(found)


def _held(found: ReferralQuerySet) -> list[Referral]:
    """Each by one worker only."""
    rows = found.with_names().order_by("pk")
    return list(rows.select_for_update(of=["self"], skip_locked=True))
