"""What the clock does here: tell of a verdict that is late."""

from celery import shared_task
from django.utils import timezone

from referral.access.context import acting, service
from referral.cases.emergency.actions import tell_late_reviews
from referral.organisations.roles import Role


@shared_task
def keep_terms() -> None:
    """One round; run twice it tells nothing twice."""
    with acting(service(Role.SERVICE_SWEEPER), purpose="terms of emergency access") as sweeper:
        tell_late_reviews(by=sweeper, at=timezone.now())
