"""Shelters of the country with their beds: who stays in them, and who waits for a place."""

from bench.bulk import Numbers, key
from bench.database import Owner, guard, owner, unlocked

#: Of a hundred thousand cases five thousand beds, of which two in five are free.
CASES_OF_A_SHELTER, BEDS_OF_A_SHELTER = 500, 25
WAITING = 200
TABLES = [
    "shelters_shelter", "shelters_bed", "shelters_placementrequest", "shelters_placement",
    "matching_needprofile", "cases_case", "persons_person",
]  # fmt: skip

#: A house for each organisation: of every type, in every region, for whom such houses are.
SHELTERS = f"""
INSERT INTO shelters_shelter (id, organisation_id, code_name, type, sexes, min_age, children,
    wheelchair, security, safety_region_id, active, pets, target_groups, expertise, languages)
SELECT {key(6, "o.id")}, o.id, o.name,
    (ARRAY['cosm', 'cosm', 'omm', 'vo', 'nla', 'mo', 'crisis'])[1 + o.place %% 7],
    (ARRAY['all', 'female', 'all', 'male'])[1 + o.place %% 4], 18, o.place %% 3 = 0,
    o.place %% 5 = 0, 'secret', region.code, true, o.place %% 6 = 0, '{{trafficking}}', '{{}}',
    '{{eng}}'
FROM (SELECT id, name, row_number() OVER (ORDER BY id) AS place FROM organisations_organisation
    WHERE name LIKE 'Bench shelter %%') o
JOIN (SELECT code, row_number() OVER (ORDER BY code) - 1 AS place, count(*) OVER () AS many
    FROM geography_safetyregion) region ON region.place = o.place %% region.many
"""
BEDS = f"""
INSERT INTO shelters_bed (id, shelter_id, code, kind, unit)
SELECT {key(7, "o.id * 100 + b")}, {key(6, "o.id")}, b::text, 'single', ''
FROM organisations_organisation o, generate_series(1, {BEDS_OF_A_SHELTER}) b
WHERE o.name LIKE 'Bench shelter %%'
"""
#: Who asked: one for each bed that is taken, and then those who wait. Not of the coordinator whose
#: pages are timed.
REQUESTS = f"""
INSERT INTO shelters_placementrequest (id, reference, case_id, person_id, organisation_id, urgency,
    sex, age_group, needs, legal_basis, citation, status, requested_at, requested_by_id)
SELECT {key(8)}, 'PLR-1998-' || lpad(n::text, 7, '0'), c.id, c.person_id, c.owner_organisation_id,
    (ARRAY['1_crisis', '2_day', '3_planned'])[1 + n %% 3],
    (ARRAY['female', 'female', 'male'])[1 + n %% 3], '30-39',
    CASE WHEN n %% 5 = 0 THEN '{{wheelchair}}' ELSE '{{}}' END::varchar[], 'consent', 'bench',
    CASE WHEN n <= taken THEN 'placed' ELSE 'submitted' END, now() - n * interval '1 minute',
    %(user)s
FROM (SELECT count(*) * 3 / 5 AS taken FROM shelters_bed) bed, LATERAL (
    SELECT *, row_number() OVER (ORDER BY id DESC) AS n FROM cases_case
    WHERE status = 'active' AND owner_organisation_id <> %(first)s
    ORDER BY id DESC LIMIT taken + {WAITING}) c
"""
PROFILES = """
INSERT INTO matching_needprofile (request_id, nationality, stay, labour, children, pets, language,
    avoid_regions, apart)
SELECT id, 'other', 'reflection', 'no', 0, false, 'eng', '{}', '{}'
FROM shelters_placementrequest WHERE status = 'submitted'
"""
STAYS = f"""
INSERT INTO shelters_placement (id, request_id, case_id, person_id, shelter_id, bed_id, during,
    status, reserved_at, reserved_by_id, reserved_until, answered_at, answered_by_id, arrived_at,
    arrived_by_id, refusal_reason, end_reason)
SELECT {key(9)}, r.id, r.case_id, r.person_id, b.shelter_id, b.id,
    tstzrange(r.requested_at, NULL), 'arrived', r.requested_at, %(user)s,
    r.requested_at + interval '1 day', r.requested_at, %(user)s, r.requested_at, %(user)s, '', ''
FROM (SELECT *, right(reference, 7)::int AS n FROM shelters_placementrequest
    WHERE status = 'placed') r
JOIN (SELECT *, row_number() OVER (ORDER BY right(code, 1), id) AS n FROM shelters_bed) b USING (n)
"""
STATEMENTS = [SHELTERS, BEDS, REQUESTS, PROFILES, STAYS]


def shelters_of(size: int) -> int:
    """How many houses stand in a country of so many cases."""
    return max(6, size // CASES_OF_A_SHELTER)


def beds_there() -> bool:
    """Whether the houses were filled before."""
    with guard() as eyes:
        return eyes.execute("SELECT FROM shelters_bed LIMIT 1").fetchone() is not None


def fill_houses(numbers: Numbers) -> None:
    """All in one transaction, as triggers and actions would have left it."""
    with owner() as hand, unlocked(hand, TABLES):
        _run(hand, numbers)
    with owner(autocommit=True) as hand:
        hand.execute(f"VACUUM (ANALYZE) {', '.join(TABLES)}")


def _run(hand: Owner, numbers: Numbers) -> None:
    hand.execute("SET LOCAL synchronous_commit = off")
    for statement in STATEMENTS:
        hand.execute(statement, numbers)
