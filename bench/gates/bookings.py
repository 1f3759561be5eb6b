"""Fifty desks want one bed at the same moment; one gets it."""

import threading
from collections import Counter
from collections.abc import Iterator
from uuid import UUID

from django.db import connection
from django.utils import timezone

from bench.bulk import key
from bench.country import Country
from bench.database import guard, owner, unlocked
from bench.gate import Measured, gate
from referral.access.context import acting
from referral.organisations.models import Membership
from shelters.actions import reserve_bed
from shelters.models import Bed, PlacementRequest
from shelters.rules import PlacementRefused

ROUNDS, THREADS = 10, 50
WANTED = """
WITH chosen AS (
    SELECT c.id, c.person_id, c.owner_organisation_id, row_number() OVER (ORDER BY c.id) AS n
    FROM cases_case c
    WHERE c.status = 'active' AND c.reference LIKE 'CASE-1999-%%'
        AND c.owner_organisation_id <> %(first)s  -- whose list is timed
        AND NOT EXISTS (SELECT FROM shelters_placementrequest r WHERE r.case_id = c.id)
    ORDER BY c.id LIMIT %(wanted)s
), agreed AS (
    INSERT INTO sharing_consent (id, person_id, organisation_id, purpose, recipient_kind, state,
        language, interpreter, leaflet, asked_at, asked_by_id, how, given_by, answered_at,
        answered_by_id, valid, withdrawal_reason, categories, evidence, evidence_reference)
    SELECT gen_random_uuid(), person_id, owner_organisation_id, 'placement', '', 'given', '',
        false, '', now() - interval '1 hour', %(user)s, 'written', 'person',
        now() - interval '1 hour', %(user)s, tstzrange(now() - interval '1 hour',
        now() + interval '30 days'), '', '{}', '', ''
    FROM chosen
)
INSERT INTO shelters_placementrequest (id, reference, case_id, person_id, organisation_id, urgency,
    sex, age_group, needs, legal_basis, citation, status, requested_at, requested_by_id)
SELECT gen_random_uuid(),
    'PLR-1999-' || lpad(((SELECT count(*) FROM shelters_placementrequest) + n)::text, 7, '0'),
    id, person_id, owner_organisation_id, '2_day', 'female', '30-39', '{}', 'consent', 'bench',
    'submitted', now(), %(user)s
FROM chosen
RETURNING id
"""
BEDS = f"""
INSERT INTO shelters_bed (id, shelter_id, code, kind, unit)
SELECT gen_random_uuid(), {key(6, "o.id")}, left(gen_random_uuid()::text, 12), 'single', ''
FROM organisations_organisation o, generate_series(1, %(rounds)s)
WHERE o.name = 'Bench shelter 0'
RETURNING id
"""
TWICE = """
SELECT count(*) FROM (SELECT FROM shelters_placement
    WHERE status IN ('reserved', 'accepted', 'arrived') AND bed_id = ANY (%s)
    GROUP BY bed_id HAVING count(*) > 1) bed
"""


@gate("bookings")
def double_bookings(country: Country) -> Iterator[Measured]:
    """Ten rounds, each for a bed of its own."""
    requests, beds = wishes(country)
    each = len(requests) // ROUNDS
    outcomes: Counter[str] = Counter()
    for number, bed in enumerate(beds):
        round_of = requests[number * each : (number + 1) * each]
        outcomes += all_at_once(round_of, bed, by=country.placement)
    with guard() as eyes:
        [twice] = eyes.execute(TWICE, [beds]).fetchone() or [0]
    tries = sum(outcomes.values())
    shown = f"{tries} tries: {', '.join(f'{n} {what}' for what, n in sorted(outcomes.items()))}"
    yield Measured("double bookings", int(twice), 0, "beds", detail=shown)
    yield Measured("rounds without a winner", ROUNDS - outcomes["won"], 0, "rounds")
    failed = tries - outcomes["won"] - outcomes["refused"]
    yield Measured("bookings without an answer", failed, 0, "tries")


def wishes(country: Country) -> tuple[list[UUID], list[UUID]]:
    """New requests of cases that have none, and new beds."""
    numbers = {
        "user": country.coordinator.user_id,
        "first": country.coordinator.organisation_id,
        "wanted": min(ROUNDS * THREADS, country.size // 4),
        "rounds": ROUNDS,
    }
    tables = ["sharing_consent", "shelters_placementrequest", "shelters_bed", "cases_case"]
    tables.append("persons_person")
    with owner() as hand, unlocked(hand, tables):
        requests = [row[0] for row in hand.execute(WANTED, numbers).fetchall()]
        beds = [row[0] for row in hand.execute(BEDS, numbers).fetchall()]
    return requests, beds


def all_at_once(requests: list[UUID], bed: UUID, *, by: Membership) -> Counter[str]:
    """Everybody waits at the line, and goes."""
    line, outcomes = threading.Barrier(len(requests)), Counter[str]()

    def book(request: UUID) -> None:
        try:
            with acting(by, purpose="bench"):
                line.wait(60)
                reserve_bed(PlacementRequest(pk=request), bed=Bed(pk=bed), by=by, at=timezone.now())
            outcomes["won"] += 1
        except PlacementRefused:
            outcomes["refused"] += 1
        except Exception as error:  # noqa: BLE001 -- counted, and a gate of its own
            outcomes[f"{type(error).__name__}: {error}"[:80]] += 1
        finally:
            connection.close()

    threads = [threading.Thread(target=book, args=[request]) for request in requests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
