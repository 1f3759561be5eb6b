"""The bed board, a shelter's own day, and its address."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.cases.rules import CaseRefused
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from shelters import actions
from shelters.forms import STATES, BoardForm, RevealForm
from shelters.lists.models import ListName
from shelters.lists.rules import read_lists
from shelters.models import Bed, FamilyStay, Placement, Shelter, ShelterAddress
from shelters.querysets import BedQuerySet
from shelters.views import timeline
from shelters.views.placements import WhyMaker
from shelters.views.timeline import EndsMaker
from shelters.workflow import PlacementStatus

BEDS_ON_A_PAGE = 100
#: A template and what it is filled with, for one reader.
WaitingMaker = Callable[[Membership], tuple[str, Mapping[str, object]]]
#: A page that says how it was longer ago looks broken.
BELIEVED = timedelta(minutes=10)


@allowed(Permission.BED_READ_ALL)
@require_safe
def board(request: MemberRequest, ends: EndsMaker) -> HttpResponse:
    """Every bed, how it stands and how many are free in the coming weeks.

    With htmx the page asks again by itself, and says what it has seen: while nothing changed,
    by a deed or by the clock, the answer is empty, and no bed is read.
    """
    at = timezone.now()
    change = actions.board_stamp()
    if request.htmx and _was_seen(request.headers.get("x-seen", ""), change, at):
        return HttpResponse(status=204)
    lists = read_lists(by=request.member)
    form = BoardForm.of(lists, request.GET)
    found = Bed.objects.visible_to(request.member).in_use().with_state_at(at)
    beds = form.narrowed(found)
    grouped = "region" if request.GET.get("by") == "region" else "type"
    labels = {} if grouped == "region" else lists.words(ListName.TYPE)
    counted = totals(beds, grouped, labels)
    pages = Paginator(beds.with_names(), BEDS_ON_A_PAGE)
    pages.count = sum(sum(counts) for _name, counts in counted)
    page = pages.get_page(request.GET.get("page"))
    lines = actions.list_bed_board(page.object_list, by=request.member, at=at)
    weeks = _weeks(beds, counted, grouped, labels, at)
    planned = _planned(ends(request.member, at), beds, weeks, grouped, labels, at)
    leaving = timeline.ends_of(ends(request.member, at), lines)
    context = {
        "form": form,
        "page": page,
        "lines": [(bed, leaving.get(bed.pk)) for bed in lines],
        "states": STATES,
        "grouped": grouped,
        "totals": counted,
        "weeks": weeks,
        "rows": [(name, zip(weeks[name], planned[name], strict=True)) for name in weeks],
        "bars": timeline.bars_of(weeks, planned, at),
        "moments": timeline.moments_of(at),
        "at": at,
        "stamp": f"{change}.{int(_turns(request.member, at))}",
    }
    template = "shelters/_board.html" if request.htmx else "shelters/board.html"
    return render(request, template, context)


def _was_seen(stamp: str, change: str, at: datetime) -> bool:
    """Whether a board with this stamp still stands: the newest change, until its moment."""
    seen, _dot, until = stamp.partition(".")
    return bool(change) and seen == change and until.isdecimal() and at.timestamp() < int(until)


def _turns(member: Membership, at: datetime) -> float:
    """When the board is other without a deed, or too old to be believed."""
    turns = actions.board_turns(by=member, at=at)
    return min(turn.timestamp() for turn in (turns, at + BELIEVED) if turn is not None)


def _weeks(
    beds: BedQuerySet,
    counted: Sequence[tuple[str, list[int]]],
    grouped: str,
    labels: Mapping[str, str],
    at: datetime,
) -> dict[str, list[int]]:
    lasting = Q(outages__during__endswith__gt=at) | Q(
        outages__isnull=False, outages__during__endswith__isnull=True
    )
    rows = (
        beds.order_by().filter(lasting).values_list(_key(grouped), "pk", "state", "outages__during")
    )
    return timeline.free_by_week(
        {name: counts[0] for name, counts in counted},
        ((labels.get(key, key), bed, state, during) for key, bed, state, during in rows),
        at,
    )


def _planned(
    ends: QuerySet[Any, Any],
    beds: BedQuerySet,
    groups: Iterable[str],
    grouped: str,
    labels: Mapping[str, str],
    at: datetime,
) -> dict[str, list[int]]:
    theirs = ends.filter(placement__bed__in=beds.order_by().values("pk")).order_by()
    rows = theirs.values_list(f"placement__bed__{_key(grouped)}", "free_on")
    counted = ((labels.get(key, key), day, n) for key, day, n in rows.annotate(n=Count("pk")))
    return timeline.planned_by_week(groups, counted, at)


def _key(grouped: str) -> str:
    return "shelter__safety_region__name" if grouped == "region" else "shelter__type"


def totals(
    beds: BedQuerySet, grouped: str, labels: Mapping[str, str]
) -> list[tuple[str, list[int]]]:
    """How many beds are free, reserved, occupied and out of order, by type or by region."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for name, state, count in (
        beds.order_by().values_list(_key(grouped), "state").annotate(n=Count("pk"))
    ):
        found[name][state] = count
    return sorted(
        (labels.get(name, name), [counts[state] for state, _label in STATES])
        for name, counts in found.items()
    )


@allowed(Permission.PLACEMENT_ANSWER)
@require_safe
def today(request: MemberRequest, why: WhyMaker, waiting: WaitingMaker) -> HttpResponse:
    """A shelter's own day: offers to answer, who comes, who stays, which beds are free."""
    member, at = request.member, timezone.now()
    found = Placement.objects.visible_to(member).open().with_names().select_related("bed")
    placements = actions.list_placements(found.order_by("reserved_until", "pk"), by=member, at=at)
    beds = Bed.objects.visible_to(member).in_use().with_state_at(at)
    offers = [
        p for p in placements if p.status == PlacementStatus.RESERVED and p.reserved_until > at
    ]
    told = why(offers)
    template, changes = waiting(member)
    context = {
        "offers": [(p, told.get(p.pk, "")) for p in offers],
        "waiting": template,
        **changes,
        "coming": [p for p in placements if p.status == PlacementStatus.ACCEPTED],
        "staying": [p for p in placements if p.status == PlacementStatus.ARRIVED],
        "beds": actions.list_bed_board(beds.with_names(), by=member, at=at),
        "states": dict(STATES),
        "together": _together(placements, member),
        "shelters": list(Shelter.objects.visible_to(member).in_use().with_names()),
    }
    return render(request, "shelters/today.html", context)


def _together(placements: Sequence[Placement], member: Membership) -> set[UUID]:
    """Those who come with others, for whom the shelter answers as one."""
    stays = FamilyStay.objects.visible_to(member).filter(placement__in=placements)
    return set(stays.values_list("placement", flat=True))


@allowed(
    Permission.ADDRESS_REVEAL_ALL, Permission.ADDRESS_REVEAL_PLACED, Permission.ADDRESS_READ_OWN
)
@require_http_methods(["GET", "HEAD", "POST"])
def reveal_address(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Ask for the address with a purpose; it is shown once, recorded, and told to the shelter."""
    member = request.member
    found = get_object_or_404(Shelter.objects.visible_to(member), pk=pk)
    if not ShelterAddress.objects.visible_to(member).filter(pk=pk).exists():
        raise Http404
    form = RevealForm(request.POST if request.method == "POST" else None)
    address = None
    if request.method == "POST" and form.is_valid():
        try:
            address = actions.reveal_address(
                found, **form.cleaned_data, by=member, at=timezone.now()
            )
        except CaseRefused as refusal:
            form.add_error(None, str(refusal))
    own = found.organisation_id == member.organisation_id
    context = {"shelter": found, "form": form, "address": address, "own": own}
    status = 422 if form.is_bound and address is None else 200
    return render(request, "shelters/reveal_address.html", context, status=status)
