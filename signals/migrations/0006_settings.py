"""Mappings of files and service levels as versions of data; a term begins anew after each pause."""

import datetime

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import connection, migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.migrations.state import StateApps

from referral.lib.policies import Protect
from referral.lib.tables import NewTable
from signals.facts import layouts

ALWAYS = DateTimeTZRange(None, None)
IMPORT = "(SELECT baken.may('signal.import'))"
LEVELS = "(SELECT baken.may('signal.levels'))"
READ_LEVELS = """
    (SELECT baken.may('signal.submit')) OR (SELECT baken.may('signal.triage'))
    OR (SELECT baken.may('deadline.sweep'))
"""

# A version keeps its words. It begins open, and is ended once; of service levels that end lies
# ahead, so that nothing that was judged by them is judged anew.
KEEP = """
CREATE FUNCTION baken.version_keeps_its_words() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND upper_inf(OLD.valid) AND NOT upper_inf(NEW.valid)
        AND lower(NEW.valid) IS NOT DISTINCT FROM lower(OLD.valid)
        AND to_jsonb(NEW) - 'valid' = to_jsonb(OLD) - 'valid'
        AND (TG_TABLE_NAME <> 'signals_servicelevels' OR upper(NEW.valid) > statement_timestamp())
    THEN
        RETURN NEW;
    END IF;
    RAISE check_violation USING CONSTRAINT = 'version_keeps_its_words',
        MESSAGE = 'version_keeps_its_words: ' || TG_TABLE_NAME || ' ' || OLD.version;
END $$;
CREATE TRIGGER version_keeps_its_words BEFORE UPDATE OR DELETE ON signals_layoutmapping
    FOR EACH ROW EXECUTE FUNCTION baken.version_keeps_its_words();
CREATE TRIGGER version_keeps_its_words BEFORE UPDATE OR DELETE ON signals_servicelevels
    FOR EACH ROW EXECUTE FUNCTION baken.version_keeps_its_words();
REVOKE UPDATE, DELETE ON signals_layoutmapping, signals_servicelevels FROM baken_web, baken_worker;
GRANT UPDATE (valid) ON signals_layoutmapping, signals_servicelevels TO baken_web, baken_worker;
"""
NO_KEEP = """
DROP TRIGGER version_keeps_its_words ON signals_servicelevels;
DROP TRIGGER version_keeps_its_words ON signals_layoutmapping;
DROP FUNCTION baken.version_keeps_its_words();
"""


def load_first_versions(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    """The mappings that come with the product, and the service levels that were constants.

    The levels are defaults of the chain: the design of the expert centre's desk names them, no
    law does. The reminder comes 14 days before the 30 days for feedback are over.
    """
    mappings = apps.get_model("signals", "LayoutMapping")
    for layout in layouts():
        mappings.objects.create(
            code=layout.code,
            version=layout.version,
            label=layout.label,
            content=layout.content,
            reason="Hoort bij het product.",
            valid=ALWAYS,
        )
    apps.get_model("signals", "ServiceLevels").objects.create(
        version=1,
        triage_urgent_hours=4,
        triage_days=1,
        answer_days=10,
        answer_reminded_days=5,
        feedback_near_days=30 - 14,
        feedback_days=30,
        parking_days=366,
        reason="Uitgangspunt van de keten, naar het ontwerp van het bureau; geen wet noemt ze.",
        valid=ALWAYS,
    )


def shipped_ctdc() -> int:
    """Every import so far was read by the layout that was code then."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM signals_layoutmapping WHERE code = 'ctdc' AND version = 1")
        [found] = cursor.fetchone()
    return int(found)


class Migration(migrations.Migration):
    dependencies = [
        ("geography", "0002_facts_of_2026"),
        ("organisations", "0003_deliberation_and_tips"),
        ("signals", "0005_citizens_send_tips"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        NewTable(
            name="LayoutMapping",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=16, verbose_name="code")),
                ("version", models.PositiveSmallIntegerField(verbose_name="version")),
                ("label", models.CharField(max_length=60, verbose_name="layout")),
                ("content", models.TextField()),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                ("valid", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[a-z][a-z0-9_]+$")),
                        name="mapping_code_is_small_letters",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("version__gt", 0),
                            models.Q(("label", ""), _negated=True),
                            models.Q(("content", ""), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                        ),
                        name="mapping_counts_from_one_and_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False)),
                        name="mapping_holds_in_some_time",
                    ),
                    models.UniqueConstraint(
                        fields=("code", "version"), name="version_of_a_mapping_is_written_once"
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[(models.F("code"), "="), (models.F("valid"), "&&")],
                        name="mapping_has_one_version_in_force",
                    ),
                ],
            },
        ),
        NewTable(
            name="ServiceLevels",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(unique=True, verbose_name="version")),
                (
                    "triage_urgent_hours",
                    models.PositiveSmallIntegerField(
                        verbose_name="Decide, with danger or a minor, within hours"
                    ),
                ),
                (
                    "triage_days",
                    models.PositiveSmallIntegerField(verbose_name="Decide, within working days"),
                ),
                (
                    "answer_days",
                    models.PositiveSmallIntegerField(
                        verbose_name="Answer of the reporter, working days"
                    ),
                ),
                (
                    "answer_reminded_days",
                    models.PositiveSmallIntegerField(
                        verbose_name="Answer of the reporter, after the reminder, working days"
                    ),
                ),
                (
                    "feedback_near_days",
                    models.PositiveSmallIntegerField(
                        verbose_name="Reminder of the feedback, after days"
                    ),
                ),
                (
                    "feedback_days",
                    models.PositiveSmallIntegerField(
                        verbose_name="Feedback of the receiver, within days"
                    ),
                ),
                (
                    "parking_days",
                    models.PositiveSmallIntegerField(verbose_name="Parked, at most days"),
                ),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                ("valid", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answer_days__range", (1, 60)),
                            ("answer_reminded_days__range", (1, 60)),
                            ("feedback_days__range", (2, 730)),
                            ("feedback_near_days__range", (1, 729)),
                            ("parking_days__range", (1, 730)),
                            ("triage_days__range", (1, 60)),
                            ("triage_urgent_hours__range", (1, 240)),
                        ),
                        name="service_levels_last_some_time_and_no_more_than_two_years",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("feedback_near_days__lt", models.F("feedback_days"))),
                        name="reminder_of_feedback_comes_before_its_end",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("version__gt", 0), models.Q(("reason", ""), _negated=True)
                        ),
                        name="service_levels_count_from_one_and_say_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False)),
                        name="service_levels_hold_in_some_time",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[(models.F("valid"), "&&")],
                        name="service_levels_have_one_version_in_force",
                    ),
                ],
            },
        ),
        migrations.RunPython(load_first_versions, migrations.RunPython.noop),
        migrations.RemoveConstraint(
            model_name="escalation",
            name="signal_is_escalated_once_for_each_term",
        ),
        migrations.AddField(
            model_name="escalation",
            name="paused",
            field=models.DurationField(
                db_default=datetime.timedelta(0), default=datetime.timedelta
            ),
        ),
        migrations.AddIndex(
            model_name="signal",
            index=models.Index(
                condition=models.Q(("import_batch", None), ("status", "forwarded")),
                fields=["outcome_at"],
                name="signal_waits_for_feedback",
            ),
        ),
        migrations.AddConstraint(
            model_name="escalation",
            constraint=models.UniqueConstraint(
                fields=("signal", "term", "paused"),
                name="signal_is_escalated_once_for_each_term_and_pause",
            ),
        ),
        migrations.AddField(
            model_name="importbatch",
            name="mapping",
            field=models.ForeignKey(
                default=shipped_ctdc,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="signals.layoutmapping",
            ),
            preserve_default=False,
        ),
        migrations.RunSQL(KEEP, NO_KEEP),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        Protect("signals_layoutmapping", select=IMPORT, insert=IMPORT, update=IMPORT),
        Protect("signals_servicelevels", select=READ_LEVELS, insert=LEVELS, update=LEVELS),
    ]
