"""Dry runs and the watch outside the request: thin, may run twice, may be killed at any moment."""

import logging
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from referral.access.context import acting, service
from referral.organisations.models import Membership
from referral.organisations.roles import Role
from signals.routing import actions
from signals.routing.models import DryRun

logger = logging.getLogger(__name__)


@shared_task
def keep_watch() -> None:
    """Call the next in line for acute danger that nobody has taken up."""
    with acting(service(Role.SERVICE_SWEEPER), purpose="acute danger") as sweeper:
        actions.call_next(by=sweeper, at=timezone.now())


@shared_task
def count_on(run_id: str, member_id: int) -> None:
    """Count a dry run to its end, in the name of the coordinator who ordered it."""
    member = Membership.objects.with_names().valid_at(timezone.now()).filter(pk=member_id).first()
    if member is None:
        logger.warning("dry_run_waits %s: its coordinator no longer works there", run_id)
        return
    with acting(member, purpose="dry run of routing rules"):
        run = actions.count_on(DryRun(pk=UUID(run_id)), by=member)
        while run.under_way:
            run = actions.count_on(run, by=member)
