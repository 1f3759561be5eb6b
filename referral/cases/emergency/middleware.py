"""While a file is open in an emergency, every page of it says so, and every line of the trail."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponseBase

from referral.access.context import for_purpose
from referral.cases.emergency.models import EmergencyAccess
from referral.cases.emergency.rules import PURPOSE, may_open
from referral.organisations.models import Membership

KEY = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class EmergencyMiddleware:
    """Look whether the address leads into such a file; stands after MembershipMiddleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        access = running_over(request.path, getattr(request, "member", None))
        request.emergency = access  # type: ignore[attr-defined]
        if access is None:
            return self.get_response(request)
        with for_purpose(PURPOSE):
            return self.get_response(request)


def running_over(path: str, member: Membership | None) -> EmergencyAccess | None:
    """The emergency access by which this member reads what the address names, if any."""
    keys = [UUID(key) for key in KEY.findall(path)]
    if not keys or member is None or not may_open(member):
        return None
    mine = EmergencyAccess.objects.visible_to(member).opened_by_member(member)
    with transaction.atomic():
        return mine.running().over(keys).select_related("case").first()
