"""The bed board, a shelter's own day, and its address."""

from __future__ import annotations

from collections import Counter, defaultdict
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.cases.rules import CaseRefused
from referral.organisations.permissions import Permission
from shelters import actions
from shelters.forms import STATES, BoardForm, RevealForm
from shelters.models import Bed, Placement, Shelter, ShelterAddress, ShelterType
from shelters.querysets import BedQuerySet
from shelters.workflow import PlacementStatus

BEDS_ON_A_PAGE = 100


@allowed(Permission.BED_READ_ALL)
@require_safe
def board(request: MemberRequest) -> HttpResponse:
    """Every bed and how it stands; with htmx the table comes again by itself."""
    form = BoardForm(request.GET)
    at = timezone.now()
    found = Bed.objects.visible_to(request.member).filter(shelter__active=True).with_state_at(at)
    beds = form.narrowed(found)
    page = Paginator(beds.with_names(), BEDS_ON_A_PAGE).get_page(request.GET.get("page"))
    lines = actions.list_bed_board(page.object_list, by=request.member, at=at)
    grouped = "region" if request.GET.get("by") == "region" else "type"
    context = {
        "form": form,
        "page": page,
        "lines": lines,
        "states": STATES,
        "grouped": grouped,
        "totals": totals(beds, grouped),
        "at": at,
    }
    template = "shelters/_board.html" if request.htmx else "shelters/board.html"
    return render(request, template, context)


def totals(beds: BedQuerySet, grouped: str) -> list[tuple[str, list[int]]]:
    """How many beds are free, reserved, occupied and out of order, by type or by region."""
    key = "shelter__safety_region__name" if grouped == "region" else "shelter__type"
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for name, state, count in beds.order_by().values_list(key, "state").annotate(n=Count("pk")):
        found[name][state] = count
    labels = {} if grouped == "region" else dict(ShelterType.choices)
    return sorted(
        (str(labels.get(name, name)), [counts[state] for state, _label in STATES])
        for name, counts in found.items()
    )


@allowed(Permission.PLACEMENT_ANSWER)
@require_safe
def today(request: MemberRequest) -> HttpResponse:
    """A shelter's own day: offers to answer, who comes, who stays, which beds are free."""
    member, at = request.member, timezone.now()
    found = Placement.objects.visible_to(member).open().with_names().select_related("bed")
    placements = actions.list_placements(found.order_by("reserved_until", "pk"), by=member, at=at)
    beds = Bed.objects.visible_to(member).filter(shelter__active=True).with_state_at(at)
    context = {
        "offers": [
            p for p in placements
            if p.status == PlacementStatus.RESERVED and p.reserved_until > at
        ],
        "coming": [p for p in placements if p.status == PlacementStatus.ACCEPTED],
        "staying": [p for p in placements if p.status == PlacementStatus.ARRIVED],
        "beds": actions.list_bed_board(beds.with_names(), by=member, at=at),
        "states": dict(STATES),
        "shelters": list(Shelter.objects.visible_to(member).in_use().with_names()),
    }  # fmt: skip
    return render(request, "shelters/today.html", context)


@allowed(Permission.SHELTER_READ)
@require_safe
def shelter(request: MemberRequest, pk: UUID) -> HttpResponse:
    """What a shelter offers; never where it stands."""
    found = get_object_or_404(Shelter.objects.visible_to(request.member), pk=pk)
    opened = actions.open_shelter(found, by=request.member, at=timezone.now())
    ages = _("from %(from)d") % {"from": opened.min_age}
    if opened.max_age is not None:
        ages = _("%(from)d to %(to)d") % {"from": opened.min_age, "to": opened.max_age}
    facts = [
        (_("Type"), opened.get_type_display()),
        (_("Region"), str(opened.safety_region)),
        (_("Run by"), opened.organisation.name),
        (_("For"), opened.get_sexes_display()),
        (_("Ages"), ages),
        (_("Children may come along"), _("Yes") if opened.children else _("No")),
        (_("Accessible by wheelchair"), _("Yes") if opened.wheelchair else _("No")),
        (_("Security"), opened.get_security_display()),
    ]
    sees_address = ShelterAddress.objects.visible_to(request.member).filter(pk=pk).exists()
    context = {"shelter": opened, "facts": facts, "sees_address": sees_address}
    return render(request, "shelters/shelter.html", context)


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
    context = {"shelter": found, "form": form, "address": address}
    status = 422 if form.is_bound and address is None else 200
    return render(request, "shelters/reveal_address.html", context, status=status)


@allowed(Permission.BED_MANAGE_OWN)
@require_POST
def out_of_order(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Nobody can be placed in this bed until it is set right."""
    bed = get_object_or_404(Bed.objects.visible_to(request.member), pk=pk)
    return do_once(
        request,
        lambda: actions.set_out_of_order(bed, by=request.member, at=timezone.now()),
        said=_("The bed is out of order."),
        back=reverse("shelters:today"),
    )


@allowed(Permission.BED_MANAGE_OWN)
@require_POST
def in_order(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The bed can be used again."""
    bed = get_object_or_404(Bed.objects.visible_to(request.member).select_related("shelter"), pk=pk)
    return do_once(
        request,
        lambda: actions.set_in_order(bed, by=request.member, at=timezone.now()),
        said=_("The bed can be used again."),
        back=reverse("shelters:today"),
    )
