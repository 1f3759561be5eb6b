"""Looking at cases. A look is a deed: it is recorded before anything is shown."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from referral.audit.actions import record
from referral.cases.models import Case, CaseAccess, Handoff
from referral.cases.rules import Reach, reach_of
from referral.organisations.models import Membership


@transaction.atomic
def open_case(case: Case, *, by: Membership, at: datetime) -> tuple[Case, Reach]:
    """The case as this member may see it, and how far that goes.

    Raises Case.DoesNotExist when it is not there for them. What the reach opens (identity,
    notes, consents) is fetched, and recorded, apart.
    """
    case = Case.objects.visible_to(by).with_names().get(pk=case.pk)
    reach = reach_of(case, by)
    record("case_opened", on=case, by=by, at=at, grant=reach.grant or "")
    return case, reach


@transaction.atomic
def list_cases(found: Iterable[CaseAccess], *, by: Membership, at: datetime) -> list[CaseAccess]:
    """One page of a list that was scoped by open_to; the trail gets the ids shown."""
    lines = list(found)
    record("cases_listed", by=by, at=at, ids=[line.case_id for line in lines])
    return lines


@transaction.atomic
def list_case_headers(found: Iterable[Case], *, by: Membership, at: datetime) -> list[Case]:
    """One page of the national desk's list, scoped by visible_to."""
    cases = list(found)
    record("cases_listed", by=by, at=at, ids=[case.pk for case in cases])
    return cases


@transaction.atomic
def list_handoffs(found: Iterable[Handoff], *, by: Membership, at: datetime) -> list[Handoff]:
    """One page of a list of handoffs that was scoped by visible_to."""
    handoffs = list(found)
    record("handoffs_listed", by=by, at=at, ids=[handoff.pk for handoff in handoffs])
    return handoffs


@transaction.atomic
def open_handoff(handoff: Handoff, *, by: Membership, at: datetime) -> Handoff:
    """The handoff with its envelope. Raises Handoff.DoesNotExist when it is not for them."""
    handoff = Handoff.objects.visible_to(by).with_names().get(pk=handoff.pk)
    record("handoff_opened", on=handoff, by=by, at=at)
    return handoff
