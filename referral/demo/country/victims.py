"""Presumed victims of one year: reported to the national desk, registered, offered for care."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from functools import cache
from random import Random

from django.utils import timezone

from referral.cases.actions import Offer, accept_cases, offer_cases
from referral.cases.models import Case, Need, Priority
from referral.demo.country.calendar import Year, later, moments
from referral.demo.country.indications import place_of
from referral.demo.country.organisations import Country, working
from referral.demo.country.population import Presumed, presumed_victims
from referral.geography.models import CareRegion, Municipality
from referral.organisations.models import Membership
from referral.persons.rules import IdentityFacts, PersonEntry
from referral.registrations.actions import (
    Completion,
    complete_registrations,
    submit_registrations,
)
from referral.registrations.models import (
    Crossing,
    HelpWanted,
    ReferrerType,
    Registration,
    Sector,
)
from referral.registrations.rules import RegistrationEntry
from referral.sharing.models import GivenBy, How
from referral.sharing.rules import Answer, representatives

COMPLETED_AFTER, OFFERED_AFTER, ACCEPTED_AFTER = 3, 4, 6  # days after the report
WANTS_HELP = 0.62
GIVEN = ("Zora", "Milo", "Ayla", "Bram", "Ines", "Tariq", "Lena", "Oumar", "Vera", "Chidi", "Sem")
FAMILY = ("Fictief", "Verzonnen", "Voorbeeld", "Denkbeeld", "Schijn", "Proef", "Model")
NATIONALITIES = ("NL", "NG", "PL", "RO", "BG", "HU", "UG", "UA", "VN", "PH", "SL", "CN")
SECTORS = {
    "sexual": (Sector.HOME, Sector.HOTEL, Sector.CLUB, Sector.ESCORT, Sector.ONLINE),
    "labour": (Sector.AGRICULTURE, Sector.HOSPITALITY, Sector.CONSTRUCTION, Sector.CLEANING),
    "criminal": (Sector.DRUGS, Sector.THEFT, Sector.FRAUD),
}
REFERRER = {
    "np": ReferrerType.POLICE,
    "kmar": ReferrerType.KMAR,
    "nla": ReferrerType.NLA,
    "zc": ReferrerType.CARE_COORDINATION,
    "fairwork": ReferrerType.FAIRWORK,
    "ngo_other": ReferrerType.NGO,
    "opvang": ReferrerType.SHELTER,
    "jeugdhulp": ReferrerType.YOUTH_CARE,
}
OLDEST = {"0-11": 9, "12-14": 13, "15-17": 16, "18-22": 20, "23-29": 26, "30-39": 34}
OLDEST |= {"40-49": 44, "50-64": 56, "65+": 68}


def reporters(country: Country) -> dict[str, list[Membership]]:
    return {
        "np": country.officers,
        "kmar": country.kmar,
        "nla": country.nla,
        "zc": [m for m in country.coordinators.values() if m.organisation.type == "care_coord"],
        "fairwork": country.ngos,
        "ngo_other": country.ngos,
        "opvang": country.shelters,
        "jeugdhulp": country.youth,
    }


def seed_registrations(
    country: Country,
    year: Year,
    *,
    scale: float,
    grain: int,
    random: Random,
    until: datetime,
    tick: Callable[[int], None],
) -> int:
    """Report everybody of the year, and let the desk register all but the last few days."""
    people = presumed_victims(year.figures, scale=scale, random=random)
    times = moments(year, len(people), grain=grain, random=random)
    random.shuffle(times)
    places = {m.pk: m for m in Municipality.objects.valid_on(timezone.localdate())}
    known = reporters(country)
    reports: dict[Membership, list[tuple[Presumed, datetime]]] = defaultdict(list)
    for person, at in zip(people, times, strict=True):
        if at <= until:
            reports[random.choice(known[person.reporter])].append((person, at))
    made: list[Registration] = []
    for reporter, told in reports.items():
        entries = [
            entry(person, at, places[place_of(reporter, random)], random) for person, at in told
        ]
        with working(reporter):
            made += submit_registrations(entries, by=reporter, at=until)
        tick(len(told))
    complete(country.registrars[0], made, until=until)
    tick(len(made))
    return len(made)


def entry(person: Presumed, at: datetime, place: Municipality, random: Random) -> RegistrationEntry:
    wants_help = random.random() < WANTS_HELP
    minor = person.age_group in {"0-11", "12-14", "15-17"}
    born = timezone.localtime(at).year - OLDEST.get(person.age_group, 30)
    day = timezone.localtime(at).date()
    return RegistrationEntry(
        person=PersonEntry(
            sex=person.sex,
            age_group=person.age_group,
            is_minor=minor,
            facts=IdentityFacts(
                given_names=random.choice(GIVEN),
                family_name=f"{random.choice(FAMILY)}-{random.randrange(10**6):06}",
                birth_date=str(born) if person.age_group in OLDEST else "",
                birth_precision="year" if person.age_group in OLDEST else "",
                nationalities=(random.choice(NATIONALITIES),),
                absent={} if person.age_group in OLDEST else {"birth_date": "unknown"},
            ),
            at=at,
        ),
        forms=person.forms,
        sector=random.choice(SECTORS.get(person.forms[0], (Sector.OTHER_WORK,))),
        period_from=day.replace(day=1),
        place_municipality=place,
        place_country="NL",
        crossing=random.choice((Crossing.DOMESTIC, Crossing.CROSSBORDER)),
        help_wanted=HelpWanted.YES if wants_help else HelpWanted.NO,
        referrer_type=REFERRER[person.reporter],
        consent=Answer(how=How.WRITTEN, given_by=answers_for(person), language="nl", leaflet="1"),
        at=at,
    )


def answers_for(person: Presumed) -> GivenBy:
    return representatives(person.age_group)[0]


def complete(registrar: Membership, made: list[Registration], *, until: datetime) -> None:
    with working(registrar):
        for start in range(0, len(made), 500):
            completions = [
                Completion(
                    registration=registration,
                    care_needed=registration.help_wanted == HelpWanted.YES,
                    at=at,
                )
                for registration in made[start : start + 500]
                if (at := later(registration.submitted_at, days=COMPLETED_AFTER, until=until))
            ]
            complete_registrations(completions, by=registrar, at=until)


def seed_cases(
    country: Country, *, random: Random, until: datetime, tick: Callable[[int], None]
) -> list[Case]:
    """Open a case for everybody who asked for care, and let the regions accept most."""
    registrar = country.registrars[0]
    with working(registrar):
        waiting = list(
            Registration.objects.visible_to(registrar)
            .needing_care()
            .filter(case=None)
            .select_related("person", "place_municipality")
            .order_by("reference")
        )
        due = [
            (registration, at)
            for registration in waiting
            if (at := later(registration.submitted_at, days=OFFERED_AFTER, until=until))
        ]
        cases = offer_cases(
            [offer(registration, random) for registration, _ in due],
            by=registrar,
            at=[at for _, at in due],
        )
    tick(len(cases))
    offered: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        offered[str(case.offered_to_id)].append(case)
    accepted = []
    for organisation, group in offered.items():
        coordinator = country.coordinators[organisation]
        answered = [
            (case, at)
            for case in group
            if (at := later(case.opened_at, days=ACCEPTED_AFTER - OFFERED_AFTER, until=until))
        ]
        with working(coordinator):
            accepted += accept_cases(
                [case for case, _ in answered], by=coordinator, at=[at for _, at in answered]
            )
    tick(len(accepted))
    return accepted


@cache
def care_region_of(place: Municipality) -> CareRegion | None:
    """The care region of today; the map does not change while the country is made."""
    return place.care_region_on(timezone.localdate())


def offer(registration: Registration, random: Random) -> Offer:
    place = registration.place_municipality
    region = care_region_of(place) if place else None
    if region is None:
        raise ValueError("everybody of the demo country was exploited in a municipality of today")
    needs: list[Need] = random.sample(sorted(set(Need) - {Need.SHELTER}), k=2)
    if random.random() < 0.6:
        needs.append(Need.SHELTER)
    return Offer(
        registration=registration,
        care_region=region,
        priority=random.choice((Priority.CRISIS, Priority.HIGH, Priority.NORMAL, Priority.NORMAL)),
        needs=needs,
    )
