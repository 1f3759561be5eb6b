"""The lists of shelter on one page, and a change from a day on."""

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
from shelters.lists import actions
from shelters.lists.forms import END, EndCodeForm, NewCodeForm
from shelters.lists.models import ListName
from shelters.lists.rules import read_lists


@allowed(Permission.PLACEMENT_RESERVE)
@require_http_methods(["GET", "HEAD", "POST"])
def lists(request: MemberRequest) -> HttpResponse:
    """Every code with its words and days; the desk adds one, or ends one."""
    member, at = request.member, timezone.now()
    found = read_lists(by=member)
    posted, ends = request.method == "POST", request.POST.get("deed") == END
    adding = NewCodeForm(request.POST if posted and not ends else None)
    ending = EndCodeForm.of(found, request.POST if posted and ends else None)
    form = ending if ends else adding

    def change() -> None:
        if ends:
            until = ending.cleaned_data["until"]
            actions.end_code(ending.chosen(found), until=until, by=member, at=at)
        else:
            actions.add_code(adding.new_code(), by=member, at=at)

    if posted and form.is_valid():
        done = do_once(
            request,
            change,
            said=_("Written down. It holds from that day."),
            back=reverse("shelters:lists:all"),
            form=form,
        )
        if done is not None:
            return done
    context = {
        "lists": [(name.label, name.value, found.of(name)) for name in ListName],
        "adding": adding,
        "ending": ending,
    }
    return render(request, "lists/lists.html", context, status=422 if form.is_bound else 200)
