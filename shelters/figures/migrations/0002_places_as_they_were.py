"""The places of a quarter are those that were there then, and not the beds that there are now."""

import importlib

from django.db import migrations

FIGURES: str = importlib.import_module(
    "shelters.figures.migrations.0001_figures_of_shelters"
).FIGURES
BEGIN, END = "), places AS (", "\n    )\n    SELECT f.subject"

# What is paid from day to day is known of a past quarter; on which day a bed was taken into use is
# not. So a shelter with a contract in the quarter counts with what was paid, and another one with
# its beds until they were withdrawn, less the days out of order.
PLACES = """), looked AS (
        SELECT since AS first, least(until, statement_timestamp()) AS last,
            extract(epoch FROM least(until, statement_timestamp()) - since) / 86400 AS days
    ), paid AS (
        SELECT c.shelter_id, sum(c.places * extract(epoch FROM
            least(h.last, l.last) - greatest(h.first, l.first)) / 86400) AS days
        FROM public.shelters_contract c, looked l,
            LATERAL (SELECT lower(c.valid)::timestamp AT TIME ZONE 'Europe/Amsterdam' AS first,
                coalesce(upper(c.valid)::timestamp AT TIME ZONE 'Europe/Amsterdam', 'infinity')
                    AS last) AS h
        WHERE h.first < l.last AND h.last > l.first GROUP BY 1
    ), in_beds AS (
        SELECT b.shelter_id, sum(there.days - lost.days) AS days, sum(used.days) AS used
        FROM public.shelters_bed b, looked l,
            LATERAL (SELECT greatest(extract(epoch FROM
                least(b.withdrawn_at, l.last) - l.first) / 86400, 0) AS days) AS there,
            LATERAL (SELECT coalesce(sum(extract(epoch FROM
                    least(upper(p.during), l.last) - greatest(p.arrived_at, l.first))) / 86400, 0)
                    AS days
                FROM public.shelters_placement p
                WHERE p.bed_id = b.id AND p.status IN ('arrived', 'ended')
                    AND p.arrived_at < l.last
                    AND coalesce(upper(p.during), 'infinity') > l.first) AS used,
            LATERAL (SELECT coalesce(sum(extract(epoch FROM
                    least(upper(o.during), b.withdrawn_at, l.last)
                    - greatest(lower(o.during), l.first))) / 86400, 0) AS days
                FROM public.shelters_bedoutage o
                WHERE o.bed_id = b.id
                    AND o.during && tstzrange(l.first, greatest(l.first,
                        least(b.withdrawn_at, l.last)))) AS lost
        GROUP BY 1
    ), places AS (
        SELECT s.type, round(sum(coalesce(p.days, b.days)) / min(l.days)) AS beds,
            sum(coalesce(b.used, 0)) AS used, sum(coalesce(p.days, b.days)) AS days
        FROM public.shelters_shelter s CROSS JOIN looked l
            LEFT JOIN paid p ON p.shelter_id = s.id LEFT JOIN in_beds b ON b.shelter_id = s.id
        WHERE l.days > 0 AND (p.days > 0 OR (s.active AND p.days IS NULL AND b.days > 0))
        GROUP BY 1"""
SHARE = """p.used / nullif(p.beds * extract(epoch FROM
        least(until, statement_timestamp()) - since) / 86400 - p.lost, 0) AS share)"""
# Who was placed in an emergency, and is written down afterwards, waited no time at all.
WAITED = "p.answered_at - r.requested_at"


def as_they_were(sql: str) -> str:
    before, rest = sql.split(BEGIN)
    _beds_of_now, after = rest.split(END)
    changed = before + PLACES + END + after.replace(SHARE, "p.used / nullif(p.days, 0) AS share)")
    return changed.replace(WAITED, f"greatest({WAITED}, interval '0')")


def said_as_guard(sql: str) -> str:
    """Only its owner replaces a function."""
    said = sql.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
    return f"SET LOCAL ROLE baken_guard; {said}; RESET ROLE"


class Migration(migrations.Migration):
    dependencies = [
        ("figures", "0001_figures_of_shelters"),
        ("shelters", "0004_emergencies_transfers_and_terms"),
    ]

    operations = [
        migrations.RunSQL(said_as_guard(as_they_were(FIGURES)), said_as_guard(FIGURES)),
    ]
