"""The page of all terms: each version with its source, and a form for the next one of each kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from referral.terms import actions
from referral.terms.forms import VersionForm
from referral.terms.models import Confirmation
from referral.terms.rules import BOOKS, Book, day_of


@dataclass(frozen=True, slots=True)
class Line:
    """One term in one version, in words; `begins` and `ends` are None where there is no such day."""

    label: str
    length: str
    begins: date | None
    ends: date | None
    source: str
    certainty: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """One kind of terms on the page, with its form; `open` when the form comes back."""

    book: Book
    lines: list[Line]
    form: VersionForm
    open: bool


@allowed(Permission.TERMS_KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
def all_terms(request: MemberRequest) -> HttpResponse:
    """Look at every version, and give the next one of a kind from a day."""
    now, sent = timezone.now(), BOOKS.get(request.POST.get("book", ""))
    bound = VersionForm(request.POST, of=sent, now={}) if sent else None
    if bound is not None and bound.is_valid():
        done = do_once(
            request,
            lambda: actions.give_terms(bound.version(), by=request.member, at=now),
            said=_("The new version is kept, and holds from that day on."),
            back=reverse("terms:all"),
            form=bound,
        )
        if done is not None:
            return done
    sure = confirmed(request.member)
    shown = [
        show(
            book,
            sure,
            bound if book is sent else None,
            by=request.member,
            today=timezone.localdate(now),
        )
        for book in BOOKS.values()
    ]
    status = HTTPStatus.UNPROCESSABLE_ENTITY if bound else HTTPStatus.OK
    context = {"shown": shown, "form": bound}
    return render(request, "terms/all.html", context, status=status)


def confirmed(member: Membership) -> dict[tuple[str, Any], str]:
    """How sure each version is that somebody gave, by its kind and key."""
    found: dict[tuple[str, Any], str] = {}
    for one in Confirmation.objects.visible_to(member):
        keys = (
            ("planning", one.planning_id), ("handover", one.handover_id), ("shelter", one.shelter_id),
        )  # fmt: skip
        found |= {(slug, key): one.get_certainty_display() for slug, key in keys if key}
    return found


def show(
    book: Book,
    sure: Mapping[tuple[str, Any], str],
    bound: VersionForm | None,
    *,
    by: Membership,
    today: date,
) -> Shown:
    versions = list(book.versions(by=by))
    lines = [line for one in versions for line in _lines(book, one, sure, today=today)]
    first: dict[str, int] = {}
    if book.numbered:
        first = {number.name: getattr(versions[0], number.name) for number in book.numbers}
    return Shown(book, lines, bound or VersionForm(of=book, now=first), open=bound is not None)


def _lines(
    book: Book, version: Any, sure: Mapping[tuple[str, Any], str], *, today: date
) -> Sequence[Line]:
    begins, ends = day_of(version.valid.lower), day_of(version.valid.upper)
    holds = (begins is None or begins <= today) and (ends is None or today < ends)
    if book.confirmed:
        certainty = sure.get((book.slug, version.pk), _("Not confirmed: came with Baken"))
    else:
        certainty = version.get_certainty_display()
    words = {
        n.label: n.in_words(count) for n in book.numbers if (count := getattr(version, n.name))
    }
    if not book.numbered:
        words = {version.get_code_display(): ", ".join(words.values())}
    return [
        Line(str(label), length, begins, ends, version.source, certainty, holds)
        for label, length in words.items()
    ]
