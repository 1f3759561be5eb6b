"""The beds of a shelter: added, named, out of order for a time, and withdrawn."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.organisations.permissions import Permission
from shelters import actions
from shelters.forms import BedForm, OutageForm
from shelters.models import Bed, BedOutage, Shelter
from shelters.views import timeline
from shelters.views.timeline import EndsMaker

KEEPERS = (Permission.BED_MANAGE_OWN, Permission.PLACEMENT_RESERVE)


@allowed(*KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def beds(request: MemberRequest, pk: UUID, ends: EndsMaker) -> HttpResponse:
    """All beds of a shelter by unit, and one more."""
    member, at = request.member, timezone.now()
    found = get_object_or_404(Shelter.objects.visible_to(member).with_names(), pk=pk)
    form = BedForm(request.POST or None)
    if form.is_valid():
        answer = do_once(
            request,
            lambda: actions.add_bed(found, **form.cleaned_data, by=member, at=timezone.now()),
            said=_("The place is added."),
            back=reverse("shelters:beds", args=[pk]),
            form=form,
        )
        if answer is not None:
            return answer
    standing = Bed.objects.visible_to(member).filter(shelter=found, withdrawn_at=None)
    lines = actions.list_bed_board(
        standing.with_state_at(at).with_names().order_by("unit", "code"), by=member, at=at
    )
    outages = BedOutage.objects.visible_to(member).filter(bed__shelter=found).lasting_after(at)
    context = {
        "shelter": found,
        "form": form,
        "lines": lines,
        "weeks": timeline.states_of(
            lines,
            outages.values_list("bed", "during"),
            timeline.ends_of(ends(member, at), lines),
            at,
        ),
        "moments": timeline.moments_of(at),
    }
    return render(request, "shelters/beds.html", context, status=422 if form.is_bound else 200)


@allowed(*KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def bed(request: MemberRequest, pk: UUID) -> HttpResponse:
    """One place: its name, kind and unit; and when it cannot be used."""
    member, at = request.member, timezone.now()
    beds = Bed.objects.visible_to(member).filter(withdrawn_at=None)
    found = get_object_or_404(beds.with_state_at(at).select_related("shelter"), pk=pk)
    names = {"code": found.code, "kind": found.kind, "unit": found.unit}
    form = BedForm(request.POST or None, initial=names)
    if form.is_valid():
        answer = do_once(
            request,
            lambda: actions.rename_bed(found, **form.cleaned_data, by=member, at=timezone.now()),
            said=_("Saved."),
            back=_beds_of(found),
            form=form,
        )
        if answer is not None:
            return answer
    context = _page_of(request, found, form=form, outage_form=OutageForm())
    return render(request, "shelters/bed.html", context, status=422 if form.is_bound else 200)


@allowed(*KEEPERS)
@require_POST
def out_of_order(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Nobody can be placed in this bed from then, until then or until it is set right."""
    member, at = request.member, timezone.now()
    beds = Bed.objects.visible_to(member).filter(withdrawn_at=None)
    found = get_object_or_404(beds.with_state_at(at).select_related("shelter"), pk=pk)
    form = OutageForm(request.POST)
    if form.is_valid():
        answer = do_once(
            request,
            lambda: actions.set_out_of_order(found, **form.during(), by=member, at=timezone.now()),
            said=_("The bed is out of order."),
            back=_back_of(request, found),
            form=form,
        )
        if answer is not None:
            return answer
    names = {"code": found.code, "kind": found.kind, "unit": found.unit}
    context = _page_of(request, found, form=BedForm(initial=names), outage_form=form)
    return render(request, "shelters/bed.html", context, status=422)


@allowed(*KEEPERS)
@require_POST
def in_order(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The bed can be used again."""
    found = get_object_or_404(
        Bed.objects.visible_to(request.member).select_related("shelter"), pk=pk
    )
    return do_once(
        request,
        lambda: actions.set_in_order(found, by=request.member, at=timezone.now()),
        said=_("The bed can be used again."),
        back=_back_of(request, found),
    )


@allowed(*KEEPERS)
@require_POST
def withdraw(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The place is there no more."""
    beds = Bed.objects.visible_to(request.member).filter(withdrawn_at=None)
    found = get_object_or_404(beds.select_related("shelter"), pk=pk)
    return do_once(
        request,
        lambda: actions.withdraw_bed(found, by=request.member, at=timezone.now()),
        said=_("The place is withdrawn."),
        back=_beds_of(found),
    )


def _page_of(request: MemberRequest, bed: Bed, **forms: object) -> dict[str, object]:
    at = timezone.now()
    outages = BedOutage.objects.visible_to(request.member).filter(bed=bed).lasting_after(at)
    return {
        "bed": bed,
        "outages": outages.order_by("during"),
        "beds_url": _beds_of(bed),
        **forms,
    }


def _beds_of(bed: Bed) -> str:
    return reverse("shelters:beds", args=[bed.shelter_id])


def _back_of(request: MemberRequest, bed: Bed) -> str:
    """A shelter goes on with its day, the desk with the beds of that shelter."""
    if request.member.may(Permission.PLACEMENT_ANSWER):
        return reverse("shelters:today")
    return _beds_of(bed)
