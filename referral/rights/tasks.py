"""What the clock does here: remind of a term that ends, tell of one that has ended, and of what waits."""

from celery import shared_task
from django.utils import timezone

from referral.access.context import acting, service
from referral.organisations.roles import Role
from referral.rights.actions import remind_of_executions, tell_of_terms


@shared_task
def keep_terms() -> None:
    """One round; run twice it tells nothing twice."""
    with acting(service(Role.SERVICE_SWEEPER), purpose="terms of requests of persons") as sweeper:
        tell_of_terms(by=sweeper, at=timezone.now())
        remind_of_executions(by=sweeper, at=timezone.now())
