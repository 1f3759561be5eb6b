"""What the clock does here: remind, end what was not answered, tell of late contact."""

from celery import shared_task
from django.utils import timezone

from referral.access.context import acting, service
from referral.cases.referrals import actions
from referral.organisations.roles import Role
from referral.sharing.actions import expire_consents, tell_ending_consents


@shared_task
def keep_terms() -> None:
    """One round; run twice it does nothing twice."""
    at = timezone.now()
    with acting(service(Role.SERVICE_SWEEPER), purpose="terms of sharing") as sweeper:
        tell_ending_consents(by=sweeper, at=at)
        expire_consents(by=sweeper, at=at)
        actions.expire_referrals(by=sweeper, at=at)
        actions.remind_of_referrals(by=sweeper, at=at)
        actions.tell_late_contacts(by=sweeper, at=at)
