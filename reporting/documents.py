"""A release as a document: from its rows to the words and figures of every page and file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from pathlib import Path

from django.contrib.staticfiles import finders
from django.utils import timezone
from django.utils.safestring import mark_safe

from referral.residence.models import OfferGround
from reporting.charts import Bar, bar_chart
from reporting.exports import ExportFile, ReleaseDocument, SpokenDocument, render
from reporting.figures import shown, shown_percentage, shown_quantile
from reporting.models import Release
from reporting.programmes import (
    BEYOND,
    CONVERSION,
    GROUND,
    LAST_DAYS,
    STEP,
    STEPS,
    answers,
    days_to,
)
from reporting.tables import Cell, Language, Programme, Words

MEDIAN, P90 = Fraction(1, 2), Fraction(9, 10)
#: The typeface of the house, as the static files have it.
TYPEFACE = "vendor/fira-sans/files/fira-sans-latin-400-normal.woff2"
NOTES = (
    Words(
        "Alle aantallen zijn gezamenlijk afgerond op veelvouden van vijf; elke som klopt precies.",
        "All counts were rounded jointly to multiples of five; every sum is exact.",
    ),
    Words(
        "Een gepubliceerd aantal ligt hooguit vier van het werkelijke aantal; <5 is 0 tot en met 4.",
        "A published count lies at most four from the true count; <5 means 0 to 4.",
    ),
    Words(
        "Percentages worden uit de afgeronde aantallen berekend, en alleen vanaf een totaal van 50.",
        "Percentages are computed from rounded counts, and only on a total of 50 or more.",
    ),
    Words(
        "Regels die overal <5 zijn, staan in de bestanden en niet op papier of scherm.",
        "Rows that are <5 throughout stand in the files, and not on paper or screen.",
    ),
)
#: And what only some programmes must say.
NOTES_OF = {
    CONVERSION: (
        Words(
            "Iemand kan meer dan één vervolgstap hebben; de stappen tellen dan niet op. Wie kort"
            " geleden een aanbod kreeg, had minder tijd voor een volgende stap.",
            "Somebody may have taken more than one step; steps then do not add up. Who was offered"
            " it recently had less time for a next step.",
        ),
        Words(
            "Mediaan en P90 zijn uit de afgeronde klassen geschat, en alleen vanaf 50 personen.",
            "Median and P90 are estimated from the rounded classes, and only from 50 persons on.",
        ),
    ),
}
OF_FORMS = (
    Words(
        "Iemand kan onder meer dan één vorm van uitbuiting vallen; de vormen tellen dan niet op.",
        "Somebody may stand under more than one form of exploitation; forms then do not add up.",
    ),
)


def document(
    release: Release, programme: Programme, values: Mapping[Cell, int], language: Language
) -> SpokenDocument:
    """The release in one language, for a page."""
    return bilingual(release, programme, values).in_language(language)


def bilingual(
    release: Release, programme: Programme, values: Mapping[Cell, int]
) -> ReleaseDocument:
    counted = release.snapshot_at
    return ReleaseDocument(
        reference=f"baken-{release.programme_id}-{release.period_from.isoformat()}",
        programme=programme,
        first_day=release.period_from,
        last_day=release.last_day,
        counted_on=timezone.localtime(counted).date() if counted else release.period_to,
        values=values,
        notes=(*NOTES, *NOTES_OF.get(release.programme_id, OF_FORMS)),
    )


@dataclass(frozen=True, slots=True)
class Stage:
    """How many of those of one ground came to a step, their share, and after how many days."""

    ground: str
    label: str
    number: str
    share: str
    median: str
    p90: str


@dataclass(frozen=True, slots=True)
class Funnel:
    """What followed on an offer, as a picture of all and as a table by ground."""

    svg: str
    stages: tuple[Stage, ...]


def funnel(values: Mapping[Cell, int], language: Language) -> Funnel:
    """The steps from offer to continued stay, from protected counts alone."""
    offered = Words("bedenktijd aangeboden", "reflection period offered").in_language(language)
    all_of_them = Words("Alle gronden", "All grounds").in_language(language)
    title = Words("Van aanbod naar verblijf", "From offer to residence").in_language(language)
    grounds: list[tuple[dict[str, str], str]] = [({}, all_of_them)]
    grounds += [
        ({GROUND: code}, label.in_language(language)) for code, label in answers(OfferGround)
    ]
    stages = []
    for place, ground in grounds:
        whole = values[Cell.of("offers", place)]
        stages.append(Stage(ground, offered, shown(whole, language), "", "", ""))
        for code, label in STEPS:
            number = values[Cell.of("offers", {**place, STEP: code})]
            days = {
                band: values[Cell.of("offers", {**place, days_to(code): band})]
                for band in (*(f"d{last}" for last in LAST_DAYS), BEYOND)
            }
            beyond = days.pop(BEYOND)
            bands = list(zip(LAST_DAYS, days.values(), strict=True))
            stages.append(
                Stage(
                    ground,
                    label.in_language(language),
                    shown(number, language),
                    shown_percentage(number, whole, language),
                    shown_quantile(bands, beyond, MEDIAN),
                    shown_quantile(bands, beyond, P90),
                )
            )
    bars = [Bar(offered, values[Cell.of("offers", {})])] + [
        Bar(label.in_language(language), values[Cell.of("offers", {STEP: code})])
        for code, label in STEPS
    ]
    described = ", ".join(f"{bar.label} {shown(bar.count, language)}" for bar in bars)
    # A chart escapes its words itself.
    svg = mark_safe(bar_chart("funnel", title, described, bars, language))  # noqa: S308
    return Funnel(svg, tuple(stages))


def render_release(
    release: Release, programme: Programme, values: Mapping[Cell, int]
) -> list[ExportFile]:
    """Every file of a release, in both languages; the same figures give the same bytes."""
    return render(bilingual(release, programme, values), fonts=fonts())


def fonts() -> Path | None:
    """The folder of the house's typeface; None when it is not installed."""
    found = finders.find(TYPEFACE)
    return Path(found).parent if isinstance(found, str) else None


def manifest(values: Mapping[Cell, int], files: Sequence[ExportFile]) -> str:
    """SHA-256 over every figure and every file: what the seal stands for."""
    content = {
        "cells": {cell.code: value for cell, value in values.items()},
        "files": {file.name: sha256(file.content).hexdigest() for file in files},
    }
    return sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
