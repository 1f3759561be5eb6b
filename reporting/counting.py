"""True counts of one release, taken by the statistics service and by nobody else."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from referral.organisations.models import Membership
from referral.registrations.counting.models import CountingRules
from referral.registrations.counting.rules import count as count_registrations
from reporting.lattice import Places, Record, lattice_of, tabulate
from reporting.models import Release
from reporting.programmes import AGE, ELSEWHERE, FORM, IMPORTED, REGION, REPORTER, SEX, VICTIMS
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
        reports = self.records.get("reports", [])
        by_reporter: dict[str, list[Record]] = defaultdict(list)
        for report in reports:
            by_reporter[report[REPORTER]].append(report)
        return {
            reporter: Counter(cell for report in own for cell in places.of("reports", report))
            for reporter, own in sorted(by_reporter.items())
            if LARGE * len(own) >= len(reports)
        }


def count(release: Release, *, by: Membership) -> Counted:
    """Count what the release is about: registrations of a period, or the signals of a file."""
    counters = {VICTIMS: count_victims, IMPORTED: count_imported}
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
