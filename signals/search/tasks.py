"""The index outside the request: thin, may run twice, may be killed at any moment."""

from celery import shared_task
from django.utils import timezone

from referral.access.context import acting, service
from referral.organisations.roles import Role
from signals.search import actions

#: What one run takes in at most, so that a whole country leaves room for other work.
BATCHES = 6


@shared_task
def index_changes() -> None:
    """Make what was committed since the last time findable."""
    with acting(service(Role.SERVICE_RELAY), purpose="search index") as relay:
        for _ in range(BATCHES):
            if not actions.index_changes(by=relay, at=timezone.now()):
                return
