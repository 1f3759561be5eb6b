"""Lists: my cases with the next deadline first, the region queue, handoffs, the desk's headers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.cases import actions
from referral.cases.models import Case, CaseAccess, Handoff
from referral.cases.querysets import CaseAccessQuerySet
from referral.cases.workflow import CaseStatus
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from referral.registrations.actions import list_registrations
from referral.registrations.models import Registration

LINES_ON_A_PAGE = 50
MINE, IN_PLACE, ORGANISATION, EARLIER = "mine", "in_place", "organisation", "earlier"
#: The users whose work a member has while they are away, as the room of planning knows them.
Absent = Callable[[Membership], Sequence[int]]


@allowed(Permission.CASE_READ_GRANTED, Permission.CASE_READ_HEADER)
@require_safe
def list_cases(request: MemberRequest, absent: Absent) -> HttpResponse:
    """Own cases, and those of colleagues who are away; the national desk sees all headers."""
    if request.member.may(Permission.CASE_READ_GRANTED):
        return _granted(request, absent)
    return _headers(request)


def _granted(request: MemberRequest, absent: Absent) -> HttpResponse:
    scopes, away = {ORGANISATION: _("Of my organisation")}, absent(request.member)
    if request.member.may(Permission.CASE_WORK):
        in_place = {IN_PLACE: _("In place of an absent colleague")} if away else {}
        scopes = {MINE: _("Mine")} | in_place | scopes | {EARLIER: _("Handed over")}
    scope = _chosen(request, "of", list(scopes))
    status = _chosen(request, "status", [CaseStatus.ACTIVE.value, CaseStatus.CLOSED.value])
    found = CaseAccess.objects.visible_to(request.member).one_line_a_case(request.member)
    found = _in_scope(found, request, scope, away).filter(status=status).next_deadline_first()
    page = Paginator(found.with_cases(), LINES_ON_A_PAGE).get_page(request.GET.get("page"))
    lines = actions.list_cases(page.object_list, by=request.member, at=timezone.now())
    context = {
        "page": page,
        "cases": [line.case for line in lines],
        "scopes": list(scopes.items()),
        "scope": scope,
        "status": status,
        "statuses": [(s.value, s.label) for s in (CaseStatus.ACTIVE, CaseStatus.CLOSED)],
    }
    return render(request, "cases/list.html", context)


def _in_scope(
    found: CaseAccessQuerySet, request: MemberRequest, scope: str, away: Sequence[int]
) -> CaseAccessQuerySet:
    if scope == EARLIER:
        return found.of_earlier_cases()
    if not request.member.may(Permission.CASE_WORK):
        return found
    found = found.of_own_cases()
    coordinators = {MINE: [request.member.user_id], IN_PLACE: away}.get(scope)
    return found if coordinators is None else found.filter(case__coordinator__in=coordinators)


def _headers(request: MemberRequest) -> HttpResponse:
    """What waits for a coordinator stands first: that is the desk's own concern."""
    status = _chosen(request, "status", CaseStatus.values)
    found = Case.objects.visible_to(request.member).filter(status=status)
    found = found.next_deadline_first() if status == CaseStatus.INTAKE else found.newest_first()
    page = Paginator(found.with_names(), LINES_ON_A_PAGE).get_page(request.GET.get("page"))
    cases = actions.list_case_headers(page.object_list, by=request.member, at=timezone.now())
    context = {"page": page, "cases": cases, "status": status, "statuses": CaseStatus.choices}
    return render(request, "cases/list.html", context)


def _chosen(request: MemberRequest, name: str, allowed_values: list[str]) -> str:
    """What the address asks for, if it may be asked for; otherwise the first."""
    value = request.GET.get(name, "")
    return value if value in allowed_values else allowed_values[0]


@allowed(Permission.HANDOFF_ANSWER)
@require_safe
def queue(request: MemberRequest) -> HttpResponse:
    """The region queue: what is on offer to the organisation, the first deadline first."""
    found = CaseAccess.objects.visible_to(request.member).on_offer().next_deadline_first()
    page = Paginator(found.with_cases(), LINES_ON_A_PAGE).get_page(request.GET.get("page"))
    lines = actions.list_cases(page.object_list, by=request.member, at=timezone.now())
    offered = {
        handoff.case_id: handoff
        for handoff in Handoff.objects.visible_to(request.member)
        .into(request.member)
        .open()
        .filter(case__in=[line.case_id for line in lines])
        .with_names()
    }
    context = {
        "page": page,
        "lines": [(line.case, offered.get(line.case_id)) for line in lines],
    }
    return render(request, "cases/queue.html", context)


@allowed(Permission.HANDOFF_OFFER)
@require_safe
def list_handoffs(request: MemberRequest) -> HttpResponse:
    """Handoffs in and out, the newest first."""
    direction = _chosen(request, "direction", ["in", "out"])
    found = Handoff.objects.visible_to(request.member)
    found = found.into(request.member) if direction == "in" else found.out_of(request.member)
    page = Paginator(found.with_names(), LINES_ON_A_PAGE).get_page(request.GET.get("page"))
    handoffs = actions.list_handoffs(page.object_list, by=request.member, at=timezone.now())
    context = {
        "page": page,
        "handoffs": handoffs,
        "direction": direction,
        "directions": [("in", _("To us")), ("out", _("From us"))],
    }
    return render(request, "cases/handoffs.html", context)


@allowed(Permission.CASE_OFFER)
@require_safe
def to_offer(request: MemberRequest) -> HttpResponse:
    """Registrations for which care must be coordinated, and nobody was asked yet."""
    found = Registration.objects.visible_to(request.member).needing_care().filter(case=None)
    page = Paginator(found.oldest_first().with_names(), LINES_ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    listed = list_registrations(page.object_list, by=request.member, at=timezone.now())
    return render(request, "cases/to_offer.html", {"page": page, "registrations": listed})
