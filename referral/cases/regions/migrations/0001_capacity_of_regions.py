"""How care regions are covered, and how long people wait in each."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from referral.lib.policies import DefinerFunction, Protect
from referral.lib.tables import NewTable

DESK = "(SELECT baken.may('case.read_header'))"
MANAGES = "(SELECT baken.may('region.manage'))"
# Counts and days for the national desk, which sees cases as rows and no notes: of a note only
# when the first was written, of a place only since when the shelter reads the file. A case counts
# for the region where it is now.
FLOW = """
CREATE FUNCTION baken.flow_of_regions(since timestamptz, least_cases integer)
RETURNS TABLE (code text, waiting bigint, active bigint,
    accepted float8[], contacted float8[], placed float8[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH spans AS (
        SELECT c.id, c.care_region_id, c.status,
            extract(epoch FROM c.accepted_at - c.opened_at) / 86400 AS to_accepted,
            extract(epoch FROM (SELECT min(n.written_at) FROM public.cases_carenote n
                WHERE n.case_id = c.id) - c.opened_at) / 86400 AS to_contacted,
            extract(epoch FROM (SELECT min(lower(g.valid)) FROM public.cases_casegrant g
                WHERE g.case_id = c.id AND g.basis = 'placement') - c.opened_at) / 86400
                AS to_placed
        FROM public.cases_case c
        WHERE baken.may('case.read_header') AND c.opened_at >= since
    ), days AS (
        SELECT s.care_region_id,
            CASE WHEN count(to_accepted) >= least_cases THEN
                percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY to_accepted) END AS a,
            CASE WHEN count(to_contacted) >= least_cases THEN
                percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY to_contacted) END AS n,
            CASE WHEN count(to_placed) >= least_cases THEN
                percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY to_placed) END AS p
        FROM spans s GROUP BY 1
    ), now_open AS (
        SELECT c.care_region_id, count(*) FILTER (WHERE c.status = 'intake') AS waiting,
            count(*) FILTER (WHERE c.status = 'active') AS active
        FROM public.cases_case c
        WHERE baken.may('case.read_header') AND c.status <> 'closed' GROUP BY 1
    )
    SELECT care_region_id, coalesce(o.waiting, 0), coalesce(o.active, 0), d.a, d.n, d.p
    FROM now_open o FULL JOIN days d USING (care_region_id)
$$
"""
# A version is ended, or corrected for the same first day; which region it is of, never changes.
COLUMNS = """
REVOKE UPDATE, DELETE ON regions_capacity FROM baken_web, baken_worker;
GRANT UPDATE (coverage, fte, age_split, valid, set_at, set_by_id)
    ON regions_capacity TO baken_web, baken_worker;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cases", "0002_handoff_to_its_end"),
        ("geography", "0002_facts_of_2026"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        NewTable(
            name="Capacity",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "coverage",
                    models.CharField(
                        choices=[
                            ("own", "Its own coordinator"),
                            ("shared", "Shared with another region"),
                            ("remote", "By the national desk, at a distance"),
                        ],
                        max_length=8,
                        verbose_name="coverage",
                    ),
                ),
                ("fte", models.DecimalField(decimal_places=1, max_digits=4, verbose_name="fte")),
                (
                    "age_split",
                    models.CharField(
                        choices=[
                            ("none", "One coordinator for all ages"),
                            ("at_18", "Below 18, and 18 or older"),
                            ("at_23", "Below 23, and 23 or older"),
                        ],
                        max_length=8,
                        verbose_name="division by age",
                    ),
                ),
                (
                    "valid",
                    django.contrib.postgres.fields.ranges.DateRangeField(
                        verbose_name="holds from and until"
                    ),
                ),
                ("set_at", models.DateTimeField()),
                (
                    "care_region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="capacities",
                        to="geography.careregion",
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("age_split__in", ["none", "at_18", "at_23"]),
                            ("coverage__in", ["own", "shared", "remote"]),
                        ),
                        name="capacity_is_of_a_known_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False), ("valid__lower_inf", False)),
                        name="capacity_has_a_first_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("coverage", "remote"), ("fte", 0)),
                            models.Q(
                                models.Q(("coverage", "remote"), _negated=True),
                                ("fte__gt", 0),
                                ("fte__lte", 100),
                            ),
                            _connector="OR",
                        ),
                        name="capacity_at_a_distance_has_no_fte_of_the_region",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("care_region", "="), ("valid", "&&")],
                        name="care_region_has_one_capacity_at_a_time",
                    ),
                ],
            },
        ),
        DefinerFunction("baken.flow_of_regions(timestamptz, integer)", FLOW),
        migrations.RunSQL(COLUMNS, migrations.RunSQL.noop),
        Protect(
            "regions_capacity",
            select=DESK,
            insert=f"{MANAGES} AND set_by_id = (SELECT baken.actor_user())",
            update=MANAGES,
        ),
    ]
