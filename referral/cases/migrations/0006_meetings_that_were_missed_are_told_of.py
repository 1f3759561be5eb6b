"""A meeting to hand over whose day is over and that nobody wrote down is told of, once."""

from django.db import migrations, models

from referral.lib.policies import DefinerFunction

# The clock sees what is on offer only: of what was accepted it learns this, and no more.
TELL = """
CREATE FUNCTION baken.tell_of_meetings(today date, moment timestamptz)
RETURNS SETOF public.cases_handoff
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE public.cases_handoff h SET unmet_told_at = moment
    WHERE h.status = 'accepted' AND h.warm_meeting_on < today AND h.unmet_told_at IS NULL
        AND EXISTS (SELECT FROM public.cases_case c WHERE c.id = h.case_id
            AND c.status = 'active' AND c.owner_organisation_id = h.to_organisation_id)
        AND baken.may('deadline.sweep')
    RETURNING h.*
$$
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_a_case_says_that_its_registration_is_withdrawn")]

    operations = [
        migrations.AddField(
            "handoff", "unmet_told_at", models.DateTimeField(null=True, blank=True)
        ),
        DefinerFunction("baken.tell_of_meetings(date, timestamptz)", TELL),
    ]
