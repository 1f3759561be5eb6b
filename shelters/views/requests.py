"""Who waits for a place, and what is asked. The rooms inside add their parts (ADR 11)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.cases.models import Case
from referral.cases.rules import reach_of
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from shelters import actions
from shelters.models import PlacementRequest
from shelters.rules import can_move_request
from shelters.workflow import RequestStatus

LINES_ON_A_PAGE = 50
#: A template and what it is filled with, for one reader.
Filled = tuple[str, Mapping[str, object]]
AboveMaker = Callable[[Membership], Filled]
PartMaker = Callable[[PlacementRequest, Membership, datetime], Filled]


@allowed(Permission.PLACEMENT_RESERVE)
@require_safe
def requests(request: MemberRequest, above: AboveMaker, waiting: AboveMaker) -> HttpResponse:
    """Who waits for a place: the most urgent first, then the oldest; and which changes of beds."""
    found = PlacementRequest.objects.visible_to(request.member).open().with_names()
    page = Paginator(found.most_urgent_first(), LINES_ON_A_PAGE).get_page(request.GET.get("page"))
    lines = actions.list_requests(page.object_list, by=request.member, at=timezone.now())
    template, section = above(request.member)
    below, changes = waiting(request.member)
    context = {
        "page": page,
        "lines": lines,
        "above": template,
        **section,
        "below": below,
        **changes,
    }
    return render(request, "shelters/requests.html", context)


@allowed(Permission.PLACEMENT_RESERVE, Permission.SHELTER_REQUEST, Permission.PLACEMENT_ANSWER)
@require_safe
def request_page(request: MemberRequest, pk: UUID, more: PartMaker) -> HttpResponse:
    """One request, and below it what the room of matching adds: places with reasons."""
    member, at = request.member, timezone.now()
    found = get_object_or_404(PlacementRequest.objects.visible_to(member), pk=pk)
    asked = actions.open_request(found, by=member, at=at)
    template, part = more(asked, member, at)
    context = {
        "asked": asked,
        "facts": facts(asked),
        "placements": actions.list_placements(
            asked.placements.visible_to(member).with_names().order_by("-reserved_at"),
            by=member,
            at=at,
        ),
        "places": member.may(Permission.PLACEMENT_RESERVE),
        "more": template,
        **part,
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
