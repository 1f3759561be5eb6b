"""What the clock does here: tell of days that come near, and end periods that are over."""

from celery import shared_task
from django.utils import timezone

from referral.access.context import acting, service
from referral.organisations.roles import Role
from referral.residence import actions


@shared_task
def keep_terms() -> None:
    """One round; run twice it does nothing twice. First tell, because what ends is not told of."""
    at = timezone.now()
    with acting(service(Role.SERVICE_SWEEPER), purpose="terms of residence") as sweeper:
        actions.tell_of_deadlines(by=sweeper, at=at)
        actions.expire_reflections(by=sweeper, at=at)
