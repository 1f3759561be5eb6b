"""Asking for a place, and finding one."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.cases.models import Case
from referral.cases.rules import reach_of
from referral.cases.workflow import CaseStatus
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from shelters import actions
from shelters.forms import RequestForm
from shelters.models import Bed, PlacementRequest
from shelters.rules import Wish, can_move_request
from shelters.workflow import RequestStatus

LINES_ON_A_PAGE = 50


@allowed(Permission.SHELTER_REQUEST)
@require_http_methods(["GET", "HEAD", "POST"])
def request_shelter(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Ask a place for the person of a case."""
    case = get_object_or_404(
        Case.objects.visible_to(request.member).select_related("person"), pk=pk
    )
    if not reach_of(case, request.member).works or case.status != CaseStatus.ACTIVE:
        raise Http404
    begin = {"sex": case.person.sex, "age_group": case.person.age_group}
    form = RequestForm(request.POST if request.method == "POST" else None, initial=begin)
    back = case.part_url("shelter")
    if request.method == "POST" and form.is_valid():
        wish = Wish(case=case, **form.cleaned_data)
        done = do_once(
            request,
            lambda: actions.request_shelter(wish, by=request.member, at=timezone.now()),
            said=_("Shelter is asked for. The placement desk looks for a place."),
            back=back,
            form=form,
        )
        if done is not None:
            return done
    context = {"case": case, "form": form, "back": back}
    status = 422 if request.method == "POST" else 200
    return render(request, "shelters/request_shelter.html", context, status=status)


@allowed(Permission.PLACEMENT_RESERVE)
@require_safe
def requests(request: MemberRequest) -> HttpResponse:
    """Who waits for a place: the most urgent first, then the oldest."""
    found = PlacementRequest.objects.visible_to(request.member).open().with_names()
    page = Paginator(found.most_urgent_first(), LINES_ON_A_PAGE).get_page(request.GET.get("page"))
    lines = actions.list_requests(page.object_list, by=request.member, at=timezone.now())
    return render(request, "shelters/requests.html", {"page": page, "lines": lines})


@allowed(Permission.PLACEMENT_RESERVE, Permission.SHELTER_REQUEST, Permission.PLACEMENT_ANSWER)
@require_safe
def request_page(request: MemberRequest, pk: UUID) -> HttpResponse:
    """One request; for the desk with free beds, and what speaks for and against each."""
    member, at = request.member, timezone.now()
    found = get_object_or_404(PlacementRequest.objects.visible_to(member), pk=pk)
    asked = actions.open_request(found, by=member, at=at)
    places = member.may(Permission.PLACEMENT_RESERVE)
    can_reserve = can_move_request(member, asked, RequestStatus.OFFERED)
    context = {
        "asked": asked,
        "facts": facts(asked),
        "placements": actions.list_placements(
            asked.placements.visible_to(member).with_names().order_by("-reserved_at"),
            by=member,
            at=at,
        ),
        "fits": actions.suggest_beds(asked, by=member, at=at) if can_reserve else [],
        "places": places,
        "can_reserve": can_reserve,
        "can_cancel": can_move_request(member, asked, RequestStatus.CANCELLED)
        and works_on(member, asked),
        "sees_case": member.may(Permission.SHELTER_REQUEST),
    }
    return render(request, "shelters/request.html", context)


def works_on(member: Membership, asked: PlacementRequest) -> bool:
    case = Case.objects.visible_to(member).filter(pk=asked.case_id).first()
    return case is not None and reach_of(case, member).works


def facts(asked: PlacementRequest) -> list[tuple[str, str]]:
    """What is asked, label and value."""
    return [
        (_("How soon"), asked.get_urgency_display()),
        (_("Sex"), asked.get_sex_display()),
        (_("Age group"), asked.get_age_group_display()),
        (_("The place must offer"), ", ".join(asked.need_labels) or _("Nothing special")),
        (_("Not in region"), str(asked.avoid_region or _("No region to avoid"))),
        (_("Asked by"), asked.organisation.name),
        (_("Legal basis"), f"{asked.basis_label}: {asked.citation}"),
    ]


@allowed(Permission.PLACEMENT_RESERVE)
@require_POST
def reserve(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Keep a bed for this request; of two who want it exactly one gets it."""
    asked = get_object_or_404(PlacementRequest.objects.visible_to(request.member), pk=pk)
    beds = Bed.objects.visible_to(request.member).filter(shelter__active=True)
    try:
        bed = get_object_or_404(beds, pk=request.POST.get("bed", ""))
    except (ValidationError, ValueError) as error:
        raise Http404 from error
    return do_once(
        request,
        lambda: actions.reserve_bed(asked, bed=bed, by=request.member, at=timezone.now()),
        said=_("The bed is reserved for four hours. The shelter is asked to answer."),
        back=asked.get_absolute_url(),
    )


@allowed(Permission.SHELTER_REQUEST)
@require_POST
def cancel(request: MemberRequest, pk: UUID) -> HttpResponse:
    """No place is needed any more."""
    asked = get_object_or_404(PlacementRequest.objects.visible_to(request.member), pk=pk)
    return do_once(
        request,
        lambda: actions.cancel_request(asked, by=request.member, at=timezone.now()),
        said=_("The request is withdrawn."),
        back=asked.get_absolute_url(),
    )
