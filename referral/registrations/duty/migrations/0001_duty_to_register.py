"""The reminder to register a presumed victim, and the term after which it comes."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.migrations.state import StateApps

import referral.lib.ids
from referral.lib.policies import AddPolicy, Protect
from referral.lib.tables import NewTable

SWEEPS = "(SELECT baken.may('deadline.sweep'))"
OF_OFFICERS = """((SELECT baken.may('signal.read_organisation'))
    AND organisation_id = (SELECT baken.actor_organisation()))"""
# Who keeps the law of sharing keeps its term.
CHANGE = """
    (SELECT baken.may('matrix.change')) AND EXISTS (
        SELECT FROM organisations_organisation o
        WHERE o.id = (SELECT baken.actor_organisation()) AND o.type IN ('platform', 'comensha'))
"""
# A version keeps its words and is ended once; a reminder is explained once.
KEEP = """
CREATE FUNCTION baken.duty_is_kept() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'duty_term'
        AND upper_inf((to_jsonb(OLD) ->> 'valid')::tstzrange)
        AND to_jsonb(NEW) - 'valid' = to_jsonb(OLD) - 'valid'
    THEN
        RETURN NEW;
    ELSIF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'duty_reminder'
        AND to_jsonb(OLD) ->> 'explained_at' IS NULL
    THEN
        RETURN NEW;
    END IF;
    RAISE check_violation USING CONSTRAINT = 'duty_is_kept_as_it_was_written',
        MESSAGE = 'duty_is_kept_as_it_was_written: ' || OLD.id;
END $$;
CREATE TRIGGER duty_is_kept BEFORE UPDATE OR DELETE ON duty_term
    FOR EACH ROW EXECUTE FUNCTION baken.duty_is_kept();
CREATE TRIGGER duty_is_kept BEFORE UPDATE OR DELETE ON duty_reminder
    FOR EACH ROW EXECUTE FUNCTION baken.duty_is_kept();
REVOKE UPDATE, DELETE ON duty_term, duty_reminder FROM baken_web, baken_worker;
GRANT UPDATE (valid) ON duty_term TO baken_web, baken_worker;
GRANT UPDATE (explained_at, explained_by_id, reason) ON duty_reminder TO baken_web, baken_worker;
"""
NO_KEEP = """
DROP TRIGGER duty_is_kept ON duty_reminder;
DROP TRIGGER duty_is_kept ON duty_term;
DROP FUNCTION baken.duty_is_kept();
"""


def load_first_term(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    """A day: a default of the chain; no law names it."""
    apps.get_model("duty", "Term").objects.create(
        version=1,
        hours=24,
        reason="Uitgangspunt van de keten; geen wet noemt een aantal uren.",
        valid=DateTimeTZRange(None, None),
    )


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organisations", "0003_deliberation_and_tips"),
        ("signals", "0006_settings"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        NewTable(
            name="Term",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(unique=True, verbose_name="version")),
                ("hours", models.PositiveSmallIntegerField(verbose_name="hours")),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                ("valid", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("hours__range", (1, 240)),
                            ("version__gt", 0),
                            models.Q(("reason", ""), _negated=True),
                        ),
                        name="duty_term_lasts_an_hour_to_ten_days_and_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False)),
                        name="duty_term_holds_in_some_time",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[(models.F("valid"), "&&")],
                        name="duty_term_has_one_version_in_force",
                    ),
                ],
            },
        ),
        NewTable(
            name="Reminder",
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
                ("told_at", models.DateTimeField()),
                ("explained_at", models.DateTimeField(blank=True, null=True)),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("by_colleague", "Registered by another organisation"),
                            ("no_victim", "Not a presumed victim after all"),
                            ("not_found", "Nobody was met: too little is known about who it is"),
                            ("with_other", "Registered already with another signal"),
                        ],
                        default="",
                        max_length=16,
                    ),
                ),
                (
                    "explained_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "officer",
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
                    "signal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="signals.signal",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("explained_at", None)),
                        fields=["organisation", "told_at"],
                        name="duty_reminders_open",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("explained_at", None), ("explained_by", None), ("reason", "")
                            ),
                            models.Q(
                                ("explained_at__isnull", False),
                                ("explained_by__isnull", False),
                                (
                                    "reason__in",
                                    ["by_colleague", "no_victim", "not_found", "with_other"],
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="duty_reminder_is_explained_by_someone_at_a_time_for_a_reason",
                    )
                ],
            },
        ),
        migrations.RunPython(load_first_term, migrations.RunPython.noop),
        migrations.RunSQL(KEEP, NO_KEEP),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        Protect("duty_term", select="true", insert=CHANGE, update=CHANGE),
        Protect(
            "duty_reminder",
            select=f"{SWEEPS} OR {OF_OFFICERS}",
            insert=SWEEPS,
            update=f"{OF_OFFICERS} AND (SELECT baken.may('registration.submit'))",
        ),
        AddPolicy(
            "registrations_signallink",
            name="registrations_signallink_select_of_sweeper",
            verb="select",
            rule=SWEEPS,
        ),
    ]
