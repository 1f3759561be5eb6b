"""Acting as a member: the bridge from a membership to the signed database context."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from django.utils import timezone

from referral.lib.acting import Actor, acting_as, current_actor
from referral.organisations.models import Membership
from referral.organisations.roles import SERVICES, Role


@contextmanager
def acting(
    member: Membership,
    *,
    purpose: str,
    request_id: str = "",
    trace_id: str = "",
    address: str = "",
) -> Iterator[Membership]:
    """Let `member` act until the block ends; outside of it the database shows nothing."""
    actor = Actor(
        user_id=member.user_id,
        organisation_id=member.organisation_id,
        role=member.role,
        purpose=purpose,
        request_id=request_id,
        trace_id=trace_id,
        address=address,
    )
    with acting_as(actor):
        yield member


@contextmanager
def for_purpose(purpose: str) -> Iterator[None]:
    """Let the one who acts do so for another purpose until the block ends; the trail says it."""
    actor = current_actor()
    with acting_as(replace(actor, purpose=purpose) if actor else None):
        yield


def service(role: Role) -> Membership:
    """The membership by which a Celery task acts. Made by `manage.py sync_roles`."""
    if role not in SERVICES:
        raise ValueError(f"{role} is a person's role")
    return Membership.objects.with_names().valid_at(timezone.now()).get(role=role)
