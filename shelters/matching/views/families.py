"""A place for a family: a bed for each in one shelter, or none for any of them."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.organisations.permissions import Permission
from shelters.actions import list_requests
from shelters.lists.models import ListName
from shelters.lists.rules import read_lists
from shelters.matching import actions
from shelters.matching.forms import FamilyForm, ReasonForm, TogetherForm
from shelters.matching.rules.refusals import Pick
from shelters.matching.views.places import Reasons
from shelters.models import Bed, PlacementRequest
from shelters.workflow import RequestStatus

MOST_PEOPLE = 12


@allowed(Permission.PLACEMENT_RESERVE)
@require_http_methods(["GET", "HEAD", "POST"])
def family(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Choose who come together; then a shelter, and a bed for each."""
    member, at = request.member, timezone.now()
    waiting = PlacementRequest.objects.visible_to(member).filter(status=RequestStatus.SUBMITTED)
    asked = get_object_or_404(waiting.with_names(), pk=pk)
    if request.method == "POST":
        return _reserve(request, asked)
    near = waiting.of_who_has_no_bed().filter(organisation=asked.organisation).exclude(pk=pk)
    others = list_requests(near.with_names().order_by("-requested_at")[:50], by=member, at=at)
    people = [asked, *TogetherForm(request.GET, others=others).chosen()[: MOST_PEOPLE - 1]]
    houses = actions.suggest_houses(people, by=member, at=at) if len(people) > 1 else []
    types = read_lists(by=member).words(ListName.TYPE)
    context = {
        "asked": asked,
        "others": others,
        "people": people,
        "alone": bool(request.GET.get("look")) and len(people) == 1,
        "houses": [(house, _given(house, people), types[house.shelter.type]) for house in houses],
        "reason_field": ReasonForm()["reason"],
    }
    return render(request, "matching/family.html", context)


def _reserve(request: MemberRequest, asked: PlacementRequest) -> HttpResponse:
    """All or nobody; what is refused leads back to the same people, to choose other beds."""
    form, picks = Form(request.POST), _picks(request)
    form.full_clean()
    done = do_once(
        request,
        lambda: actions.reserve_together(picks, by=request.member, at=timezone.now()),
        said=_("The beds are reserved. The shelter answers for all at once."),
        back=reverse("shelters:requests"),
        form=form,
    )
    if done is not None:
        return done
    messages.error(request, " ".join(map(str, form.non_field_errors())))
    people = [pick.request.pk for pick in picks if pick.request.pk != asked.pk]
    page = reverse("shelters:family", args=[asked.pk])
    return redirect(f"{page}?{urlencode({'people': people}, doseq=True)}")


def _given(
    house: actions.House, people: list[PlacementRequest]
) -> list[tuple[PlacementRequest, str, Reasons]]:
    """Who would get which bed, with the reasons of each."""
    return [
        (person, match.place.key, Reasons.of(match.reasons))
        for person, match in zip(people, house.together.matches, strict=True)
    ]


def _picks(request: MemberRequest) -> list[Pick]:
    """Who gets which bed, as the page sent it. Raises Http404 when it is nothing of this house."""
    form = FamilyForm(request.POST)
    if not form.is_valid():
        raise Http404
    pairs, reason = form.cleaned_data["pairs"], form.cleaned_data["reason"]
    asked = PlacementRequest.objects.visible_to(request.member)
    people = asked.in_bulk([one for one, _bed in pairs])
    beds = Bed.objects.visible_to(request.member).in_use().in_bulk([bed for _one, bed in pairs])
    if not all(one in people and bed in beds for one, bed in pairs):
        raise Http404
    return [Pick(request=people[one], bed=beds[bed], reason=reason) for one, bed in pairs]
