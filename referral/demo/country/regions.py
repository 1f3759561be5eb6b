"""How the care regions of the made-up country are covered; the numbers are invented."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from referral.cases.regions.actions import set_capacities
from referral.cases.regions.models import AgeSplit, Capacity, Coverage
from referral.cases.regions.rules import Setting
from referral.demo.country.organisations import Country, care_regions, working

#: Gelderland divides the work at 23 (domain model 3).
GELDERLAND = {"Apeldoorn", "Arnhem", "Ede", "Nijmegen"}
SHARED = {"Den Helder", "Vlaardingen", "Nissewaard", "Delft", "Helmond"}
LARGE = {"Amsterdam", "Rotterdam", "'s-Gravenhage", "Utrecht"}


def cover_regions(country: Country, *, now: datetime) -> None:
    """Once: what holds in each region since the first of January."""
    desk = country.registrars[0]
    since = timezone.localdate(now).replace(month=1, day=1)
    with working(desk):
        if Capacity.objects.visible_to(desk).exists():
            return
        settings = [
            Setting(
                care_region=region,
                coverage=Coverage.SHARED if region.name in SHARED else Coverage.OWN,
                fte=Decimal(4 if region.name in LARGE else 1 if region.name in SHARED else 2),
                age_split=AgeSplit.AT_23 if region.name in GELDERLAND else AgeSplit.NONE,
                valid_from=since,
            )
            for region in care_regions()
        ]
        set_capacities(settings, by=desk, at=now)
