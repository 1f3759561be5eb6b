"""What the clock does with forms that were not sent."""

from celery import shared_task
from django.utils import timezone

from referral.access.context import acting, service
from referral.cases.unsent import actions
from referral.organisations.roles import Role


@shared_task
def keep_terms() -> None:
    """Destroy what nobody went on with; run twice it finds nothing more."""
    with acting(service(Role.SERVICE_SWEEPER), purpose="terms of drafts") as sweeper:
        actions.forget_forms(by=sweeper, at=timezone.now())
