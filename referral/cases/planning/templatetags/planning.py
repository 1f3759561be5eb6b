"""What pages of cases say of planning: risks to look at again, and tasks that are open."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django import template
from django.utils import timezone

from referral.cases.models import Case
from referral.cases.planning.models import RiskAssessment, Task
from referral.organisations.models import Membership

register = template.Library()


@register.simple_tag
def overdue_risks(member: Membership, cases: Iterable[Case]) -> set[UUID]:
    """Of these cases those whose risk is overdue, in one query; none for who reads no care."""
    today = timezone.localdate()
    found = RiskAssessment.objects.visible_to(member).overdue(member, today)
    return set(found.filter(case__in=list(cases)).values_list("case", flat=True))


@register.simple_tag
def open_tasks(member: Membership, case: Case) -> list[Task]:
    """What is still to be done in this case, the first day first."""
    found = Task.objects.visible_to(member).open().filter(case=case)
    return list(found.first_due_first().with_names())
