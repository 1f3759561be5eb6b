"""The page of a month."""

from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.cases.calendar.actions import open_calendar
from referral.organisations.permissions import Permission

#: A calendar of years that nobody plans in is not there.
YEARS = range(2000, 2100)


@allowed(Permission.CASE_WORK)
@require_safe
def month(request: MemberRequest) -> HttpResponse:
    """What falls in a month for this coordinator; this month, or the one in the address."""
    now = timezone.now()
    today = timezone.localdate(now)
    first = _asked(request.GET.get("month", "")) or today.replace(day=1)
    context = {"month": open_calendar(first, by=request.member, at=now), "today": today}
    return render(request, "calendar/month.html", context)


def _asked(month: str) -> date | None:
    """The first day of a month that is written as 2026-11; None where none was asked."""
    if not month:
        return None
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError as error:
        raise Http404 from error
    if first.year not in YEARS:
        raise Http404
    return first
