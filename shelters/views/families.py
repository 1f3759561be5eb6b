"""A place for a family: a bed for each in one shelter, or none for any of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.organisations.permissions import Permission
from shelters import actions
from shelters.forms import FamilyForm, TogetherForm
from shelters.models import Bed, PlacementRequest, Shelter
from shelters.rules import Choice, fit
from shelters.workflow import RequestStatus

MOST_PEOPLE = 12
MOST_SHELTERS = 10


@dataclass(frozen=True, slots=True)
class Room:
    """A shelter with a free bed for each: the beds, who would get which, and what is against."""

    shelter: Shelter
    beds: Sequence[Bed]
    pairs: Sequence[tuple[PlacementRequest, Bed]]
    against: Sequence[str]


@allowed(Permission.PLACEMENT_RESERVE)
@require_http_methods(["GET", "HEAD", "POST"])
def family(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Choose who come together; then a shelter, and a bed for each."""
    member, at = request.member, timezone.now()
    waiting = PlacementRequest.objects.visible_to(member).filter(status=RequestStatus.SUBMITTED)
    asked = get_object_or_404(waiting.with_names(), pk=pk)
    if request.method == "POST":
        return do_once(
            request,
            lambda: actions.reserve_for_family(_choices(request), by=member, at=timezone.now()),
            said=_("The beds are reserved. The shelter answers for all at once."),
            back=reverse("shelters:requests"),
        )
    near = waiting.of_who_has_no_bed().filter(organisation=asked.organisation).exclude(pk=pk)
    others = actions.list_requests(
        near.with_names().order_by("-requested_at")[:50], by=member, at=at
    )
    people = [asked, *TogetherForm(request.GET, others=others).chosen()[: MOST_PEOPLE - 1]]
    rooms = []
    if len(people) > 1:
        free = Bed.objects.visible_to(member).in_use().free_at(at).with_names()
        rooms = list(_rooms(actions.list_bed_board(free, by=member, at=at), people))
    context = {
        "asked": asked,
        "others": others,
        "people": people,
        "rooms": sorted(rooms, key=lambda room: len(room.against))[:MOST_SHELTERS],
    }
    return render(request, "shelters/family.html", context)


def _rooms(free: Sequence[Bed], people: Sequence[PlacementRequest]) -> Iterator[Room]:
    """Shelters with enough beds; the unit with the most free ones comes first."""
    for shelter, group in groupby(free, key=lambda bed: bed.shelter):
        beds = list(group)
        if len(beds) < len(people):
            continue
        units = [bed.unit for bed in beds]
        beds.sort(key=lambda bed: (-units.count(bed.unit), bed.unit, bed.code))
        pairs = list(zip(people, beds, strict=False))
        against = {words: None for one, bed in pairs for words in fit(bed, one).against}
        yield Room(shelter, beds, pairs, list(against))


def _choices(request: MemberRequest) -> list[Choice]:
    """Who gets which bed, as the page sent it. Raises Http404 when it is nothing of this house."""
    form = FamilyForm(request.POST)
    if not form.is_valid():
        raise Http404
    pairs = form.cleaned_data["pairs"]
    people = PlacementRequest.objects.visible_to(request.member).in_bulk(
        [one for one, _bed in pairs]
    )
    beds = Bed.objects.visible_to(request.member).in_bulk([bed for _one, bed in pairs])
    if not all(one in people and bed in beds for one, bed in pairs):
        raise Http404
    return [Choice(request=people[one], bed=beds[bed]) for one, bed in pairs]
