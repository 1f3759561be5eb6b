"""The public library of indicators, and the form by which a reporter deepens a signal with it."""

from itertools import groupby
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from referral.access.deeds import do_once
from referral.access.doors import allowed, open_to_public
from referral.access.requests import MemberRequest
from referral.organisations.permissions import Permission
from signals import actions
from signals.forms import DeepenForm, LibraryForm
from signals.models import Chapter, Signal, Strength
from signals.rules import can_deepen, offered_indicators
from signals.views.pages import signal_page


@open_to_public
@require_safe
def library(request: HttpRequest) -> HttpResponse:
    """Every indicator of today, by form of exploitation; a link keeps what was filtered."""
    form = LibraryForm(request.GET)
    chapters = []
    for chapter, found in groupby(form.found(), key=lambda indicator: indicator.chapter):
        indicators = list(found)
        signs = [one for one in indicators if one.strength != Strength.CONTRA]
        against = [one for one in indicators if one.strength == Strength.CONTRA]
        chapters.append((Chapter(chapter), signs, against))
    return render(request, "signals/library.html", {"form": form, "chapters": chapters})


@allowed(Permission.SIGNAL_SUBMIT)
@require_http_methods(["GET", "HEAD", "POST"])
def deepen(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Add what one knows, on the same record; what was added before stands in the form."""
    found = get_object_or_404(Signal.objects.visible_to(request.member), pk=pk)
    if not can_deepen(request.member, found):
        messages.error(request, _("You cannot add to this signal now."))
        return redirect(found)
    offered = offered_indicators(found, on=timezone.localdate())
    form = DeepenForm(request.POST or None, offered=offered)
    if request.method == "POST" and form.is_valid():
        done = do_once(
            request,
            lambda: actions.deepen_signal(
                found, form.findings(), by=request.member, at=timezone.now()
            ),
            said=_("Thank you. What you know stands with your signal."),
            back=found.get_absolute_url(),
            form=form,
        )
        if done is not None:
            return done
    opened = actions.open_signal(found, by=request.member, at=timezone.now())
    if not form.is_bound:
        form = DeepenForm(offered=offered, last=next(iter(opened.deepenings), None))
    context = {**signal_page(opened, request.member), "form": form}
    return render(request, "signals/deepen.html", context, status=422 if form.is_bound else 200)
