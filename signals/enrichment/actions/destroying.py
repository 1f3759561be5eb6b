"""Findings whose term is over are destroyed: the words and their key, not that they were there."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from referral.audit.actions import Line, record_many
from referral.organisations.models import Membership
from signals.enrichment.models import Enrichment

#: In one round of the clock; the rest waits for the next one.
AT_ONCE = 500


@transaction.atomic
def destroy_enrichments(*, by: Membership, at: datetime) -> int:
    """Destroy what is over its term; tells how many. The database takes the words and the key away
    (baken.enrichment_is_destroyed).
    """
    over = Enrichment.objects.visible_to(by).over_on(timezone.localdate(at))
    found = list(over.order_by("pk").select_for_update(skip_locked=True)[:AT_ONCE])
    if not found:
        return 0
    Enrichment.objects.visible_to(by).filter(pk__in=[one.pk for one in found]).update(
        destroyed_at=at, destroyed_by=by.user, key=None
    )
    record_many([Line(action="enrichment_destroyed", on=one, at=at) for one in found], by=by, at=at)
    return len(found)
