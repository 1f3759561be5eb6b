"""Merges as the national desk makes them."""

from django.utils import timezone

from referral.access.context import acting
from referral.organisations.models import Membership
from referral.persons.merging.actions import confirm_merge, propose_merge
from referral.persons.merging.models import Merge
from referral.persons.models import Person


def make_merge(
    kept: Person,
    gone: Person,
    *,
    by: Membership,
    chosen: tuple[str, ...] = (),
    second: Membership | None = None,
) -> Merge:
    """Proposed; confirmed where there is a second registrar."""
    with acting(by, purpose="test"):
        merge = propose_merge(
            kept, gone=gone, chosen=chosen, reason="Canary reason", by=by, at=timezone.now()
        )
    if second is not None:
        with acting(second, purpose="test"):
            merge = confirm_merge(merge, by=second, at=timezone.now())
    return merge
