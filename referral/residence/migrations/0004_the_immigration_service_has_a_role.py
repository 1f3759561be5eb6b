"""Residence is decided in a role of its own, and the coordinators of the person hear of it.

What waits to be handed out goes to that role; the deliberation's partners no longer see files.
"""

from django.db import migrations

from referral.lib.policies import DefinerFunction

# Which teams coordinate the care of the person of a file, for the service that decides on it.
COORDINATORS = """
CREATE FUNCTION baken.coordinators_of_residence_file(file uuid) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT DISTINCT g.organisation_id
    FROM public.residence_residencefile f
    JOIN public.persons_persongrant g ON g.person_id = f.person_id
    JOIN public.organisations_organisation o ON o.id = g.organisation_id
    WHERE f.id = file AND f.immigration_id = baken.actor_organisation()
        AND baken.may('residence.decide')
        AND g.basis = 'case' AND g.user_id IS NULL AND g.valid @> statement_timestamp()
        AND o.type IN ('care_coord', 'comensha')
$$
"""
MOVED = """
SET LOCAL ROLE baken_guard;
UPDATE notices_notice SET role = '{after}'
    WHERE role = '{before}' AND state = 'pending' AND url LIKE '/residence/%';
RESET ROLE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0001_notices"),
        ("organisations", "0004_the_immigration_service_has_a_role"),
        ("residence", "0003_steps_are_counted"),
    ]

    operations = [
        DefinerFunction("baken.coordinators_of_residence_file(uuid)", COORDINATORS),
        migrations.RunSQL(
            MOVED.format(before="emm_partner", after="ind_liaison"),
            MOVED.format(before="ind_liaison", after="emm_partner"),
        ),
    ]
