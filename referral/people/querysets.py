"""What the pages of people read."""

from django.db.models import Prefetch, QuerySet

from referral.access.models import ApiClient, ClientKey
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


def clients() -> QuerySet[ApiClient]:
    """The systems of partners, those that run first, each with its keys."""
    return (
        ApiClient.objects.select_related("membership__organisation")
        .prefetch_related(Prefetch("keys", ClientKey.objects.order_by("valid", "pk")))
        .order_by("-ended_at", "membership__organisation__name", "name", "pk")
    )


def partners() -> QuerySet[Organisation]:
    """The organisations that still take part."""
    return Organisation.objects.filter(closed_at=None).order_by("name")
