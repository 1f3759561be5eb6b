"""How a protected count is shown, and what may be computed from it."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import ceil

from reporting.tables import Language

LEAST_DENOMINATOR = 50
# A published 0 stands for 0 to 4, so it is shown as what it means.
FEW = "<5"


def shown(count: int, language: Language) -> str:
    """Return a protected count (a multiple of five) as text: "<5", "1.045" in nl, "1,045" in en."""
    if count == 0:
        return FEW
    return f"{count:,}".replace(",", "." if language == "nl" else ",")


def percentage(part: int, whole: int) -> Decimal | None:
    """Return 100 × part / whole with no decimals, or None when the whole is below 50.

    Both are protected counts: a percentage never touches a true count. Whole per cents, because
    each count is up to four off. Source: statistics offices show none on a small base.
    """
    if whole < LEAST_DENOMINATOR:
        return None
    return (Decimal(100 * part) / Decimal(whole)).quantize(Decimal(1), ROUND_HALF_UP)


def rate(count: int, population: int) -> Decimal | None:
    """Return protected count per 100,000 inhabitants, one decimal (SDG 16.2.2); None below 50.

    `population` is a public number of people (> 0).
    """
    if count < LEAST_DENOMINATOR:
        return None
    return (Decimal(100_000 * count) / Decimal(population)).quantize(Decimal("0.1"), ROUND_HALF_UP)


def shown_percentage(part: int, whole: int, language: Language) -> str:
    """Return the percentage as text, "38%" or "38 %" by language, or "." when it is withheld."""
    value = percentage(part, whole)
    if value is None:
        return "."
    return f"{value} %" if language == "nl" else f"{value}%"


def quantile(bands: Sequence[tuple[int, int]], beyond: int, share: Fraction) -> int | None:
    """Return the day by which this share of all was there; None when it lies beyond the bands.

    `bands` are the last day and the protected count of each class, from day 0 on, in order;
    `beyond` is how many came later. Within a class days are taken to be spread evenly. Raises
    ValueError below 50: the days of few people would tell of each of them.
    """
    whole = beyond + sum(count for _last, count in bands)
    if whole < LEAST_DENOMINATOR:
        raise ValueError(whole)
    wanted, passed, first = share * whole, 0, 0
    for last, count in bands:
        if count and passed + count >= wanted:
            return first + ceil((wanted - passed) / count * (last - first))
        passed, first = passed + count, last
    return None


def shown_quantile(bands: Sequence[tuple[int, int]], beyond: int, share: Fraction) -> str:
    """Return the day as text, ">1095" beyond the bands, or "." when it is withheld."""
    try:
        day = quantile(bands, beyond, share)
    except ValueError:
        return "."
    return f">{bands[-1][0]}" if day is None else str(day)
