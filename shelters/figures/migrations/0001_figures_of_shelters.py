"""Counts and spans of a period, from what happened in shelters."""

from django.db import migrations

from referral.lib.policies import DefinerFunction

# For the desk, which sees every placement, the counts as they are and spans from five on. Others
# who read the directory get closed quarters only, counts rounded to multiples of five without any
# total beside them, and spans from ten on: a figure that is renewed each day, or that can be
# subtracted from another one, tells of single persons (ADR 25). What rounds to
# nothing is left out, so that nobody can tell none from one or two.
FIGURES = """
CREATE FUNCTION baken.figures_of_shelters(since timestamptz, until timestamptz)
RETURNS TABLE (subject text, code text, n float8, middle float8, high float8)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH asking AS (
        SELECT baken.may('placement.read_all') AS exact,
            CASE WHEN baken.may('placement.read_all') THEN 5 ELSE 10 END AS least
        WHERE baken.may('placement.read_all') OR (baken.may('shelter.read')
            AND since = date_trunc('quarter', since, 'Europe/Amsterdam')
            AND until = date_trunc('quarter', since + interval '100 days', 'Europe/Amsterdam')
            AND until <= date_trunc('quarter', statement_timestamp(), 'Europe/Amsterdam'))
    ), found (subject, code, n, spans) AS (
        SELECT 'refused', p.refusal_reason, count(*), NULL::float8[]
        FROM public.shelters_placement p
        WHERE p.status = 'refused' AND p.answered_at >= since AND p.answered_at < until
        GROUP BY 2
        UNION ALL
        SELECT 'refused', 'expired', count(*), NULL
        FROM public.shelters_placement p
        WHERE p.status = 'expired' AND p.reserved_until >= since AND p.reserved_until < until
        UNION ALL
        SELECT 'waited', r.urgency, count(*), percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP
            (ORDER BY extract(epoch FROM p.answered_at - r.requested_at) / 3600)
        FROM public.shelters_placement p
        JOIN public.shelters_placementrequest r ON r.id = p.request_id
        WHERE p.status IN ('accepted', 'arrived', 'ended')
            AND p.answered_at >= since AND p.answered_at < until
        GROUP BY 2
        UNION ALL
        SELECT 'blocked', b.kind, count(DISTINCT b.stay_id), percentile_cont(ARRAY[0.5, 0.9])
            WITHIN GROUP (ORDER BY extract(epoch FROM
                least(b.lifted_at, s.over_at, until, statement_timestamp()) - b.set_at) / 86400)
        FROM public.stays_blocker b JOIN public.stays_stay s ON s.placement_id = b.stay_id
        WHERE b.set_at < until AND coalesce(b.lifted_at, s.over_at, 'infinity') >= since
        GROUP BY 2
        UNION ALL
        -- Who has more than one problem: what the shelters for multiple problems are for (F32).
        SELECT 'multiple', m.code, count(*), NULL
        FROM public.shelters_placementrequest r,
            LATERAL (VALUES ('asked'), (r.status::text)) AS m (code)
        WHERE r.requested_at >= since AND r.requested_at < until
            AND m.code IN ('asked', 'placed', 'cancelled')
            AND r.needs && ARRAY['mild_disability', 'mental_health', 'addiction']::varchar[]
        GROUP BY 2
    ), places AS (
        SELECT s.type, count(*) AS beds, sum(used.days) AS used, sum(lost.days) AS lost
        FROM public.shelters_bed b JOIN public.shelters_shelter s ON s.id = b.shelter_id,
            LATERAL (SELECT coalesce(sum(extract(epoch FROM
                    least(upper(p.during), until, statement_timestamp())
                    - greatest(p.arrived_at, since))) / 86400, 0) AS days
                FROM public.shelters_placement p
                WHERE p.bed_id = b.id AND p.status IN ('arrived', 'ended')
                    AND p.arrived_at < least(until, statement_timestamp())
                    AND coalesce(upper(p.during), 'infinity') > since) AS used,
            LATERAL (SELECT coalesce(sum(extract(epoch FROM
                    least(upper(o.during), until, statement_timestamp())
                    - greatest(lower(o.during), since))) / 86400, 0) AS days
                FROM public.shelters_bedoutage o
                WHERE o.bed_id = b.id
                    AND o.during && tstzrange(since, least(until, statement_timestamp()))) AS lost
        WHERE s.active GROUP BY 1
    )
    SELECT f.subject, f.code, CASE WHEN a.exact THEN f.n ELSE round(f.n / 5.0) * 5 END,
        CASE WHEN f.n >= a.least THEN f.spans[1] END, CASE WHEN f.n >= a.least THEN f.spans[2] END
    FROM found f, asking a WHERE CASE WHEN a.exact THEN f.n > 0 ELSE f.n > 2 END
    UNION ALL
    -- Places are no persons; of few of them, how full they are tells who is there.
    SELECT 'occupied', p.type, p.beds, CASE WHEN a.exact THEN share ELSE round(share * 20) / 20 END,
        NULL
    FROM places p, asking a, LATERAL (SELECT p.used / nullif(p.beds * extract(epoch FROM
        least(until, statement_timestamp()) - since) / 86400 - p.lost, 0) AS share) AS s
    WHERE a.exact OR p.beds >= 5
$$
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("shelters", "0001_shelters"),
        ("stays", "0001_stays_and_their_course"),
    ]

    operations = [
        DefinerFunction("baken.figures_of_shelters(timestamptz, timestamptz)", FIGURES),
    ]
