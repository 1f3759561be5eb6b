"""Made-up people, and the same people as others write them down: with the mistakes people make.

Names are put together from syllables by dice; who finds a known name in them finds chance.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from referral.persons.rules import IdentityFacts

BEGINNINGS = [
    "ma",
    "mo",
    "ka",
    "sa",
    "da",
    "to",
    "li",
    "ro",
    "ji",
    "fe",
    "ha",
    "ni",
    "ba",
    "yo",
    "chi",
    "am",
    "sza",
    "gri",
    "el",
    "o",
    "wa",
    "khu",
    "ste",
    "vla",
    "ndi",
]
MIDDLES = [
    "ri",
    "ha",
    "la",
    "do",
    "mi",
    "ne",
    "va",
    "ki",
    "su",
    "zo",
    "ru",
    "te",
    "ja",
    "na",
    "we",
    "ci",
    "gu",
    "sha",
    "le",
    "bo",
]
GIVEN_ENDS = ["a", "na", "mir", "ia", "ko", "m", "n", "ra", "d", "la", "el", "us", "i", "en", "y"]
FAMILY_ENDS = [
    "ska",
    "wicz",
    "escu",
    "ova",
    "ić",
    "mann",
    "nen",
    "oğlu",
    "ián",
    "sen",
    "li",
    "ez",
    "man",
    "ko",
    "yan",
    "dze",
    "man",
    "bi",
    "gue",
    "mba",
]
ACCENTS = dict(zip("aeioucszyn", "áéíóúčšžýñ", strict=True))
CYRILLIC = dict(zip("abvgdeziklmnoprstufy", "абвгдезиклмнопрстуфы", strict=True))
SPELLINGS = [
    ("kh", "ch"), ("sz", "sh"), ("sh", "sj"), ("y", "j"), ("ou", "u"), ("u", "oe"), ("w", "v"),
    ("k", "c"), ("ia", "ya"), ("ck", "k"), ("ph", "f"), ("ch", "tsj"), ("z", "s"), ("i", "ie"),
]  # fmt: skip
NEXT_TO = {"a": "s", "e": "r", "i": "o", "o": "p", "n": "m", "m": "n", "s": "d", "r": "t", "t": "y"}


@dataclass(frozen=True)
class Query:
    """How somebody asks for a person of the crowd: `known` is the place of the one meant."""

    facts: IdentityFacts
    known: int
    mistake: str


def crowd(size: int, *, seed: int = 1) -> list[IdentityFacts]:
    """So many people: few first names for many, many family names, birth dates of 50 years."""
    dice = random.Random(seed)
    given = [_word(dice, GIVEN_ENDS) for _ in range(400)]
    family = [_word(dice, FAMILY_ENDS) for _ in range(max(500, size // 4))]
    popular = [1 / (rank + 10) for rank in range(len(given))]
    return [
        IdentityFacts(
            given_names=" ".join(dice.choices(given, popular, k=1 + (dice.random() < 0.2))),
            family_name=dice.choice(family) if dice.random() > 0.03 else "",
            birth_date=(date(1960, 1, 1) + timedelta(days=dice.randrange(50 * 365))).isoformat(),
            birth_precision="exact",
            phone=f"+4700{number:08}" if dice.random() < 0.5 else "",
        )
        for number in range(size)
    ]


def queries(people: list[IdentityFacts], count: int, *, seed: int = 2) -> Iterator[Query]:
    """The mistakes in turn, each on somebody drawn from the crowd."""
    dice = random.Random(seed)
    kinds = list(MISTAKES)
    for turn in range(count):
        known = dice.randrange(len(people))
        mistake = kinds[turn % len(kinds)]
        asked = replace(people[known], phone="")
        for make in MISTAKES[mistake]:
            asked = make(asked, dice)
        yield Query(asked, known, mistake)


def _word(dice: random.Random, ends: list[str]) -> str:
    middle = "".join(dice.choices(MIDDLES, k=dice.randint(1, 2)))
    return (dice.choice(BEGINNINGS) + middle + dice.choice(ends)).capitalize()


# --- Mistakes ---------------------------------------------------------------------------------
Mistake = Callable[[IdentityFacts, random.Random], IdentityFacts]


def _in_name(change: Callable[[str, random.Random], str], *fields: str) -> Mistake:
    def make(facts: IdentityFacts, dice: random.Random) -> IdentityFacts:
        asked = fields or (dice.choice(["given_names", "family_name"]),)
        return replace(facts, **{field: change(getattr(facts, field), dice) for field in asked})  # type: ignore[arg-type]

    return make


def _typo(text: str, dice: random.Random) -> str:
    if len(text) < 4:
        return text
    place = dice.randrange(1, len(text) - 1)
    before, letter, after = text[:place], text[place], text[place + 1 :]
    return dice.choice(
        [
            before + after,
            before + NEXT_TO.get(letter, "e") + after,
            before + letter + letter + after,
            before + after[0] + letter + after[1:],
        ]
    )


def _spelled(text: str, dice: random.Random) -> str:
    for one, other in dice.sample(SPELLINGS, 5):
        text = text.replace(one, other) if one in text else text.replace(other, one)
    return text


def _in_cyrillic(text: str, _dice: random.Random) -> str:
    return "".join(CYRILLIC.get(letter, letter) for letter in text.lower())


def _accented(text: str, _dice: random.Random) -> str:
    return "".join(ACCENTS.get(letter, letter) for letter in text)


def _swapped_names(facts: IdentityFacts, _dice: random.Random) -> IdentityFacts:
    return replace(facts, given_names=facts.family_name, family_name=facts.given_names)


def _partial(facts: IdentityFacts, dice: random.Random) -> IdentityFacts:
    if not facts.family_name or dice.random() < 0.5:
        return replace(facts, given_names=facts.given_names.split(" ")[0])
    return replace(facts, **{dice.choice(["given_names", "family_name"]): ""})  # type: ignore[arg-type]


def _swapped_day(facts: IdentityFacts, _dice: random.Random) -> IdentityFacts:
    year, month, day = facts.birth_date.split("-")
    return replace(facts, birth_date=f"{year}-{day}-{month}") if int(day) <= 12 else facts


def _year_off(facts: IdentityFacts, dice: random.Random) -> IdentityFacts:
    year = int(facts.birth_date[:4]) + dice.choice([-1, 1])
    shifted = f"{year}{facts.birth_date[4:]}"
    return facts if shifted.endswith("-02-29") else replace(facts, birth_date=shifted)


def _day_off(facts: IdentityFacts, dice: random.Random) -> IdentityFacts:
    return replace(facts, birth_date=f"{facts.birth_date[:8]}{dice.randint(1, 28):02}")


def _year_only(facts: IdentityFacts, _dice: random.Random) -> IdentityFacts:
    return replace(facts, birth_date=facts.birth_date[:4], birth_precision="year")


def _undated(facts: IdentityFacts, _dice: random.Random) -> IdentityFacts:
    return replace(facts, birth_date="", birth_precision="")


def _estimate(facts: IdentityFacts, dice: random.Random) -> IdentityFacts:
    first = facts.birth_years.start - dice.randint(0, 4)
    return replace(
        facts, birth_date=str(first), birth_precision="estimated", birth_until=str(first + 4)
    )


_typed, _both = _in_name(_typo), _in_name(_typo, "given_names", "family_name")
MISTAKES: dict[str, tuple[Mistake, ...]] = {
    "none": (),
    "typo": (_typed,),
    "typo in both names": (_both,),
    "spelled by another language": (_in_name(_spelled, "given_names", "family_name"),),
    "in Cyrillic": (_in_name(_in_cyrillic, "given_names", "family_name"),),
    "accents": (_in_name(_accented, "given_names", "family_name"),),
    "names swapped": (_swapped_names,),
    "names swapped and typo": (_swapped_names, _typed),
    "part of the name": (_partial,),
    "day and month swapped": (_swapped_day,),
    "day and month swapped, and typo": (_swapped_day, _typed),
    "a year off": (_year_off,),
    "a year off, and typo": (_year_off, _typed),
    "another day": (_day_off,),
    "another day, and typo": (_day_off, _typed),
    "year only": (_year_only,),
    "year only, and typo": (_year_only, _typed),
    "estimated": (_estimate,),
    "no birth date": (_undated,),
    "no birth date, and typo": (_undated, _typed),
}
