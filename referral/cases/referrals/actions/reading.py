"""Looking at referrals. A look is a deed: it is recorded before anything is shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from referral.audit.actions import record
from referral.cases.referrals.models import Referral
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission

ROWS_ON_HOME = 5


@dataclass(frozen=True, slots=True)
class HomeReferrals:
    """What the home page shows a team that is asked for help; no kind for everybody else."""

    kind: str = ""
    waiting: int = 0
    helping: int = 0
    rows: tuple[Referral, ...] = ()


@transaction.atomic
def open_referral(referral: Referral, *, by: Membership, at: datetime) -> Referral:
    """The envelope and what happened. Raises Referral.DoesNotExist when it is not for them."""
    found = Referral.objects.visible_to(by).with_names().get(pk=referral.pk)
    record("referral_opened", on=found, by=by, at=at, purpose=found.purpose)
    return found


@transaction.atomic
def list_referrals(found: Iterable[Referral], *, by: Membership, at: datetime) -> list[Referral]:
    """One page of a list that was scoped by visible_to; the trail gets the ids shown."""
    referrals = list(found)
    record("referrals_listed", by=by, at=at, ids=[referral.pk for referral in referrals])
    return referrals


@transaction.atomic(savepoint=False)
def list_home_referrals(*, by: Membership, at: datetime) -> HomeReferrals:
    """The inbox of a team: what waits for an answer and what is under way, first due first."""
    if not by.may(Permission.REFERRAL_RECEIVE):
        return HomeReferrals()
    under_way = Referral.objects.visible_to(by).into(by).open()
    rows = tuple(under_way.with_names().open_first()[:ROWS_ON_HOME])
    if not rows:
        return HomeReferrals()
    record("referrals_listed", by=by, at=at, ids=[referral.pk for referral in rows])
    waiting, total = under_way.offered().count(), under_way.count()
    return HomeReferrals("receiver", waiting, total - waiting, rows)
