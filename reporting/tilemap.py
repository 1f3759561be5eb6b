"""A map of equal tiles: every region is as large as it is readable, not as it is in acres.

The places of the tiles were laid out by hand on the map of the Netherlands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from reporting.figures import shown
from reporting.tables import Language

#: Code → column, row.
SAFETY_REGIONS: dict[str, tuple[int, int]] = {
    "VR01": (4, 0), "VR02": (3, 0), "VR03": (4, 1), "VR04": (3, 1), "VR05": (4, 2),
    "VR06": (3, 2), "VR07": (3, 3), "VR08": (3, 4), "VR09": (2, 4), "VR10": (1, 1),
    "VR11": (1, 2), "VR12": (0, 2), "VR13": (1, 3), "VR14": (2, 3), "VR15": (0, 4),
    "VR16": (0, 3), "VR17": (1, 4), "VR18": (1, 5), "VR19": (0, 6), "VR20": (2, 5),
    "VR21": (3, 5), "VR22": (3, 6), "VR23": (4, 5), "VR24": (4, 6), "VR25": (2, 2),
}  # fmt: skip
PROVINCES: dict[str, tuple[int, int]] = {
    "PV20": (2, 0), "PV21": (1, 0), "PV22": (2, 1), "PV23": (2, 2), "PV24": (1, 1),
    "PV25": (2, 3), "PV26": (1, 2), "PV27": (0, 1), "PV28": (0, 2), "PV29": (0, 3),
    "PV30": (1, 3), "PV31": (2, 4),
}  # fmt: skip
SIZE, GAP = 64, 4
CLASSES = 5


@dataclass(frozen=True, slots=True)
class Tile:
    """One region on the map."""

    code: str
    name: str
    count: int
    own: bool = False


def tile_map(
    title: str, tiles: Mapping[str, Tile], places: Mapping[str, tuple[int, int]], lang: Language
) -> SafeString:
    """An SVG with a tile for each place; darker is more, and the count stands in the tile.

    `tiles` maps a region's code to its tile; classes `tile-0` … `tile-4` colour it in the style
    sheet. A table beside it says the same.
    """
    most = max((tile.count for tile in tiles.values()), default=0)
    drawn = [
        (*places[code], tiles[code], shade(tiles[code].count, most))
        for code in sorted(places)
        if code in tiles
    ]
    step = SIZE + GAP
    width = step * (1 + max(column for column, _ in places.values()))
    height = step * (1 + max(row for _, row in places.values()))
    body = format_html_join(
        "",
        '<g class="{}"><title>{}: {}</title><rect x="{}" y="{}" width="{}" height="{}" rx="4"/>'
        '<text x="{}" y="{}" text-anchor="middle">{}</text>'
        '<text x="{}" y="{}" text-anchor="middle" class="tile-count">{}</text></g>',
        (
            (
                f"tile tile-{level}{' tile-own' if tile.own else ''}",
                tile.name,
                shown(tile.count, lang),
                column * step,
                row * step,
                SIZE,
                SIZE,
                column * step + SIZE // 2,
                row * step + 26,
                tile.code,
                column * step + SIZE // 2,
                row * step + 48,
                shown(tile.count, lang),
            )
            for column, row, tile, level in drawn
        ),
    )
    return format_html(
        '<svg class="tile-map" role="img" aria-label="{}" viewBox="0 0 {} {}"'
        ' xmlns="http://www.w3.org/2000/svg">{}</svg>',
        title,
        width,
        height,
        body,
    )


def shade(count: int, most: int) -> int:
    """A class from 0 (few) to 4 (most), in equal steps."""
    if most == 0 or count == 0:
        return 0
    return min(CLASSES - 1, 1 + (CLASSES - 2) * count // most)
