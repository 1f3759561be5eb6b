"""What the clock does here: remind receivers, and tell who sent it."""

from celery import shared_task
from django.utils import timezone

from referral.access.context import acting, service
from referral.organisations.roles import Role
from signals.forwarding import actions


@shared_task
def keep_terms() -> None:
    """One round; run twice it does nothing twice."""
    at = timezone.now()
    with acting(service(Role.SERVICE_SWEEPER), purpose="terms of extracts") as sweeper:
        actions.remind_unopened(by=sweeper, at=at)
        actions.remind_of_extract_feedback(by=sweeper, at=at)
        actions.tell_overdue_extracts(by=sweeper, at=at)
