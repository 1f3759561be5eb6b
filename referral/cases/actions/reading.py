"""Looking at cases. A look is a deed: it is recorded before anything is shown."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from referral.audit.actions import record
from referral.cases.models import Case, CaseAccess, Handoff
from referral.cases.querysets import ROWS_ON_HOME, HomeLists
from referral.cases.rules import Reach, reach_of
from referral.cases.workflow import CaseStatus
from referral.lib.tally import Tally
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from referral.registrations.models import Registration


@transaction.atomic(savepoint=False)
def open_case(case: Case, *, by: Membership, at: datetime) -> tuple[Case, Reach]:
    """The case as this member may see it, and how far that goes.

    Raises Case.DoesNotExist when it is not there for them. What the reach opens (identity,
    notes, consents) is fetched, and recorded, apart.
    """
    case = Case.objects.visible_to(by).with_names().with_withdrawal().get(pk=case.pk)
    reach = reach_of(case, by)
    record("case_opened", on=case, by=by, at=at, grant=reach.grant or "")
    return case, reach


@transaction.atomic(savepoint=False)
def list_cases(found: Iterable[CaseAccess], *, by: Membership, at: datetime) -> list[CaseAccess]:
    """One page of a list that was scoped by visible_to; the trail gets the ids shown."""
    lines = list(found)
    record("cases_listed", by=by, at=at, ids=[line.case_id for line in lines])
    return lines


@transaction.atomic(savepoint=False)
def list_case_headers(found: Iterable[Case], *, by: Membership, at: datetime) -> list[Case]:
    """One page of the national desk's list, scoped by visible_to."""
    cases = list(found)
    record("cases_listed", by=by, at=at, ids=[case.pk for case in cases])
    return cases


@transaction.atomic(savepoint=False)
def list_home_cases(*, by: Membership, at: datetime, tally: Tally | None = None) -> HomeLists:
    """What the home page shows of cases: a coordinator's own work, or what the desk waits for."""
    if by.may(Permission.CASE_WORK):
        home = _coordinators_home(by, tally or Tally())
    elif by.may(Permission.CASE_OFFER):
        home = _desks_home(by, tally or Tally())
    else:
        return HomeLists()
    shown = [*home.cases, *home.offers]
    if shown:
        record("cases_listed", by=by, at=at, ids=[case.pk for case in shown])
    if home.late:
        record("handoffs_listed", by=by, at=at, ids=[handoff.pk for handoff in home.late])
    return home


def _coordinators_home(by: Membership, tally: Tally) -> HomeLists:
    lines = CaseAccess.objects.visible_to(by).one_line_a_case(by)
    active = lines.of_own_cases().filter(status=CaseStatus.ACTIVE)
    mine = active.filter(case__coordinator=by.user_id).next_deadline_first().with_cases()
    offers = lines.on_offer().next_deadline_first().with_cases()
    return HomeLists(
        kind="coordinator",
        counts=tally.of(
            mine=active.filter(case__coordinator=by.user_id),
            organisation=active,
            offers=lines.on_offer(),
            handoffs_out=Handoff.objects.visible_to(by).out_of(by).open(),
        ),
        cases=tuple(line.case for line in mine[:ROWS_ON_HOME]),
        offers=tuple(line.case for line in offers[:ROWS_ON_HOME]),
    )


def _desks_home(by: Membership, tally: Tally) -> HomeLists:
    waiting = Case.objects.visible_to(by).waiting_for_a_coordinator()
    to_offer = Registration.objects.visible_to(by).needing_care().filter(case=None)
    late = Handoff.objects.visible_to(by)
    return HomeLists(
        kind="desk",
        counts=tally.of(to_offer=to_offer, waiting=waiting, late=late),
        cases=tuple(waiting.next_deadline_first().with_names()[:ROWS_ON_HOME]),
        late=tuple(late.longest_waiting_first().with_names()[:ROWS_ON_HOME]),
    )


@transaction.atomic(savepoint=False)
def list_handoffs(found: Iterable[Handoff], *, by: Membership, at: datetime) -> list[Handoff]:
    """One page of a list of handoffs that was scoped by visible_to."""
    handoffs = list(found)
    record("handoffs_listed", by=by, at=at, ids=[handoff.pk for handoff in handoffs])
    return handoffs


@transaction.atomic(savepoint=False)
def open_handoff(handoff: Handoff, *, by: Membership, at: datetime) -> Handoff:
    """The handoff with its envelope. Raises Handoff.DoesNotExist when it is not for them."""
    handoff = Handoff.objects.visible_to(by).with_names().get(pk=handoff.pk)
    record("handoff_opened", on=handoff, by=by, at=at)
    return handoff
