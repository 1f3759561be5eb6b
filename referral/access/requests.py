from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from referral.organisations.models import Membership, User


class MemberRequest(HttpRequest):
    """A request behind `@allowed`: a person who acts for an organisation in a role."""

    user: User
    member: Membership
    htmx: HtmxDetails
