"""True counts of one release, taken by the statistics service and by nobody else."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Min, Q

from referral.organisations.models import Membership
from referral.registrations.counting.models import CountingRules
from referral.registrations.counting.rules import count as count_registrations
from referral.registrations.counting.rules import merged_away, one_person
from referral.residence.models import Step
from referral.residence.workflow import Line, ReflectionStatus, ReportStatus, TrackStatus
from reporting.lattice import Places, Record, lattice_of, tabulate
from reporting.models import Release
from reporting.programmes import (
    AGE,
    CONVERSION,
    ELSEWHERE,
    FORM,
    GROUND,
    IMPORTED,
    NOT_REACHED,
    REGION,
    REPORTER,
    SEX,
    STEP,
    VICTIMS,
    band_of,
    days_to,
)
from reporting.tables import Cell, Programme, combination_code
from signals.models import Exploitation, Signal

#: One in this many reports makes a reporter large.
LARGE = 10


@dataclass(frozen=True, slots=True)
class Counted:
    """Records by measure, and the combinations of forms that occur among them."""

    records: dict[str, list[Record]]
    patterns: frozenset[frozenset[str]]
    #: The version of the rules by which reports and persons were counted, where they were.
    rules: CountingRules | None = None

    def in_lattice(self, programme: Programme) -> dict[Cell, int]:
        """The count of every cell of the programme, 0 included."""
        return tabulate(programme, lattice_of(programme), self.records)

    def own_cases(self, programme: Programme) -> dict[str, Counter[Cell]]:
        """What each large reporter brought in itself: it can subtract that from what is published.

        A reporter below a tenth of all reports knows little more than any reader.
        """
        places = Places(programme, lattice_of(programme))
        told = [
            (measure, record)
            for measure, records in self.records.items()
            for record in records
            if REPORTER in record
        ]
        by_reporter: dict[str, list[tuple[str, Record]]] = defaultdict(list)
        for measure, record in told:
            by_reporter[record[REPORTER]].append((measure, record))
        return {
            reporter: Counter(cell for one in own for cell in places.of(*one))
            for reporter, own in sorted(by_reporter.items())
            if LARGE * len(own) >= len(told)
        }


def count(release: Release, *, by: Membership) -> Counted:
    """Count what the release is about: registrations or offers of a period, signals of a file."""
    counters = {
        VICTIMS: count_victims,
        IMPORTED: count_imported,
        CONVERSION: count_conversion,
    }
    return counters[release.programme_id](release, by=by)


def form_leaf(forms: tuple[str, ...]) -> str:
    """The exclusive combination in which a report with these forms stands."""
    return f"only:{combination_code(Exploitation.values, frozenset(forms))}"


def count_victims(release: Release, *, by: Membership) -> Counted:
    """Both totals and every pattern from the one count. Should a report come in between the two
    questions, the bridge of totals does not add up, and the release is taken up again.
    """
    counted = count_registrations(release.period_from, release.period_to, by=by)
    totals = counted.totals()
    patterns: set[frozenset[str]] = set()
    reports: list[Record] = []
    for row in counted.patterns():
        patterns.add(frozenset(row.forms))
        report: Record = {
            FORM: form_leaf(row.forms),
            SEX: row.sex,
            AGE: row.age_group,
            REPORTER: row.referrer_type,
            REGION: row.safety_region or ELSEWHERE,
        }
        reports += [report] * row.reports
    return Counted(
        records={
            "reports": reports,
            "persons": list(nothing_more(totals.persons)),
            "repeated": list(nothing_more(totals.repeated)),
        },
        patterns=frozenset(patterns),
        rules=counted.rules,
    )


def nothing_more(number: int) -> Iterator[Record]:
    """Units of which only the total is published."""
    for _ in range(number):
        yield {}


def count_imported(release: Release, *, by: Membership) -> Counted:
    signals = Signal.objects.visible_to(by).filter(import_batch=release.source)
    patterns: set[frozenset[str]] = set()
    records: list[Record] = []
    for row in signals.true_counts():
        patterns.add(frozenset(row.forms))
        record = {FORM: form_leaf(row.forms), SEX: row.sex, AGE: row.age_group}
        records += [record] * row.number
    return Counted(records={"signals": records}, patterns=frozenset(patterns))


def step(line: Line, status: str, **more: str) -> Q:
    """Steps of a residence file by which somebody came to a status."""
    return Q(line=line, status=status, **more)


OFFERED = step(Line.REFLECTION, ReflectionStatus.OFFERED)
#: By which steps each of programmes.STEPS is reached.
REACHED = {
    "taken": step(Line.REFLECTION, ReflectionStatus.GRANTED),
    "report": step(Line.REPORT, ReportStatus.REPORTED),
    "granted": step(Line.TRACK, TrackStatus.GRANTED),
    # The first answer; of a renewal or of continued stay that is refused it says nothing.
    "refused": step(Line.TRACK, TrackStatus.REJECTED, status_before=TrackStatus.APPLIED),
    "continued": step(Line.TRACK, TrackStatus.CONTINUED_GRANTED),
}


def count_conversion(release: Release, *, by: Membership) -> Counted:
    """Who was first offered a reflection period in these days, and what followed.

    One person is one, by the rules of counting, also where two files were kept.
    """
    rules = CountingRules.objects.valid_on(release.period_from).get()
    offers = (
        Step.objects.visible_to(by)
        .order_by()
        .annotate(merged=merged_away("file__person"))
        .values(one=one_person(rules, "pk", person="file__person"))
        .annotate(
            offered=Min("happened_on", filter=OFFERED),
            grounds=ArrayAgg("code", filter=OFFERED, order_by="happened_on"),
            keepers=ArrayAgg("file__police", filter=OFFERED, order_by="happened_on"),
            **{f"on_{code}": Min("happened_on", filter=steps) for code, steps in REACHED.items()},
        )
        .filter(offered__gte=release.period_from, offered__lt=release.period_to)
    )
    patterns: set[frozenset[str]] = set()
    records: list[Record] = []
    for offer in map(dict[str, Any], offers):
        days = {
            code: max(0, (offer[f"on_{code}"] - offer["offered"]).days)
            for code in REACHED
            if offer[f"on_{code}"] is not None
        }
        patterns.add(frozenset(days))
        bands = {
            days_to(code): band_of(days[code]) if code in days else NOT_REACHED for code in REACHED
        }
        records.append(
            {
                GROUND: offer["grounds"][0],
                STEP: f"only:{combination_code(REACHED, frozenset(days))}",
                # Who keeps the files knows their course.
                REPORTER: str(offer["keepers"][0]),
                **bands,
            }
        )
    return Counted(records={"offers": records}, patterns=frozenset(patterns), rules=rules)
