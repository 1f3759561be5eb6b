"""A step in a fitted form, as htmx takes it: only what came and what went."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from referral.access.requests import MemberRequest
from signals.forms import SignalForm


def followed(request: MemberRequest, form: SignalForm) -> HttpResponse | None:
    """What the page changes after this step; None when there was none, or no JavaScript."""
    if form.step is None or not request.htmx:
        return None
    return render(request, "signals/_followed.html", {"form": form})
