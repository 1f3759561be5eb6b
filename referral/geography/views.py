"""The map is public: these pages need no account and hold no secret."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from referral.geography.forms import LookUpForm
from referral.geography.models import Municipality

LINES_ON_A_PAGE = 50


@login_not_required
@require_safe
def look_up(request: HttpRequest) -> HttpResponse:
    """Which municipality is where, on a day; htmx asks for the table alone."""
    form = LookUpForm(request.GET)
    found = Paginator(form.found(), LINES_ON_A_PAGE).get_page(request.GET.get("page"))
    asked = request.GET.copy()
    asked.pop("page", None)
    only_the_table = request.headers.get("HX-Target") == "municipalities"
    return render(
        request,
        "geography/municipalities.html" if only_the_table else "geography/look_up.html",
        {"form": form, "found": found, "day": form.chosen_day, "asked": asked.urlencode()},
    )


@login_not_required
@require_safe
def municipality(request: HttpRequest, cbs_code: str) -> HttpResponse:
    """One municipality: where it lies, who is responsible there, and what it was before."""
    found = get_object_or_404(Municipality.objects.with_history(), cbs_code=cbs_code)
    return render(request, "geography/municipality.html", {"municipality": found})
