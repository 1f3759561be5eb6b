"""How long terms last: read and changed by who keeps the configuration."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.organisations.permissions import Permission
from referral.residence import actions
from referral.residence.forms import TermForm
from referral.residence.models import TermLength


@allowed(Permission.RESIDENCE_TERMS)
@require_http_methods(["GET", "HEAD", "POST"])
def lengths(request: MemberRequest) -> HttpResponse:
    """The lengths with their source, and a form for a new one."""
    form = TermForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = do_once(
            request,
            lambda: actions.change_term(
                actions.NewLength(**form.cleaned_data), by=request.member, at=timezone.now()
            ),
            said=_("The new length is kept."),
            back=reverse("residence:lengths"),
            form=form,
        )
        if answer is not None:
            return answer
    context = {"lengths": TermLength.objects.by_code(), "form": form}
    return render(request, "residence/lengths.html", context, status=422 if form.is_bound else 200)
