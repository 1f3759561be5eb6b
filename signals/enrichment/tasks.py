"""What the clock does here: destroy what is over its term, remind partners, tell who is in charge."""

from celery import shared_task
from django.utils import timezone

from referral.access.context import acting, service
from referral.organisations.roles import Role
from signals.enrichment import actions


@shared_task
def keep_terms() -> None:
    """One round; run twice it does nothing twice."""
    at = timezone.now()
    with acting(service(Role.SERVICE_SWEEPER), purpose="terms of enrichment") as sweeper:
        actions.destroy_enrichments(by=sweeper, at=at)
        actions.remind_partners(by=sweeper, at=at)
        actions.escalate_requests(by=sweeper, at=at)
