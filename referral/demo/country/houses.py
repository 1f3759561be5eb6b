"""The shelters of the country and their beds; every address is made up."""

from __future__ import annotations

from datetime import datetime

from referral.demo.country.organisations import Country, working
from referral.geography.models import SafetyRegion
from shelters.actions import add_beds, add_shelter
from shelters.models import Bed, BedKind, SecurityLevel, Sexes, Shelter, ShelterType
from shelters.rules import Location

#: Type, for whom, children, and how many beds at scale 1. Sizes are an assumption; those of COSM
#: and OMM were published differently over the years and are data here too.
HOUSES: tuple[tuple[ShelterType, Sexes, bool, int], ...] = (
    (ShelterType.COSM, Sexes.FEMALE, True, 40),
    (ShelterType.COSM, Sexes.MALE, False, 24),
    (ShelterType.OMM, Sexes.FEMALE, False, 18),
    (ShelterType.OMM, Sexes.ALL, False, 18),
    (ShelterType.NLA, Sexes.ALL, False, 20),
    (ShelterType.VO, Sexes.FEMALE, True, 40),
    (ShelterType.VO, Sexes.FEMALE, True, 40),
    (ShelterType.MEN, Sexes.MALE, False, 24),
    (ShelterType.MO, Sexes.ALL, False, 30),
    (ShelterType.YOUTH, Sexes.ALL, False, 24),
    (ShelterType.AMV, Sexes.ALL, False, 20),
    (ShelterType.ASSISTED, Sexes.ALL, True, 20),
)
NAMES = (
    "Vuurtoren", "Zandbank", "Waddenzee", "Duinpan", "Strandhuis", "Havenlicht",
    "Zeewind", "Boei", "Golfbreker", "Schelp", "Kustpad", "Getij",
)  # fmt: skip
FEWEST = 4


def make_shelters(country: Country, *, scale: float, at: datetime) -> None:
    """One house for each shelter organisation, with its beds and a sealed, made-up address."""
    regions = list(SafetyRegion.objects.order_by("code"))
    for number, (manager, house) in enumerate(zip(country.shelters, HOUSES, strict=False)):
        kind, sexes, children, beds = house
        young = kind in {ShelterType.YOUTH, ShelterType.AMV}
        with working(manager):
            if Shelter.objects.visible_to(manager).exists():
                continue
            shelter = add_shelter(
                Shelter(
                    organisation=manager.organisation,
                    code_name=NAMES[number],
                    type=kind,
                    sexes=sexes,
                    min_age=0 if young else 18,
                    max_age=17 if young else None,
                    children=children,
                    wheelchair=number % 3 == 0,
                    security=SecurityLevel.OPEN if kind == ShelterType.MO else SecurityLevel.SECRET,
                    safety_region=regions[(number * 7) % len(regions)],
                ),
                address=Location(
                    street=f"Verzonnenlaan {number + 1}", postcode="0000 ZZ", town="Nergenshuizen"
                ),
                by=manager,
                at=at,
            )
            add_beds(
                [
                    Bed(shelter=shelter, code=f"{place:02}", kind=kind_of(place, children=children))
                    for place in range(1, max(FEWEST, round(beds * scale)) + 1)
                ],
                by=manager,
                at=at,
            )


def kind_of(place: int, *, children: bool) -> BedKind:
    if children and place % 3 == 0:
        return BedKind.FAMILY
    return BedKind.CRISIS if place % 7 == 0 else BedKind.SINGLE
