"""Which figures stand on a dashboard: cells of one sealed release, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from referral.geography.models import Municipality, Province, SafetyRegion
from referral.organisations.models import Membership
from reporting.actions import Figures
from reporting.models import Release
from reporting.programmes import FORM, REGION, REPORTER, VICTIMS, forms_in_order
from reporting.tables import TOTAL, Cell

#: Below this a region's breakdown says little, and only its total is shown.
LEAST_FOR_BREAKDOWN = 25


@dataclass(frozen=True, slots=True)
class Area:
    """One area on the dashboard, with its counts by form."""

    name: str
    kind: str
    total: int
    forms: tuple[tuple[str, int], ...]

    @property
    def has_breakdown(self) -> bool:
        return self.total >= LEAST_FOR_BREAKDOWN


def sealed_releases(member: Membership) -> list[Release]:
    """The sealed releases of presumed victims, newest period first."""
    return list(
        Release.objects.visible_to(member)
        .sealed()
        .of(VICTIMS)
        .newest_first()
        .select_related("programme")[:12]
    )


def own_region(member: Membership) -> SafetyRegion | None:
    """The safety region of the member's municipality; None for national organisations."""
    municipality = member.organisation.municipality_id
    if municipality is None:
        return None
    found = Municipality.objects.select_related("safety_region__province").get(pk=municipality)
    return found.safety_region


def count(figures: Figures, **at: str) -> int:
    return figures.at(Cell.of("reports", at))


def area(figures: Figures, code: str, name: str, kind: str) -> Area:
    """The counts of a region, a province, or (TOTAL) the country."""
    forms = tuple(
        (label, count(figures, **{REGION: code, FORM: form})) for form, label in forms_in_order()
    )
    return Area(name=name, kind=kind, total=count(figures, **{REGION: code}), forms=forms)


@dataclass(frozen=True, slots=True)
class Place:
    """A region or province on the map."""

    code: str
    name: str
    count: int


def regions(figures: Figures) -> list[Place]:
    return [
        Place(region.code, region.name, count(figures, **{REGION: region.code}))
        for region in SafetyRegion.objects.order_by("code")
    ]


def provinces(figures: Figures) -> list[Place]:
    return [
        Place(province.code, province.name, count(figures, **{REGION: province.code}))
        for province in Province.objects.order_by("code")
    ]


def by_reporter(figures: Figures) -> list[tuple[str, int]]:
    """The country's counts by reporter, the largest first; from the sealed cells alone."""
    codes = [Cell.parse(code) for code in figures.values]
    found = [
        (cell.category(REPORTER), figures.at(cell))
        for cell in codes
        if cell.category(REPORTER) != TOTAL and len(cell.at) == 1
    ]
    return sorted(found, key=lambda item: (-item[1], item[0]))
