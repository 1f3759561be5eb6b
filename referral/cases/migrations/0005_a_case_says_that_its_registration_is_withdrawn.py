"""Who sees a case learns on which day its registration was withdrawn, and nothing else of it."""

from django.db import migrations

from referral.lib.policies import DefinerFunction

WITHDRAWN_AT = """
CREATE FUNCTION baken.case_registration_withdrawn_at(wanted uuid) RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT r.withdrawn_at
    FROM public.cases_case c JOIN public.registrations_registration r ON r.id = c.registration_id
    WHERE c.id = wanted AND r.status = 'withdrawn'
        AND (baken.may('case.read_header') OR baken.case_level(wanted) > 0)
$$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0004_offer_goes_to_another_region"),
        ("registrations", "0001_registrations"),
    ]

    operations = [
        DefinerFunction("baken.case_registration_withdrawn_at(uuid)", WITHDRAWN_AT),
    ]
