"""Who receives a referral does not know the person's record: they ask by the case alone."""

from django.db import migrations

from referral.lib.policies import DefinerFunction

IS_RESTRICTED = """
CREATE FUNCTION baken.case_is_restricted(wanted uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM public.cases_case c
        WHERE c.id = wanted AND baken.is_restricted(c.person_id))
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("referrals", "0002_handoffs_under_way_stop_too"),
        ("restriction", "0001_restrictions"),
    ]

    operations = [DefinerFunction("baken.case_is_restricted(uuid)", IS_RESTRICTED)]
