"""The demo door: one click signs in as a fictitious colleague. It exists only in a demo."""

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from referral.access.doors import open_to_public
from referral.access.middleware import choose_membership
from referral.demo.cast import BY_SLUG, COLLEAGUES
from referral.organisations.models import Membership


@open_to_public
def door(request: HttpRequest) -> HttpResponse:
    """Who you can be."""
    return render(request, "demo/door.html", {"colleagues": COLLEAGUES})


@require_POST
@open_to_public
def enter(request: HttpRequest, slug: str) -> HttpResponse:
    """Be this colleague from now on."""
    if slug not in BY_SLUG:
        raise Http404
    now = timezone.now()
    member = get_object_or_404(
        Membership.objects.with_names().valid_at(now), user__email=BY_SLUG[slug].email
    )
    login(request, member.user, backend="referral.access.backends.SignInBackend")
    choose_membership(request, member, now)
    request.session["second_factor"] = "demo door"
    return redirect("home")
