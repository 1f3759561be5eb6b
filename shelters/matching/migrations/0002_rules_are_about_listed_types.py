"""A rule is about a type of shelter in the list that the placement desk keeps."""

from django.db import migrations, models

DEMANDS = ["adult", "minor", "not_dutch", "reflection", "lawful", "labour", "multiple"]
TRIGGER = """
CREATE FUNCTION baken.eligibility_rule_is_about_a_known_type() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT baken.are_listed('type', ARRAY[NEW.shelter_type]) THEN
        PERFORM baken.refuse_move('eligibility_rule_is_about_a_known_type');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER eligibility_rule_is_about_a_known_type BEFORE INSERT ON matching_eligibilityrule
    FOR EACH ROW EXECUTE FUNCTION baken.eligibility_rule_is_about_a_known_type();
"""
NO_TRIGGER = """
DROP TRIGGER eligibility_rule_is_about_a_known_type ON matching_eligibilityrule;
DROP FUNCTION baken.eligibility_rule_is_about_a_known_type();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("lists", "0001_lists_that_the_desk_keeps"),
        ("matching", "0001_who_fits_where"),
    ]

    operations = [
        migrations.RemoveConstraint("eligibilityrule", "eligibility_rule_asks_what_is_known"),
        migrations.AddConstraint(
            "eligibilityrule",
            models.CheckConstraint(
                condition=models.Q(("demand__in", DEMANDS)),
                name="eligibility_rule_asks_what_is_known",
            ),
        ),
        migrations.AlterField(
            "eligibilityrule",
            "shelter_type",
            models.CharField(max_length=8, verbose_name="type of shelter"),
        ),
        migrations.RunSQL(TRIGGER, NO_TRIGGER),
    ]
