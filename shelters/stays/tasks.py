"""What the clock does here: tell in time of stays that last long or end."""

from celery import shared_task
from django.utils import timezone

from referral.access.context import acting, service
from referral.organisations.roles import Role
from shelters.stays import actions


@shared_task
def keep_terms() -> None:
    """One round; run twice it tells nothing twice."""
    with acting(service(Role.SERVICE_SWEEPER), purpose="terms of stays") as sweeper:
        actions.keep_terms(by=sweeper, at=timezone.now())
