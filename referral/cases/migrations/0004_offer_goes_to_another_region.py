"""The desk offers a case that nobody has accepted to another region."""

from django.db import migrations

from referral.cases.migrations._locks import CASE_MOVE, ORGANISATION, may

OFFERED = """(is_owner AND OLD.status = 'active'
            AND (OLD.offered_to_id IS NULL OR NEW.offered_to_id IS NULL))"""
ELSEWHERE = """
        OR (is_owner AND OLD.status = 'intake' AND NEW.offered_to_id IS NOT NULL)"""
BEFORE = CASE_MOVE.partition("CREATE TRIGGER")[0].replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)
AFTER = BEFORE.replace(OFFERED, OFFERED + ELSEWHERE)
WAITS = f"{may('case.offer')} AND owner_organisation_id = {ORGANISATION} AND status = 'intake'"
POLICY = f"""
CREATE POLICY cases_case_offered_elsewhere ON cases_case FOR UPDATE
    USING ({WAITS}) WITH CHECK ({WAITS})
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_reply_comes_before_review")]

    operations = [
        migrations.RunSQL(AFTER, BEFORE),
        migrations.RunSQL(POLICY, "DROP POLICY cases_case_offered_elsewhere ON cases_case"),
    ]
