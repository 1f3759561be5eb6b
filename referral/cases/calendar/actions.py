"""The look at the days of a coordinator."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from referral.audit.actions import record
from referral.cases.calendar.rules import Entry, Month, days_shown, month_of
from referral.cases.models import Case, Handoff
from referral.cases.planning.models import Task
from referral.cases.tables.models import CaseTable
from referral.cases.tables.workflow import TableStatus
from referral.cases.workflow import OPEN_HANDOFF, HandoffStatus
from referral.organisations.models import Membership
from referral.residence.models import Deadline


@transaction.atomic(savepoint=False)
def open_calendar(first: date, *, by: Membership, at: datetime) -> Month:
    """The month that begins on this day: own tasks, and what falls in the cases one coordinates."""
    shown = days_shown(first)
    cases = {one.pk: one for one in Case.objects.visible_to(by).filter(coordinator=by.user_id)}
    entries = [
        *_tasks(by, shown),
        *_next_steps(cases.values(), shown),
        *_terms_of_residence({one.person_id: one for one in cases.values()}, by, shown),
        *_tables(cases, by, shown),
        *_handoffs(cases, by, shown),
    ]
    record("calendar_opened", by=by, at=at, ids=sorted(cases))
    return month_of(first, entries)


def _tasks(by: Membership, shown: tuple[date, date]) -> Iterator[Entry]:
    mine = Task.objects.visible_to(by).mine(by).filter(due_on__range=shown)
    for task in mine.select_related("case"):
        yield _of(task.case, task.due_on, str(task.get_kind_display()))


def _next_steps(cases: Iterable[Case], shown: tuple[date, date]) -> Iterator[Entry]:
    for case in cases:
        if case.next_deadline_on and shown[0] <= case.next_deadline_on <= shown[1]:
            yield _of(case, case.next_deadline_on, _("Next step"))


def _terms_of_residence(
    of_person: dict[UUID, Case], by: Membership, shown: tuple[date, date]
) -> Iterator[Entry]:
    terms = Deadline.objects.visible_to(by).open().filter(ends_on__range=shown)
    for term in terms.filter(person__in=list(of_person)):
        yield _of(of_person[term.person_id], term.ends_on, str(term.get_kind_display()))


def _tables(cases: dict[UUID, Case], by: Membership, shown: tuple[date, date]) -> Iterator[Entry]:
    planned = CaseTable.objects.visible_to(by).filter(status=TableStatus.PLANNED)
    for table in planned.filter(held_on__range=shown, case__in=list(cases)):
        yield _of(cases[table.case_id], table.held_on, _("Case table"))


def _handoffs(cases: dict[UUID, Case], by: Membership, shown: tuple[date, date]) -> Iterator[Entry]:
    """Also what is offered to us, of which the case is not ours to see yet."""
    ours = Q(from_organisation=by.organisation_id) | Q(to_organisation=by.organisation_id)
    for handoff in Handoff.objects.visible_to(by).filter(ours):
        case = cases.get(handoff.case_id)
        reference = case.reference if case else _("Offered to us")
        days = (
            (_("Answer to a handoff"), handoff.answer_due_on, handoff.status in OPEN_HANDOFF),
            (
                _("Meeting to hand over"),
                handoff.warm_meeting_on,
                handoff.status == HandoffStatus.ACCEPTED,
            ),
        )
        for label, day, counts in days:
            if counts and day and shown[0] <= day <= shown[1]:
                yield Entry(day, label, reference, handoff.get_absolute_url())


def _of(case: Case, on: date, label: str) -> Entry:
    return Entry(on, label, case.reference, case.get_absolute_url())
