"""The releases of the made-up country: computed, proposed and approved by its two analysts."""

from __future__ import annotations

from datetime import date, datetime

from referral.access.context import acting, service
from referral.demo.country.organisations import Country, working
from referral.organisations.roles import Role
from reporting.actions import approve_release, compute_release, order_release, propose_release
from reporting.models import ReportProgramme
from reporting.programmes import VICTIMS
from reporting.workflow import Status


def publish(country: Country, *, period_from: date, period_to: date, at: datetime) -> bool:
    """Seal the figures of one period; False when they cannot be published safely."""
    maker, approver = country.rapporteurs[:2]
    with working(maker):
        release = order_release(
            ReportProgramme.objects.get(code=VICTIMS),
            period_from=period_from,
            period_to=period_to,
            by=maker,
            at=at,
        )
    statistics = service(Role.SERVICE_STATISTICS)
    with acting(statistics, purpose="demo country"):
        release = compute_release(release.pk, by=statistics, clock=lambda: at)
    if release.status != Status.COMPUTED:
        return False
    with working(maker):
        propose_release(release, by=maker, at=at)
    with working(approver):
        approve_release(release, by=approver, at=at)
    return True
