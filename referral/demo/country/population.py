"""Presumed victims of one year, made so that their counts are the published ones.

The shape of 2022 is fitted to each year's totals by iterative proportional fitting, made whole
by largest remainders, and only then shuffled: the seed decides who is who, never how many.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from referral.demo.country.figures import (
    ADULT_AGES,
    MINOR_AGES,
    OTHER_FORMS,
    OTHER_REPORTERS,
    SHAPE_2022,
    YEARS,
    PublishedYear,
)

K = TypeVar("K", bound=Hashable)
Cell = tuple[str, str, bool]
ROUNDS = 60


@dataclass(frozen=True, slots=True)
class Presumed:
    """One presumed victim before anybody wrote them down."""

    forms: tuple[str, ...]
    sex: str
    age_group: str
    reporter: str


def whole(shares: Mapping[K, float], total: int) -> dict[K, int]:
    """Whole numbers that add up to `total`, nearest to the shares (largest remainders)."""
    size = sum(shares.values())
    exact = {key: total * share / size for key, share in shares.items()}
    counts = {key: int(value) for key, value in exact.items()}
    by_remainder = sorted(exact, key=lambda key: (counts[key] - exact[key], str(key)))
    for key in by_remainder[: total - sum(counts.values())]:
        counts[key] += 1
    return counts


def fitted(year: PublishedYear) -> dict[Cell, float]:
    """Primary form x sex x minor, with the year's totals on each side."""
    primary, _ = forms_of(year)
    sexes = {
        "female": year.female,
        "male": year.male,
        "unknown": year.total - year.female - year.male,
    }
    ages = {True: year.minors, False: year.total - year.minors}
    cells: dict[Cell, float] = {
        (form, sex, minor): SHAPE_2022.get((form, sex, minor), 0.5)
        for form in primary
        for sex in sexes
        for minor in ages
    }
    for _round in range(ROUNDS):
        for axis, wanted in enumerate((primary, sexes, ages)):
            sums: dict[object, float] = {}
            for cell, value in cells.items():
                sums[cell[axis]] = sums.get(cell[axis], 0) + value
            cells = {
                cell: value * wanted[cell[axis]] / sums[cell[axis]] if sums[cell[axis]] else 0.0  # type: ignore[index]
                for cell, value in cells.items()
            }
    return cells


def forms_of(year: PublishedYear) -> tuple[dict[str, int], dict[str, int]]:
    """Each person's first form, and how many have this one as a second form.

    When the published forms add up to more than the persons, the surplus are people with two;
    when to fewer, the rest is unknown.
    """
    named = {"sexual": year.sexual, "labour": year.labour, "other": year.other}
    surplus = sum(named.values()) - year.total
    if surplus <= 0:
        return {**named, "unknown": -surplus}, {}
    second = whole({"labour": year.labour, "other": year.other}, surplus)
    first = {form: count - second.get(form, 0) for form, count in named.items()}
    return {**first, "unknown": 0}, second


def presumed_victims(year: int, *, scale: float, random: Random) -> list[Presumed]:
    """Everybody of one year, in the order in which they will be met."""
    published = YEARS[year]
    total = max(1, round(published.total * scale))
    cells = whole(fitted(published), total)
    people = [cell for cell, count in sorted(cells.items()) for _ in range(count)]
    random.shuffle(people)

    _, second = forms_of(published)
    seconds = whole({**second, "": published.total - sum(second.values())}, total)
    extra = [form for form, count in sorted(seconds.items()) for _ in range(count)]
    extra.sort(key=lambda form: form == "")
    ages = {
        True: ages_in_order(MINOR_AGES, sum(1 for p in people if p[2]), random),
        False: ages_in_order(ADULT_AGES, sum(1 for p in people if not p[2]), random),
    }
    reporters = spread(published.reporters, total, random)
    return [
        Presumed(
            forms=named_forms(form, extra, random),
            sex=sex,
            age_group=ages[minor].pop(),
            reporter=reporters[place],
        )
        for place, (form, sex, minor) in enumerate(people)
    ]


def ages_in_order(shares: Mapping[str, float], total: int, random: Random) -> list[str]:
    ages = [age for age, count in whole(shares, total).items() for _ in range(count)]
    random.shuffle(ages)
    return ages


def spread(shares: Mapping[str, int], total: int, random: Random) -> list[str]:
    """Reporters, with "other" told apart into the kinds of organisation behind it."""
    counts = whole({kind: float(count) for kind, count in shares.items()}, total)
    others = whole(OTHER_REPORTERS, counts.pop("other", 0))
    for kind, count in others.items():
        counts[kind] = counts.get(kind, 0) + count
    reporters = [kind for kind, count in sorted(counts.items()) for _ in range(count)]
    random.shuffle(reporters)
    return reporters


def named_forms(first: str, extra: list[str], random: Random) -> tuple[str, ...]:
    """The form by its code, and a second one while there are some left that differ."""
    forms = [form_code(first, random)]
    if extra and extra[0] and extra[0] != first:
        forms.append(form_code(extra.pop(0), random))
    return tuple(forms)


def form_code(form: str, random: Random) -> str:
    if form != "other":
        return form
    return random.choices(list(OTHER_FORMS), weights=list(OTHER_FORMS.values()))[0]
