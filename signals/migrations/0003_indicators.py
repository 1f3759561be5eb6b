"""The library of indicators, the deepened signal, and an urgency that follows from both."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

import referral.lib.ids
from referral.lib.policies import DefinerFunction, Protect
from referral.lib.tables import NewTable
from signals.facts import facts, load

# Who reads the signal reads what deepens it, except who only counts; as the narrative.
COUNT = "(SELECT baken.may('release.true_counts'))"
# The services that count and that sweep terms see signals, and none of their words.
SIGNAL_IS_READ = f"""
    EXISTS (SELECT FROM signals_signal WHERE id = signal_id
        AND NOT {COUNT} AND NOT (SELECT baken.may('deadline.sweep')))
"""
# The reporter's side: who sends signals, of one that is read, in the organisation that sent it.
DEEPEN = """
    (SELECT baken.may('signal.submit'))
    AND added_by_id = (SELECT baken.actor_user())
    AND EXISTS (SELECT FROM signals_signal WHERE id = signal_id
        AND reporter_organisation_id = (SELECT baken.actor_organisation()))
"""
DEEPENING_IS_READ = "EXISTS (SELECT FROM signals_deepening WHERE id = deepening_id)"
DEEPENING_IS_ONES_OWN = """
    EXISTS (SELECT FROM signals_deepening
        WHERE id = deepening_id AND added_by_id = (SELECT baken.actor_user()))
"""

# The row of the signal is held, so that nobody judges it meanwhile and two revisions take turns.
BEFORE_THE_JUDGEMENT = """
CREATE FUNCTION baken.deepening_is_added() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM public.signals_signal WHERE id = NEW.signal_id AND outcome = '' FOR UPDATE;
    IF NOT FOUND THEN
        RAISE check_violation USING CONSTRAINT = 'signal_is_deepened_until_it_is_judged',
            MESSAGE = 'signal_is_deepened_until_it_is_judged: ' || NEW.signal_id;
    END IF;
    IF NEW.number <> 1 + (SELECT count(*) FROM public.signals_deepening
                          WHERE signal_id = NEW.signal_id) THEN
        RAISE check_violation USING CONSTRAINT = 'revisions_of_a_signal_follow_one_another',
            MESSAGE = 'revisions_of_a_signal_follow_one_another: ' || NEW.signal_id;
    END IF;
    RETURN NEW;
END $$
"""
# Counts the last revision anew, whatever was added; what was not seen does not count.
COUNT_INDICATORS = """
CREATE FUNCTION baken.signal_counts_its_indicators() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    touched uuid[];
BEGIN
    IF TG_TABLE_NAME = 'signals_deepening' THEN
        touched := ARRAY(SELECT signal_id FROM added);
    ELSE
        touched := ARRAY(SELECT d.signal_id FROM added
                         JOIN public.signals_deepening d ON d.id = added.deepening_id);
    END IF;
    UPDATE public.signals_signal s
    SET (urgent_indicators, strong_indicators, departs) = (
        SELECT count(*) FILTER (WHERE i.strength = 'urgent'),
            count(*) FILTER (WHERE i.strength = 'strong'), coalesce(bool_or(i.departs), false)
        FROM public.signals_deepeninganswer a
        JOIN public.signals_indicator i ON i.id = a.indicator_id
        WHERE a.knowledge <> 'not_seen' AND a.deepening_id = (
            SELECT d.id FROM public.signals_deepening d
            WHERE d.signal_id = s.id ORDER BY d.number DESC LIMIT 1))
    WHERE s.id = ANY (touched);
    RETURN NULL;
END $$
"""
TRIGGERS = """
CREATE TRIGGER deepening_is_added BEFORE INSERT ON signals_deepening
    FOR EACH ROW EXECUTE FUNCTION baken.deepening_is_added();
CREATE TRIGGER deepening_counts AFTER INSERT ON signals_deepening REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION baken.signal_counts_its_indicators();
CREATE TRIGGER answer_counts AFTER INSERT ON signals_deepeninganswer
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION baken.signal_counts_its_indicators();
"""
NO_TRIGGERS = """
DROP TRIGGER answer_counts ON signals_deepeninganswer;
DROP TRIGGER deepening_counts ON signals_deepening;
DROP TRIGGER deepening_is_added ON signals_deepening;
"""
# What was shown to somebody stays as it was shown; only its last day may be set.
KEEP = """
CREATE FUNCTION baken.indicator_keeps_its_words() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND lower(NEW.valid) = lower(OLD.valid)
        AND to_jsonb(NEW) - 'valid' = to_jsonb(OLD) - 'valid' THEN
        RETURN NEW;
    END IF;
    RAISE check_violation USING CONSTRAINT = 'indicator_keeps_its_words',
        MESSAGE = 'indicator_keeps_its_words: ' || OLD.code || ' version ' || OLD.version;
END $$;
CREATE TRIGGER indicator_keeps_its_words BEFORE UPDATE OR DELETE ON signals_indicator
    FOR EACH ROW EXECUTE FUNCTION baken.indicator_keeps_its_words();
REVOKE INSERT, UPDATE, DELETE ON signals_indicator FROM baken_web, baken_worker;
REVOKE UPDATE, DELETE ON signals_deepening, signals_deepeninganswer FROM baken_web, baken_worker;
"""
NO_KEEP = """
DROP TRIGGER indicator_keeps_its_words ON signals_indicator;
DROP FUNCTION baken.indicator_keeps_its_words();
"""


def load_facts(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    load(apps.get_model("signals", "Indicator").objects, facts())


class Migration(migrations.Migration):
    dependencies = [
        ("signals", "0002_questions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="signal",
            name="departs",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="signal",
            name="strong_indicators",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="signal",
            name="urgent_indicators",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        # A generated column is made anew, not altered; its index goes with it.
        migrations.RemoveIndex("signal", name="signal_triage_queue"),
        migrations.RemoveField("signal", "urgency"),
        migrations.AddField(
            "signal",
            "urgency",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Case(
                    models.When(
                        models.Q(
                            models.Q(
                                ("danger", True),
                                ("departs", True),
                                ("urgent_indicators__gt", 0),
                                _connector="OR",
                            ),
                            ("age_group__in", ["minor", "mixed"]),
                        ),
                        then=models.Value(0),
                    ),
                    models.When(
                        models.Q(
                            ("danger", True),
                            ("departs", True),
                            ("urgent_indicators__gt", 0),
                            _connector="OR",
                        ),
                        then=models.Value(1),
                    ),
                    models.When(
                        models.Q(("age_group__in", ["minor", "mixed"])), then=models.Value(2)
                    ),
                    models.When(strong_indicators__gte=3, then=models.Value(3)),
                    models.When(strong_indicators__gt=0, then=models.Value(4)),
                    default=models.Value(5),
                ),
                output_field=models.SmallIntegerField(),
            ),
        ),
        migrations.AddIndex(
            "signal",
            models.Index(fields=["status", "urgency", "created_at"], name="signal_triage_queue"),
        ),
        NewTable(
            name="Deepening",
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
                ("number", models.PositiveSmallIntegerField()),
                ("sealed", models.BinaryField()),
                ("added_at", models.DateTimeField()),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "signal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deepenings",
                        to="signals.signal",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("number__gt", 0)),
                        name="revision_of_a_signal_counts_from_one",
                    ),
                    models.UniqueConstraint(
                        fields=("signal", "number"), name="revision_of_a_signal_is_written_once"
                    ),
                ]
            },
        ),
        NewTable(
            name="Indicator",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=3, verbose_name="code")),
                ("version", models.PositiveSmallIntegerField(verbose_name="version")),
                (
                    "chapter",
                    models.CharField(
                        choices=[
                            ("general", "General"),
                            ("sexual", "Sexual exploitation"),
                            ("labour", "Labour exploitation"),
                            ("criminal", "Forced to commit crimes"),
                            ("begging", "Forced services and begging"),
                            ("organ_removal", "Forced organ removal"),
                            ("domestic", "Forced housework"),
                            ("marriage", "Forced marriage, surrogacy and illegal adoption"),
                            ("children", "Children"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "dimension",
                    models.CharField(
                        choices=[
                            ("person", "Person"),
                            ("living", "Living"),
                            ("work", "Work"),
                            ("control", "Control and means of force"),
                            ("online", "Online"),
                            ("location", "Place and files"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "strength",
                    models.CharField(
                        choices=[
                            ("urgent", "Urgent"),
                            ("strong", "Strong"),
                            ("supporting", "Supporting"),
                            ("contra", "Speaks against"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "ages",
                    models.CharField(
                        choices=[
                            ("both", "Adults and minors"),
                            ("adults", "Adults"),
                            ("minors", "Minors"),
                        ],
                        max_length=6,
                    ),
                ),
                (
                    "target_groups",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("police", "Police and Marechaussee"),
                                ("labour", "Labour inspectors"),
                                ("municipality", "Municipalities"),
                                ("care", "Care and other organisations"),
                                ("citizen", "Everyone"),
                            ],
                            max_length=12,
                        ),
                        size=None,
                    ),
                ),
                (
                    "ilo",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(), size=None
                    ),
                ),
                ("departs", models.BooleanField()),
                ("text_nl", models.CharField(max_length=120)),
                ("text_en", models.CharField(max_length=120)),
                ("source", models.CharField(max_length=120)),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-K]\\d\\d$")),
                        name="indicator_code_is_a_letter_and_two_digits",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ages__in", ["both", "adults", "minors"]),
                            (
                                "chapter__in",
                                [
                                    "general",
                                    "sexual",
                                    "labour",
                                    "criminal",
                                    "begging",
                                    "organ_removal",
                                    "domestic",
                                    "marriage",
                                    "children",
                                ],
                            ),
                            (
                                "dimension__in",
                                ["person", "living", "work", "control", "online", "location"],
                            ),
                            ("strength__in", ["urgent", "strong", "supporting", "contra"]),
                        ),
                        name="indicator_is_described_in_known_words",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "target_groups__contained_by",
                                ["police", "labour", "municipality", "care", "citizen"],
                            ),
                            ("target_groups__len__gt", 0),
                        ),
                        name="indicator_is_for_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ilo__contained_by", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
                        ),
                        name="indicator_names_ilo_numbers_1_to_11",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("text_nl", ""), _negated=True),
                            models.Q(("text_en", ""), _negated=True),
                            models.Q(("source", ""), _negated=True),
                        ),
                        name="indicator_is_written_in_both_languages_with_its_source",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False), ("valid__lower_inf", False)),
                        name="indicator_holds_since_a_day",
                    ),
                    models.UniqueConstraint(
                        fields=("code", "version"), name="version_of_an_indicator_is_written_once"
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[(models.F("code"), "="), (models.F("valid"), "&&")],
                        name="indicator_has_one_version_at_a_time",
                    ),
                ],
            },
        ),
        NewTable(
            name="DeepeningAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "knowledge",
                    models.CharField(
                        choices=[
                            ("seen", "Seen"),
                            ("told_by_person", "Told by the person"),
                            ("told_by_others", "Told by others"),
                            ("file", "From a file"),
                            ("not_seen", "Looked for, not seen"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "deepening",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="signals.deepening",
                    ),
                ),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="signals.indicator",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "knowledge__in",
                                ["seen", "told_by_person", "told_by_others", "file", "not_seen"],
                            )
                        ),
                        name="answer_says_from_where_it_is_known",
                    ),
                    models.UniqueConstraint(
                        fields=("deepening", "indicator"),
                        name="indicator_is_answered_once_in_a_revision",
                    ),
                ]
            },
        ),
        DefinerFunction("baken.deepening_is_added()", BEFORE_THE_JUDGEMENT),
        DefinerFunction("baken.signal_counts_its_indicators()", COUNT_INDICATORS),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
        migrations.RunSQL(KEEP, NO_KEEP),
        Protect("signals_deepening", select=SIGNAL_IS_READ, insert=DEEPEN),
        Protect("signals_deepeninganswer", select=DEEPENING_IS_READ, insert=DEEPENING_IS_ONES_OWN),
        migrations.RunPython(load_facts, migrations.RunPython.noop),
    ]
