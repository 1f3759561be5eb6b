"""Who is asking: the active membership, the session's limits, and the audit of refusals."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import cast
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import is_valid_path
from django.utils import timezone
from django.utils.translation import gettext as _

from referral.access.actions import member_of, record_refusal, record_refused_assertion
from referral.access.context import acting
from referral.access.headers import API
from referral.organisations.models import Membership, User
from referral.organisations.roles import ROLE_FACTS, Role

SESSION_HOURS = 8
REFUSED = (403, 404, 405)
#: W3C Trace Context, level 1: version, trace, span, flags.
TRACE = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
Next = Callable[[HttpRequest], HttpResponseBase]


class MembershipMiddleware:
    """Put the active membership on the request and act by it until the answer is made.

    Every page of a member runs in one transaction (ATOMIC_REQUESTS), so a refused request has
    rolled back by the time its denial is written, in a transaction of its own.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.member = None  # type: ignore[attr-defined]
        if not isinstance(request.user, User):
            return self.get_response(request)
        now = timezone.now()
        member = active_membership(request, now)
        if member is not None and session_has_ended(request, member, now):
            logout(request)
            messages.info(request, _("Your session has ended. Sign in again to go on."))
            return redirect("account_login")
        if member is None:
            return self.get_response(request)
        return answer_as(member, request, self.get_response)


class ClientMiddleware:
    """Under /v1/ a partner's system acts by its token, in the same way as a person by a session.

    It stands where MembershipMiddleware has found nobody: no session counts under /v1/, see
    referral.access.headers.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith(API):
            return self.get_response(request)
        response = self._answer(request)
        refusal = getattr(request, "refused_assertion", None)
        if refusal is not None:
            record_refused_assertion(
                refusal.client_id, address=request.META.get("REMOTE_ADDR", ""), at=timezone.now()
            )
        return response

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return self.get_response(request)
        member = member_of(token.strip(), at=timezone.now())
        if member is None:
            return self.get_response(request)
        return answer_as(member, request, self.get_response)


class FormsOnlyMiddleware:
    """An address that only takes a form, opened as a page, says so and leads to the page behind.

    It stands inside MembershipMiddleware, so that the page knows who is looking.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        refused = isinstance(response, HttpResponseNotAllowed) and request.method == "GET"
        if not refused or request.path.startswith(API):
            return response
        context = {"behind": page_behind(request.path)}
        page = render(request, "405.html", context, status=response.status_code)
        page.headers["Allow"] = response.headers["Allow"]
        return page


def page_behind(path: str) -> str:
    """The nearest address above this one that exists; nothing where that is the first page."""
    while path := path.rstrip("/").rpartition("/")[0]:
        if is_valid_path(f"{path}/"):
            return f"{path}/"
    return ""


def answer_as(member: Membership, request: HttpRequest, get_response: Next) -> HttpResponseBase:
    """Let this member act until the answer is made, and write down what was refused."""
    request.member = member  # type: ignore[attr-defined]
    context = acting(
        member,
        purpose=request.method or "",
        request_id=str(uuid4()),
        trace_id=trace_of(request),
        address=request.META.get("REMOTE_ADDR", ""),
    )
    with context:
        response = get_response(request)
        if response.status_code in REFUSED:
            record_refusal(
                by=member, path=request.path, status=response.status_code, at=timezone.now()
            )
    return response


def trace_of(request: HttpRequest) -> str:
    """The trace that the asking system is in (header `traceparent`), or nothing."""
    found = TRACE.fullmatch(request.headers.get("traceparent", ""))
    return found[1] if found and found[1].strip("0") else ""


def active_membership(request: HttpRequest, now: datetime) -> Membership | None:
    """The membership chosen at sign-in; the only one is chosen by itself.

    It is read anew at each request, with the person: whose membership ends, has no access from
    that moment.
    """
    user = cast("User", request.user)
    running = user.running_memberships
    if running is None:  # signed in by another door, or in this request
        running = list(Membership.objects.running_of(user.pk, now))
    chosen = request.session.get("membership")
    if chosen is not None:
        return next((member for member in running if member.pk == chosen), None)
    if len(running) != 1:
        return None
    choose_membership(request, running[0], now)
    return running[0]


def choose_membership(request: HttpRequest, member: Membership, now: datetime) -> None:
    request.session["membership"] = member.pk
    request.session["signed_in_at"] = now.timestamp()
    request.session["seen_at"] = now.timestamp()


def session_has_ended(request: HttpRequest, member: Membership, now: datetime) -> bool:
    """Idle too long for the role, or older than a working day; otherwise mark it as seen."""
    seen = request.session.get("seen_at", 0.0)
    signed_in = request.session.get("signed_in_at", 0.0)
    idle = timedelta(minutes=ROLE_FACTS[Role(member.role)].idle_minutes).total_seconds()
    if now.timestamp() - seen > idle:
        return True
    if now.timestamp() - signed_in > SESSION_HOURS * 3600:
        return True
    if now.timestamp() - seen > 60:  # once a minute is enough; each write costs a query
        request.session["seen_at"] = now.timestamp()
    return False
