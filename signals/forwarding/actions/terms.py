"""What the clock does with extracts: remind of opening and of feedback, and tell who sent it.

The coordinator hears of late feedback by the signal's own term (signals.actions.terms).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from referral.audit.actions import record
from referral.notices.kinds import Kind
from referral.organisations.models import Membership
from signals.actions import level_book
from signals.forwarding.actions.sending import tell_receiver, tell_sender
from signals.forwarding.models import Extract
from signals.forwarding.querysets import ExtractQuerySet
from signals.forwarding.rules import unopened_before


@transaction.atomic
def remind_unopened(*, by: Membership, at: datetime) -> int:
    """Say once that something waits to be opened; tells how many were reminded."""
    waiting = Extract.objects.visible_to(by).unopened_since(unopened_before(at))
    return _remind(waiting, "unopened_told_at", Kind.EXTRACT_UNOPENED, by=by, at=at)


@transaction.atomic
def remind_of_extract_feedback(*, by: Membership, at: datetime) -> int:
    """Say once that feedback is due soon."""
    levels = level_book(by=by).at(at)
    soon = timezone.localdate(at) + (levels.feedback - levels.feedback_near)
    near = Extract.objects.visible_to(by).due_until(soon)
    return _remind(near, "near_told_at", Kind.EXTRACT_FEEDBACK_NEAR, by=by, at=at)


@transaction.atomic
def tell_overdue_extracts(*, by: Membership, at: datetime) -> int:
    """Say once, to the receiver and to who sent it, that the last day is over."""
    yesterday = timezone.localdate(at) - timedelta(days=1)
    late = Extract.objects.visible_to(by).due_until(yesterday)
    return _remind(late, "overdue_told_at", Kind.EXTRACT_LATE, by=by, at=at, sender=True)


def _remind(
    extracts: ExtractQuerySet,
    mark: str,
    kind: Kind,
    *,
    by: Membership,
    at: datetime,
    sender: bool = False,
) -> int:
    """Each once, by one worker only; `mark` is the moment at which it was said."""
    fresh = extracts.filter(**{mark: None}).select_related("receiver", "sent_by").order_by("pk")
    found = list(fresh.select_for_update(of=["self"], skip_locked=True))
    for extract in found:
        setattr(extract, mark, at)
        extract.save(update_fields=[mark])
        record("extract_reminded", by=by, at=at, on=extract)
        tell_receiver(kind, extract, at=at)
        if sender:
            tell_sender(Kind.EXTRACT_OVERDUE, extract, at=at)
    return len(found)
