"""The night watch: is the trail still as it was written?"""

import logging

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from referral.access.context import acting, service
from referral.audit.rules import check_trail
from referral.organisations.roles import Role
from referral.oversight.actions import raise_audit_alarm

logger = logging.getLogger(__name__)


@shared_task
def verify() -> None:
    """Check the whole trail; a break is logged and told to everyone who watches over it."""
    sealer = service(Role.SERVICE_SEALER)
    with acting(sealer, purpose="checking the audit trail"), transaction.atomic():
        report = check_trail()
        if not report.whole:
            logger.error("audit_alarm %s", report.breaks)
            raise_audit_alarm(report, by=sealer, at=timezone.now())
