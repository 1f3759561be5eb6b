"""A release as a document: from its rows to the words and figures of every page and file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from django.contrib.staticfiles import finders
from django.utils import timezone

from reporting.exports import ExportFile, ReleaseDocument, SpokenDocument, render
from reporting.models import Release
from reporting.tables import Cell, Language, Programme, Words

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
        notes=NOTES,
    )


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
