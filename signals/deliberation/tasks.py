"""Papers and terms outside the request: thin, and may run twice."""

from celery import shared_task
from django.utils import timezone

from referral.access.context import acting, service
from referral.organisations.roles import Role
from signals.deliberation import actions


@shared_task
def make_packs() -> None:
    """Make the papers that were ordered, each in the name of who ordered them."""
    with acting(service(Role.SERVICE_SWEEPER), purpose="papers of meetings") as sweeper:
        members = actions.ordering_members(by=sweeper)
    for member in members:
        with acting(member, purpose="papers of a meeting"):
            actions.make_packs(by=member, at=timezone.now())


@shared_task
def keep_terms() -> None:
    """Remind of follow-up, and make the papers that a worker left lying."""
    with acting(service(Role.SERVICE_SWEEPER), purpose="terms of follow-up") as sweeper:
        actions.remind_of_follow_ups(by=sweeper, at=timezone.now())
    make_packs()
