"""What the list of cases says of planning: where a risk should have been looked at again."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django import template
from django.utils import timezone

from referral.cases.models import Case
from referral.cases.planning.models import RiskAssessment
from referral.organisations.models import Membership

register = template.Library()


@register.simple_tag
def overdue_risks(member: Membership, cases: Iterable[Case]) -> set[UUID]:
    """Of these cases those whose risk is overdue, in one query; none for who reads no care."""
    today = timezone.localdate()
    found = RiskAssessment.objects.visible_to(member).overdue(member, today)
    return set(found.filter(case__in=list(cases)).values_list("case", flat=True))
