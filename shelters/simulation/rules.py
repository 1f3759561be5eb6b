"""Arrivals, beds and waiting, event by event. Pure: numbers in, numbers out; seeded.

People come one by one at random moments (a Poisson process), wait in the order of their coming,
and stay for a gamma distributed time. Each number of beds sees the same people, so that one bed
more never makes the wait longer. What it leaves out: urgency, who does not suit which shelter,
and people who stop waiting; so it is a lower bound of what is needed.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from statistics import fmean

DAYS_A_MONTH = 365.25 / 12
#: Beds are empty when a simulation begins; what happens in the first months is not counted.
WARM_UP_MONTHS = 12
RUNS = 10
#: The spread of stays: 1 is as wide as if leaving were pure chance, more is narrower.
SHAPE = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """Who comes to one type of shelter: how many a month, and how long they stay on average."""

    type: str
    a_month: float
    stay_days: float
    shape: float = SHAPE


@dataclass(frozen=True, slots=True)
class Person:
    """When somebody comes, in days, and how long the stay will be."""

    comes: float
    stays: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a number of beds does: days of waiting, and how full the beds are."""

    type: str
    beds: int
    people: int
    median: float
    p90: float
    within: float
    occupied: float


def people(demand: Demand, *, months: int, random: Random) -> list[Person]:
    """Everybody who comes in these months."""
    found: list[Person] = []
    moment, end = 0.0, months * DAYS_A_MONTH
    while True:
        moment += random.expovariate(demand.a_month / DAYS_A_MONTH)
        if moment >= end:
            return found
        stays = random.gammavariate(demand.shape, demand.stay_days / demand.shape)
        found.append(Person(moment, stays))


def waits(queue: Sequence[Person], *, beds: int) -> Iterator[tuple[Person, float]]:
    """Each person with the days of waiting: first come, first placed, in the bed that is free first."""
    free_from = [0.0] * beds
    for person in queue:
        begin = max(person.comes, free_from[0])
        heapq.heapreplace(free_from, begin + person.stays)
        yield person, begin - person.comes


def simulate(
    demand: Demand, *, beds: Sequence[int], months: int, days: float, seed: int, runs: int = RUNS
) -> list[Outcome]:
    """What each number of beds does, over several runs of the same months."""
    begin = WARM_UP_MONTHS * DAYS_A_MONTH
    end = begin + months * DAYS_A_MONTH
    crowds = [
        people(
            demand,
            months=WARM_UP_MONTHS + months,
            random=Random(f"{seed} {demand.type} {run}"),  # noqa: S311 -- a simulation, no secret
        )
        for run in range(runs)
    ]
    outcomes = []
    for number in beds:
        waited, used = [], 0.0
        for crowd in crowds:
            for person, wait in waits(crowd, beds=number):
                if person.comes >= begin:
                    waited.append(wait)
                placed = person.comes + wait
                used += max(0.0, min(placed + person.stays, end) - max(placed, begin))
        waited.sort()
        outcomes.append(
            Outcome(
                type=demand.type,
                beds=number,
                people=len(waited),
                median=_quantile(waited, 0.5),
                p90=_quantile(waited, 0.9),
                within=fmean(wait <= days for wait in waited) if waited else 1.0,
                occupied=used / (number * (end - begin) * runs),
            )
        )
    return outcomes


def enough(outcomes: Sequence[Outcome], *, days: float) -> Outcome | None:
    """The fewest beds with which nine in ten wait no longer than these days."""
    return min((one for one in outcomes if one.p90 <= days), key=lambda one: one.beds, default=None)


def _quantile(ordered: Sequence[float], share: float) -> float:
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else 0.0


@dataclass(frozen=True, slots=True)
class Curve:
    """One type on the chart: where it runs, and where its name stands."""

    label: str
    points: str
    x: float
    y: float
    colour: str


@dataclass(frozen=True, slots=True)
class Chart:
    """What the template draws: beds along the width, the wait of nine in ten along the height."""

    curves: list[Curve]
    across: list[tuple[float, int]]
    up: list[tuple[float, int]]
    limit: float


WIDTH, HEIGHT, LEFT, BOTTOM = 640.0, 320.0, 60.0, 300.0
COLOURS = ("#173f6b", "#a8481f", "#2f6b3a", "#6b2f63", "#5a5a1e", "#1e5a5a")


def chart(outcomes: Sequence[Outcome], labels: dict[str, str], *, days: float) -> Chart:
    """Where everything stands; a wait far above what is asked runs out of the top."""
    fewest, most = min(one.beds for one in outcomes), max(one.beds for one in outcomes)
    top = max(4 * days, 1.0)

    def x(beds: float) -> float:
        return LEFT + (beds - fewest) / max(most - fewest, 1) * (WIDTH - LEFT - 110)

    def y(wait: float) -> float:
        return BOTTOM - min(wait, top) / top * (BOTTOM - 30)

    curves = []
    for number, (kind, label) in enumerate(labels.items()):
        own = [one for one in outcomes if one.type == kind]
        points = " ".join(f"{x(one.beds):.1f},{y(one.p90):.1f}" for one in own)
        colour = COLOURS[number % len(COLOURS)]
        curves.append(Curve(label, points, x(own[-1].beds) + 6, y(own[-1].p90) + 4, colour))
    step = max(1, round((most - fewest) / 8))
    return Chart(
        curves,
        [(x(beds), beds) for beds in range(fewest, most + 1, step)],
        [(y(part * top / 4), round(part * top / 4)) for part in range(5)],
        y(days),
    )
