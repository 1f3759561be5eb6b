"""What the clock does here: tell who has a signal that another one seems to belong with it."""

from celery import shared_task
from django.utils import timezone

from referral.access.context import acting, service
from referral.organisations.roles import Role
from signals.links import actions

#: What one run looks at at most, so that a large file leaves room for other work.
BATCHES = 10


@shared_task
def tell_handlers() -> None:
    """One round; run twice it tells nothing twice."""
    with acting(service(Role.SERVICE_SWEEPER), purpose="suggestions of links") as sweeper:
        actions.tell_handlers(by=sweeper, at=timezone.now())


@shared_task
def tell_of_new_keys() -> None:
    """What was committed since the last time, some seconds ago."""
    with acting(service(Role.SERVICE_SWEEPER), purpose="suggestions of links") as sweeper:
        for _ in range(BATCHES):
            if not actions.tell_of_new_keys(by=sweeper, at=timezone.now()):
                return
