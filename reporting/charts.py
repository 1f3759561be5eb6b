"""Charts of protected figures as SVG that a strict content policy allows: no style, no script."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import vl_convert

from reporting.figures import shown
from reporting.tables import Language

BLUE, GREY = "#154273", "#5b6b7b"
WIDTH, STEP = 420, 30


def bar_chart(title: str, bars: Sequence[tuple[str, int]], language: Language) -> str:
    """Horizontal bars, one a category, with the count beside each: an SVG with title and role.

    `bars` are labels and protected counts. The same input gives the same text.
    """
    return _bar_chart(title, tuple(bars), language)


@lru_cache(maxsize=256)
def _bar_chart(title: str, bars: tuple[tuple[str, int], ...], language: Language) -> str:
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": WIDTH,
        "height": {"step": STEP},
        "data": {
            "values": [
                {"label": label, "count": count, "shown": shown(count, language)}
                for label, count in bars
            ]
        },
        "encoding": {
            "y": {
                "field": "label",
                "type": "nominal",
                "sort": None,
                "axis": {"title": None, "labelLimit": 260, "domain": False, "ticks": False},
            },
            "x": {
                "field": "count",
                "type": "quantitative",
                "axis": None,
                "scale": {"domainMin": 0, "padding": 24},
            },
        },
        "layer": [
            {"mark": {"type": "bar", "color": BLUE, "height": 18}},
            {
                "mark": {"type": "text", "align": "left", "dx": 4, "color": "#1b1b1b"},
                "encoding": {"text": {"field": "shown"}},
            },
        ],
        "config": {
            "view": {"stroke": None},
            "font": "Fira Sans, sans-serif",
            "axis": {"labelFontSize": 14, "labelColor": "#1b1b1b"},
            "text": {"fontSize": 14},
        },
    }
    svg: str = vl_convert.vegalite_to_svg(spec)
    return named(svg, title)


def named(svg: str, title: str) -> str:
    """Give an SVG its accessible name and take out what the page does not need."""
    svg = re.sub(r' style="[^"]*"', "", svg)
    svg = re.sub(r' aria-(?:label|roledescription|hidden)="[^"]*"', "", svg)
    svg = re.sub(r' role="[^"]*"', "", svg)
    safe = title.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    return svg.replace("<svg", f'<svg role="img" aria-label="{safe}"', 1)
