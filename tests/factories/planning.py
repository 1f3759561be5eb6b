"""Tasks, plans, risks and ticks in a case, by the deeds that make them."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from referral.cases.models import Case
from referral.cases.planning.actions import NewTask, add_task
from referral.cases.planning.models import Task
from referral.organisations.models import Membership, User
from tests.factories.cases import doing

WORDS = "Call before noon, the phone is shared."


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def task_of(
    case: Case, *, by: Membership, owner: User | None = None, days: int = 5, words: str = WORDS
) -> Task:
    new = NewTask(case=case, words=words, due_on=in_days(days), kind="contact", owner=owner)
    with doing(by):
        return add_task(new, by=by, at=timezone.now())
