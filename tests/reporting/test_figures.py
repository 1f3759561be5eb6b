from decimal import Decimal

import pytest

from reporting.figures import percentage, rate, shown, shown_percentage


@pytest.mark.parametrize(
    ("count", "language", "text"),
    [(0, "nl", "<5"), (5, "nl", "5"), (1045, "nl", "1.045"), (1045, "en", "1,045")],
)
def test_a_count_is_shown_in_the_reader_s_way(count, language, text):
    assert shown(count, language) == text


@pytest.mark.parametrize(
    ("part", "whole", "share"),
    [
        (25, 50, Decimal(50)),
        (25, 45, None),
        (0, 0, None),
        (5, 80, Decimal(6)),
        (10, 80, Decimal(13)),
    ],
)
def test_a_percentage_needs_fifty_people_beneath_it(part, whole, share):
    assert percentage(part, whole) == share


def test_a_percentage_is_written_in_the_reader_s_way_or_withheld():
    assert shown_percentage(25, 50, "nl") == "50 %"
    assert shown_percentage(25, 50, "en") == "50%"
    assert shown_percentage(25, 45, "nl") == "."


def test_a_rate_is_per_hundred_thousand_inhabitants():
    assert rate(870, 17_900_000) == Decimal("4.9")
    assert rate(45, 17_900_000) is None
