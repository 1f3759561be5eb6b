"""The years of the country, one after the other, all by the rooms' own deeds."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from multiprocessing import get_context
from random import Random

from django.db import connections

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

    @property
    def grain(self) -> int:
        return GRAIN_LARGE if self.scale >= LARGE else GRAIN_SMALL

    def numbers(self, year: Year, part: str) -> Random:
        """Each part draws from its own numbers, so that one can grow without the others."""
        return Random(f"{self.seed} {year.begin} {part}")  # noqa: S311 -- made-up people only


def work_of(plan: Plan) -> int:
    """How many deeds there will be, about; for the bar."""
    signals = SIGNALS_A_YEAR * plan.scale * len(plan.years) * 2
    persons = sum(YEARS[year.figures].total for year in plan.years) * plan.scale * 4
    return round(signals + persons)


def make_years(plan: Plan, progress: Progress) -> dict[str, int]:
    """Make the country and its years; the same plan makes the same country.

    Nothing in the care asks for a signal. So in a large country the signals are made beside the
    rest, by a process of their own: it takes little more than half the time.
    """
    progress.start("organisations")
    country = make_country()
    make_shelters(country, scale=plan.scale, at=calendar.moment(plan.years[0].begin))
    first_rules(country, at=calendar.moment(plan.years[0].begin))
    if plan.scale < LARGE:
        signals = make_signals(country, plan, progress)
        return {"signals": signals, **make_care(country, plan, progress)}
    connections.close_all()  # two processes may not speak on one connection
    fork = get_context("fork")
    answer = fork.SimpleQueue()
    beside = fork.Process(
        target=lambda: answer.put(make_signals(country, plan, progress)), daemon=True
    )
    beside.start()
    care = make_care(country, plan, progress)
    beside.join()
    if beside.exitcode:
        raise RuntimeError("The signals were not made; what went wrong stands above.")
    return {"signals": answer.get(), **care}


def make_signals(country: Country, plan: Plan, progress: Progress) -> int:
    """The signals of all years; how many."""
    made = 0
    for year in plan.years:
        progress.start(f"{year.begin.year}: signals")
        made += seed_signals(
            country,
            year,
            scale=plan.scale,
            grain=plan.grain,
            random=plan.numbers(year, "signals"),
            until=plan.until,
            tick=progress.tick,
        )
    return made


def make_care(country: Country, plan: Plan, progress: Progress) -> dict[str, int]:
    """Registrations, cases and what followed, year after year; how many of each."""
    made: Counter[str] = Counter()
    for year in plan.years:
        progress.start(f"{year.begin.year}: registrations")
        registrations = seed_registrations(
            country,
            year,
            scale=plan.scale,
            grain=plan.grain,
            random=plan.numbers(year, "registrations"),
            until=plan.until,
            tick=progress.tick,
        )
        progress.start(f"{year.begin.year}: cases")
        cases = seed_cases(
            country, random=plan.numbers(year, "cases"), until=plan.until, tick=progress.tick
        )
        progress.start(f"{year.begin.year}: care")
        care = seed_care(
            country, cases, random=plan.numbers(year, "care"), until=plan.until, tick=progress.tick
        )
        made.update({"registrations": registrations, "cases": len(cases), **care})
    return dict(made)
