"""Grants that another deed gives or ends: a placement now; others as they come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from referral.audit.actions import Line, record_many
from referral.cases.models import Basis, Case, CaseGrant, Level, Profile
from referral.lib.moments import When, moments
from referral.organisations.models import Membership, Organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Who may see which part of a case, and on what ground."""

    case: Case
    organisation: Organisation
    profile: Profile
    basis: Basis
    reason: str = ""


def grant_access(
    case: Case,
    *,
    organisation: Organisation,
    profile: Profile,
    basis: Basis,
    by: Membership,
    at: datetime,
    reason: str = "",
) -> CaseGrant:
    """One grant; see grant_accesses."""
    access = Access(
        case=case, organisation=organisation, profile=profile, basis=basis, reason=reason
    )
    return grant_accesses([access], by=by, at=at)[0]


@transaction.atomic
def grant_accesses(accesses: Sequence[Access], *, by: Membership, at: When) -> list[CaseGrant]:
    """Let these organisations see a part of these cases, from now until it is ended.

    The database refuses a grant to the own organisation, and any by who neither manages the
    case nor places the person.
    """
    times = moments(at, len(accesses))
    grants = CaseGrant.objects.bulk_create(
        [
            CaseGrant(
                case=access.case,
                organisation=access.organisation,
                level=Level.VIEW,
                profile=access.profile,
                basis=access.basis,
                valid=(moment, None),
                granted_by_id=by.user_id,
                reason=access.reason,
            )
            for access, moment in zip(accesses, times, strict=True)
        ],
        batch_size=1000,
    )
    lines = [
        Line(action="access_granted", on=grant.case, grant=grant.pk, at=moment)
        for grant, moment in zip(grants, times, strict=True)
    ]
    record_many(lines, by=by, at=timezone.now())
    return grants


@transaction.atomic
def end_access(
    case: Case, *, organisation: Organisation, basis: Basis, by: Membership, at: datetime
) -> int:
    """Close the open interval of a grant; how many were open. What was seen stays answerable."""
    open_ones = list(
        CaseGrant.objects.visible_to(by)
        .open_now()
        .filter(case=case, organisation=organisation, basis=basis)
        .select_for_update(of=["self"])
    )
    for grant in open_ones:
        begin = grant.valid.lower
        grant.valid = (begin, max(at, begin + timedelta(microseconds=1)))
        grant.save(update_fields=["valid"])
    lines = [Line(action="access_ended", on=case, grant=grant.pk) for grant in open_ones]
    record_many(lines, by=by, at=at)
    return len(open_ones)
