"""Pages of the National Rapporteur: releases, their course, and the files of sealed ones."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.organisations.permissions import Permission
from reporting.actions import (
    approve_release,
    download_artefact,
    list_releases,
    open_release,
    order_release,
    propose_release,
    return_release,
    withdraw_release,
)
from reporting.documents import document, funnel
from reporting.forms import OrderForm, WithdrawalForm
from reporting.models import Artefact, Release, ReportProgramme
from reporting.programmes import BY_PERIOD, CONVERSION, programme_of_values
from reporting.rules import can_move
from reporting.tables import Cell, Language
from reporting.workflow import Status

LINES_ON_A_PAGE = 20


def language() -> Language:
    return "en" if (get_language() or "nl").startswith("en") else "nl"


@allowed(Permission.RELEASE_READ)
def releases(request: MemberRequest) -> HttpResponse:
    """All releases, and a form to order the figures of a period."""
    now = timezone.now()
    programmes = ReportProgramme.objects.filter(code__in=BY_PERIOD).order_by("-code")
    form = OrderForm(request.POST or None, programmes=programmes, today=timezone.localdate(now))
    if request.method == "POST" and form.is_valid():
        begin, end = form.chosen
        done = do_once(
            request,
            lambda: order_release(
                form.what,
                period_from=begin,
                period_to=end,
                by=request.member,
                at=now,
            ).get_absolute_url(),
            form=form,
        )
        if done is not None:
            return done
    found = Release.objects.visible_to(request.member).with_names().newest_first()
    page = Paginator(found, LINES_ON_A_PAGE).get_page(request.GET.get("page"))
    shown = list_releases(page.object_list, by=request.member, at=now)
    return render(
        request, "reporting/releases.html", {"form": form, "page": page, "releases": shown}
    )


@require_safe
@allowed(Permission.RELEASE_READ)
def release_page(request: MemberRequest, pk: UUID) -> HttpResponse:
    """One release: where it stands, its figures as they will be published, its files."""
    release = get_object_or_404(Release.objects.visible_to(request.member).with_names(), pk=pk)
    if request.htmx and release.status == Status.COMPUTING:
        return render(request, "reporting/_progress.html", {"release": release})
    figures = open_release(release, by=request.member, at=timezone.now())
    values = {Cell.parse(code): value for code, value in figures.values.items()}
    spoken = language()
    text = None
    if values:
        programme = programme_of_values(release.programme_id, values)
        text = document(release, programme, values, spoken)
    moves = {status: can_move(request.member, release, status) for status in Status}
    return render(
        request,
        "reporting/release.html",
        {
            "release": release,
            "document": text,
            "grids": [
                (grid, list(grid.shown_rows(spoken, only_telling=True))) for grid in text.grids
            ]
            if text
            else [],
            "funnel": funnel(values, spoken)
            if release.programme_id == CONVERSION and values
            else None,
            "artefacts": Artefact.objects.visible_to(request.member)
            .filter(release=release)
            .defer("content"),
            "may_propose": moves[Status.PROPOSED],
            "may_approve": moves[Status.SEALED],
            "may_withdraw": moves[Status.WITHDRAWN],
            "withdrawal": WithdrawalForm(),
        },
    )


def _move(
    request: MemberRequest, pk: UUID, deed: Callable[[Release], Release], done: str
) -> HttpResponse:
    release = get_object_or_404(Release.objects.visible_to(request.member), pk=pk)
    return do_once(request, lambda: deed(release), said=done, back=release.get_absolute_url())


@require_POST
@allowed(Permission.RELEASE_PROPOSE)
def propose(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Ask a colleague to approve."""
    return _move(
        request,
        pk,
        lambda release: propose_release(release, by=request.member, at=timezone.now()),
        _("A colleague can approve this release now."),
    )


@require_POST
@allowed(Permission.RELEASE_APPROVE)
def approve(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The second person agrees; the release is sealed."""
    return _move(
        request,
        pk,
        lambda release: approve_release(release, by=request.member, at=timezone.now()),
        _("The release is sealed. Its files can be downloaded."),
    )


@require_POST
@allowed(Permission.RELEASE_APPROVE)
def give_back(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The second person does not agree."""
    return _move(
        request,
        pk,
        lambda release: return_release(release, by=request.member, at=timezone.now()),
        _("The release has been given back."),
    )


@require_POST
@allowed(Permission.RELEASE_PROPOSE, Permission.RELEASE_APPROVE)
def withdraw(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The figures no longer stand."""
    reason = request.POST.get("reason", "")
    return _move(
        request,
        pk,
        lambda release: withdraw_release(
            release, reason=reason, by=request.member, at=timezone.now()
        ),
        _("The release has been withdrawn."),
    )


@require_safe
@allowed(Permission.RELEASE_DOWNLOAD)
def artefact(request: MemberRequest, pk: UUID) -> HttpResponse:
    """One file of a sealed release, as it was sealed."""
    found = get_object_or_404(
        Artefact.objects.visible_to(request.member).select_related("release__programme"), pk=pk
    )
    file = download_artefact(found, by=request.member, at=timezone.now())
    response = HttpResponse(bytes(file.content), content_type=file.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
    response.headers["Digest"] = f"sha-256={file.sha256}"
    return response
