"""The recorded look at the totals of a period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from referral.audit.actions import record
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from referral.registrations.counting.models import CountingRules
from referral.registrations.counting.rules import Totals, count


@dataclass(frozen=True, slots=True)
class HomeCount:
    """What counting/_home.html shows."""

    year: int
    totals: Totals
    rules: CountingRules


@transaction.atomic(savepoint=False)
def list_home_count(*, by: Membership, at: datetime) -> HomeCount | None:
    """Reports and persons of this year, for the national desk; None for anyone else."""
    if not by.may(Permission.REGISTRATION_COMPLETE):
        return None
    year = timezone.localdate(at).year
    counted = count(date(year, 1, 1), date(year + 1, 1, 1), by=by)
    totals = counted.totals()
    record("totals_seen", by=by, at=at, details={"year": year, "rules": counted.rules.version})
    return HomeCount(year, totals, counted.rules)
