"""Checking every row and every seal of the trail."""

import time
from collections.abc import Iterator

from django.db import transaction

from bench.country import Country
from bench.database import guard, owner
from bench.gate import Measured, gate, milliseconds
from referral.access.context import acting, service
from referral.audit.rules import check_trail
from referral.audit.tasks import seal
from referral.organisations.roles import Role

A_MILLION, SECONDS = 1_000_000, 10.0
CHUNK = 100_000
ROWS = """
INSERT INTO audit_auditevent (actor_id, organisation_id, role, action, object_type, object_id, ids,
    result, purpose, request_id, happened_at)
SELECT %(user)s, %(organisation)s, 'zc', 'case_opened', 'cases.case', gen_random_uuid()::text,
    '{}', 'done', 'bench', gen_random_uuid()::text, clock_timestamp()
FROM generate_series(1, %(rows)s)
"""
UNSEALED = """
SELECT count(*) FROM audit_auditevent
WHERE xid >= (SELECT coalesce(max(until_xid), 0) FROM audit_seal)
"""
PATIENCE = 20


@gate("verify")
def verify_the_trail(country: Country) -> Iterator[Measured]:
    """As many rows as there are cases, in chunks as an ordinary day would leave them."""
    fill(country)
    with acting(service(Role.SERVICE_SEALER), purpose="bench"), transaction.atomic():
        reports = []
        seconds = milliseconds(lambda: reports.append(check_trail())) / 1000
    [report] = reports
    limit = SECONDS * max(report.rows / A_MILLION, 0.1)
    shown = f"{report.rows} rows under {report.seals} seals"
    yield Measured("verify the trail", seconds, round(limit, 2), "s", detail=shown)
    yield Measured("breaks in the trail", len(report.breaks), 0, "breaks")


def fill(country: Country) -> None:
    """Rows by the owner, stamped by the trigger like all others, and sealed."""
    who = country.coordinator
    while (missing := country.size - rows_there()) > 0:
        numbers = {
            "user": who.user_id,
            "organisation": who.organisation_id,
            "rows": min(missing, CHUNK),
        }
        with owner() as hand:
            hand.execute("ALTER TABLE audit_auditevent NO FORCE ROW LEVEL SECURITY")
            hand.execute(ROWS, numbers)
            hand.execute("ALTER TABLE audit_auditevent FORCE ROW LEVEL SECURITY")
        seal_all()
    with owner(autocommit=True) as hand:
        hand.execute("VACUUM (ANALYZE) audit_auditevent")


def seal_all() -> None:
    """Seal as soon as no transaction is open that began before the rows, also of neighbours."""
    end = time.monotonic() + PATIENCE
    while True:
        seal()
        with guard() as eyes:
            [open_rows] = eyes.execute(UNSEALED).fetchone() or [0]
        if not open_rows or time.monotonic() > end:
            return
        time.sleep(0.5)


def rows_there() -> int:
    """How long the trail is."""
    with guard() as eyes:
        [count] = eyes.execute("SELECT count(*) FROM audit_auditevent").fetchone() or [0]
        return int(count)
