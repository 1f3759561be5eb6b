"""The dashboard of a municipality. No link on it leads to anything that is not sealed."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from municipalities.querysets import (
    LEAST_FOR_BREAKDOWN,
    Area,
    Place,
    area,
    by_reporter,
    own_region,
    provinces,
    regions,
    sealed_releases,
)
from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.organisations.permissions import Permission
from referral.registrations.models import ReferrerType
from reporting.actions import open_dashboard
from reporting.charts import Bar, bar_chart
from reporting.figures import shown, shown_percentage
from reporting.tables import TOTAL, Language
from reporting.tilemap import Area as TileArea
from reporting.tilemap import tile_map
from reporting.views import language


@require_safe
@allowed(Permission.DASHBOARD_READ)
def dashboard(request: MemberRequest) -> HttpResponse:
    """Region, province and country side by side, from one sealed release."""
    member, spoken = request.member, language()
    releases = sealed_releases(member)
    chosen = next((r for r in releases if str(r.pk) == request.GET.get("release")), None)
    release = chosen or next(iter(releases), None)
    if release is None:
        return render(request, "municipalities/dashboard.html", {"release": None})
    figures = open_dashboard(release, by=member, at=timezone.now())
    region = own_region(member)
    areas = [area(figures, TOTAL, _("The Netherlands"), _("country"))]
    if region is not None:
        province = region.province
        areas = [
            area(figures, region.code, region.name, _("safety region")),
            area(figures, province.code, province.name, _("province")),
            *areas,
        ]
    country = areas[-1]
    reporters = [(str(ReferrerType(code).label), n) for code, n in by_reporter(figures) if n]
    context = {
        "release": release,
        "releases": releases,
        "least": LEAST_FOR_BREAKDOWN,
        "areas": [_area(number, one, spoken) for number, one in enumerate(areas)],
        "maps": [
            _map(
                "safety_regions",
                _("By safety region"),
                regions(figures),
                spoken,
                own=region.code if region else "",
            ),
            _map(
                "provinces",
                _("By province"),
                provinces(figures),
                spoken,
                own=region.province_id if region else "",
            ),
        ],
        "reporters": _rows(reporters, country.total, spoken),
        "reporter_chart": _chart("reporters", _("Reports by reporter"), reporters, spoken),
    }
    return render(request, "municipalities/dashboard.html", context)


def _area(number: int, one: Area, spoken: Language) -> dict[str, object]:
    chart = _chart(f"area-{number}", one.name, one.forms, spoken) if one.has_breakdown else ""
    return {
        "area": one,
        "total": shown(one.total, spoken),
        "chart": chart,
        "rows": _rows(one.forms, one.total, spoken),
    }


def _rows(
    counts: Sequence[tuple[str, int]], total: int, spoken: Language
) -> list[tuple[str, str, str]]:
    """Label, count and share as text."""
    return [(label, shown(n, spoken), shown_percentage(n, total, spoken)) for label, n in counts]


def _chart(name: str, title: str, counts: Sequence[tuple[str, int]], spoken: Language) -> str:
    bars = [Bar(label, n) for label, n in counts]
    largest = max(counts, key=lambda item: item[1], default=("", 0))
    description = _("Most: %(label)s, %(count)s.") % {
        "label": largest[0],
        "count": shown(largest[1], spoken),
    }
    return svg(bar_chart(name, title, description, bars, spoken))


def _map(
    area: TileArea, title: str, places: Sequence[Place], spoken: Language, *, own: str
) -> dict[str, object]:
    counts = {place.code: place.count for place in places}
    names = {place.code: place.name for place in places}
    return {
        "code": area,
        "title": title,
        "svg": svg(tile_map(area, counts, names, title, spoken, own=own)),
        "rows": [(place, shown(place.count, spoken)) for place in places],
    }


def svg(text: str) -> str:
    """Charts and maps escape their words themselves, so their text is safe."""
    return mark_safe(text)  # noqa: S308
