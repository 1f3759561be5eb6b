"""The case file on one page, and what is opened from it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from referral.access.doors import allowed
from referral.access.forms import typed_in
from referral.access.requests import MemberRequest
from referral.cases import actions
from referral.cases.models import Case, Handoff, Profile
from referral.cases.rules import can_move_case
from referral.cases.views.parts import FIRST, LAST, PartMaker, Reading, StepMaker
from referral.cases.workflow import CaseStatus
from referral.organisations.permissions import Permission
from referral.persons.actions import open_identity
from referral.persons.models import Person

#: In the address: all that is folded.
ALL = "all"


@allowed(Permission.CASE_READ_GRANTED, Permission.CASE_READ_HEADER, Permission.EMERGENCY_OPEN)
@require_safe
def case_file(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The case with the parts of this room."""
    return case_page(request, pk)


def case_page(
    request: MemberRequest,
    pk: UUID,
    *,
    more: Sequence[PartMaker] = (),
    step: StepMaker | None = None,
) -> HttpResponse:
    """The case as far as this member reaches; `more` are parts of rooms above this one.

    `step` says what comes next where it knows better than the header of the case. A folded part
    is opened by `?open=` with its slug: on the page, or with htmx in its place on it.
    """
    at = timezone.now()
    try:
        case, reach = actions.open_case(Case(pk=pk), by=request.member, at=at)
    except Case.DoesNotExist as nothing:
        raise Http404 from nothing
    if reach.profile == Profile.ENVELOPE:
        return _offer(request, case)
    if reach.reads_identity:
        persons = Person.objects.visible_to(request.member).select_related("key")
        case.person = persons.get(pk=case.person_id)
    reading = Reading(case, reach, request.member, at, partial(typed_in, request))
    makers = (*FIRST, *more, *LAST)
    wanted = request.GET.get("open", "")
    if request.htmx and wanted:
        return _one_part(request, reading, makers, wanted)
    made = [part for make in makers if (part := make(reading)) is not None]
    parts = [part.opened() if part.at_once or wanted in (part.slug, ALL) else part for part in made]
    context = {
        "case": case,
        "reach": reach,
        "reading": reading,
        "parts": parts,
        "some_folded": any(part.is_folded for part in parts),
        "step": step(reading) if step else None,
        "can_accept": can_move_case(request.member, case, CaseStatus.ACTIVE),
        "has_next_step": case.next_step_by_id == request.member.organisation_id,
    }
    return render(request, "cases/case_file.html", context)


def _one_part(
    request: MemberRequest, reading: Reading, makers: Sequence[PartMaker], slug: str
) -> HttpResponse:
    """What a folded part shows; it takes the place of the link in it."""
    for make in makers:
        part = make(reading)
        if part is not None and part.slug == slug:
            part = part.opened()
            context = {"case": reading.case, "part": part, "data": part.data}
            return render(request, part.template, context)
    raise Http404


def _offer(request: MemberRequest, case: Case) -> HttpResponse:
    """Before acceptance: urgency, needs, region and age band, and nothing else."""
    if case.status != CaseStatus.INTAKE:
        offered = Handoff.objects.visible_to(request.member).into(request.member).open()
        return redirect(get_object_or_404(offered, case=case))
    context = {
        "case": case,
        "can_accept": can_move_case(request.member, case, CaseStatus.ACTIVE),
    }
    return render(request, "cases/offered.html", context)


@allowed(Permission.CASE_READ_GRANTED, Permission.EMERGENCY_OPEN)
@require_POST
def identity(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Who the person is, after asking for it; with htmx in its place on the page."""
    case = get_object_or_404(Case.objects.visible_to(request.member).with_names(), pk=pk)
    person = get_object_or_404(Person.objects.visible_to(request.member), pk=case.person_id)
    facts = open_identity(person, by=request.member, at=timezone.now())
    template = "cases/parts/_identity.html" if request.htmx else "cases/identity.html"
    return render(request, template, {"case": case, "facts": facts})
