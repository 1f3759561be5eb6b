"""The years of the country, one after the other, all by the rooms' own deeds."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from random import Random

from referral.demo.country import calendar
from referral.demo.country.calendar import Year
from referral.demo.country.care import seed_care
from referral.demo.country.figures import SIGNALS_A_YEAR, YEARS
from referral.demo.country.houses import make_shelters
from referral.demo.country.indications import seed_signals
from referral.demo.country.organisations import Country, make_country
from referral.demo.country.progress import Progress
from referral.demo.country.routes import first_rules
from referral.demo.country.victims import seed_cases, seed_registrations

#: Into how many days a year is gathered when the country is large.
GRAIN_LARGE, LARGE = 12, 0.2
GRAIN_SMALL = 60


@dataclass(frozen=True, slots=True)
class Plan:
    """Which years, how large, from which seed, and which moment is now."""

    years: tuple[Year, ...]
    scale: float
    seed: int
    until: datetime


def work_of(plan: Plan) -> int:
    """How many deeds there will be, about; for the bar."""
    signals = SIGNALS_A_YEAR * plan.scale * len(plan.years) * 2
    persons = sum(YEARS[year.figures].total for year in plan.years) * plan.scale * 4
    return round(signals + persons)


def make_years(plan: Plan, progress: Progress) -> dict[str, int]:
    """Make the country and its years; the same plan makes the same country."""
    progress.start("organisations")
    country = make_country()
    make_shelters(country, scale=plan.scale, at=calendar.moment(plan.years[0].begin))
    first_rules(country, at=calendar.moment(plan.years[0].begin))
    made: Counter[str] = Counter()
    for year in plan.years:
        made.update(make_year(country, year, plan, progress))
    return dict(made)


def make_year(country: Country, year: Year, plan: Plan, progress: Progress) -> dict[str, int]:
    """One year: each part draws from its own numbers, so that one can grow without the others."""
    grain = GRAIN_LARGE if plan.scale >= LARGE else GRAIN_SMALL

    def numbers(part: str) -> Random:
        return Random(f"{plan.seed} {year.begin} {part}")  # noqa: S311 -- made-up people only

    progress.start(f"{year.begin.year}: signals")
    signals = seed_signals(
        country,
        year,
        scale=plan.scale,
        grain=grain,
        random=numbers("signals"),
        until=plan.until,
        tick=progress.tick,
    )
    progress.start(f"{year.begin.year}: registrations")
    registrations = seed_registrations(
        country,
        year,
        scale=plan.scale,
        grain=grain,
        random=numbers("registrations"),
        until=plan.until,
        tick=progress.tick,
    )
    progress.start(f"{year.begin.year}: cases")
    cases = seed_cases(country, random=numbers("cases"), until=plan.until, tick=progress.tick)
    progress.start(f"{year.begin.year}: care")
    care = seed_care(country, cases, random=numbers("care"), until=plan.until, tick=progress.tick)
    return {"signals": signals, "registrations": registrations, "cases": len(cases), **care}
