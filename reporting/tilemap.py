"""A map of the Netherlands in tiles of one size, so that no big region drowns a small one."""

from collections.abc import Mapping
from html import escape
from typing import Literal

from reporting.figures import shown
from reporting.tables import Language, Words

Grid = Mapping[str, tuple[int, int]]
Area = Literal["provinces", "safety_regions"]

# Column and row of each tile, made by hand after the map: rough places, true neighbours where a
# grid allows it. Codes and names: Statistics Netherlands, regions on 1 January 2026.
PROVINCES: Grid = {
    "PV20": (2, 0), "PV21": (1, 0), "PV22": (2, 1), "PV23": (2, 2), "PV24": (1, 1), "PV25": (2, 3),
    "PV26": (1, 2), "PV27": (0, 1), "PV28": (0, 2), "PV29": (0, 3), "PV30": (1, 3), "PV31": (2, 4),
}  # fmt: skip
SAFETY_REGIONS: Grid = {
    "VR01": (4, 0), "VR02": (3, 0), "VR03": (4, 1), "VR04": (3, 1), "VR05": (4, 2), "VR06": (3, 2),
    "VR07": (3, 3), "VR08": (3, 4), "VR09": (2, 4), "VR10": (1, 1), "VR11": (1, 2), "VR12": (0, 2),
    "VR13": (1, 3), "VR14": (2, 3), "VR15": (0, 4), "VR16": (0, 3), "VR17": (1, 4), "VR18": (1, 5),
    "VR19": (0, 6), "VR20": (2, 5), "VR21": (3, 5), "VR22": (3, 6), "VR23": (4, 5), "VR24": (4, 6),
    "VR25": (2, 2),
}  # fmt: skip
GRIDS: dict[Area, Grid] = {"provinces": PROVINCES, "safety_regions": SAFETY_REGIONS}

# Three letters that a reader of the country recognises; the table beside the map has the names.
SHORT = {
    "PV20": "GR", "PV21": "FR", "PV22": "DR", "PV23": "OV", "PV24": "FL", "PV25": "GE",
    "PV26": "UT", "PV27": "NH", "PV28": "ZH", "PV29": "ZE", "PV30": "NB", "PV31": "LI",
    "VR01": "GRO", "VR02": "FRY", "VR03": "DRE", "VR04": "IJS", "VR05": "TWE", "VR06": "NOG",
    "VR07": "GMI", "VR08": "GZU", "VR09": "UTR", "VR10": "NHN", "VR11": "ZWA", "VR12": "KEN",
    "VR13": "AMS", "VR14": "GOO", "VR15": "HAA", "VR16": "HOM", "VR17": "RRD", "VR18": "ZHZ",
    "VR19": "ZEE", "VR20": "MWB", "VR21": "BRN", "VR22": "BRZ", "VR23": "LIN", "VR24": "ZLI",
    "VR25": "FLE",
}  # fmt: skip

# Light to dark; each has a contrast of at least 4.5 with its own text (WCAG 1.4.3).
STEPS = (5, 25, 50, 100)
FILLS = ("#f2eee5", "#d6e4f2", "#9dbfe0", "#3d6ea5", "#173f6b")
TEXTS = ("#1c2733", "#1c2733", "#1c2733", "#ffffff", "#ffffff")
TILE, GAP = 72, 6
UNKNOWN = Words("geen cijfer", "no figure")


def colour_class(count: int) -> int:
    """Return 0 to 4 for a protected count: below 5, 5–24, 25–49, 50–99, 100 and more."""
    return sum(count >= step for step in STEPS)


def tile_map(
    area: Area,
    counts: Mapping[str, int],
    names: Mapping[str, str],
    title: str,
    language: Language,
    *,
    own: str = "",
) -> str:
    """Draw a tile for every region as an SVG document; the same input, the same bytes.

    `counts` maps region codes to protected counts, a missing one is drawn without figure;
    `names` maps codes to names in the language; `own` is the region to mark with a frame.
    Returns SVG text without style attributes; every tile says its name and value. KeyError when a
    region has no name.
    """
    grid = GRIDS[area]
    width = (max(column for column, _ in grid.values()) + 1) * (TILE + GAP) + GAP
    height = (max(row for _, row in grid.values()) + 1) * (TILE + GAP) + GAP
    tiles = [
        _tile(code, place, counts.get(code), names[code], language, framed=code == own)
        for code, place in grid.items()
    ]
    identity = f"map-{area}-title"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="tilemap" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img" aria-labelledby="{identity}" '
        'font-family="Fira Sans, Liberation Sans, Arial, sans-serif" text-anchor="middle">'
        f'<title id="{identity}">{escape(title)}</title>{"".join(tiles)}</svg>'
    )


def _tile(
    code: str,
    place: tuple[int, int],
    count: int | None,
    name: str,
    language: Language,
    *,
    framed: bool,
) -> str:
    step = 0 if count is None else colour_class(count)
    words = UNKNOWN.in_language(language) if count is None else shown(count, language)
    x, y = (GAP + at * (TILE + GAP) for at in place)
    figure = "–" if count is None else words
    frame = ' stroke="#f5b335" stroke-width="5"' if framed else ""
    middle = x + TILE // 2
    return (
        f'<g class="tile tile-{step}"><title>{escape(name)}: {escape(words)}</title>'
        f'<rect x="{x}" y="{y}" width="{TILE}" height="{TILE}" rx="6" fill="{FILLS[step]}"{frame}/>'
        f'<text x="{middle}" y="{y + 30}" font-size="17" fill="{TEXTS[step]}">{SHORT[code]}</text>'
        f'<text x="{middle}" y="{y + 54}" font-size="18" font-weight="600" fill="{TEXTS[step]}">'
        f"{escape(figure)}</text></g>"
    )
