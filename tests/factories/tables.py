"""Case tables in any state, by the deeds that lead there."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from referral.cases.models import Case
from referral.cases.tables.actions import Call, add_agreement, call_table, end_table, hold_table
from referral.cases.tables.models import CaseTable
from referral.cases.tables.workflow import TableStatus
from referral.organisations.models import Membership
from referral.sharing.actions import ask_consent, record_answer
from referral.sharing.models import Consent, Purpose
from referral.sharing.rules import Answer
from tests.factories.cases import doing

GOAL = "Agree who arranges a school before Monday."
AGREED = "Calls the school, and says nothing of the shelter."


def agree_to_table(case: Case, guest: Membership, *, by: Membership) -> Consent:
    """The person agrees that this organisation is at the table."""
    at = timezone.now() - timedelta(minutes=5)
    with doing(by):
        consent = ask_consent(
            case.person,
            purpose=Purpose.CASE_TABLE,
            recipient=guest.organisation,
            by=by,
            at=at,
        )
        return record_answer(consent, given=True, answer=Answer(), by=by, at=at)


def table_at(status: TableStatus, case: Case, *guests: Membership, by: Membership) -> CaseTable:
    """With an agreement of the first guest and one of the own team, once it is held."""
    at = timezone.now()
    for guest in guests:
        agree_to_table(case, guest, by=by)
    with doing(by):
        invited = [guest.organisation for guest in guests]
        call = Call(case=case, goal=GOAL, held_on=timezone.localdate(at), guests=invited)
        table = call_table(call, by=by, at=at)
        if status == TableStatus.CANCELLED:
            return end_table(table, to=status, by=by, at=at)
        if status == TableStatus.PLANNED:
            return table
        table = hold_table(table, attended=invited[:1], by=by, at=at)
        due = timezone.localdate(at) + timedelta(days=7)
        for organisation in (invited[0], by.organisation):
            add_agreement(table, words=AGREED, organisation=organisation, due_on=due, by=by, at=at)
        if status == TableStatus.CLOSED:
            table = end_table(table, to=status, by=by, at=at)
        return table
