"""Everybody who waits over all places at once: the best whole, under every hard rule. Pure.

A linear programme: a column for each person in each kind of place that is not hard against them,
a row for each person (one place at most), for each kind of place (as many as there are) and for
each two who must not live in one house. Without the last the optimum of the continuous problem is
whole, and placing somebody more urgent never costs a place elsewhere (a transversal matroid), so
that any weights in the order of urgency place the most people of the highest urgency possible.
Places of one house that are alike are one kind with a number, which keeps it small.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import combinations

import highspy
import numpy as np

from shelters.matching.rules.fitting import MOST, Match, Need, Place, Rule, weigh
from shelters.models import Urgency

LEVELS = {Urgency.CRISIS: 3, Urgency.DAY: 2, Urgency.PLANNED: 1}
#: So that the same question has the same answer, on every machine of one version.
OPTIONS: dict[str, bool | int | float | str] = {
    "output_flag": False, "threads": 1, "parallel": "off", "random_seed": 0,
    "mip_rel_gap": 0.0, "mip_abs_gap": 0.5,
}  # fmt: skip
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Given:
    """A place for somebody, or none; `possible` counts the kinds of place that would have fitted."""

    need: Need
    match: Match | None
    possible: int
    #: Of a person without a place: what stands in the way, most often first.
    obstacles: Sequence[tuple[str, int]] = ()


def assign(
    needs: Collection[Need],
    places: Collection[Place],
    rules: Collection[Rule],
    progress: Progress = lambda _percent: None,
) -> list[Given]:
    """For each need, in the order of work, a place or none; the same for the same input."""
    queue = in_order(needs)
    kinds: dict[Place, list[Place]] = defaultdict(list)
    for place in sorted(places, key=lambda place: (place.name, place.code, place.key)):
        kinds[place.alike].append(place)
    columns: list[tuple[int, int]] = []
    weighed: list[list[Match]] = []
    for number, need in enumerate(queue):
        matches = [weigh(need, kind, rules) for kind in kinds]
        weighed.append(matches)
        columns += [(number, kind) for kind, match in enumerate(matches) if not match.hard]
    progress(60)
    base = weights(queue)
    step = len(queue) + 1
    worth = [base[who] + weighed[who][kind].points * step for who, kind in columns]
    chosen = dict(_solved(queue, list(kinds), columns, worth, [len(k) for k in kinds.values()]))
    progress(90)
    left = [iter(same) for same in kinds.values()]
    given = []
    for number, need in enumerate(queue):
        possible = sum(not match.hard for match in weighed[number])
        if number in chosen:
            kind = chosen[number]
            match = Match(need, next(left[kind]), weighed[number][kind].reasons)
            given.append(Given(need, match, possible))
        else:
            given.append(Given(need, None, possible, obstacles(weighed[number])))
    return given


def in_order(needs: Collection[Need]) -> list[Need]:
    """The most urgent first, then who waits longest."""
    return sorted(needs, key=lambda need: (need.urgency, need.waiting_since, need.key))


def weights(queue: Sequence[Need]) -> list[int]:
    """Urgency above all fits together; the waiting time below one point of fit, between equals."""
    many = len(queue)
    step = many * (MOST + 1) * (many + 1)
    waited = sorted(need.waiting_since for need in queue)
    return [
        LEVELS[Urgency(need.urgency)] * step + many - bisect_right(waited, need.waiting_since)
        for need in queue
    ]


def obstacles(matches: Sequence[Match]) -> list[tuple[str, int]]:
    """What would have to change: each hard reason that alone keeps a place away, with how many."""
    counts: dict[str, int] = defaultdict(int)
    for match in matches:
        hard = [reason.code for reason in match.reasons if reason.side == "hard"]
        if len(hard) == 1:
            counts[hard[0]] += 1
    return sorted(counts.items(), key=lambda found: (-found[1], found[0]))


def _solved(
    queue: Sequence[Need],
    kinds: Sequence[Place],
    columns: Sequence[tuple[int, int]],
    worth: Sequence[int],
    numbers: Sequence[int],
) -> list[tuple[int, int]]:
    """The columns that are taken, as person and kind of place."""
    if not columns:
        return []
    rows: dict[tuple[str, int, int], list[int]] = defaultdict(list)
    for column, (who, kind) in enumerate(columns):
        rows["person", who, 0].append(column)
        rows["kind", kind, 0].append(column)
    limits = [1 if name == "person" else numbers[one] for name, one, _ in rows]
    for together in _apart(queue, kinds, columns):
        rows["apart", len(rows), 0] = together
        limits.append(1)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(columns), len(rows)
    model.sense_ = highspy.ObjSense.kMaximize
    model.col_cost_ = np.array(worth, dtype=float)
    model.col_lower_, model.col_upper_ = np.zeros(len(columns)), np.ones(len(columns))
    model.row_lower_ = np.full(len(rows), -highspy.kHighsInf)
    model.row_upper_ = np.array(limits, dtype=float)
    matrix = model.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kRowwise
    matrix.num_col_, matrix.num_row_ = len(columns), len(rows)
    matrix.start_ = np.cumsum([0, *map(len, rows.values())])
    matrix.index_ = np.array([column for row in rows.values() for column in row], dtype=np.int32)
    matrix.value_ = np.ones(sum(map(len, rows.values())))
    if any(name == "apart" for name, _, _ in rows):
        model.integrality_ = [highspy.HighsVarType.kInteger] * len(columns)
    solver = highspy.Highs()
    for option, value in OPTIONS.items():
        solver.setOptionValue(option, value)
    solver.passModel(model)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise AssertionError("placing nobody is always possible, so there is a best")
    taken = solver.getSolution().col_value
    return [column for column, value in zip(columns, taken, strict=True) if value > 0.5]


def _apart(
    queue: Sequence[Need], kinds: Sequence[Place], columns: Sequence[tuple[int, int]]
) -> list[list[int]]:
    """Of each two who must be kept apart: the columns of both in one house."""
    pairs = [
        (one, other)
        for one, other in combinations(range(len(queue)), 2)
        if queue[one].case in queue[other].apart or queue[other].case in queue[one].apart
    ]
    if not pairs:
        return []
    in_house: dict[tuple[int, str], list[int]] = defaultdict(list)
    for column, (who, kind) in enumerate(columns):
        in_house[who, kinds[kind].house].append(column)
    houses = sorted({kind.house for kind in kinds})
    return [
        [*in_house[one, house], *in_house[other, house]]
        for one, other in pairs
        for house in houses
        if in_house.get((one, house)) and in_house.get((other, house))
    ]
