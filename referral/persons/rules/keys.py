"""What a person is found by: values that are kept hashed, one kind of them for each mistake."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import permutations, product
from typing import TypeVar

from referral.lib import names
from referral.persons.models import KeyKind
from referral.persons.rules.facts import IdentityFacts

Key = tuple[KeyKind, str]
Known = TypeVar("Known")

#: What is looked for only where no birth date is known.
DATELESS = {KeyKind.SOUNDS, KeyKind.WORD_AND_SOUND}
#: Of an estimate no more years than these are keys, in its middle.
MOST_YEARS = 15
#: So many candidates are compared at most; more hits mean that the question says too little.
MOST_CANDIDATES = 50
#: What a hit on a key promises: a number is nearly proof, an initial nearly nothing.
PROMISE = {
    KeyKind.V_NUMBER: 40,
    KeyKind.BSN: 40,
    KeyKind.PHONE: 30,
    KeyKind.NAME_AND_DATE: 20,
    KeyKind.WORDS_AND_DATE: 20,
    KeyKind.SOUNDS_AND_YEAR: 8,
    KeyKind.SOUNDS_AND_DAY: 8,
    KeyKind.SOUNDS_UNDATED: 8,
    KeyKind.SOUNDS: 8,
    KeyKind.WORD_AND_DATE: 6,
    KeyKind.WORD_AND_YEAR: 4,
    KeyKind.WORD_AND_SOUND: 4,
    KeyKind.INITIAL_AND_DATE: 2,
}


def search_keys(facts: IdentityFacts) -> set[Key]:
    """What is kept, hashed, so that this person can be found again."""
    found = set(_number_keys(facts))
    for name in written_names(facts):
        found |= set(_name_keys(name, [facts.birth_date], _middle(facts.birth_years)))
    return found


def asked_keys(facts: IdentityFacts) -> set[Key]:
    """What is looked for: the same keys, and those of the mistakes that people make.

    Day and month changed places, a birth year one off. Names that changed places need nothing:
    but for the exact name, keys have no order.
    """
    found = set(_number_keys(facts))
    years = facts.birth_years
    near = range(years.start - 1, years.stop + 1) if years else years
    for name in written_names(facts):
        found |= set(_name_keys(name, _dates_near(facts), _middle(near)))
    if years:  # of two dated persons the sound alone says too little
        found = {key for key in found if key[0] not in DATELESS}
        found |= {
            (KeyKind.SOUNDS_UNDATED, value)
            for kind, value in search_keys(facts)
            if kind == KeyKind.SOUNDS
        }
    return found


def most_promising(hits: Mapping[Known, Iterable[KeyKind | str]]) -> list[Known]:
    """Those whom the most telling keys name, at most MOST_CANDIDATES of them."""

    def promise(known: Known) -> int:
        return sum(PROMISE[KeyKind(kind)] for kind in hits[known])

    return sorted(hits, key=promise, reverse=True)[:MOST_CANDIDATES]


def written_names(facts: IdentityFacts) -> Iterator[str]:
    """The name and every other name, each as a whole."""
    if facts.full_name:
        yield facts.full_name
    yield from facts.aliases


def _number_keys(facts: IdentityFacts) -> Iterator[Key]:
    for kind, value in (
        (KeyKind.PHONE, facts.phone),
        (KeyKind.V_NUMBER, facts.v_number),
        (KeyKind.BSN, facts.bsn),
    ):
        if value:
            yield kind, value


def _dates_near(facts: IdentityFacts) -> list[str]:
    """The birth date, with day and month in each other's place, and in the years beside it."""
    born = facts.birth_day
    if born is None:
        return [facts.birth_date]
    days = {(born.month, born.day)}
    if born.day <= 12:
        days.add((born.day, born.month))
    years = (born.year - 1, born.year, born.year + 1)
    return [f"{year:04}-{month:02}-{day:02}" for year, (month, day) in product(years, days)]


def _middle(years: range) -> range:
    spare = max(0, len(years) - MOST_YEARS)
    return years[spare // 2 : len(years) - (spare - spare // 2)]


def _name_keys(name: str, dates: Iterable[str], years: range) -> Iterator[Key]:
    whole = names.words(name)
    if not whole:
        return
    sounds = [names.sound(word) for word in whole]
    heard = " ".join(sorted(sounds))
    yield KeyKind.SOUNDS, heard
    for word, other in permutations(sounds, 2):
        yield KeyKind.WORD_AND_SOUND, f"{word}|{other[:2]}"
    if not years:
        yield KeyKind.SOUNDS_UNDATED, heard
    for year in years:
        yield KeyKind.SOUNDS_AND_YEAR, f"{heard}|{year}"
        for word, other in permutations(sounds, 2) if len(sounds) > 1 else [(heard, "")]:
            yield KeyKind.WORD_AND_YEAR, f"{word}|{other[:1]}|{year}"
    for date in dates:
        if len(date) == 10:
            yield from _dated_keys(whole, sounds, date)


def _dated_keys(whole: list[str], sounds: list[str], date: str) -> Iterator[Key]:
    yield KeyKind.NAME_AND_DATE, f"{' '.join(whole)}|{date}"
    yield KeyKind.WORDS_AND_DATE, f"{' '.join(sorted(whole))}|{date}"
    yield KeyKind.SOUNDS_AND_DAY, f"{' '.join(sorted(sounds))}|{date[5:]}"
    for word in set(sounds):
        yield KeyKind.WORD_AND_DATE, f"{word}|{date}"
    for initial in {word[0] for word in sounds}:
        yield KeyKind.INITIAL_AND_DATE, f"{initial}|{date}"
