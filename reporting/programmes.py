"""The programmes that are published: which tables, over which answers, counted how."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Choices
from django.utils.translation import override

from referral.geography.models import Province, SafetyRegion
from referral.persons.models import AgeGroup, Sex
from referral.registrations.models import ReferrerType
from referral.residence.models import OfferGround
from reporting.tables import (
    Axis,
    Category,
    Cell,
    Dimension,
    Level,
    Measure,
    Programme,
    Sum,
    TableSpec,
    Words,
)
from signals.models import AgeGroup as SignalAgeGroup
from signals.models import Exploitation
from signals.models import Sex as SignalSex

VICTIMS, IMPORTED, CONVERSION = "victims", "imported-signals", "conversion"
#: Programmes over a period; the other is over a file.
BY_PERIOD = (VICTIMS, CONVERSION)
#: Reports whose place of exploitation lies abroad or is not known.
ELSEWHERE = "elsewhere"
FORM, SEX, AGE, REPORTER, REGION = "form", "sex", "age", "reporter", "region"
SAFETY_REGION, PROVINCE = "safety_region", "province"
GROUND, STEP, NOT_REACHED = "ground", "step", "none"
#: What may follow on the offer of a reflection period, in the order in which it is read.
STEPS = (
    ("taken", Words("bedenktijd aangenomen", "reflection period taken")),
    ("report", Words("aangifte gedaan", "reported to the police")),
    ("granted", Words("verblijfsvergunning verleend", "residence permit granted")),
    ("refused", Words("verblijfsvergunning geweigerd", "residence permit refused")),
    ("continued", Words("voortgezet verblijf verleend", "continued stay granted")),
)
#: Days since the offer, each class up to and including its last day; one class is open.
LAST_DAYS = (7, 14, 30, 60, 90, 180, 365, 730, 1095)
BEYOND = "more"


def words(choice: Any) -> Words:
    """A label in both languages, from the one list of codes."""
    with override("nl"):
        dutch = str(choice.label)
    with override("en"):
        return Words(nl=dutch, en=str(choice.label))


def answers(choices: Iterable[Any]) -> list[tuple[str, Words]]:
    return [(choice.value, words(choice)) for choice in choices]


def by_code(code: str, label: Words, choices: type[Choices]) -> Dimension:
    return Dimension.flat(code, label, answers(choices))


def forms(patterns: Iterable[frozenset[str]]) -> Dimension:
    """Forms of exploitation; several may be given together, so groups overlap."""
    label = Words("vorm van uitbuiting", "form of exploitation")
    return Dimension.of_combinations(FORM, label, answers(Exploitation), patterns)


def regions() -> Dimension:
    """Safety regions, and the provinces in which they lie."""
    elsewhere = Words("buitenland of onbekend", "abroad or unknown")
    found = list(SafetyRegion.objects.select_related("province").order_by("code"))
    leaves = [Category(r.code, Words(r.name, r.name)) for r in found]
    provinces = [
        Category(
            province.code,
            Words(province.name, province.name),
            tuple(r.code for r in found if r.province_id == province.code),
        )
        for province in Province.objects.order_by("code")
    ]
    return Dimension(
        REGION,
        Words("regio", "region"),
        (
            Level(
                SAFETY_REGION,
                Words("veiligheidsregio", "safety region"),
                (*leaves, Category(ELSEWHERE, elsewhere)),
            ),
            Level(
                PROVINCE,
                Words("provincie", "province"),
                (*provinces, Category("province-elsewhere", elsewhere, (ELSEWHERE,))),
            ),
        ),
    )


REPORTS = Measure(
    "reports",
    Words("meldingen", "reports"),
    Words(
        "Aanmeldingen die in de periode zijn geregistreerd; een persoon kan vaker zijn aangemeld.",
        "Reports registered in the period; a person may have been reported more than once.",
    ),
)
PERSONS = Measure(
    "persons",
    Words("unieke personen", "unique persons"),
    Words(
        "Personen met ten minste één geregistreerde aanmelding in de periode.",
        "Persons with at least one report registered in the period.",
    ),
)
REPEATED = Measure(
    "repeated",
    Words("herhaalde meldingen", "repeated reports"),
    Words(
        "Meldingen over een persoon die in de periode al was aangemeld.",
        "Reports about a person who had been reported in the period already.",
    ),
)
OFFERS = Measure(
    "offers",
    Words("personen met een aanbod van bedenktijd", "persons offered a reflection period"),
    Words(
        "Personen aan wie in de periode voor het eerst bedenktijd is aangeboden, met wat daarop"
        " volgde tot de dag van telling; wat voor het aanbod gebeurde, telt als dag 0.",
        "Persons to whom a reflection period was first offered in the period, with what followed"
        " until the day of counting; what happened before the offer counts as day 0.",
    ),
)
SIGNALS = Measure(
    "signals",
    Words("signalen", "signals"),
    Words("Signalen uit het bestand, één per regel.", "Signals from the file, one a line."),
)


def victims_programme(patterns: frozenset[frozenset[str]]) -> Programme:
    """Presumed victims: form × sex × age group, reporters, regions, and the bridge of totals."""
    return Programme(
        code=VICTIMS,
        title=Words(
            "Vermoedelijke slachtoffers van mensenhandel", "Presumed victims of human trafficking"
        ),
        measures=(REPORTS, PERSONS, REPEATED),
        dimensions=(
            forms(patterns),
            by_code(SEX, Words("geslacht", "sex"), Sex),
            by_code(AGE, Words("leeftijd", "age"), AgeGroup),
            by_code(REPORTER, Words("aanmelder", "reporter"), ReferrerType),
            regions(),
        ),
        tables=(
            table("T01", "Meldingen en personen", "Reports and persons", "reports"),
            table("T01b", "Unieke personen", "Unique persons", "persons"),
            table("T01c", "Herhaalde meldingen", "Repeated reports", "repeated"),
            table(
                "T03",
                "Meldingen naar vorm, geslacht en leeftijd",
                "Reports by form, sex and age",
                "reports",
                Axis(FORM, (FORM,)),
                Axis(SEX, (SEX,)),
                Axis(AGE, (AGE,)),
            ),
            table(
                "T08",
                "Meldingen naar aanmelder",
                "Reports by reporter",
                "reports",
                Axis(REPORTER, (REPORTER,)),
            ),
            table(
                "T11",
                "Meldingen naar regio en vorm",
                "Reports by region and form",
                "reports",
                Axis(REGION, (SAFETY_REGION, PROVINCE)),
                Axis(FORM, (FORM,)),
            ),
        ),
        bridges=(Sum(Cell.of("reports", {}), (Cell.of("persons", {}), Cell.of("repeated", {}))),),
    )


def imported_programme(patterns: frozenset[frozenset[str]]) -> Programme:
    """Signals of one file: form × sex × age."""
    return Programme(
        code=IMPORTED,
        title=Words("Signalen uit een bestand", "Signals from a file"),
        measures=(SIGNALS,),
        dimensions=(
            forms(patterns),
            by_code(SEX, Words("geslacht", "sex"), SignalSex),
            by_code(AGE, Words("leeftijd", "age"), SignalAgeGroup),
        ),
        tables=(
            table(
                "T03",
                "Signalen naar vorm, geslacht en leeftijd",
                "Signals by form, sex and age",
                "signals",
                Axis(FORM, (FORM,)),
                Axis(SEX, (SEX,)),
                Axis(AGE, (AGE,)),
            ),
        ),
    )


def days_to(step: str) -> str:
    """The dimension of the days from the offer to a step."""
    return f"days_{step}"


def band_of(days: int) -> str:
    """The class of a number of days."""
    return next((f"d{last}" for last in LAST_DAYS if days <= last), BEYOND)


def lead_time(step: str, label: Words) -> Dimension:
    first_days = (0, *(last + 1 for last in LAST_DAYS))
    bands = [
        (f"d{last}", Words(f"{first}–{last} dagen", f"{first}–{last} days"))
        for first, last in zip(first_days, LAST_DAYS, strict=False)
    ]
    most = LAST_DAYS[-1]
    return Dimension.flat(
        days_to(step),
        Words(f"dagen tot: {label.nl}", f"days until: {label.en}"),
        [
            *bands,
            (BEYOND, Words(f"meer dan {most} dagen", f"more than {most} days")),
            (NOT_REACHED, Words("niet, of nog niet", "not, or not yet")),
        ],
    )


def conversion_programme(patterns: frozenset[frozenset[str]]) -> Programme:
    """From the offer of a reflection period to residence: how many, and after how many days.

    Who reached a step and who did not are all, by each ground: both tables say so, and one sum
    ties them, so that they are never rounded apart.
    """
    steps = Words("vervolgstap", "step that followed")
    places = [{}, *({GROUND: ground.value} for ground in OfferGround)]
    return Programme(
        code=CONVERSION,
        title=Words("Van bedenktijd naar verblijf", "From reflection period to residence"),
        measures=(OFFERS,),
        dimensions=(
            by_code(GROUND, Words("grond van het aanbod", "ground of the offer"), OfferGround),
            Dimension.of_combinations(STEP, steps, STEPS, patterns),
            *(lead_time(code, label) for code, label in STEPS),
        ),
        tables=(
            table(
                "T40",
                "Wat volgde op het aanbod van bedenktijd",
                "What followed on the offer of a reflection period",
                "offers",
                Axis(STEP, (STEP,)),
                Axis(GROUND, (GROUND,)),
            ),
            *(
                table(
                    f"T{number}",
                    f"Doorlooptijd van aanbod tot: {label.nl}",
                    f"Lead time from offer to: {label.en}",
                    "offers",
                    Axis(days_to(code), (days_to(code),)),
                    Axis(GROUND, (GROUND,)),
                )
                for number, (code, label) in enumerate(STEPS, start=41)
            ),
        ),
        bridges=tuple(
            Sum(
                Cell.of("offers", place),
                (
                    Cell.of("offers", {**place, STEP: code}),
                    Cell.of("offers", {**place, days_to(code): NOT_REACHED}),
                ),
            )
            for place in places
            for code, _label in STEPS
        ),
    )


def table(code: str, dutch: str, english: str, measure: str, *axes: Axis) -> TableSpec:
    return TableSpec(code, Words(dutch, english), measure, axes)


def programme(code: str, patterns: frozenset[frozenset[str]]) -> Programme:
    """The programme of this code, with the combinations of forms that occur."""
    made = {
        VICTIMS: victims_programme,
        IMPORTED: imported_programme,
        CONVERSION: conversion_programme,
    }
    return made[code](patterns)


def programme_of_values(code: str, values: Iterable[Cell]) -> Programme:
    """The programme as far as published cells show it: which combinations lie beneath is not
    published, and is not needed to lay out the tables.
    """
    known = {value for cell in values if (value := cell.category(FORM)) in Exploitation.values}
    return programme(code, frozenset(frozenset({form}) for form in known))


def forms_in_order() -> list[tuple[str, str]]:
    """Code and label of every form, in the order of the list and the reader's language."""
    return [(form.value, str(form.label)) for form in Exploitation]
