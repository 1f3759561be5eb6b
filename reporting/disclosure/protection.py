"""From true counts to counts that may be published: round, check, attack; or refuse."""

import hmac
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from reporting.disclosure.attack import Attacker, Audit, audit_rounding
from reporting.disclosure.checker import violations
from reporting.disclosure.rounding import Limits, Rounding, RoundingRefused, round_jointly
from reporting.lattice import Lattice, lattice_of
from reporting.tables import Cell, Programme

ATTEMPTS = 5
Progress = Callable[[str, int], None]


class ReleaseRefused(ValueError):
    """These tables cannot be published safely together; the message says why, without counts."""


@dataclass(frozen=True)
class Protection:
    """A publishable set of counts, and the proof beside it.

    `values` are the printed cells (cell → multiple of five). `attempts` counts the roundings tried
    until every audit passed.
    """

    values: dict[Cell, int]
    audits: tuple[Audit, ...]
    gap: float
    attempts: int
    stopped_by_clock: bool

    @property
    def least_possible(self) -> int:
        """How many whole numbers remain possible, at least, for who has the release and no more."""
        return self.audits[0].least_possible


def protect(
    programme: Programme,
    lattice: Lattice,
    counts: Mapping[Cell, int],
    *,
    secret: bytes,
    insiders: Sequence[Attacker] = (),
    previous: Mapping[Cell, int] | None = None,
    limits: Limits | None = None,
    progress: Progress = lambda _stage, _percentage: None,
) -> Protection:
    """Round all cells jointly, check them in whole numbers and attack them; else refuse.

    `counts` maps every cell of the lattice to its true count; `secret` (at least 16 bytes) makes
    the result repeatable for its holder only; `insiders` are agencies with their own cases;
    `previous` are earlier published values to keep where possible; `progress` is told the stage
    and a percentage. Raises ReleaseRefused when no safe rounding exists. A failed audit leads to
    another rounding, at most five in all; no rule is ever loosened.
    """
    if len(secret) < 16:
        raise ValueError("the secret needs at least 16 bytes")
    attackers = [Attacker("outsider"), *_who_know_a_total(programme, counts), *insiders]
    printed_truth = {cell: counts[cell] for cell in lattice.published}
    failed: list[Audit] = []
    for attempt in range(ATTEMPTS):
        progress("rounding", 10 + 15 * attempt)
        key = hmac.digest(secret, f"attempt {attempt}".encode(), sha256)
        rounding = _round(programme, lattice, counts, key, previous, limits)
        progress("checking", 15 + 15 * attempt)
        _refuse_violations(programme, printed_truth, rounding)
        progress("attacking", 20 + 15 * attempt)
        audits = tuple(_audits(lattice, counts, rounding.values, attackers))
        failed = [audit for audit in audits if not audit.passed]
        if not failed:
            progress("protected", 90)
            return Protection(
                rounding.values, audits, rounding.gap, attempt + 1, rounding.stopped_by_clock
            )
    raise ReleaseRefused(_in_words(failed))


def _round(
    programme: Programme,
    lattice: Lattice,
    counts: Mapping[Cell, int],
    secret: bytes,
    previous: Mapping[Cell, int] | None,
    limits: Limits | None,
) -> Rounding:
    try:
        return round_jointly(
            counts,
            lattice.sums,
            secret=secret,
            support=lattice.support,
            previous=previous,
            limits=limits,
        )
    except RoundingRefused as refusal:
        blocking = tables_in_the_way(programme, counts)
        hint = f"; it exists without {' or '.join(blocking)}" if blocking else ""
        raise ReleaseRefused(f"{refusal}{hint}") from refusal


def tables_in_the_way(programme: Programme, counts: Mapping[Cell, int]) -> list[str]:
    """Return the codes of the tables without which the rest can be rounded, last table first.

    `counts` maps every cell of the whole programme to its true count. A bridge needs its cells
    but not a table, so bridges stay.
    """
    return [
        table.code
        for table in reversed(programme.tables)
        if _can_be_rounded(_without(programme, table.code), counts)
    ]


def _without(programme: Programme, code: str) -> Programme:
    return replace(programme, tables=tuple(t for t in programme.tables if t.code != code))


def _can_be_rounded(programme: Programme, counts: Mapping[Cell, int]) -> bool:
    smaller = lattice_of(programme)
    here = {cell: counts[cell] for cell in smaller.cells}
    try:
        round_jointly(here, smaller.sums, secret=b"feasible?", support=smaller.support)
    except RoundingRefused:
        return False
    return True


def _refuse_violations(
    programme: Programme, counts: Mapping[Cell, int], rounding: Rounding
) -> None:
    if faults := violations(programme, counts, rounding.values):
        raise ReleaseRefused(f"the check failed: {'; '.join(faults[:5])}")


def _who_know_a_total(programme: Programme, counts: Mapping[Cell, int]) -> list[Attacker]:
    """Exact totals reach the press now and then; one each, as two would tell their difference."""
    totals = [Cell.of(measure.code, {}) for measure in programme.measures]
    return [
        Attacker(f"knows how many {total.code}", leaked={total: counts[total]})
        for total in totals
        if total in counts
    ]


def _audits(
    lattice: Lattice,
    counts: Mapping[Cell, int],
    values: Mapping[Cell, int],
    attackers: Iterable[Attacker],
) -> Iterable[Audit]:
    for attacker in attackers:
        yield audit_rounding(lattice, counts, values, attacker=attacker)


def _in_words(failed: Iterable[Audit]) -> str:
    parts = [
        f"{audit.attacker} narrows down {len(audit.unsafe)} of {audit.tested} small cells, such as "
        f"{audit.unsafe[0].cell.code}"
        for audit in failed
    ]
    return f"after {ATTEMPTS} roundings: {'; '.join(parts)}"


def uniform_groups(lattice: Lattice, counts: Mapping[Cell, int], least: int = 5) -> list[Cell]:
    """Return the cells in which a whole group of at least `least` people falls: 100 % in one place.

    Knowing that somebody is in the group then tells the rest about that person, at any count.
    Source: WP216, inference. It is a warning for who proposes and who approves, no refusal.
    """
    return sorted(
        part
        for one in lattice.sums
        for part in one.parts
        if len(one.parts) > 1 and counts[one.whole] >= least and counts[part] == counts[one.whole]
    )
