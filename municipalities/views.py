"""The dashboard of a municipality. No link on it leads to anything that is not sealed."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from municipalities.querysets import (
    LEAST_FOR_BREAKDOWN,
    area,
    by_reporter,
    own_region,
    province_tiles,
    region_tiles,
    sealed_releases,
)
from referral.access.doors import allowed
from referral.access.requests import MemberRequest
from referral.organisations.permissions import Permission
from referral.registrations.models import ReferrerType
from reporting.actions import open_dashboard
from reporting.charts import bar_chart
from reporting.figures import shown, shown_percentage
from reporting.tables import TOTAL
from reporting.tilemap import PROVINCES, SAFETY_REGIONS, tile_map
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
    regions, provinces = region_tiles(figures, region), province_tiles(figures, region)
    return render(
        request,
        "municipalities/dashboard.html",
        {
            "release": release,
            "releases": releases,
            "areas": [
                {
                    "area": one,
                    "total": shown(one.total, spoken),
                    "chart": svg(bar_chart(one.name, one.forms, spoken))
                    if one.has_breakdown
                    else "",
                    "rows": [
                        (label, shown(n, spoken), shown_percentage(n, one.total, spoken))
                        for label, n in one.forms
                    ],
                }
                for one in areas
            ],
            "least": LEAST_FOR_BREAKDOWN,
            "region_map": tile_map(_("Reports by safety region"), regions, SAFETY_REGIONS, spoken),
            "province_map": tile_map(_("Reports by province"), provinces, PROVINCES, spoken),
            "regions": [(t, shown(t.count, spoken)) for t in regions.values()],
            "provinces": [(t, shown(t.count, spoken)) for t in provinces.values()],
            "reporters": [
                (label, shown(n, spoken), shown_percentage(n, country.total, spoken))
                for label, n in reporters
            ],
            "reporter_chart": svg(bar_chart(_("Reports by reporter"), reporters, spoken)),
        },
    )


def svg(text: str) -> str:
    """Charts are drawn from our own words and counts, so their text is safe."""
    return mark_safe(text)  # noqa: S308
