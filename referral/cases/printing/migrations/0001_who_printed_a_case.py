"""Whoever sees a case may know when it was printed, by which role, what for and which sections."""

from django.db import migrations

from referral.lib.policies import DefinerFunction

WHO_PRINTED = """
CREATE FUNCTION baken.who_printed(wanted uuid)
RETURNS TABLE (recorded_at timestamptz, role varchar, organisation varchar, purpose varchar,
    sections varchar[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT baken.sees('cases.case', wanted::text) THEN
        RETURN;
    END IF;
    RETURN QUERY
        SELECT e.recorded_at, e.role, o.name, e.purpose, e.ids
        FROM public.audit_auditevent e
        LEFT JOIN public.organisations_organisation o ON o.id = e.organisation_id
        WHERE e.object_type = 'cases.case' AND e.object_id = wanted::text
            AND e.action = 'case_printed' AND e.result = 'done'
        ORDER BY e.recorded_at DESC LIMIT 50;
END $$;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [("audit", "0001_audit"), ("cases", "0002_handoff_to_its_end")]

    operations = [DefinerFunction("baken.who_printed(uuid)", WHO_PRINTED)]
