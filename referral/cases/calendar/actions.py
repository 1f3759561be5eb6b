"""The look at the days of a coordinator, on a page or by a programme at a secret address."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from referral.access.actions import digest_of
from referral.audit.actions import record
from referral.cases.calendar.models import Feed
from referral.cases.calendar.rules import Entry, Month, days_fed, days_shown, month_of
from referral.cases.models import Case, Handoff
from referral.cases.planning.models import Absence, Task
from referral.cases.tables.models import CaseTable
from referral.cases.tables.workflow import TableStatus
from referral.cases.workflow import OPEN_HANDOFF, HandoffStatus
from referral.organisations.models import Membership
from referral.residence.models import Deadline


@transaction.atomic(savepoint=False)
def open_calendar(first: date, *, by: Membership, at: datetime) -> Month:
    """The month that begins on this day: own tasks, and what falls in the cases one works on."""
    cases = _coordinated(by)
    entries = _entries(cases, by, days_shown(first))
    record("calendar_opened", by=by, at=at, ids=sorted(cases))
    return month_of(first, entries)


@transaction.atomic
def make_address(*, by: Membership, at: datetime) -> str:
    """The secret of a new address for one's calendar; the address before it holds no more."""
    secret = secrets.token_urlsafe(32)
    feed, _made = Feed.objects.update_or_create(
        membership=by,
        defaults={"digest": digest_of(secret), "made_at": at, "fetched_at": None},
    )
    record("calendar_address_made", by=by, at=at, on=feed)
    return secret


@transaction.atomic
def end_address(*, by: Membership, at: datetime) -> None:
    """Nothing is given at the address any more; ended twice is ended."""
    for feed in Feed.objects.visible_to(by).select_for_update():
        record("calendar_address_ended", by=by, at=at, on=feed)
        feed.delete()


@transaction.atomic(savepoint=False)
def fetch_calendar(*, by: Membership, at: datetime) -> list[Entry]:
    """What the calendar programme of this member gets: each fetch is a look, and says which cases."""
    feed = Feed.objects.visible_to(by).get()
    Feed.objects.filter(pk=feed.pk).update(fetched_at=at)
    cases = _coordinated(by)
    entries = _entries(cases, by, days_fed(at))
    record("calendar_fetched", by=by, at=at, on=feed, ids=sorted(cases))
    return entries


def _coordinated(by: Membership) -> dict[UUID, Case]:
    """The own cases, and those of colleagues of whom one has the work while they are away."""
    away = Absence.objects.visible_to(by).stood_in_by(by).values("person")
    theirs = Q(coordinator__in=away, owner_organisation=by.organisation_id)
    found = Case.objects.visible_to(by).filter(Q(coordinator=by.user_id) | theirs)
    return {one.pk: one for one in found}


def _entries(cases: dict[UUID, Case], by: Membership, shown: tuple[date, date]) -> list[Entry]:
    return [
        *_tasks(by, shown),
        *_next_steps(cases.values(), shown),
        *_terms_of_residence({one.person_id: one for one in cases.values()}, by, shown),
        *_tables(cases, by, shown),
        *_handoffs(cases, by, shown),
    ]


def _tasks(by: Membership, shown: tuple[date, date]) -> Iterator[Entry]:
    mine = Task.objects.visible_to(by).mine(by).filter(due_on__range=shown)
    for task in mine.select_related("case"):
        yield _of(task.case, task.due_on, str(task.get_kind_display()))


def _next_steps(cases: Iterable[Case], shown: tuple[date, date]) -> Iterator[Entry]:
    for case in cases:
        if case.next_deadline_on and shown[0] <= case.next_deadline_on <= shown[1]:
            yield _of(case, case.next_deadline_on, str(case.get_next_step_display()))


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
