"""Bar charts of protected counts as SVG, made on the server; the table always stands beside them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import vl_convert

from reporting.figures import shown
from reporting.tables import Language, Words

# The blue of the house, its ink and its line: presentation attributes, so no style needs a licence
# from the content security policy.
BLUE, INK, LINE = "#173f6b", "#1c2733", "#ddd6c8"
# Labels stand above their bars, so that a chart is as wide as a phone and no word is cut.
WIDTH, ROW, FONT_SIZE, BELOW = 250, 44, 15, 10
VEGA_LITE = "5.21"
COUNT = Words("aantal", "number")
THOUSANDS = Words("replace(format(datum.value, ',d'), ',', '.')", "format(datum.value, ',d')")


@dataclass(frozen=True)
class Bar:
    """One bar: its label in one language, and its protected count."""

    label: str
    count: int


def bar_chart(
    name: str, title: str, description: str, bars: Sequence[Bar], language: Language
) -> str:
    """Draw horizontal bars with their values as an SVG document; the same input, the same bytes.

    `name` makes the ids of title and description unique on a page; `bars` are drawn in their
    order, counts being multiples of five (0 is written "<5"). Returns SVG text without style
    attributes or scripts. Source of the drawing: Vega-Lite through vl-convert.
    """
    svg: str = vl_convert.vegalite_to_svg(_specification(bars, language), vl_version=VEGA_LITE)
    return _named(svg, name, title, description)


def _specification(bars: Sequence[Bar], language: Language) -> dict[str, Any]:
    values = [
        {"row": number, "label": bar.label, "count": bar.count, "shown": shown(bar.count, language)}
        for number, bar in enumerate(bars)
    ]
    # The rows are numbers, so that equal labels stay apart.
    row = {"field": "row", "type": "ordinal", "axis": None}
    # A chart without anybody still shows where zero is.
    scale = {"domainMax": max([10, *(bar.count for bar in bars)]), "nice": True}
    length = {
        "field": "count",
        "type": "quantitative",
        "scale": scale,
        "axis": {
            "title": COUNT.in_language(language),
            "tickCount": 4,
            "labelExpr": THOUSANDS.in_language(language),
        },
    }
    beside = {"type": "text", "align": "left", "dx": 5, "dy": BELOW, "color": INK}
    above = {"type": "text", "align": "left", "baseline": "bottom", "dy": -3, "color": INK}
    return {
        "width": WIDTH,
        "height": {"step": ROW},
        "data": {"values": values},
        "encoding": {"y": row},
        "layer": [
            {
                "mark": {"type": "bar", "color": BLUE, "size": 16, "yOffset": BELOW},
                "encoding": {"x": length},
            },
            {"mark": beside, "encoding": {"x": length, "text": {"field": "shown"}}},
            {"mark": above, "encoding": {"x": {"value": 0}, "text": {"field": "label"}}},
        ],
        "config": _look(),
    }


def _look() -> dict[str, Any]:
    return {
        "aria": False,
        "background": None,
        # The reader's machine may set the labels in a wider typeface than the drawing's.
        "padding": {"left": 4, "right": 16, "top": 4, "bottom": 4},
        "font": "Fira Sans, Liberation Sans, Arial, sans-serif",
        "view": {"stroke": None},
        "text": {"fontSize": FONT_SIZE},
        "axis": {
            "labelFontSize": FONT_SIZE,
            "titleFontSize": FONT_SIZE,
            "labelColor": INK,
            "titleColor": INK,
            "titleFontWeight": "normal",
            "gridColor": LINE,
            "domain": False,
            "ticks": False,
            "labelPadding": 6,
        },
        "axisY": {"grid": False},
    }


def _named(svg: str, name: str, title: str, description: str) -> str:
    """Give the picture a name and a description that a screen reader says."""
    start, body = svg.split(">", 1)
    # The parts inside have roles without names: the picture is one thing, with one name.
    body = re.sub(r' (role|aria-roledescription)="[^"]*"', "", body)
    named = f'{start} role="img" aria-labelledby="{name}-title {name}-description">'
    texts = (
        f'<title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-description">{escape(description)}</desc>'
    )
    return named + texts + body
