"""The shelters of the country and their beds; every address is made up."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from referral.demo.country.organisations import Country, working
from referral.geography.models import SafetyRegion
from shelters.actions import add_beds, add_shelter, set_contract
from shelters.models import (
    Bed,
    BedKind,
    Expertise,
    Funding,
    SecurityLevel,
    Sexes,
    Shelter,
    ShelterType,
    TargetGroup,
)
from shelters.rules import Agreement, Location

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
PLACES_IN_A_UNIT = 6
#: Whom a house of a type is made for, and who pays; made up, where nothing was published.
MADE_FOR: dict[ShelterType, tuple[TargetGroup, Funding]] = {
    ShelterType.COSM: (TargetGroup.TRAFFICKING, Funding.STATE),
    ShelterType.OMM: (TargetGroup.MULTIPLE, Funding.STATE),
    ShelterType.NLA: (TargetGroup.LABOUR, Funding.STATE),
    ShelterType.YOUTH: (TargetGroup.YOUTH, Funding.YOUTH),
    ShelterType.AMV: (TargetGroup.UNACCOMPANIED, Funding.GUARDIAN),
    ShelterType.MO: (TargetGroup.HOMELESS, Funding.CENTRE),
}
ELSE = (TargetGroup.VIOLENCE, Funding.CENTRE)
EXPERTISE = {
    ShelterType.OMM: list(Expertise),
    ShelterType.COSM: [Expertise.MENTAL_HEALTH],
    ShelterType.MO: [Expertise.ADDICTION],
    ShelterType.YOUTH: [Expertise.MILD_DISABILITY],
}
LANGUAGES = (["nl", "en", "ro", "bg"], ["nl", "en", "pl"], ["nl", "en", "fr", "es"])


def make_shelters(country: Country, *, scale: float, at: datetime) -> None:
    """One house for each shelter organisation, with its beds and a sealed, made-up address."""
    regions = list(SafetyRegion.objects.order_by("code"))
    made: list[tuple[Shelter, int]] = []
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
                    pets=number % 4 == 0,
                    wheelchair=number % 3 == 0,
                    target_groups=[MADE_FOR.get(kind, ELSE)[0]],
                    expertise=EXPERTISE.get(kind, []),
                    languages=LANGUAGES[number % len(LANGUAGES)],
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
                    Bed(
                        shelter=shelter,
                        code=f"{place:02}",
                        kind=kind_of(place, children=children),
                        unit=f"Unit {(place - 1) // PLACES_IN_A_UNIT + 1}",
                    )
                    for place in range(1, max(FEWEST, round(beds * scale)) + 1)
                ],
                by=manager,
                at=at,
            )
            made.append((shelter, max(FEWEST, round(beds * scale))))
    desk = country.desk[0]
    with working(desk):
        for shelter, beds in made:
            funding = MADE_FOR.get(ShelterType(shelter.type), ELSE)[1]
            since = timezone.localdate(at).replace(month=1, day=1)
            agreement = Agreement(shelter=shelter, funding=funding, places=beds, valid_from=since)
            set_contract(agreement, by=desk, at=at)


def kind_of(place: int, *, children: bool) -> BedKind:
    if children and place % 3 == 0:
        return BedKind.FAMILY
    return BedKind.CRISIS if place % 7 == 0 else BedKind.SINGLE
