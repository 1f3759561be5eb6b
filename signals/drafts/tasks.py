"""What the clock does with drafts: tell the holder, and wipe. Twice is as good as once."""

from celery import shared_task
from django.utils import timezone

from referral.access.context import acting, service
from referral.organisations.roles import Role
from signals.drafts import actions


@shared_task
def keep_terms() -> None:
    """Announce the wiping of drafts that nobody touches, and wipe those announced in time."""
    at = timezone.now()
    with acting(service(Role.SERVICE_SWEEPER), purpose="terms of drafts") as sweeper:
        actions.announce_wiping(by=sweeper, at=at)
        actions.wipe_drafts(by=sweeper, at=at)
