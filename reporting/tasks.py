"""Time and queues translated into deeds of the statistics service; each may run twice."""

from datetime import timedelta
from uuid import UUID

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from referral.access.context import acting, service
from referral.organisations.roles import Role
from reporting.actions import compute_release, order_release, silent_releases
from reporting.models import ReportProgramme
from reporting.programmes import IMPORTED, VICTIMS
from reporting.rules import MoveRefused, quarter_before
from signals.models import ImportBatch

SILENCE = timedelta(minutes=5)


@shared_task
def compute(release: str) -> None:
    """Compute one release."""
    member = service(Role.SERVICE_STATISTICS)
    with acting(member, purpose="compute release"):
        compute_release(UUID(release), by=member, clock=timezone.now)


@shared_task
def compute_quarter() -> None:
    """On the fifth of a quarter: order the figures of the one before."""
    now = timezone.now()
    begin, end = quarter_before(timezone.localdate(now))
    member = service(Role.SERVICE_STATISTICS)
    with acting(member, purpose="compute quarter"), transaction.atomic():
        programme = ReportProgramme.objects.get(code=VICTIMS)
        try:
            order_release(programme, period_from=begin, period_to=end, by=member, at=now)
        except MoveRefused:
            return  # ordered by hand, or a longer period covers it


@shared_task
def release_import(batch: str) -> None:
    """Order the figures of a file of signals that has come in."""
    now = timezone.now()
    today = timezone.localdate(now)
    member = service(Role.SERVICE_STATISTICS)
    with acting(member, purpose="release import"), transaction.atomic():
        if not ImportBatch.objects.filter(pk=batch, accepted__gt=0).exists():
            return  # nothing new came in: its figures are there already
        programme = ReportProgramme.objects.get(code=IMPORTED)
        try:
            order_release(
                programme,
                period_from=today,
                period_to=today + timedelta(days=1),
                source=UUID(batch),
                by=member,
                at=now,
            )
        except MoveRefused:
            return  # another delivery of this task was first


@shared_task
def resume() -> None:
    """Take up what a killed worker left, and what the broker lost."""
    member = service(Role.SERVICE_STATISTICS)
    with acting(member, purpose="resume releases"):
        for release in silent_releases(by=member, before=timezone.now() - SILENCE):
            compute.delay(str(release))
