"""Waking up: send what is due, and clear what is old. Twice is as good as once."""

from celery import shared_task
from django.utils import timezone

from referral.access.context import acting, service
from referral.organisations.roles import Role
from signals.webhooks import actions

#: So many in one round; the next comes in seconds.
BATCH = 100


@shared_task
def push() -> None:
    """Tell the systems of partners what happened."""
    with acting(service(Role.SERVICE_RELAY), purpose="telling systems of partners") as relay:
        for _ in range(BATCH):
            if not actions.push_next(by=relay, at=timezone.now()):
                return


@shared_task
def clear() -> None:
    """Forget messages of more than a month ago."""
    with acting(service(Role.SERVICE_RELAY), purpose="clearing messages to systems") as relay:
        actions.clear_pushes(by=relay, at=timezone.now())
