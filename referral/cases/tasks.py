"""What the clock does with cases: it minds the terms of handoffs."""

from celery import shared_task
from django.utils import timezone

from referral.access.context import acting, service
from referral.cases import actions
from referral.organisations.roles import Role


@shared_task
def keep_handoff_terms() -> None:
    """One round; run twice it does nothing twice."""
    at = timezone.now()
    with acting(service(Role.SERVICE_SWEEPER), purpose="terms of handoffs") as sweeper:
        actions.expire_handoffs(by=sweeper, at=at)
        actions.escalate_handoffs(by=sweeper, at=at)
        actions.remind_of_handoffs(by=sweeper, at=at)
        actions.remind_of_meetings(by=sweeper, at=at)
