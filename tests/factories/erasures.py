"""Persons whose data are past their term, and erasures in any state, by the deeds that lead there."""

from datetime import datetime, timedelta

from django.utils import timezone

from referral.access.context import service
from referral.cases.models import Case
from referral.cases.workflow import CaseStatus
from referral.organisations.models import Membership
from referral.organisations.roles import Role
from referral.retention.actions import (
    Review,
    approve_erasure,
    confirm_erasure,
    place_hold,
    review_due,
)
from referral.retention.models import Erasure, LegalHold
from referral.retention.workflow import Status
from tests.factories.cases import Country, case_at, doing

#: Longer ago than any term of a case.
LONG_AGO = timedelta(days=25 * 366)


def old_case(country: Country) -> Case:
    """Closed by Alice, longer ago than its term."""
    return case_at(CaseStatus.CLOSED, country, at=timezone.now() - LONG_AGO)


def night(at: datetime | None = None) -> Review:
    clock = service(Role.SERVICE_SWEEPER)
    with doing(clock):
        return review_due(by=clock, at=at or timezone.now())


def hold_of(case: Case, *, by: Membership, days: int = 30) -> LegalHold:
    now = timezone.now()
    until = timezone.localdate(now) + timedelta(days=days)
    with doing(by):
        return place_hold(case.reference, reason="court", until=until, by=by, at=now)


def erasure_at(status: Status, country: Country, *, case: Case | None = None) -> Erasure:
    """Of a case of Alice, walked to this status; the desk confirms."""
    case = case or old_case(country)
    night()
    with doing(country.alice):
        erasure = Erasure.objects.visible_to(country.alice).get(person=case.person_id)
    if status in (Status.APPROVED, Status.ERASED):
        with doing(country.alice):
            erasure = approve_erasure(erasure, by=country.alice, at=timezone.now())
    if status == Status.ERASED:
        with doing(country.desk):
            erasure = confirm_erasure(erasure, by=country.desk, at=timezone.now())
    if status == Status.HELD:
        hold_of(case, by=country.alice)
    return erasure
