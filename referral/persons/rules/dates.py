"""Birth dates as people write them in lists, made ISO: as far as each says, by one clear rule.

The year is the part of four digits. With the year first the order is year, month, day;
otherwise day, month, year, unless the column shows by a day above 12 in the middle, and by none
in front, that it was written month first. A month above 12 can only be the day.
"""

import re
from collections.abc import Iterable
from datetime import date

from referral.persons.models import Precision

#: (birth_date, birth_precision, birth_until), as IdentityFacts keeps them.
Birth = tuple[str, str, str]
NOT_KNOWN: Birth = ("", "", "")
MONTHS = {
    name: number
    for number, spelled in enumerate(
        (
            "jan january januari", "feb february februari", "mar mrt march maart", "apr april",
            "may mei", "jun june juni", "jul july juli", "aug august augustus",
            "sep sept september", "oct okt october oktober", "nov november", "dec december",
        ),
        start=1,
    )
    for name in spelled.split()
}  # fmt: skip
PARTS = re.compile(r"\d+|[a-z]+")
TWO_DIGIT_PIVOT = 30
ESTIMATE = re.compile(r"(\d{4})\s*(?:-|–|/|to|tot|t/m)\s*(\d{4})")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
GUESS = re.compile(r"^(?:ca\.?|circa|about|ongeveer|±|~)\s*|\s*\?$")


def month_comes_first(texts: Iterable[str]) -> bool:
    """Whether a whole column was written as 12/31/1990."""
    pairs = [(int(p[0]), int(p[1])) for p in map(_parts, texts) if len(p) == 3 and _plain(p)]
    return any(second > 12 for _first, second in pairs) and all(one <= 12 for one, _two in pairs)


def read_birth(text: str, *, month_first: bool = False) -> Birth:
    """What a cell says of a birth date. Raises ValueError when it says nothing that can be."""
    text = text.strip().casefold()
    if not text:
        return NOT_KNOWN
    if between := ESTIMATE.fullmatch(text):
        return between[1], Precision.ESTIMATED, between[2]
    bare = GUESS.sub("", text)
    compact = COMPACT.fullmatch(bare)
    parts = list(compact.groups()) if compact else _parts(bare)
    year, month, day = _ordered(parts, month_first=month_first)
    if bare != text and not day:
        return f"{year:04}", Precision.ESTIMATED, ""
    if not month:
        return f"{year:04}", Precision.YEAR, ""
    whole = date(year, month, day or 1).isoformat()
    return (whole, Precision.EXACT, "") if day else (whole[:7], Precision.MONTH, "")


def _parts(text: str) -> list[str]:
    """Numbers and the names of months; the time after a date is left out."""
    found = PARTS.findall(re.split(r"[t\s]\d{1,2}:\d{2}", text.casefold())[0])
    return [str(MONTHS.get(part, part)) if part.isalpha() else part for part in found]


def _plain(parts: list[str]) -> bool:
    """Whether these are three numbers of which the last is the year."""
    return all(part.isdecimal() for part in parts) and len(parts[0]) <= 2 and len(parts[1]) <= 2


def _ordered(parts: list[str], *, month_first: bool) -> tuple[int, int, int]:
    """Year, month and day; nought where it is not known, as 00 says too."""
    if not 1 <= len(parts) <= 3 or not all(part.isdecimal() for part in parts):
        raise ValueError
    if len(parts[0]) != 4:
        parts.reverse()
        if month_first and len(parts) == 3:
            parts = [parts[0], parts[2], parts[1]]
    year, month, day = (*map(int, parts), 0, 0)[:3]
    if len(parts[0]) == 2 and len(parts) == 3:
        year += 2000 if year < TWO_DIGIT_PIVOT else 1900
    if year < 1000:
        raise ValueError
    return (year, day, month) if month > 12 >= day > 0 else (year, month, day)
