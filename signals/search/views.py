"""The page on which signals are searched, the searches that are kept, and their part of the home.

Words are sent in the body and never in an address: addresses stay behind in logs and histories,
and people search for names.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import reselect, reswap, retarget

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from signals.search import actions
from signals.search.forms import NameForm, Offers, SaveForm, SearchForm, asked_by
from signals.search.models import SavedFilter
from signals.search.querysets import Asked

ON_HOME = 6


@allowed(Permission.SIGNAL_SUBMIT)
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: MemberRequest) -> HttpResponse:
    """Ask, and show what was found; htmx renews the list alone."""
    opened = None if request.method == "POST" else _kept(request)
    form = SearchForm(opened.answers if opened else request.POST, member=request.member)
    if not form.is_valid():
        return _mend(request, {"form": form, "opened": opened})
    at, page = timezone.now(), form.cleaned_data["page"] or 1
    found = actions.search(form.asked(), page=page, by=request.member, at=at)
    kept = form.kept()
    context: dict[str, object] = {
        "form": form,
        "opened": opened,
        "narrowed": bool(kept.keys() - {"words", "alike"}),
        "found": found,
        "asked": form.asked(),
        "kept": json.dumps(kept),
        "name_form": SaveForm(member=request.member),
        "inside": request.member.may(Permission.SIGNAL_JUDGE),
    }
    if request.htmx:
        return render(request, "search/_found.html", context)
    context["saved"] = actions.open_filters(by=request.member)
    return render(request, "search/search.html", context)


def _mend(request: MemberRequest, context: dict[str, object]) -> HttpResponse:
    """A wrong answer shows its error and nothing of what it might have found."""
    context["saved"] = actions.open_filters(by=request.member)
    if not request.htmx:
        return render(request, "search/search.html", context, status=422)
    page = render(request, "search/search.html", context)
    return reselect(reswap(retarget(page, "#main"), "outerHTML"), "#main")


def _kept(request: MemberRequest) -> actions.OpenedFilter | None:
    """The kept search that the address names; None when it names none."""
    named = request.GET.get("saved", "")
    if not named:
        return None
    try:
        pk = UUID(named)
    except ValueError as error:
        raise Http404 from error
    kept = get_object_or_404(SavedFilter.objects.visible_to(request.member), pk=pk)
    return actions.open_filter(kept, by=request.member)


@allowed(Permission.SIGNAL_SUBMIT)
@require_POST
def save(request: MemberRequest) -> HttpResponse:
    """Keep the search that the page showed."""
    form = SaveForm(request.POST, member=request.member)
    if form.is_valid():
        done = do_once(
            request,
            lambda: actions.save_filter(
                form.cleaned_data["search"],
                name=form.cleaned_data["name"],
                shared=form.cleaned_data["shared"],
                by=request.member,
                at=timezone.now(),
            ).get_absolute_url(),
            said=_("Your search is kept."),
            form=form,
        )
        if done is not None:
            return done
    return render(request, "search/save.html", {"form": form}, status=422)


@allowed(Permission.SIGNAL_SUBMIT)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Another name, and who may use it; only for who made it."""
    kept = get_object_or_404(SavedFilter.objects.of(request.member), pk=pk)
    opened = actions.open_filter(kept, by=request.member)
    form = NameForm(request.POST or None, initial={"name": opened.name, "shared": kept.shared})
    if request.method == "POST" and form.is_valid():
        done = do_once(
            request,
            lambda: actions.change_filter(
                kept, **form.cleaned_data, by=request.member, at=timezone.now()
            ),
            said=_("Your search has been changed."),
            back=kept.get_absolute_url(),
            form=form,
        )
        if done is not None:
            return done
    context = {"form": form, "opened": opened}
    return render(request, "search/change.html", context, status=422 if form.is_bound else 200)


@allowed(Permission.SIGNAL_SUBMIT)
@require_POST
def delete(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Throw a kept search away; no signal is touched."""
    kept = get_object_or_404(SavedFilter.objects.of(request.member), pk=pk)
    return do_once(
        request,
        lambda: actions.delete_filter(kept, by=request.member, at=timezone.now()),
        said=_("Your search has been deleted."),
        back=reverse("signals:search:search"),
    )


@dataclass(frozen=True, slots=True)
class Counted:
    """A kept search on the home page. Without `asked` a code in it no longer exists; without
    `count` its words must be compared one by one.
    """

    opened: actions.OpenedFilter
    asked: Asked | None
    count: int | None = None


@dataclass(frozen=True, slots=True)
class HomeFilters:
    """The part of the home page; empty for who keeps no search."""

    rows: tuple[Counted, ...] = ()

    @property
    def kind(self) -> str:
        return "saved" if self.rows else ""


def home_filters(member: Membership, at: datetime) -> HomeFilters:
    """The first kept searches, each with how many signals it finds now."""
    if not member.may(Permission.SIGNAL_SUBMIT):
        return HomeFilters()
    opened = actions.open_filters(by=member)[:ON_HOME]
    if not opened:
        return HomeFilters()
    offers = Offers(member)
    rows = [Counted(one, asked_by(one.answers, member, offers=offers)) for one in opened]
    countable = [row for row in rows if row.asked and not (row.asked.alike and row.asked.words)]
    counts = actions.count_found([row.asked for row in countable if row.asked], by=member, at=at)
    numbers = {row.opened.kept.pk: n for row, n in zip(countable, counts, strict=True)}
    return HomeFilters(
        tuple(Counted(row.opened, row.asked, numbers.get(row.opened.kept.pk)) for row in rows)
    )
