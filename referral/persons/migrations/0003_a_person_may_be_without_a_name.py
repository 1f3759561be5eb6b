"""A person who is only counted: nothing is kept that says who it is, and the database sees to it."""

from django.db import migrations, models

# An identity that says nothing is the seal of "{}": a nonce of 12 bytes, 2 bytes and a tag of 16.
# One look for each statement, so that a batch of thousands costs no more than a single row.
NAMELESS = """
CREATE FUNCTION baken.person_without_a_name_has_nothing_that_names() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    wrong boolean;
BEGIN
    IF TG_TABLE_NAME = 'persons_identity' THEN
        SELECT EXISTS (SELECT FROM written w JOIN public.persons_person p ON p.id = w.person_id
            WHERE NOT p.named AND octet_length(w.sealed) <> 30) INTO wrong;
    ELSE
        SELECT EXISTS (SELECT FROM written w JOIN public.persons_person p ON p.id = w.person_id
            WHERE NOT p.named) INTO wrong;
    END IF;
    IF wrong THEN
        RAISE check_violation USING CONSTRAINT = 'person_without_a_name_has_nothing_that_names',
            MESSAGE = 'person_without_a_name_has_nothing_that_names: ' || TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER identity_made_names_nobody_without_a_name AFTER INSERT ON persons_identity
    REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION baken.person_without_a_name_has_nothing_that_names();
CREATE TRIGGER identity_changed_names_nobody_without_a_name AFTER UPDATE ON persons_identity
    REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION baken.person_without_a_name_has_nothing_that_names();
CREATE TRIGGER search_key_finds_nobody_without_a_name AFTER INSERT ON persons_identitykey
    REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION baken.person_without_a_name_has_nothing_that_names();
GRANT UPDATE (named) ON persons_person TO baken_web, baken_worker;
"""
NO_NAMELESS = """
DROP TRIGGER search_key_finds_nobody_without_a_name ON persons_identitykey;
DROP TRIGGER identity_changed_names_nobody_without_a_name ON persons_identity;
DROP TRIGGER identity_made_names_nobody_without_a_name ON persons_identity;
DROP FUNCTION baken.person_without_a_name_has_nothing_that_names();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("persons", "0002_keys_for_more_mistakes"),
    ]

    operations = [
        migrations.AddField(
            model_name="person",
            name="named",
            field=models.BooleanField(default=True, verbose_name="known by name"),
        ),
        # A default of the model would ask the new row back, which its maker may not see yet.
        migrations.RunSQL(
            "ALTER TABLE persons_person ALTER COLUMN named SET DEFAULT true",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(NAMELESS, NO_NAMELESS),
    ]
