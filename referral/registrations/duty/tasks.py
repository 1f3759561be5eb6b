"""What the clock does here: remind officers who did not register."""

from celery import shared_task
from django.utils import timezone

from referral.access.context import acting, service
from referral.organisations.roles import Role
from referral.registrations.duty import actions


@shared_task
def remind() -> None:
    """One round; run twice it does nothing twice."""
    with acting(service(Role.SERVICE_SWEEPER), purpose="duty to register") as sweeper:
        actions.remind_officers(by=sweeper, at=timezone.now())
