from xml.etree import ElementTree as ET

import pytest

from reporting.tilemap import (
    FILLS,
    GRIDS,
    PROVINCES,
    SAFETY_REGIONS,
    SHORT,
    TEXTS,
    colour_class,
    tile_map,
)

SVG = "{http://www.w3.org/2000/svg}"
NAMES = {code: f"Regio {code}" for code in SHORT}


def luminance(colour):
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(("fill", "text"), list(zip(FILLS, TEXTS, strict=True)))
def test_every_tile_can_be_read(fill, text):
    light, dark = sorted((luminance(fill), luminance(text)), reverse=True)

    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_every_region_has_a_tile_and_no_two_share_one():
    assert len(PROVINCES) == 12
    assert len(SAFETY_REGIONS) == 25
    for grid in GRIDS.values():
        assert len(set(grid.values())) == len(grid)
        assert len({SHORT[code] for code in grid}) == len(grid)


@pytest.mark.parametrize(
    ("count", "expected"), [(0, 0), (5, 1), (20, 1), (25, 2), (50, 3), (95, 3), (100, 4), (900, 4)]
)
def test_a_colour_stands_for_a_fixed_range(count, expected):
    assert colour_class(count) == expected


def test_every_tile_says_its_name_and_value():
    svg = tile_map("safety_regions", {"VR09": 1045, "VR01": 0}, NAMES, "Kaart", "nl", own="VR09")
    root = ET.fromstring(svg)  # noqa: S314
    titles = [tile.find(f"{SVG}title").text for tile in root.iter(f"{SVG}g")]

    assert len(titles) == 25
    assert {"Regio VR09: 1.045", "Regio VR01: <5", "Regio VR02: geen cijfer"} <= set(titles)
    assert root.find(f"{SVG}title").text == "Kaart"
    assert root.get("aria-labelledby") == root.find(f"{SVG}title").get("id")
    framed = [r for r in root.iter(f"{SVG}rect") if r.get("stroke")]
    assert len(framed) == 1
    assert not any("style" in element.attrib for element in root.iter())


def test_the_map_of_provinces_is_drawn_the_same_each_time():
    counts = dict.fromkeys(PROVINCES, 25)

    first = tile_map("provinces", counts, NAMES, "Map", "en")

    assert first == tile_map("provinces", counts, NAMES, "Map", "en")
    assert first.count("<rect") == 12
