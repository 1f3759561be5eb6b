"""What the pages of rooms below this one say of the care for somebody."""

from __future__ import annotations

from uuid import UUID

from django import template

from referral.cases.models import Case
from referral.organisations.models import Membership

register = template.Library()


@register.simple_tag
def case_of(member: Membership, person: UUID) -> Case | None:
    """The newest case of this person that the member may open, if there is one."""
    return Case.objects.visible_to(member).filter(person=person).newest_first().first()
