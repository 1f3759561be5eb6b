"""Releases in any state, by the deeds that lead there."""

from datetime import date, datetime
from uuid import UUID

from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from referral.access.context import acting, service
from referral.organisations.models import Membership
from referral.organisations.roles import OrganisationType, Role
from reporting.actions import (
    approve_release,
    compute_release,
    order_release,
    propose_release,
    withdraw_release,
)
from reporting.models import Release, ReportProgramme
from reporting.programmes import VICTIMS
from reporting.workflow import Status
from tests.factories.people import make_member, make_organisation

PERIOD = (date(2026, 7, 1), date(2026, 10, 1))


def make_analysts() -> tuple[Membership, Membership]:
    """Alice proposes, Bob approves; both of the Rapporteur, to whom the programmes are given."""
    rapporteur = make_organisation(OrganisationType.RAPPORTEUR)
    alice = make_member(Role.NRM_ANALYST, organisation=rapporteur)
    bob = make_member(Role.NRM_ANALYST, organisation=rapporteur)
    call_command("sync_programmes")
    return alice, bob


def order(
    by: Membership,
    *,
    programme: str = VICTIMS,
    period: tuple[date, date] = PERIOD,
    source: UUID | None = None,
    at: datetime | None = None,
) -> Release:
    with acting(by, purpose="test"), transaction.atomic():
        return order_release(
            ReportProgramme.objects.get(code=programme),
            period_from=period[0],
            period_to=period[1],
            source=source,
            by=by,
            at=at or timezone.now(),
        )


def compute(release: Release) -> Release:
    statistics = service(Role.SERVICE_STATISTICS)
    with acting(statistics, purpose="test"):
        return compute_release(release.pk, by=statistics, clock=timezone.now)


def release_at(status: Status, analysts: tuple[Membership, Membership] | None = None) -> Release:
    """A release that came to `status` by the deeds of the service and of two analysts."""
    alice, bob = analysts or make_analysts()
    release = order(alice)
    if status == Status.COMPUTING:
        return release
    return walk(compute(release), status, (alice, bob))


def walk(release: Release, status: Status, analysts: tuple[Membership, Membership]) -> Release:
    """Lead a computed release on to `status`."""
    alice, bob = analysts
    now = timezone.now()
    if status in (Status.PROPOSED, Status.SEALED, Status.WITHDRAWN):
        with acting(alice, purpose="test"):
            release = propose_release(release, by=alice, at=now)
    if status in (Status.SEALED, Status.WITHDRAWN):
        with acting(bob, purpose="test"):
            release = approve_release(release, by=bob, at=now)
    if status == Status.WITHDRAWN:
        with acting(bob, purpose="test"):
            release = withdraw_release(release, reason="A file was late.", by=bob, at=now)
    return release
