"""The coordinator's page of service levels: every version with what it changed, and the next one."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from itertools import pairwise

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
from signals import actions
from signals.forms import LevelsForm
from signals.models.settings import Versioned


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a version, and what it was before where that differs."""

    label: str
    now: int
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """A version with its terms; of a later one those that changed stand out."""

    levels: Versioned
    terms: list[Term]
    in_force: bool


@allowed(Permission.SIGNAL_LEVELS)
@require_http_methods(["GET", "HEAD", "POST"])
def levels(request: MemberRequest) -> HttpResponse:
    """Look at every version, and set the next one from a day."""
    at = timezone.now()
    book = actions.level_book(by=request.member)
    form = LevelsForm(request.POST or None, before=book.versions[-1])
    if request.method == "POST" and form.is_valid():
        done = do_once(
            request,
            lambda: actions.set_levels(
                form.terms(),
                since=form.cleaned_data["since"],
                reason=form.cleaned_data["reason"],
                by=request.member,
                at=at,
            ),
            said=_("The service levels change from that day on."),
            back=reverse("signals:levels"),
            form=form,
        )
        if done is not None:
            return done
    now = book.at(at)
    context = {"form": form, "versions": versions(book.versions, now)}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "signals/levels.html", context, status=status)


def versions(found: Sequence[Versioned], now: Versioned) -> list[Version]:
    """The newest first, each beside the one before it."""
    earlier: list[Versioned | None] = [None, *found]
    shown = [
        Version(one, compared(one, before), in_force=one == now)
        for before, one in pairwise(earlier)
        if one is not None
    ]
    return shown[::-1]


def compared(levels: Versioned, before: Versioned | None) -> list[Term]:
    names = {field.name: str(field.verbose_name) for field in levels._meta.fields}
    earlier = before.terms if before else levels.terms
    return [
        Term(names[name], now, earlier[name] if earlier[name] != now else None)
        for name, now in levels.terms.items()
    ]
