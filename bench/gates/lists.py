"""A page of cases under both locks, beside the least that the database could do for it."""

from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection, transaction

from bench.country import LINES, Country
from bench.database import Owner, guard
from bench.gate import Measured, gate, medians
from referral.access.context import acting
from referral.cases.models import CaseAccess
from referral.cases.workflow import CaseStatus

Question = tuple[str, tuple[Any, ...]]
INDEX_ONLY = """
SELECT case_id FROM cases_caseaccess
WHERE organisation_id = %s AND basis = 'owner' AND status = 'active'
ORDER BY next_deadline_on, case_id LIMIT 50
"""


@gate("list")
def list_under_both_locks(country: Country) -> Iterator[Measured]:
    """SQL against SQL, sent in the same way: the keys against the scan that finds them, the page
    with every name on it against the same page without a lock.
    """
    who = country.coordinator
    unscoped = CaseAccess.objects.filter(
        organisation=who.organisation_id, basis="owner", status=CaseStatus.ACTIVE
    ).next_deadline_first().with_cases()[:LINES]  # fmt: skip
    page, total = country.page(), country.page().query.clone()
    total.clear_limits()
    total.clear_ordering(force=True)
    with guard() as eyes, acting(who, purpose="bench"), transaction.atomic():
        raw, keys, owners, locked, counted = medians(
            asked(eyes, (INDEX_ONLY, (who.organisation_id,))),
            under_both(question(page.values_list("case_id").query)),
            asked(eyes, question(unscoped.query)),
            under_both(question(page.query)),
            under_both(counting(question(total))),
            rounds=country.rounds,
        )
    shown = f"keys of a page {keys:.2f} ms, raw {raw:.2f} ms"
    yield Measured("list ÷ raw index-only scan", keys / raw, 12, "×", detail=shown)
    shown = f"page with names {locked:.2f} ms, {locked / raw:.1f} × raw; unscoped {owners:.2f} ms"
    yield Measured("list ÷ unscoped owner query", locked / owners, 2, "×", detail=shown)
    yield Measured("case list", locked, 50, "ms")
    yield Measured("exact count", counted, 50, "ms")


def question(query: Any) -> Question:
    """The words and the values that Django would send."""
    sql, values = query.sql_with_params()
    return sql, tuple(values)


def counting(asked_before: Question) -> Question:
    """How many rows there are in all."""
    sql, values = asked_before
    return f"SELECT count(*) FROM ({sql}) found", values


def asked(eyes: Owner, words: Question) -> Callable[[], object]:
    """Send it past the policies."""
    return lambda: eyes.execute(*words).fetchall()


def under_both(words: Question) -> Callable[[], object]:
    """Send it as the application does."""

    def ask() -> object:
        with connection.cursor() as cursor:
            cursor.execute(*words)
            return cursor.fetchall()

    return ask
