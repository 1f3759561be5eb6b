"""What the clock does: thin, and may run twice."""

from celery import shared_task
from django.utils import timezone

from referral.access.context import acting, service
from referral.organisations.roles import Role
from shelters import actions
from shelters.models import Placement


@shared_task
def expire_reservations() -> None:
    """Release beds that were reserved and not answered in time."""
    at = timezone.now()
    with acting(service(Role.SERVICE_SWEEPER), purpose="reservations that ended") as sweeper:
        unanswered = Placement.objects.visible_to(sweeper).unanswered_at(at)
        actions.expire_reservations(unanswered, by=sweeper, at=at)
