"""Doors: every page says which permission opens it, or that it is open."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from referral.access.idempotency import answered_before
from referral.access.requests import MemberRequest
from referral.organisations.permissions import Permission

P = ParamSpec("P")
View = Callable[Concatenate[MemberRequest, P], HttpResponseBase]
Door = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def allowed(*permissions: Permission) -> Callable[[View[P]], Door[P]]:
    """Open the page to members who hold one of these permissions; for others it is not there.

    Without arguments: to every member, whatever the role.
    """

    def decorate(view: View[P]) -> Door[P]:
        @wraps(view)
        def door(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            member = getattr(request, "member", None)
            if member is None:  # signed in, and no role chosen or none left
                return redirect("people:choose_role")
            if permissions and not any(map(member.may, permissions)):
                raise Http404
            if request.method == "POST" and (answer := answered_before(member, body=request.POST)):
                return redirect(answer)  # sent again: there is no more to ask or to check
            return view(cast("MemberRequest", request), *args, **kwargs)

        door.door = permissions  # type: ignore[attr-defined]
        return cast("Door[P]", door)

    return decorate


def open_to_public(view: Callable[..., Any]) -> Callable[..., Any]:
    """A page that needs no account."""
    view.door = "public"  # type: ignore[attr-defined]
    return login_not_required(view)
