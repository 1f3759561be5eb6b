"""The rows of a country as statements, and tables without indexes while they are filled."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from bench.database import Owner

Numbers = Mapping[str, int | str]

#: Tables that are filled whole; their indexes and foreign keys are made after the rows.
LINKED = [
    "persons_person", "persons_persongrant", "registrations_registration", "cases_case",
    "cases_casegrant", "cases_caseaccess",
]  # fmt: skip
TABLES = [*LINKED, "persons_identity"]


def key(kind: int, number: str = "n") -> str:
    """A key that sorts by number, of another row for each kind."""
    return f"('01900000-{kind:04}-7000-8000-' || lpad(to_hex({number}), 12, '0'))::uuid"


#: Number n, day by day over four years; who owns it, and for four in nine who owned it before.
COUNTED = "generate_series(1, %(size)s::bigint) AS n"
OPENED = "date_trunc('hour', now()) - (n %% 1460) * interval '1 day' - interval '2 hours'"
CARE = """
SELECT id, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS many
FROM organisations_organisation WHERE name LIKE 'Bench care %%'
"""
PERSONS = f"""
INSERT INTO persons_person (id, reference, organisation_id, sex, age_group, is_minor, created_at,
    created_by_id)
SELECT {key(1)}, 'PER-1999-' || lpad(n::text, 7, '0'), %(first)s,
    CASE WHEN n %% 4 = 0 THEN 'male' ELSE 'female' END, '30-39', false, {OPENED}, %(user)s
FROM {COUNTED}
"""
REGISTRATIONS = f"""
INSERT INTO registrations_registration (id, reference, national_number, person_id,
    organisation_id, referrer_type, legal_basis, forms, primary_form, sector, period_absent,
    place_country, place_absent, crossing, help_wanted, status, submitted_at, submitted_by_id,
    missing, question, registered_at, registered_by_id, care_needed, withdrawal_reason)
SELECT {key(2)}, 'REG-1999-' || lpad(n::text, 7, '0'), 'CM-1999-' || lpad(n::text, 7, '0'),
    {key(1)}, police.id, 'police', 'police_decree', '{{sexual}}', 'sexual', '', '', '', '',
    'unknown', 'yes', 'registered', {OPENED}, %(user)s, '{{}}', '', {OPENED}, %(user)s, true, ''
FROM {COUNTED}, (SELECT id FROM organisations_organisation WHERE name = 'Bench police') police
"""
#: One in fifty waits in the intake, on offer to one organisation after the other.
LIFE = """
SELECT CASE WHEN n %% 50 = 1 THEN 'intake' WHEN (n / 7) %% 5 = 0 THEN 'closed' ELSE 'active' END
    AS status
"""
DESK = "SELECT id FROM organisations_organisation WHERE type = 'comensha' ORDER BY id LIMIT 1"
ASKED = "asked.place = (n / 50) %% asked.many"
CASES = f"""
INSERT INTO cases_case (id, reference, person_id, registration_id, owner_organisation_id,
    offered_to_id, standing_since, coordinator_id, care_region_id, status, priority, needs,
    age_group, next_step, next_step_by_id, next_deadline_on, opened_at, opened_by_id, accepted_at,
    accepted_by_id, closed_at, closed_by_id, closure_reason, outcome, person_informed)
SELECT {key(3)}, 'CASE-1999-' || lpad(n::text, 7, '0'), {key(1)}, {key(2)},
    CASE WHEN intake THEN desk.id ELSE care.id END, CASE WHEN intake THEN asked.id END, {OPENED},
    CASE WHEN NOT intake THEN %(user)s END, %(region)s, status,
    (ARRAY['crisis', 'high', 'normal', 'normal'])[1 + n %% 4], '{{}}', '30-39',
    CASE WHEN closed THEN '' ELSE 'first_contact' END,
    CASE WHEN intake THEN asked.id WHEN NOT closed THEN care.id END,
    CASE WHEN NOT closed THEN current_date + (n * 7919 %% 90)::int END, {OPENED}, %(user)s,
    CASE WHEN NOT intake THEN {OPENED} END, CASE WHEN NOT intake THEN %(user)s END,
    CASE WHEN closed THEN now() END, CASE WHEN closed THEN %(user)s END,
    CASE WHEN closed THEN 'goals_reached' ELSE '' END,
    CASE WHEN closed THEN 'safe_supported' ELSE '' END, CASE WHEN closed THEN true END
FROM {COUNTED} CROSS JOIN LATERAL ({LIFE}) life
CROSS JOIN LATERAL (SELECT status = 'closed' AS closed, status = 'intake' AS intake) stands
CROSS JOIN ({DESK}) desk JOIN ({CARE}) care ON care.place = n %% care.many
JOIN ({CARE}) asked ON {ASKED}
"""
GRANTS = f"""
INSERT INTO cases_casegrant (id, case_id, organisation_id, level, profile, valid, basis,
    granted_by_id, reason)
SELECT {key(4)}, c.id, c.owner_organisation_id, 3,
    CASE c.status WHEN 'intake' THEN 'header' ELSE 'full' END,
    tstzrange(c.standing_since, NULL), 'owner', %(user)s, ''
FROM {COUNTED} JOIN cases_case c ON c.id = {key(3)}
UNION ALL
SELECT {key(5)}, {key(3)}, care.id, 1, 'full',
    tstzrange({OPENED}, now() + interval '30 days'), 'handoff', %(user)s, ''
FROM {COUNTED} CROSS JOIN LATERAL ({LIFE}) life
JOIN ({CARE}) care ON care.place = (n + 1) %% care.many
WHERE n %% 20 < 11 AND life.status <> 'intake'
UNION ALL
SELECT {key(6)}, {key(3)}, asked.id, 1, 'envelope', tstzrange({OPENED}, NULL), 'referral',
    %(user)s, ''
FROM {COUNTED} CROSS JOIN LATERAL ({LIFE}) life JOIN ({CARE}) asked ON {ASKED}
WHERE life.status = 'intake'
"""
ACCESS = """
INSERT INTO cases_caseaccess (organisation_id, case_id, level, profile, basis, valid_until,
    status, priority, opened_at, next_deadline_on, care_region_id)
SELECT g.organisation_id, g.case_id, g.level, g.profile, g.basis,
    coalesce(upper(g.valid), '9999-01-01 00:00:00+00'), c.status, c.priority, c.opened_at,
    c.next_deadline_on, c.care_region_id
FROM cases_casegrant g JOIN cases_case c ON c.id = g.case_id
"""
PERSON_GRANTS = """
INSERT INTO persons_persongrant (id, person_id, organisation_id, level, basis, source, valid,
    granted_by_id, reason)
SELECT g.id, c.person_id, g.organisation_id, CASE WHEN g.level >= 2 THEN 'work' ELSE 'view' END,
    'case', g.id, g.valid, g.granted_by_id, g.basis
FROM cases_casegrant g JOIN cases_case c ON c.id = g.case_id WHERE g.profile = 'full'
"""
STATEMENTS = [PERSONS, REGISTRATIONS, CASES, GRANTS, ACCESS, PERSON_GRANTS]

CONSTRAINTS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype IN ('f', 'x') AND conrelid = ANY (%s::regclass[])
"""
INDEXES = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
WHERE i.indrelid = ANY (%s::regclass[])
    AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)
"""


@contextmanager
def lean(hand: Owner, tables: list[str]) -> Iterator[None]:
    """Within one transaction: no foreign keys, exclusions and indexes until the rows are there.

    They are made again from what the database said of them, and check every row then.
    """
    constraints = hand.execute(CONSTRAINTS, [tables]).fetchall()
    for table, name, _said in constraints:
        hand.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    indexes = hand.execute(INDEXES, [tables]).fetchall()
    for name, _said in indexes:
        hand.execute(f"DROP INDEX {name}")
    yield
    hand.execute("SET LOCAL maintenance_work_mem = '256MB'")
    for _name, said in indexes:
        hand.execute(said)
    for table, name, said in constraints:
        hand.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {said}')
