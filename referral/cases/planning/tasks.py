"""What the clock does here: absences begin and end, and tasks and reviews are told of in time."""

from celery import shared_task
from django.utils import timezone

from referral.access.context import acting, service
from referral.cases.planning import actions
from referral.organisations.roles import Role


@shared_task
def keep_terms() -> None:
    """One round; run twice it tells nothing twice. Absences first, so that who has it is told."""
    at = timezone.now()
    with acting(service(Role.SERVICE_SWEEPER), purpose="terms of planning") as sweeper:
        actions.keep_absences(by=sweeper, at=at)
        actions.remind_of_tasks(by=sweeper, at=at)
        actions.remind_of_reviews(by=sweeper, at=at)
