"""What a shelter and a contract say is in the lists that the placement desk keeps."""

import django.contrib.postgres.fields
from django.db import migrations, models

TRIGGERS = """
CREATE FUNCTION baken.shelter_says_what_is_listed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT baken.are_listed('type', ARRAY[NEW.type]) THEN
        PERFORM baken.refuse_move('shelter_type_is_known');
    END IF;
    IF NOT baken.are_listed('group', NEW.target_groups) THEN
        PERFORM baken.refuse_move('shelter_is_made_for_known_groups');
    END IF;
    IF NOT baken.are_listed('expertise', NEW.expertise) THEN
        PERFORM baken.refuse_move('shelter_has_known_expertise');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER shelter_says_what_is_listed
    BEFORE INSERT OR UPDATE OF type, target_groups, expertise ON shelters_shelter
    FOR EACH ROW EXECUTE FUNCTION baken.shelter_says_what_is_listed();
CREATE FUNCTION baken.contract_is_paid_by_a_known_funder() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT baken.are_listed('funder', ARRAY[NEW.funding]) THEN
        PERFORM baken.refuse_move('contract_is_paid_by_a_known_funder');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER contract_is_paid_by_a_known_funder
    BEFORE INSERT OR UPDATE OF funding ON shelters_contract
    FOR EACH ROW EXECUTE FUNCTION baken.contract_is_paid_by_a_known_funder();
"""
NO_TRIGGERS = """
DROP TRIGGER contract_is_paid_by_a_known_funder ON shelters_contract;
DROP FUNCTION baken.contract_is_paid_by_a_known_funder();
DROP TRIGGER shelter_says_what_is_listed ON shelters_shelter;
DROP FUNCTION baken.shelter_says_what_is_listed();
"""


def codes(label: str) -> django.contrib.postgres.fields.ArrayField:
    return django.contrib.postgres.fields.ArrayField(
        base_field=models.CharField(max_length=16),
        blank=True,
        default=list,
        size=None,
        verbose_name=label,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("lists", "0001_lists_that_the_desk_keeps"),
        ("shelters", "0004_emergencies_transfers_and_terms"),
    ]

    operations = [
        migrations.RemoveConstraint("shelter", "shelter_type_is_known"),
        migrations.RemoveConstraint("shelter", "shelter_is_made_for_known_groups"),
        migrations.RemoveConstraint("shelter", "shelter_has_known_expertise"),
        migrations.RemoveConstraint("contract", "contract_is_paid_by_a_known_funder"),
        migrations.AlterField(
            "shelter", "type", models.CharField(max_length=8, verbose_name="type")
        ),
        migrations.AlterField("shelter", "target_groups", codes("made for")),
        migrations.AlterField("shelter", "expertise", codes("expertise")),
        migrations.AlterField(
            "contract", "funding", models.CharField(max_length=8, verbose_name="paid by")
        ),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
    ]
