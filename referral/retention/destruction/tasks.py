"""What the clock does here: every night, what is due goes on the lists of who owns the data."""

from celery import shared_task
from django.utils import timezone

from referral.access.context import acting, service
from referral.organisations.roles import Role
from referral.retention.destruction.actions import review_lists


@shared_task
def review() -> None:
    """One night; run twice it lists nothing twice."""
    with acting(service(Role.SERVICE_SWEEPER), purpose="retention") as sweeper:
        review_lists(by=sweeper, at=timezone.now())
