"""Pages over the low rooms: the inbox, the trail, and who opened what."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.audit.models import AuditEvent
from referral.notices.models import Delivery
from referral.organisations.models import Organisation, User
from referral.organisations.permissions import Permission
from referral.oversight.actions import (
    list_notices,
    list_openings,
    open_event,
    read_all_notices,
    read_notice,
    search_trail,
)
from referral.oversight.forms import TrailForm
from referral.oversight.querysets import in_words, result_in_words, role_in_words


@require_safe
@allowed()
def notices(request: MemberRequest) -> HttpResponse:
    """What has happened that this member must know."""
    deliveries = list_notices(by=request.member, at=timezone.now())
    return render(request, "notices/list.html", {"deliveries": deliveries})


@require_POST
@allowed()
def read(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Open what a notice is about; from now on it is read."""
    delivery = get_object_or_404(
        Delivery.objects.visible_to(request.member).in_inbox().filter(user=request.member.user_id),
        pk=pk,
    )
    delivery = read_notice(delivery, by=request.member, at=timezone.now())
    return redirect(delivery.notice.url)


@require_POST
@allowed()
def read_all(request: MemberRequest) -> HttpResponse:
    """Mark every notice as read."""
    read_all_notices(by=request.member, at=timezone.now())
    return redirect("notices:list")


@require_safe
@allowed(Permission.AUDIT_READ)
def trail(request: MemberRequest) -> HttpResponse:
    """The officer's screen: what was done, by period, action, organisation and object."""
    form = TrailForm(request.GET)
    if not form.is_valid():
        return render(request, "audit/trail.html", {"form": form, "lines": []})
    now = timezone.now()
    answers = form.cleaned_data
    events, more = search_trail(
        period=form.period(timezone.localdate(now)),
        action=answers["action"],
        organisation=answers["organisation"],
        object_id=answers["object_id"],
        before=answers["before"],
        by=request.member,
        at=now,
    )
    return render(
        request,
        "audit/trail.html",
        {"form": form, "lines": with_names(events), "before": events[-1].pk if more else None},
    )


@require_safe
@allowed(Permission.AUDIT_READ)
def event(request: MemberRequest, pk: int) -> HttpResponse:
    """One line of the trail, in full."""
    found = get_object_or_404(AuditEvent.objects.visible_to(request.member), pk=pk)
    details = open_event(found, by=request.member, at=timezone.now())
    [line] = with_names([found])
    return render(request, "audit/event.html", {"line": line, "details": details})


@require_safe
@allowed()
def opened(request: MemberRequest, object_type: str, object_id: str) -> HttpResponse:
    """Who opened this: for everyone who may see it, and for nobody else."""
    found = list_openings(object_type, object_id, by=request.member, at=timezone.now())
    if not found:
        raise Http404
    return render(request, "audit/opened.html", {"openings": found, "object_id": object_id})


def with_names(events: list[AuditEvent]) -> list[dict[str, object]]:
    """The lines with the names that belong to their numbers: the trail itself has no names."""
    people = User.objects.in_bulk({event.actor_id for event in events if event.actor_id})
    organisations = Organisation.objects.in_bulk(
        {event.organisation_id for event in events if event.organisation_id}
    )
    return [
        {
            "event": event,
            "who": people.get(event.actor_id or 0),
            "organisation": organisations.get(event.organisation_id or 0),
            "action": in_words(event.action),
            "role": role_in_words(event.role),
            "result": result_in_words(event.result),
        }
        for event in events
    ]
