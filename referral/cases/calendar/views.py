"""The page of a month, and the file at the secret address of a member."""

from datetime import date

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from referral.access.context import acting
from referral.access.deeds import do_once
from referral.access.doors import allowed, open_to_public
from referral.access.requests import MemberRequest
from referral.cases.calendar import actions
from referral.cases.calendar.models import Feed
from referral.cases.calendar.querysets import member_at
from referral.cases.calendar.rules import programme_of
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
    context = {
        "month": actions.open_calendar(first, by=request.member, at=now),
        "today": today,
        "feed": Feed.objects.visible_to(request.member).first(),
    }
    return render(request, "calendar/month.html", context)


@require_POST
@allowed(Permission.CASE_WORK)
def make_address(request: MemberRequest) -> HttpResponse:
    """A new address, on this answer itself, so that it stands in no cookie, session or log.

    Sent again, the form makes none and only leads back to the page.
    """
    made: list[str] = []
    done = do_once(
        request,
        lambda: made.append(actions.make_address(by=request.member, at=timezone.now())),
        back=reverse("cases:calendar:month"),
    )
    if not made:
        return done
    address = settings.SITE_URL + reverse("cases:calendar:feed", args=made)
    return render(request, "calendar/address.html", {"address": address})


@require_POST
@allowed(Permission.CASE_WORK)
def end_address(request: MemberRequest) -> HttpResponse:
    """Whoever fetches there finds nothing any more."""
    return do_once(
        request,
        lambda: actions.end_address(by=request.member, at=timezone.now()),
        said=_("Nothing is given at the address any more."),
        back=reverse("cases:calendar:month"),
    )


@open_to_public
@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """For a programme that brings the secret and no session: the days of the member it is of.

    An address that never was, that was ended, and that of somebody who works here no more or may
    no longer work on cases are all the same: not there.
    """
    now = timezone.now()
    member = member_at(secret, at=now)
    if member is None or not member.may(Permission.CASE_WORK):
        raise Http404
    with acting(member, purpose="calendar feed", address=request.META.get("REMOTE_ADDR", "")):
        entries = actions.fetch_calendar(by=member, at=now)
    return HttpResponse(
        programme_of(entries, at=now),
        content_type="text/calendar; charset=utf-8",
        headers={"Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer"},
    )


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
