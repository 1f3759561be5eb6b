"""The weekly list of stays, and the page of one stay with its deeds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from shelters.lists.models import ListName
from shelters.lists.rules import read_lists
from shelters.stays import actions
from shelters.stays.forms import DecisionForm, ExtensionForm, OutflowForm, StayNoteForm
from shelters.stays.models import Blocker, Stay
from shelters.stays.querysets import StayQuerySet
from shelters.stays.rules import Longer, Outflow, StayLine, can_move_stay
from shelters.stays.workflow import StayStatus

READERS = (Permission.PLACEMENT_READ_ALL, Permission.PLACEMENT_ANSWER, Permission.SHELTER_REQUEST)
GET_AND_POST = ["GET", "HEAD", "POST"]


def planned_ends(member: Membership, at: datetime) -> StayQuerySet:
    """For the bed board: stays of which is known when they end, with that day."""
    return Stay.objects.visible_to(member).with_planned_end(timezone.localdate(at))


@allowed(Permission.PLACEMENT_READ_ALL, Permission.PLACEMENT_ANSWER)
@require_safe
def stays(request: MemberRequest) -> HttpResponse:
    """Who stays where and how long: the list of the week, the longest stays first."""
    lines = actions.list_stays(by=request.member, at=timezone.now())
    context = {
        "lines": lines,
        "long": sum(line.long for line in lines),
        "soon": sum(line.ends_soon for line in lines),
        "past": sum(line.past for line in lines),
        "blocked": sum(bool(line.blockers) for line in lines),
    }
    return render(request, "stays/list.html", context)


@allowed(*READERS)
@require_safe
def stay(request: MemberRequest, pk: UUID) -> HttpResponse:
    """One stay: what is agreed, asked and planned, and what this reader can do."""
    member = request.member
    read = actions.open_stay(_found(request, pk), by=member, at=timezone.now())
    found = read.line.stay
    can = {to.value: can_move_stay(member, found, to) for to in StayStatus}
    context = {
        "read": read,
        "stay": found,
        "facts": _facts(read.line, member),
        "asks": can["extension_asked"],
        "decides": can["staying"] and found.status == StayStatus.EXTENSION_ASKED,
        "drops": can["staying"] and found.status == StayStatus.OUTFLOW_PLANNED,
        "plans": can["outflow_planned"],
        "writes": found.house_id == member.organisation_id and found.status != StayStatus.OVER,
        "lists": not member.may(Permission.SHELTER_REQUEST),
    }
    return render(request, "stays/stay.html", context)


def _facts(line: StayLine, member: Membership) -> list[tuple[str, str]]:
    found = line.stay
    words = read_lists(by=member).said(ListName.TYPE, [found.shelter.type])
    over = found.status == StayStatus.OVER
    return [
        (_("Shelter"), f"{found.shelter.code_name}, {words}"),
        *([(_("Place"), line.bed)] if line.bed else []),
        (_("Day of the stay"), str(line.day)),
        (_("Agreed until"), _day(found.agreed_until)),
        (_("Who pays"), found.get_funding_display()),
        *(
            [
                (_("Leaves on"), _day(found.leave_on)),
                (_("Goes to"), found.get_destination_display()),
            ]
            if found.leave_on and not over
            else []
        ),
        *([] if over else [(_("In the way"), ", ".join(line.blockers) or _("Nothing"))]),
    ]


def _day(day: date) -> str:
    return str(date_format(day, "DATE_FORMAT"))


@allowed(Permission.PLACEMENT_ANSWER)
@require_http_methods(GET_AND_POST)
def longer(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Ask the desk for a longer stay."""
    found = _found(request, pk)
    form = ExtensionForm(request.POST or None)

    def deed() -> None:
        asked = Longer(stay=found, **form.cleaned_data)
        actions.ask_extension(asked, by=request.member, at=timezone.now())

    return _form_page(
        request,
        found,
        form,
        deed,
        title=_("Ask for a longer stay"),
        label=_("Ask the placement desk"),
        said=_("Asked. The placement desk decides."),
    )


@allowed(Permission.PLACEMENT_RESERVE)
@require_POST
def decide(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The desk says yes or no to a longer stay."""
    found = _found(request, pk)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return redirect(found)
    granted = form.cleaned_data["granted"]
    return do_once(
        request,
        lambda: actions.decide_extension(
            found, granted=granted, by=request.member, at=timezone.now()
        ),
        said=_("The longer stay is agreed.") if granted else _("The longer stay is declined."),
        back=found.get_absolute_url(),
    )


@allowed(Permission.PLACEMENT_RECORD)
@require_http_methods(GET_AND_POST)
def outflow(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Plan the departure, with what stands in the way."""
    found = _found(request, pk)
    standing = Blocker.objects.visible_to(request.member).filter(stay=found).standing()
    planned = {
        "leave_on": found.leave_on,
        "destination": found.destination,
        "blockers": list(standing.values_list("kind", flat=True)),
    }
    form = OutflowForm(request.POST or None, initial=planned)

    def deed() -> None:
        plan = Outflow(stay=found, **form.cleaned_data)
        actions.plan_outflow(plan, by=request.member, at=timezone.now())

    return _form_page(
        request,
        found,
        form,
        deed,
        title=_("Plan the departure"),
        label=_("Keep the plan"),
        said=_("The departure is planned."),
    )


@allowed(Permission.PLACEMENT_RECORD)
@require_POST
def drop(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The person stays after all."""
    found = _found(request, pk)
    return do_once(
        request,
        lambda: actions.drop_outflow(found, by=request.member, at=timezone.now()),
        said=_("The departure is no longer planned."),
        back=found.get_absolute_url(),
    )


@allowed(Permission.PLACEMENT_ANSWER)
@require_http_methods(GET_AND_POST)
def note(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Write down a note of the shelter."""
    found = _found(request, pk)
    form = StayNoteForm(request.POST or None)

    def deed() -> None:
        actions.write_stay_note(found, **form.cleaned_data, by=request.member, at=timezone.now())

    return _form_page(
        request,
        found,
        form,
        deed,
        title=_("Write down a note"),
        label=_("Keep the note"),
        said=_("The note is kept."),
    )


def _form_page(
    request: MemberRequest,
    found: Stay,
    form: forms.Form,
    deed: Callable[[], None],
    *,
    title: str,
    label: str,
    said: str,
) -> HttpResponse:
    back = found.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        answer = do_once(request, deed, said=said, back=back, form=form)
        if answer is not None:
            return answer
    context = {
        "form": form,
        "title": title,
        "submit_label": label,
        "cancel_url": back,
        "crumbs": [(back, str(found))],
    }
    status = 422 if form.is_bound else 200
    return render(request, "components/form_page.html", context, status=status)


def _found(request: MemberRequest, pk: UUID) -> Stay:
    found: Stay = get_object_or_404(Stay.objects.visible_to(request.member).with_names(), pk=pk)
    return found
