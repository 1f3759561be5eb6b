"""What a test really committed is taken away again, by the owner of the tables."""

from typing import Any, LiteralString, cast

import psycopg
from django.db import connection
from psycopg import Connection

from tests.processes import database_url

#: Facts that migrations and sync_roles put there; everything else is wiped between tests.
KEPT = (
    "geography_",
    "django_",
    "auth_permission",
    "access_rolepermission",
    "reporting_reportprogramme",
    "signals_indicator",
    "signals_layoutmapping",
    "signals_servicelevels",
    "enrichment_ground",
    "enrichment_source",
    "enrichment_flowbasis",
    "links_linkweights",
    "matrix_legalrule",
    "duty_term",
    "counting_countingrules",
    "lists_listedcode",
    "matching_eligibilityrule",
    "retention_retentionterm",
    "cases_handoffterm",
    "residence_termlength",
    "planning_planningterm",
    "shelters_shelterterm",
    "planning_checklistitem",
)
#: Not a fact, whatever its name begins with: which group may do what, which sync_roles says anew.
GRANTED = "reporting_reportprogrammegrouppermission"
#: Of these what migrations put there, and nothing that was added since.
SHIPPED = {
    "signals_layoutmapping": "code = 'ctdc'",
    "signals_servicelevels": "version = 1",
    "links_linkweights": "version = 1",
    "duty_term": "version = 1",
    "retention_retentionterm": "lower(valid) = '2012-01-01'",
    "lists_listedcode": "lower(valid) = '2012-01-01'",
}

#: So many rows are deleted one by one; of more the tables are emptied, which takes most of a second
#: of a core however few they are: each table of the house points to another, so all of them go.
HANDFUL = 3_000
#: Where something was ever written since it was last emptied.
WRITTEN = """
SELECT relname FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
AND coalesce((SELECT sum(pg_relation_size(relid)) FROM pg_partition_tree(oid) WHERE isleaf),
             pg_relation_size(oid)) > 0
"""
#: These and their partitions, and whatever refuses to be emptied; and who is kept out by which
#: policies, the owner among them.
GUARDED = """
SELECT oid::regclass::text, relforcerowsecurity FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
AND (relname = ANY(%(names)s) OR pg_partition_root(oid)::text = ANY(%(names)s)
     OR oid IN (SELECT tgrelid FROM pg_trigger WHERE NOT tgisinternal AND tgtype & 32 = 32))
"""
FORCE = "FORCE ROW LEVEL SECURITY"
FROM_ONE = """
SELECT setval(format('%%I.%%I', schemaname, sequencename)::regclass, start_value, false)
FROM pg_sequences
WHERE schemaname = 'public' AND last_value IS NOT NULL AND sequencename ~ %s
"""


def count_from_one(names: str = "^audit_") -> None:
    """Tests that roll back leave their numbers used up, and some tests name rows by number."""
    with psycopg.connect(database_url(), autocommit=True) as owner:
        owner.execute(FROM_ONE, [names])


def wipe() -> None:
    """In one transaction: whoever is stopped halfway leaves every guard on."""
    if not str(connection.settings_dict["NAME"]).startswith("test_"):
        raise RuntimeError("this is not a test database")
    with psycopg.connect(database_url()) as owner:
        written = [name for (name,) in owner.execute(WRITTEN)]
        tables = [name for name in written if name == GRANTED or not name.startswith(KEPT)]
        guarded = owner.execute(GUARDED, {"names": [*tables, *SHIPPED]}).fetchall()
        for table, forced in guarded:
            run(owner, f"ALTER TABLE {table} DISABLE TRIGGER USER{f', NO {FORCE}' * forced}")
        empty(owner, tables)
        for table, shipped in SHIPPED.items():
            run(owner, f"DELETE FROM {table} WHERE NOT ({shipped})")  # noqa: S608 -- our own words
        run(owner, "SET CONSTRAINTS ALL IMMEDIATE")
        for table, forced in guarded:
            run(owner, f"ALTER TABLE {table} ENABLE TRIGGER USER{f', {FORCE}' * forced}")
    count_from_one(f"^(?!{'|'.join(KEPT)})")


def empty(owner: Connection[Any], tables: list[str]) -> None:
    """Rows point at each other in circles: whether any points at one gone is asked at the end."""
    counts = [f"(SELECT count(*) FROM {table})" for table in tables]  # noqa: S608 -- our own words
    found = owner.execute(cast("LiteralString", f"SELECT {' + '.join(['0', *counts])}")).fetchone()
    if found and found[0] > HANDFUL:
        run(owner, f"TRUNCATE {', '.join(tables)} CASCADE")
        return
    run(owner, "SET CONSTRAINTS ALL DEFERRED")
    for table in tables:
        run(owner, f"DELETE FROM {table}")  # noqa: S608 -- our own words


def run(owner: Connection[Any], statement: str) -> None:
    owner.execute(cast("LiteralString", statement))
