"""The release as a tagged PDF (PDF/UA-1), for reading, printing and archives."""

from base64 import b64encode
from functools import cache
from pathlib import Path
from typing import Any

from django.template import Context, Engine

from referral.lib.pdf import pdf_of_html
from reporting.charts import Bar, bar_chart
from reporting.exports import words
from reporting.exports.document import Grid, ReleaseDocument, SpokenDocument
from reporting.figures import shown
from reporting.tables import Language

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"

TEMPLATE, STYLE = "reporting/release_pdf.html", "reporting/release_pdf.css"
WEIGHTS = (400, 600)
# A chart of more bars is a table drawn badly.
MOST_BARS = 14
# Wider tables lie on their side.
MOST_UPRIGHT = 8
# Shorter tables stay on one page.
MOST_TOGETHER = 16


def pdf_of(document: ReleaseDocument, language: Language, *, fonts: Path | None = None) -> bytes:
    """Return a tagged PDF (PDF/UA-1) in "nl" or "en", the same bytes for the same release.

    `fonts` is the folder with fira-sans-latin-400-normal.woff2 and -600-; without it the system's
    sans-serif is used, and another machine may write other bytes. Charts stand beside short
    tables of one axis, with their title as alternative text. FetchRefused when the template asks
    for anything outside.
    """
    return pdf_of_html(
        _html(document.in_language(language)), style=_style(fonts), identifier=document.reference
    )


@cache
def _style(fonts: Path | None) -> str:
    """The style with its fonts in it."""
    return (TEMPLATES / STYLE).read_text() + _font_faces(fonts)


def _font_faces(fonts: Path | None) -> str:
    if fonts is None:
        return ""
    faces = []
    for weight in WEIGHTS:
        face = (fonts / f"fira-sans-latin-{weight}-normal.woff2").read_bytes()
        faces.append(
            f'@font-face {{ font-family: "Fira Sans"; font-weight: {weight}; '
            f'src: url("{_address("font/woff2", face)}") format("woff2"); }}'
        )
    return "\n".join(faces)


def _html(spoken: SpokenDocument) -> str:
    """Fill the template with texts only: every number is written before it gets there."""
    language = spoken.language
    named = {
        "notes": words.NOTES,
        "definitions": words.DEFINITIONS,
        "reconciliation": words.RECONCILIATION,
        "contents": words.CONTENTS,
        "period": words.PERIOD,
        "counted_on": words.COUNTED_ON,
        "reference": words.REFERENCE,
        "unit": words.UNIT,
        "share": words.SHARE,
    }
    context = {
        "document": spoken,
        "words": {name: text.in_language(language) for name, text in named.items()},
        "tables": [_table(grid, language) for grid in spoken.grids],
    }
    # An engine of its own: the words are chosen already, and no setting may change them.
    engine = Engine(dirs=[str(TEMPLATES)])
    return engine.get_template(TEMPLATE).render(Context(context, use_l10n=False, use_tz=False))


def _table(grid: Grid, language: Language) -> dict[str, Any]:
    alternative = f"{words.CHART_OF.in_language(language)} {grid.code}: {grid.title}"
    rows = [(row, [shown(count, language) for count in row.counts]) for row in grid.telling_rows()]
    chart = _chart(grid, alternative, language)
    return {
        "grid": grid,
        "rows": rows,
        "chart": chart,
        "alternative": alternative,
        "shape": "wide" if len(grid.labels) + len(grid.columns) > MOST_UPRIGHT else "upright",
        "length": "short" if len(rows) <= MOST_TOGETHER else "long",
    }


def _chart(grid: Grid, alternative: str, language: Language) -> str:
    """Return the chart of a short table of one axis as a data address, else ""."""
    bars = [Bar(row.labels[0], row.counts[0]) for row in grid.rows if not row.is_total]
    if len(grid.labels) > 1 or len(grid.columns) > 1 or not 1 < len(bars) <= MOST_BARS:
        return ""
    svg = bar_chart(grid.code, grid.title, alternative, bars, language)
    return _address("image/svg+xml", svg.encode())


def _address(media_type: str, content: bytes) -> str:
    return f"data:{media_type};base64,{b64encode(content).decode()}"
