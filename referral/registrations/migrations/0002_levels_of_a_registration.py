"""How much of the person a registration tells, and what lets its reporter tell the rest later."""

import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models

from referral.lib.policies import AddPolicy

BEFORE = """
CREATE OR REPLACE FUNCTION baken.registration_moves_along_the_table() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    course text[] := ARRAY['status', 'national_number', 'returned_at', 'returned_by_id', 'missing',
        'question', 'registered_at', 'registered_by_id', 'care_needed', 'withdrawn_at',
        'withdrawn_by_id', 'withdrawal_reason'];
    theirs boolean;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status = 'submitted' THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'registration_moves_along_the_table: begins as %', NEW.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'registration_moves_along_the_table';
    END IF;
    IF (OLD.status, NEW.status) = ('registered', 'registered') THEN
        IF baken.may('registration.complete')
            AND baken.reported(to_jsonb(NEW)) = (
                SELECT baken.reported(to_jsonb(v)) FROM public.corrections_version v
                WHERE v.registration_id = NEW.id AND v.status IN ('original', 'accepted')
                ORDER BY v.number DESC LIMIT 1)
            AND to_jsonb(OLD) || baken.reported(to_jsonb(NEW)) = to_jsonb(NEW)
        THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'registration_says_what_its_newest_version_says: %', OLD.id
            USING ERRCODE = 'check_violation',
                CONSTRAINT = 'registration_says_what_its_newest_version_says';
    END IF;
    theirs := CASE
        WHEN (OLD.status, NEW.status) IN (('submitted', 'returned'), ('submitted', 'registered'))
            THEN baken.may('registration.complete')
        WHEN (OLD.status, NEW.status) IN (('returned', 'submitted'), ('submitted', 'withdrawn'),
            ('returned', 'withdrawn'))
            THEN NEW.organisation_id = baken.actor_organisation()
                AND NEW.submitted_by_id = baken.actor_user()
        ELSE false END;
    IF theirs IS NOT TRUE THEN
        RAISE EXCEPTION 'registration_moves_along_the_table: % to %', OLD.status, NEW.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'registration_moves_along_the_table';
    END IF;
    IF (OLD.status, NEW.status) <> ('returned', 'submitted')
        AND to_jsonb(NEW) - course <> to_jsonb(OLD) - course
    THEN
        RAISE EXCEPTION 'registration_says_what_was_reported: %', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'registration_says_what_was_reported';
    END IF;
    RETURN NEW;
END $$;
"""
# Beside the moves and the newest version: the reporter raises it to full.
AFTER = """
CREATE OR REPLACE FUNCTION baken.registration_moves_along_the_table() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    course text[] := ARRAY['status', 'national_number', 'returned_at', 'returned_by_id', 'missing',
        'question', 'registered_at', 'registered_by_id', 'care_needed', 'withdrawn_at',
        'withdrawn_by_id', 'withdrawal_reason'];
    raised text[] := ARRAY['level', 'legal_basis', 'consent_id', 'help_wanted', 'care_needed',
        'raised_at', 'raised_by_id'];
    theirs boolean;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status = 'submitted' THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'registration_moves_along_the_table: begins as %', NEW.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'registration_moves_along_the_table';
    END IF;
    IF NEW.level <> OLD.level THEN
        -- Who reported it says who it is after all; nothing else of it changes.
        IF NEW.level = 'full' AND NEW.status = OLD.status AND OLD.status <> 'withdrawn'
            AND NEW.organisation_id = baken.actor_organisation()
            AND NEW.submitted_by_id = baken.actor_user() AND NEW.raised_by_id = baken.actor_user()
            AND (NEW.care_needed IS NOT DISTINCT FROM OLD.care_needed
                OR (NEW.care_needed AND NEW.help_wanted = 'yes'))
            AND to_jsonb(NEW) - raised = to_jsonb(OLD) - raised
        THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'registration_is_raised_to_full_by_its_reporter: %', OLD.id
            USING ERRCODE = 'check_violation',
                CONSTRAINT = 'registration_is_raised_to_full_by_its_reporter';
    END IF;
    IF (OLD.status, NEW.status) = ('registered', 'registered') THEN
        IF baken.may('registration.complete')
            AND baken.reported(to_jsonb(NEW)) = (
                SELECT baken.reported(to_jsonb(v)) FROM public.corrections_version v
                WHERE v.registration_id = NEW.id AND v.status IN ('original', 'accepted')
                ORDER BY v.number DESC LIMIT 1)
            AND to_jsonb(OLD) || baken.reported(to_jsonb(NEW)) = to_jsonb(NEW)
        THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'registration_says_what_its_newest_version_says: %', OLD.id
            USING ERRCODE = 'check_violation',
                CONSTRAINT = 'registration_says_what_its_newest_version_says';
    END IF;
    theirs := CASE
        WHEN (OLD.status, NEW.status) IN (('submitted', 'returned'), ('submitted', 'registered'))
            THEN baken.may('registration.complete')
        WHEN (OLD.status, NEW.status) IN (('returned', 'submitted'), ('submitted', 'withdrawn'),
            ('returned', 'withdrawn'))
            THEN NEW.organisation_id = baken.actor_organisation()
                AND NEW.submitted_by_id = baken.actor_user()
        ELSE false END;
    IF theirs IS NOT TRUE THEN
        RAISE EXCEPTION 'registration_moves_along_the_table: % to %', OLD.status, NEW.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'registration_moves_along_the_table';
    END IF;
    IF (OLD.status, NEW.status) <> ('returned', 'submitted')
        AND to_jsonb(NEW) - course <> to_jsonb(OLD) - course
    THEN
        RAISE EXCEPTION 'registration_says_what_was_reported: %', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'registration_says_what_was_reported';
    END IF;
    RETURN NEW;
END $$;
"""

# Without a name nothing may be kept that names. Asked at once of a registration that is made, and
# at the end of the deed of a person who gets a name, because the name comes before the level.
NAMELESS = """
CREATE FUNCTION baken.registration_without_a_name_is_of_nobody_named() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM public.registrations_registration r
        JOIN public.persons_person p ON p.id = r.person_id
        WHERE r.level <> 'full' AND p.named
            AND p.id = CASE TG_TABLE_NAME WHEN 'persons_person' THEN NEW.id
                ELSE (to_jsonb(NEW) ->> 'person_id')::uuid END)
    THEN
        RAISE check_violation USING CONSTRAINT = 'registration_without_a_name_is_of_nobody_named',
            MESSAGE = 'registration_without_a_name_is_of_nobody_named: ' || NEW.id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER registration_without_a_name_is_of_nobody_named AFTER INSERT
    ON registrations_registration
    FOR EACH ROW WHEN (NEW.level <> 'full')
    EXECUTE FUNCTION baken.registration_without_a_name_is_of_nobody_named();
CREATE CONSTRAINT TRIGGER registration_without_a_name_is_of_nobody_named AFTER UPDATE
    ON persons_person DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.named AND NOT OLD.named)
    EXECUTE FUNCTION baken.registration_without_a_name_is_of_nobody_named();
GRANT UPDATE (level, legal_basis, consent_id, own_reference, raised_at, raised_by_id)
    ON registrations_registration TO baken_web, baken_worker;
"""
NO_NAMELESS = """
DROP TRIGGER registration_without_a_name_is_of_nobody_named ON persons_person;
DROP TRIGGER registration_without_a_name_is_of_nobody_named ON registrations_registration;
DROP FUNCTION baken.registration_without_a_name_is_of_nobody_named();
"""


def of_own_nameless(person: str) -> str:
    """The actor registered this person without a name, and may say who it is."""
    return f"""((SELECT baken.may('registration.submit')) AND EXISTS (
        SELECT FROM registrations_registration r
        WHERE r.person_id = {person} AND r.level <> 'full' AND r.status <> 'withdrawn'
            AND r.organisation_id = (SELECT baken.actor_organisation())
            AND r.submitted_by_id = (SELECT baken.actor_user())))"""  # noqa: S608


class Migration(migrations.Migration):
    dependencies = [
        ("geography", "0002_facts_of_2026"),
        ("organisations", "0003_deliberation_and_tips"),
        ("persons", "0003_a_person_may_be_without_a_name"),
        ("registrations", "0001_registrations"),
        ("sharing", "0002_consent_register"),
        # Its function is the one that is replaced here.
        ("corrections", "0001_versions_of_a_registration"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="registration",
            name="level",
            field=models.CharField(
                choices=[
                    ("full", "Full: with who it is"),
                    ("pseudonymous", "Under a reference of your own, without a name"),
                    ("minimal", "Minimal: only what is counted"),
                ],
                default="full",
                max_length=12,
                verbose_name="level",
            ),
        ),
        migrations.AddField(
            model_name="registration",
            name="own_reference",
            field=models.BinaryField(default=b""),
        ),
        migrations.AddField(
            model_name="registration",
            name="raised_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="registration",
            name="raised_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="registration",
            index=models.Index(
                condition=models.Q(("level", "full"), _negated=True),
                fields=["person"],
                name="registrations_without_a_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__in", ["full", "pseudonymous", "minimal"])),
                name="registration_level_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("level", "full"),
                    models.Q(("level", "minimal"), ("own_reference", b"")),
                    models.Q(
                        django.db.models.lookups.GreaterThan(
                            django.db.models.functions.text.Length("own_reference"),
                            models.Value(28),
                        ),
                        ("level", "pseudonymous"),
                    ),
                    _connector="OR",
                ),
                name="registration_has_a_reference_of_its_own_as_its_level_says",
            ),
        ),
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("level", "full"),
                    models.Q(
                        ("consent", None),
                        models.Q(("help_wanted", "yes"), _negated=True),
                        models.Q(("care_needed", None), ("care_needed", False), _connector="OR"),
                    ),
                    _connector="OR",
                ),
                name="registration_without_a_name_asks_for_no_consent_help_or_care",
            ),
        ),
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("raised_at", None), ("raised_by", None)),
                    models.Q(
                        ("level", "full"),
                        ("raised_at__isnull", False),
                        ("raised_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="registration_is_raised_to_full_by_someone_at_a_time",
            ),
        ),
        migrations.RunSQL(
            "ALTER TABLE registrations_registration ALTER COLUMN level SET DEFAULT 'full',"
            " ALTER COLUMN own_reference SET DEFAULT ''",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(AFTER, BEFORE),
        migrations.RunSQL(NAMELESS, NO_NAMELESS),
        *[
            AddPolicy(
                f"persons_{table}",
                name=f"persons_{table}_{verb}_of_nameless",
                verb=verb,
                rule=of_own_nameless(f"persons_{table}.{column}"),
            )
            for table, column, verb in (
                ("person", "id", "update"),
                ("identity", "person_id", "update"),
                ("identitykey", "person_id", "insert"),
                ("identitykey", "person_id", "delete"),
            )
        ],
    ]
