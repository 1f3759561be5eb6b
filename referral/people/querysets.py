"""What the pages of people read."""

from referral.organisations.models import Membership, Organisation, User
from referral.organisations.querysets import MembershipQuerySet


def members_of(organisation: Organisation) -> MembershipQuerySet:
    return (
        Membership.objects.with_names()
        .filter(organisation=organisation)
        .order_by("user__full_name", "role")
    )


def memberships_of(user: User) -> MembershipQuerySet:
    return Membership.objects.with_names().filter(user=user).order_by("pk")
