"""The coverage map with its table, and the page of one region."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.cases.regions import actions
from referral.cases.regions.forms import CapacityForm
from referral.cases.regions.models import Capacity, Coverage
from referral.cases.regions.rules import LEAST_CASES, TILES, Line, Team
from referral.geography.models import CareRegion
from referral.organisations.permissions import Permission

SIDE, GAP = 84, 6


@dataclass(frozen=True, slots=True)
class Tile:
    """A region on the map: where it stands, and what it says."""

    line: Line
    kind: str
    x: int
    y: int


@allowed(Permission.CASE_READ_HEADER, Permission.HANDOFF_OFFER)
@require_safe
def overview(request: MemberRequest) -> HttpResponse:
    """How the country is covered, and how long people wait where.

    A coordinator, who may hand a case over, reads who coordinates where and no figures.
    """
    figures = request.member.may(Permission.CASE_READ_HEADER)
    lines = actions.list_regions(by=request.member, at=timezone.now())
    columns, rows = (1 + max(place[axis] for place in TILES.values()) for axis in (0, 1))
    context = {
        "lines": lines,
        "figures": figures,
        "tiles": _tiles(lines, figures=figures),
        "side": SIDE,
        "width": columns * (SIDE + GAP) + GAP,
        "height": rows * (SIDE + GAP) + GAP,
        "kinds": [*Coverage.choices, ("", _("Not known yet"))] if figures else Team.choices,
        "least": LEAST_CASES,
        "manages": request.member.may(Permission.REGION_MANAGE),
    }
    return render(request, "regions/overview.html", context)


def _tiles(lines: Sequence[Line], *, figures: bool) -> list[Tile]:
    """A region that was added after the map was drawn stands in the table alone."""
    placed = [(line, TILES[line.region.pk]) for line in lines if line.region.pk in TILES]
    return [
        Tile(
            line,
            line.kind if figures else line.team,
            GAP + column * (SIDE + GAP),
            GAP + row * (SIDE + GAP),
        )
        for line, (column, row) in placed
    ]


@allowed(Permission.REGION_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def capacity(request: MemberRequest, code: str) -> HttpResponse:
    """What holds of one region, since when; and what holds from another day on."""
    region = get_object_or_404(CareRegion, pk=code)
    found = Capacity.objects.visible_to(request.member).filter(care_region=region)
    versions = list(found.newest_first())
    form = CapacityForm.of(versions[0] if versions else None, request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = do_once(
            request,
            lambda: actions.set_capacity(
                form.setting_for(region), by=request.member, at=timezone.now()
            ),
            said=_("Written down. The map shows it from that day."),
            back=reverse("cases:regions:overview"),
            form=form,
        )
        if answer is not None:
            return answer
    context = {
        "region": region,
        "form": form,
        "versions": versions,
        "title": _("Care region %s") % region,
        "submit_label": _("Save"),
        "cancel_url": reverse("cases:regions:overview"),
        "version": form.beside(
            lambda: actions.read_capacity(region, by=request.member, at=timezone.now())
        ),
    }
    return render(request, "regions/capacity.html", context, status=422 if form.is_bound else 200)
