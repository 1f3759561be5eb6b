import subprocess
import sys
from xml.etree import ElementTree as ET

from reporting.charts import Bar, bar_chart

SVG = "{http://www.w3.org/2000/svg}"
BARS = [Bar("Seksuele uitbuiting", 1380), Bar("Foto's \\ <overig>", 125), Bar("Onbekend", 0)]


def drawn(language="nl"):
    return bar_chart("t02", "Naar vorm & jaar", "Het meest: <seksueel>", BARS, language)


def texts(svg):
    return {element.text for element in ET.fromstring(svg).iter(f"{SVG}text")}  # noqa: S314


def test_every_label_and_protected_value_is_in_the_picture():
    assert {"Seksuele uitbuiting", "1.380", "125", "<5", "1.000", "aantal"} <= texts(drawn())
    assert {"1,380", "1,000", "number"} <= texts(drawn("en"))


def test_two_rows_with_one_label_stay_two_rows():
    svg = bar_chart("x", "t", "d", [Bar("Overig", 5), Bar("Overig", 10)], "nl")

    assert {"5", "10"} <= texts(svg)


def test_the_picture_has_one_name_and_one_description():
    root = ET.fromstring(drawn())  # noqa: S314
    named = {e.get("id"): e.text for e in root if e.tag in {f"{SVG}title", f"{SVG}desc"}}

    assert root.get("role") == "img"
    assert root.get("aria-labelledby").split() == list(named) == ["t02-title", "t02-description"]
    assert list(named.values()) == ["Naar vorm & jaar", "Het meest: <seksueel>"]
    assert [e for e in root.iter() if e.get("role")] == [root]


def test_a_strict_content_security_policy_has_nothing_to_block():
    for element in ET.fromstring(drawn()).iter():  # noqa: S314
        assert element.tag not in {f"{SVG}style", f"{SVG}script", f"{SVG}foreignObject"}
        assert "style" not in element.attrib
        assert not any(name.startswith("on") or name.endswith("href") for name in element.attrib)


def test_a_chart_without_anybody_is_still_a_chart():
    assert "<5" in texts(bar_chart("x", "t", "d", [Bar("A", 0)], "nl"))


def test_another_process_draws_the_same_bytes():
    code = (
        "from reporting.charts import Bar, bar_chart\n"
        f"bars = [Bar(*row) for row in {[(bar.label, bar.count) for bar in BARS]!r}]\n"
        "print(bar_chart('t02', 'Naar vorm & jaar', 'Het meest: <seksueel>', bars, 'nl'), end='')"
    )
    other = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout

    assert other == drawn()


def test_a_long_label_is_not_cut():
    label = "Meer dan één vorm van uitbuiting tegelijk"

    assert label in texts(bar_chart("x", "t", "d", [Bar(label, 5)], "nl"))
