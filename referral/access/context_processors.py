"""What every page shows: who acts, where they may go, and how much is unread."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from referral.access.navigation import entries
from referral.notices.querysets import unread_count


def house(request: HttpRequest) -> dict[str, Any]:
    member = getattr(request, "member", None)
    return {
        "member": member,
        "navigation": [
            (link.label, link.url, request.path == link.url) for link in entries(member)
        ],
        "unread_notices": unread_count(member) if member else 0,
        "demo": settings.DEMO,
    }
