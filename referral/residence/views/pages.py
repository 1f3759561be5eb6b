"""The list of days, the file of one person, and beginning one."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.organisations.permissions import Permission
from referral.registrations.models import Registration
from referral.residence import actions
from referral.residence.forms import BeginForm
from referral.residence.models import Deadline, ResidenceFile
from referral.residence.rules import soon
from referral.residence.views.picture import picture_of
from referral.residence.views.words import buttons
from referral.residence.workflow import Line, Side

LINES_ON_A_PAGE = 50
READERS = (
    Permission.REPORT_KEEP,
    Permission.RESIDENCE_DECIDE,
    Permission.RESIDENCE_READ_ALL,
    Permission.RESIDENCE_READ_GRANTED,
)


@allowed(*READERS, Permission.REFLECTION_READ_END)
@require_safe
def list_terms(request: MemberRequest) -> HttpResponse:
    """Days that end soon or are over, the first on top; and the files, for who keeps them."""
    at, member = timezone.now(), request.member
    found = Deadline.objects.visible_to(member).open().until(soon(timezone.localdate(at)))
    if not member.may(Permission.REFLECTION_READ_END):  # a shelter does not see the file itself
        found = found.select_related("file__police")
    pages = Paginator(found.soonest_first(), LINES_ON_A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    files: list[ResidenceFile] = []
    if any(map(member.may, (Permission.REPORT_KEEP, Permission.RESIDENCE_DECIDE))):
        newest = ResidenceFile.objects.visible_to(member).with_all().newest_first()
        files = actions.list_files(newest[:LINES_ON_A_PAGE], by=member, at=at)
    context = {
        "page": page,
        "deadlines": actions.list_deadlines(page.object_list, by=member, at=at),
        "files": files,
        "begins": member.may(Permission.REPORT_KEEP),
        "opens": any(map(member.may, READERS)),
    }
    return render(request, "residence/terms.html", context)


@allowed(Permission.REPORT_KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: MemberRequest) -> HttpResponse:
    """Begin the file of somebody whom the member registered."""
    form = BeginForm(request.POST or None, member=request.member)
    if request.method == "POST" and form.is_valid():

        def deed() -> str:
            file = actions.begin_residence_file(
                form.cleaned_data["registration"], by=request.member, at=timezone.now()
            )
            return file.get_absolute_url()

        answer = do_once(request, deed, said=_("The residence file has begun."), form=form)
        if answer is not None:
            return answer
    context = {
        "form": form,
        "title": _("Begin a residence file"),
        "intro": _("For dates of the reflection period, the residence and the police report."),
        "submit_label": _("Begin the file"),
        "cancel_url": reverse("residence:list"),
    }
    return render(
        request, "components/form_page.html", context, status=422 if form.is_bound else 200
    )


@allowed(*READERS)
@require_safe
def file_page(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The three lines of one person: how they stand, what comes next, whose move it is."""
    at = timezone.now()
    try:
        opened = actions.open_file(ResidenceFile(pk=pk), by=request.member, at=at)
    except ResidenceFile.DoesNotExist as nothing:
        raise Http404 from nothing
    side = opened.file.side_of(request.member)
    context = {
        "opened": opened,
        "file": opened.file,
        "registration": Registration.objects.visible_to(request.member)
        .filter(pk=opened.file.registration_id)
        .first(),
        "buttons": buttons(opened, request.member),
        "can_suspend": actions.can_suspend(request.member, opened.file, opened.reflection),
        "reports_day": side == Side.POLICE and _has_reporting_day(opened),
        "mine": opened.next is not None and opened.next.side == side,
        "picture": picture_of(opened, today=timezone.localdate(at)),
        "lines": Line,
    }
    return render(request, "residence/file.html", context)


def _has_reporting_day(opened: actions.OpenedFile) -> bool:
    return any(one.kind == "reporting_day" for one in opened.deadlines)
