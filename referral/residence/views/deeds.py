"""The deeds on a file: one door for the moves of its lines, and two that move nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from referral.residence import actions
from referral.residence.forms import DayForm
from referral.residence.models import EndReason, OfferGround, ResidenceFile, TermCode
from referral.residence.rules import Decision, ReportFacts
from referral.residence.views.words import LABELS
from referral.residence.workflow import Line, ReflectionStatus, ReportStatus, TrackStatus

KEEPERS = (Permission.REPORT_KEEP, Permission.RESIDENCE_DECIDE)
GET_AND_POST = ["GET", "HEAD", "POST"]
Answers = dict[str, Any]


@allowed(*KEEPERS)
@require_http_methods(GET_AND_POST)
def move(request: MemberRequest, pk: UUID, line: str, to: str) -> HttpResponse:
    """Move one line a step, with the questions of that step."""
    if line not in Line.values or (Line(line), to) not in LABELS:
        raise Http404
    step = (Line(line), to)
    file = get_object_or_404(ResidenceFile.objects.visible_to(request.member), pk=pk)
    seen = actions.mark_of_line(file, step[0], by=request.member)
    form = DayForm.of(*step, request.POST or None, seen=seen)

    def deed(said: Answers) -> None:
        do_step(file, *step, said, by=request.member, at=timezone.now())

    title, words = str(LABELS[step]), _("The step is kept.")
    return _page(request, file, form, deed, line=step[0], title=title, said=words)


def do_step(
    file: ResidenceFile, line: Line, to: str, said: Answers, *, by: Membership, at: datetime
) -> None:
    """The action that belongs to a step, with the answers of its form."""
    if line == Line.REPORT:
        facts = ReportFacts(**said)
        actions.move_report(file, to=ReportStatus(to), facts=facts, by=by, at=at)
    elif line == Line.TRACK and to != TrackStatus.APPLIED:
        decision = Decision(**said)
        actions.decide_on_residence(file, to=TrackStatus(to), decision=decision, by=by, at=at)
    elif line == Line.TRACK:
        actions.send_m55(file, on=said["on"], by=by, at=at)
    else:
        _do_reflection(file, ReflectionStatus(to), said, by=by, at=at)


def _do_reflection(
    file: ResidenceFile, to: ReflectionStatus, said: Answers, *, by: Membership, at: datetime
) -> None:
    on = said["on"]
    if to == ReflectionStatus.OFFERED:
        ground = OfferGround(said["ground"])
        actions.offer_reflection(file, ground=ground, on=on, by=by, at=at)
    elif to == ReflectionStatus.DECLINED:
        actions.decline_reflection(file, on=on, by=by, at=at)
    elif to == ReflectionStatus.GRANTED:
        actions.grant_reflection(file, on=on, by=by, at=at)
    elif to == ReflectionStatus.RUNNING:
        actions.begin_reflection(file, term=TermCode(said["term"]), on=on, by=by, at=at)
    else:
        reason = EndReason(said["reason"])
        actions.end_reflection(file, reason=reason, on=on, by=by, at=at)


@allowed(Permission.RESIDENCE_DECIDE)
@require_http_methods(GET_AND_POST)
def suspend(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The immigration service writes down that the departure is suspended."""
    file = get_object_or_404(ResidenceFile.objects.visible_to(request.member), pk=pk)
    seen = actions.mark_of_line(file, Line.REFLECTION, by=request.member)
    form = DayForm(request.POST or None, initial={"seen": seen})

    def deed(said: Answers) -> None:
        actions.suspend_departure(file, on=said["on"], by=request.member, at=timezone.now())

    return _page(
        request,
        file,
        form,
        deed,
        line=Line.REFLECTION,
        title=_("Suspend the departure"),
        said=_("The departure is suspended."),
    )


@allowed(Permission.REPORT_KEEP)
@require_http_methods(GET_AND_POST)
def reporting_day(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The service writes down that the person came to report."""
    file = get_object_or_404(ResidenceFile.objects.visible_to(request.member), pk=pk)
    seen = actions.mark_of_line(file, Line.REFLECTION, by=request.member)
    form = DayForm(request.POST or None, initial={"seen": seen})

    def deed(said: Answers) -> None:
        actions.record_reporting_day(file, on=said["on"], by=request.member, at=timezone.now())

    return _page(
        request,
        file,
        form,
        deed,
        line=Line.REFLECTION,
        title=_("The person came on the reporting day"),
        said=_("The reporting day is kept."),
    )


def _page(
    request: MemberRequest,
    file: ResidenceFile,
    form: DayForm,
    deed: Callable[[Answers], object],
    *,
    line: Line,
    title: str,
    said: str,
) -> HttpResponse:
    """The form of a deed on a line, or the way back to the file once it is done."""
    member = request.member

    def checked() -> None:
        answers = dict(form.cleaned_data)
        actions.check_line(file, line, answers.pop("seen"), by=member)
        deed(answers)

    if request.method == "POST" and form.is_valid():
        answer = do_once(request, checked, said=said, back=file.get_absolute_url(), form=form)
        if answer is not None:
            return answer
    context = {
        "file": file,
        "form": form,
        "title": title,
        "submit_label": _("Keep this step"),
        "cancel_url": file.get_absolute_url(),
        "version": form.beside(lambda: actions.read_line(file, line, by=member, at=timezone.now())),
    }
    return render(request, "residence/deed.html", context, status=422 if form.is_bound else 200)
