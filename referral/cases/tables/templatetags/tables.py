"""What pages of cases say of case tables: which are still to be held."""

from __future__ import annotations

from django import template

from referral.cases.models import Case
from referral.cases.tables.models import CaseTable
from referral.cases.tables.workflow import TableStatus
from referral.organisations.models import Membership

register = template.Library()


@register.simple_tag
def planned_tables(member: Membership, case: Case) -> list[CaseTable]:
    """The tables of this case that are planned."""
    found = CaseTable.objects.visible_to(member).filter(case=case, status=TableStatus.PLANNED)
    return list(found.order_by("held_on"))
