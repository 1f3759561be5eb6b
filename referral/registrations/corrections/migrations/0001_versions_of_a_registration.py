"""The chain of versions of a registration, and what lets a registered one show the newest."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models

import referral.lib.ids
from referral.lib.policies import Protect
from referral.lib.tables import NewTable

# What a registration and its versions say alike.
REPORTED = """
CREATE FUNCTION baken.reported(said jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT jsonb_object_agg(one, said -> one) FROM unnest(ARRAY['forms', 'primary_form', 'sector',
        'period_from', 'period_to', 'period_absent', 'place_municipality_id', 'place_country',
        'place_absent', 'crossing']) AS one
$$;
"""

# A version begins as what was registered, or as a correction of what counts, and is decided on
# once. Numbers run on, and the first one says what the registration said.
MOVES = """
CREATE FUNCTION baken.version_moves_along_the_table() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    fits boolean;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        fits := CASE
            WHEN (OLD.status, NEW.status) IN (('proposed', 'accepted'), ('proposed', 'declined'))
                THEN baken.may('registration.complete')
            WHEN (OLD.status, NEW.status) = ('proposed', 'taken_back')
                THEN NEW.made_by_id = baken.actor_user()
            ELSE false END;
        IF fits IS NOT TRUE THEN
            RAISE check_violation USING CONSTRAINT = 'version_moves_along_the_table',
                MESSAGE = format('version_moves_along_the_table: %s to %s', OLD.status, NEW.status);
        END IF;
        RETURN NEW;
    END IF;
    fits := CASE NEW.status
        WHEN 'original' THEN EXISTS (
            SELECT FROM public.registrations_registration r
            JOIN public.persons_person p ON p.id = r.person_id
            WHERE r.id = NEW.registration_id AND r.status = 'registered'
                AND r.registered_at = NEW.made_at AND r.registered_by_id = NEW.made_by_id
                AND baken.reported(to_jsonb(r)) = baken.reported(to_jsonb(NEW))
                AND (p.sex, p.age_group) = (NEW.sex, NEW.age_group)
                AND p.is_minor IS NOT DISTINCT FROM NEW.is_minor)
        WHEN 'proposed' THEN NEW.number = (
                SELECT max(v.number) + 1 FROM public.corrections_version v
                WHERE v.registration_id = NEW.registration_id)
            AND NEW.corrects_id = (
                SELECT v.id FROM public.corrections_version v
                WHERE v.registration_id = NEW.registration_id
                    AND v.status IN ('original', 'accepted')
                ORDER BY v.number DESC LIMIT 1)
        ELSE false END;
    IF fits IS NOT TRUE THEN
        RAISE check_violation USING CONSTRAINT = 'version_begins_where_the_chain_ends',
            MESSAGE = 'version_begins_where_the_chain_ends: ' || NEW.id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER version_moves_along_the_table BEFORE INSERT OR UPDATE ON corrections_version
    FOR EACH ROW EXECUTE FUNCTION baken.version_moves_along_the_table();
"""

# What was accepted is what the registration says, in the same transaction and by nobody's hand.
SHOWN = """
CREATE FUNCTION baken.registration_shows_its_newest_version() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.registrations_registration SET
        forms = NEW.forms, primary_form = NEW.primary_form, sector = NEW.sector,
        period_from = NEW.period_from, period_to = NEW.period_to,
        period_absent = NEW.period_absent, place_municipality_id = NEW.place_municipality_id,
        place_country = NEW.place_country, place_absent = NEW.place_absent,
        crossing = NEW.crossing
    WHERE id = NEW.registration_id;
    RETURN NULL;
END $$;
CREATE TRIGGER registration_shows_its_newest_version AFTER UPDATE ON corrections_version
    FOR EACH ROW WHEN (NEW.status = 'accepted')
    EXECUTE FUNCTION baken.registration_shows_its_newest_version();
"""

# Every update of a registration is a move of its table, or shows the newest version.
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
AFTER = """
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

# What a version says never changes.
COLUMNS = """
REVOKE UPDATE ON corrections_version FROM baken_web, baken_worker;
GRANT UPDATE (status, answer, decided_at, decided_by_id) ON corrections_version
    TO baken_web, baken_worker;
"""
DESK = "(SELECT baken.may('registration.complete'))"
OWN = """EXISTS (
    SELECT FROM registrations_registration r
    WHERE r.id = registration_id AND r.organisation_id = (SELECT baken.actor_organisation())
        AND r.submitted_by_id = (SELECT baken.actor_user()))"""
REPORTER = f"((SELECT baken.may('registration.submit')) AND {OWN})"
LOCKS = [
    migrations.RunSQL(REPORTED, "DROP FUNCTION baken.reported(jsonb)"),
    migrations.RunSQL(
        MOVES,
        "DROP TRIGGER version_moves_along_the_table ON corrections_version;"
        "DROP FUNCTION baken.version_moves_along_the_table()",
    ),
    migrations.RunSQL(
        SHOWN,
        "DROP TRIGGER registration_shows_its_newest_version ON corrections_version;"
        "DROP FUNCTION baken.registration_shows_its_newest_version()",
    ),
    migrations.RunSQL(AFTER, BEFORE),
    migrations.RunSQL(COLUMNS, migrations.RunSQL.noop),
    Protect(
        "corrections_version",
        select="(SELECT baken.may('registration.read_all'))"
        f" OR ((SELECT baken.may('registration.read_own')) AND {OWN})",
        insert=f"({DESK} OR {REPORTER})"
        " AND (made_by_id = (SELECT baken.actor_user()) OR status = 'original')",
        update=f"{DESK} OR {REPORTER}",
    ),
]


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("geography", "0002_facts_of_2026"),
        ("organisations", "0003_deliberation_and_tips"),
        ("registrations", "0001_registrations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        NewTable(
            name="Version",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=referral.lib.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="version")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("original", "As it was registered"),
                            ("proposed", "Waits for the national desk"),
                            ("accepted", "Accepted"),
                            ("declined", "Not accepted"),
                            ("taken_back", "Taken back by who proposed it"),
                        ],
                        default="proposed",
                        max_length=12,
                    ),
                ),
                (
                    "forms",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("sexual", "Sexual exploitation"),
                                ("labour", "Labour exploitation"),
                                ("criminal", "Forced to commit crimes"),
                                ("services", "Forced services, such as housework"),
                                ("begging", "Forced begging"),
                                ("organ_removal", "Forced organ removal"),
                                ("forced_marriage", "Forced marriage"),
                                ("surrogacy", "Forced surrogacy"),
                                ("illegal_adoption", "Illegal adoption"),
                                ("unknown", "I do not know"),
                            ],
                            max_length=16,
                        ),
                        size=None,
                    ),
                ),
                (
                    "primary_form",
                    models.CharField(
                        choices=[
                            ("sexual", "Sexual exploitation"),
                            ("labour", "Labour exploitation"),
                            ("criminal", "Forced to commit crimes"),
                            ("services", "Forced services, such as housework"),
                            ("begging", "Forced begging"),
                            ("organ_removal", "Forced organ removal"),
                            ("forced_marriage", "Forced marriage"),
                            ("surrogacy", "Forced surrogacy"),
                            ("illegal_adoption", "Illegal adoption"),
                            ("unknown", "I do not know"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "sector",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("window", "Window prostitution"),
                            ("club", "Club or private house"),
                            ("escort", "Escort"),
                            ("home", "At home"),
                            ("hotel", "Hotel"),
                            ("street", "Street"),
                            ("massage", "Massage parlour"),
                            ("online", "Online"),
                            ("parking", "Car park"),
                            ("agriculture", "Agriculture, forestry and fishing"),
                            ("domestic_work", "Domestic work"),
                            ("hospitality", "Hotels and restaurants"),
                            ("industry", "Industry"),
                            ("food", "Food and meat"),
                            ("construction", "Construction"),
                            ("transport", "Transport and storage"),
                            ("trade", "Shops and wholesale"),
                            ("temp_agency", "Temporary work"),
                            ("cleaning", "Cleaning"),
                            ("beauty", "Nail or beauty salon"),
                            ("care", "Care"),
                            ("other_work", "Other work or services"),
                            ("drugs", "Drugs"),
                            ("theft", "Theft"),
                            ("pickpocketing", "Pickpocketing"),
                            ("fraud", "Fraud, money mule or front"),
                            ("illegal_trade", "Illegal trade"),
                            ("weapons", "Weapons"),
                            ("other_crime", "Other crime"),
                            ("not_yet", "Not yet put to work"),
                            ("none", "Does not apply"),
                            ("unknown", "Not known"),
                        ],
                        default="",
                        max_length=16,
                    ),
                ),
                ("period_from", models.DateField(blank=True, null=True)),
                ("period_to", models.DateField(blank=True, null=True)),
                (
                    "period_absent",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("unknown", "Not known"),
                            ("refused", "Did not want to say"),
                            ("not_asked", "Not asked yet"),
                        ],
                        default="",
                        max_length=12,
                    ),
                ),
                ("place_country", models.CharField(blank=True, default="", max_length=2)),
                (
                    "place_absent",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("unknown", "Not known"),
                            ("refused", "Did not want to say"),
                            ("not_asked", "Not asked yet"),
                        ],
                        default="",
                        max_length=12,
                    ),
                ),
                (
                    "crossing",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("domestic", "Within the Netherlands"),
                            ("crossborder", "Across a border"),
                            ("unknown", "Not known"),
                        ],
                        default="",
                        max_length=12,
                    ),
                ),
                (
                    "sex",
                    models.CharField(
                        choices=[
                            ("female", "Female"),
                            ("male", "Male"),
                            ("x", "X"),
                            ("unknown", "Unknown"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "age_group",
                    models.CharField(
                        choices=[
                            ("0-11", "0 to 11 years"),
                            ("12-14", "12 to 14 years"),
                            ("15-17", "15 to 17 years"),
                            ("18-22", "18 to 22 years"),
                            ("23-29", "23 to 29 years"),
                            ("30-39", "30 to 39 years"),
                            ("40-49", "40 to 49 years"),
                            ("50-64", "50 to 64 years"),
                            ("65+", "65 years or older"),
                            ("unknown", "Unknown"),
                        ],
                        max_length=8,
                    ),
                ),
                ("is_minor", models.BooleanField(blank=True, null=True)),
                ("reason", models.BinaryField(default=b"")),
                ("answer", models.BinaryField(default=b"")),
                ("made_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "corrects",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="corrections.version",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "place_municipality",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="geography.municipality",
                    ),
                ),
                (
                    "registration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="registrations.registration",
                    ),
                ),
            ],
            options={
                "verbose_name": "version of a registration",
                "verbose_name_plural": "versions of a registration",
                "indexes": [
                    models.Index(
                        condition=models.Q(("status", "proposed")),
                        fields=["made_at", "id"],
                        name="corrections_awaiting_desk",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                ["original", "proposed", "accepted", "declined", "taken_back"],
                            )
                        ),
                        name="version_status_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("corrects", None), ("number", 1), ("status", "original")),
                            models.Q(
                                models.Q(("status", "original"), _negated=True),
                                ("corrects__isnull", False),
                                ("number__gt", 1),
                            ),
                            _connector="OR",
                        ),
                        name="version_is_the_first_or_corrects_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status", "original"),
                            django.db.models.lookups.GreaterThan(
                                django.db.models.functions.text.Length("reason"), models.Value(28)
                            ),
                            _connector="OR",
                        ),
                        name="version_that_corrects_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "declined"), _negated=True),
                            django.db.models.lookups.GreaterThan(
                                django.db.models.functions.text.Length("answer"), models.Value(28)
                            ),
                            _connector="OR",
                        ),
                        name="version_that_is_declined_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at", None),
                                ("decided_by", None),
                                ("status__in", ["original", "proposed"]),
                            ),
                            models.Q(
                                models.Q(("status__in", ["original", "proposed"]), _negated=True),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="version_is_decided_by_someone_at_a_time",
                    ),
                    models.UniqueConstraint(
                        fields=("registration", "number"),
                        name="versions_of_a_registration_are_numbered",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "proposed")),
                        fields=("registration",),
                        name="registration_waits_for_one_correction_at_a_time",
                    ),
                ],
            },
        ),
        *LOCKS,
    ]
