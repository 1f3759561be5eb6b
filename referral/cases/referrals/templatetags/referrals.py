"""What pages of cases say of referrals: which are open."""

from __future__ import annotations

from django import template

from referral.cases.models import Case
from referral.cases.referrals.models import Referral
from referral.organisations.models import Membership

register = template.Library()


@register.simple_tag
def open_referrals(member: Membership, case: Case) -> list[Referral]:
    """Whom we asked to help in this case, and who has not ended it."""
    found = Referral.objects.visible_to(member).open().filter(case=case)
    return list(found.with_names())
