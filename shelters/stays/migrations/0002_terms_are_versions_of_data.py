"""A stay begins with the placement of an emergency too, and lasts as the terms of then say."""

from django.db import migrations

from shelters.stays.migrations._locks import FOLLOWS

FIXED = "::date + 90, '', ''"
BY_TERMS = """::date + (SELECT t.first_days::int FROM public.shelters_shelterterm t
        WHERE t.valid @> p.arrived_at), '', ''"""
REPLACE = FOLLOWS.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
AS_GUARD = "SET LOCAL ROLE baken_guard; {}; RESET ROLE"
BEGINS = """
CREATE TRIGGER stay_begins_with_an_emergency AFTER INSERT ON shelters_placement
    FOR EACH ROW WHEN (NEW.status = 'arrived')
    EXECUTE FUNCTION baken.stay_follows_its_placement();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("shelters", "0004_emergencies_transfers_and_terms"),
        ("stays", "0001_stays_and_their_course"),
    ]

    operations = [
        migrations.RunSQL(
            AS_GUARD.format(REPLACE.replace(FIXED, BY_TERMS)), AS_GUARD.format(REPLACE)
        ),
        migrations.RunSQL(
            BEGINS, "DROP TRIGGER stay_begins_with_an_emergency ON shelters_placement"
        ),
    ]
