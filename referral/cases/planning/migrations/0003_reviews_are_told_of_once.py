"""On the day of a review of plan or risk who has the case is told once, and a new owner anew."""

from django.db import migrations, models

from referral.lib.policies import AmendFunction, DefinerFunction

# The clock reads no plan and no assessment: it learns of which case, who has it, and no more.
# Who stands in for an absent colleague is told instead.
TELL = """
CREATE FUNCTION baken.tell_of_reviews(today date)
RETURNS TABLE (about text, of_case uuid, team bigint, person bigint)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH plans AS (
        UPDATE public.planning_careplan p SET review_told_on = p.review_on
        FROM public.cases_case c
        WHERE c.id = p.case_id AND c.status = 'active' AND p.status = 'agreed'
            AND p.review_on <= today AND p.review_told_on IS DISTINCT FROM p.review_on
            AND baken.may('deadline.sweep')
        RETURNING 'plan' AS about, c.id, c.owner_organisation_id, c.coordinator_id
    ), risks AS (
        UPDATE public.planning_riskassessment r SET review_told_on = r.review_on
        FROM public.cases_case c
        WHERE c.id = r.case_id AND c.status = 'active'
            AND r.review_on <= today AND r.review_told_on IS DISTINCT FROM r.review_on
            AND NOT EXISTS (SELECT FROM public.planning_riskassessment newer
                WHERE newer.case_id = r.case_id
                    AND (newer.written_at, newer.id) > (r.written_at, r.id))
            AND baken.may('deadline.sweep')
        RETURNING 'risk' AS about, c.id, c.owner_organisation_id, c.coordinator_id
    )
    SELECT due.about, due.id, due.owner_organisation_id, coalesce(away.stand_in_id, due.coordinator_id)
    FROM (SELECT * FROM plans UNION ALL SELECT * FROM risks) due
    LEFT JOIN public.planning_absence away ON away.organisation_id = due.owner_organisation_id
        AND away.person_id = due.coordinator_id
        AND away.begun_at IS NOT NULL AND away.ended_at IS NULL
    ORDER BY due.id, due.about
$$
"""
TO_THE_NEW_OWNER = """
        WHERE case_id = NEW.id AND status = 'open';
        UPDATE public.planning_careplan SET review_told_on = NULL WHERE case_id = NEW.id;
        UPDATE public.planning_riskassessment SET review_told_on = NULL WHERE case_id = NEW.id;
    END IF;"""


class Migration(migrations.Migration):
    dependencies = [("planning", "0002_absence_ends_early")]

    operations = [
        migrations.AddField("careplan", "review_told_on", models.DateField(null=True, blank=True)),
        migrations.AddField(
            "riskassessment", "review_told_on", models.DateField(null=True, blank=True)
        ),
        DefinerFunction("baken.tell_of_reviews(date)", TELL),
        AmendFunction(
            "baken.planning_follows_the_case()",
            (
                "\n        WHERE case_id = NEW.id AND status = 'open';\n    END IF;",
                TO_THE_NEW_OWNER,
            ),
        ),
    ]
