"""What the clock does here: every night, what is due goes to who owns the data."""

from celery import shared_task
from django.utils import timezone

from referral.access.context import acting, service
from referral.organisations.roles import Role
from referral.retention.actions import review_due


@shared_task
def review() -> None:
    """One night; run twice it lists nothing twice."""
    with acting(service(Role.SERVICE_SWEEPER), purpose="retention") as sweeper:
        review_due(by=sweeper, at=timezone.now())
