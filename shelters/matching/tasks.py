"""Time and queues translated into deeds of the service; each may run twice."""

from datetime import timedelta
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from referral.access.context import acting, service
from referral.organisations.roles import Role
from shelters.matching.actions import compute_proposal, silent_proposals, wake

SILENCE = timedelta(minutes=2)


@shared_task
def compute(proposal: str) -> None:
    """Compute one proposal of places."""
    member = service(Role.SERVICE_SWEEPER)
    with acting(member, purpose="compute a proposal of places"):
        compute_proposal(UUID(proposal), by=member, clock=timezone.now)


@shared_task
def resume() -> None:
    """Take up what a killed worker left, and what the broker lost."""
    member = service(Role.SERVICE_SWEEPER)
    with acting(member, purpose="resume proposals of places"):
        for proposal in silent_proposals(by=member, before=timezone.now() - SILENCE):
            wake(proposal)
