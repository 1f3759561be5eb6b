"""A release says by which version of the rules of counting it was counted, and keeps saying it."""

import django.db.models.deletion
from django.db import migrations, models

KEEPS = """
CREATE FUNCTION baken.computed_release_keeps_its_rules() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE check_violation USING CONSTRAINT = 'computed_release_keeps_its_rules',
        MESSAGE = 'computed_release_keeps_its_rules: ' || OLD.id;
END $$;
CREATE TRIGGER computed_release_keeps_its_rules BEFORE UPDATE ON reporting_release
    FOR EACH ROW WHEN (OLD.status <> 'computing'
        AND NEW.counting_rules_id IS DISTINCT FROM OLD.counting_rules_id)
    EXECUTE FUNCTION baken.computed_release_keeps_its_rules();
"""
FREES = """
DROP TRIGGER computed_release_keeps_its_rules ON reporting_release;
DROP FUNCTION baken.computed_release_keeps_its_rules();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("counting", "0002_rules_that_count_now"),
        ("reporting", "0001_reporting"),
    ]

    operations = [
        migrations.AddField(
            model_name="release",
            name="counting_rules",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="counting.countingrules",
            ),
        ),
        migrations.RunSQL(KEEPS, FREES),
    ]
