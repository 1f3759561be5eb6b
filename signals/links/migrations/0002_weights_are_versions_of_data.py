"""Weights become versions of data; what names something new waits some seconds for a look."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.migrations.state import StateApps

from referral.lib.policies import DefinerFunction, Protect
from referral.lib.tables import NewTable

LEVELS = "(SELECT baken.may('signal.levels'))"
SWEEP = "(SELECT baken.may('deadline.sweep'))"
READ = f"""
    (SELECT baken.may('signal.submit')) OR (SELECT baken.may('signal.triage')) OR {SWEEP}
"""
KEEP = """
CREATE TRIGGER version_keeps_its_words BEFORE UPDATE OR DELETE ON links_linkweights
    FOR EACH ROW EXECUTE FUNCTION baken.version_keeps_its_words();
REVOKE UPDATE, DELETE ON links_linkweights FROM baken_web, baken_worker;
GRANT UPDATE (valid) ON links_linkweights TO baken_web, baken_worker;
"""
NO_KEEP = "DROP TRIGGER version_keeps_its_words ON links_linkweights;"
# In the transaction of the keys, whoever writes them; one statement, however many there are.
NOTICE = """
CREATE FUNCTION baken.keys_came_in() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO public.links_newkeys (signal_id) SELECT DISTINCT signal_id FROM came;
    RETURN NULL;
END $$;
"""
WATCH = """
CREATE TRIGGER links_hear_of_keys AFTER INSERT ON signals_itemkey REFERENCING NEW TABLE AS came
    FOR EACH STATEMENT EXECUTE FUNCTION baken.keys_came_in();
"""
NO_WATCH = "DROP TRIGGER links_hear_of_keys ON signals_itemkey;"


def load_first_version(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    """What was a table in code. No source gives such weights."""
    apps.get_model("links", "LinkWeights").objects.create(
        version=1,
        name_date=80,
        plate=70,
        iban=70,
        phone=60,
        profile=60,
        email=60,
        words_year=40,
        address=40,
        kvk=40,
        sound=25,
        domain=20,
        surroundings=10,
        strong=60,
        reason="Eigen voorstel; geen bron geeft zulke gewichten.",
        valid=DateTimeTZRange(None, None),
    )


class Migration(migrations.Migration):
    dependencies = [
        ("links", "0001_links"),
        ("signals", "0007_names_meet_by_their_sound"),
    ]

    operations = [
        NewTable(
            name="LinkWeights",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(unique=True, verbose_name="version")),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                ("valid", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                (
                    "name_date",
                    models.PositiveSmallIntegerField(verbose_name="same name and birth date"),
                ),
                ("plate", models.PositiveSmallIntegerField(verbose_name="same number plate")),
                ("iban", models.PositiveSmallIntegerField(verbose_name="same bank account")),
                ("phone", models.PositiveSmallIntegerField(verbose_name="same telephone number")),
                ("profile", models.PositiveSmallIntegerField(verbose_name="same account online")),
                ("email", models.PositiveSmallIntegerField(verbose_name="same e-mail address")),
                (
                    "words_year",
                    models.PositiveSmallIntegerField(
                        verbose_name="same names in any order, and birth year"
                    ),
                ),
                (
                    "address",
                    models.PositiveSmallIntegerField(verbose_name="same postcode and house number"),
                ),
                (
                    "kvk",
                    models.PositiveSmallIntegerField(
                        verbose_name="same Chamber of Commerce number"
                    ),
                ),
                (
                    "sound",
                    models.PositiveSmallIntegerField(verbose_name="name that sounds the same"),
                ),
                ("domain", models.PositiveSmallIntegerField(verbose_name="same web domain")),
                (
                    "surroundings",
                    models.PositiveSmallIntegerField(
                        verbose_name="same municipality, kind of place, form and week"
                    ),
                ),
                (
                    "strong",
                    models.PositiveSmallIntegerField(
                        verbose_name="Tell the handler from so many points on"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("address__range", (0, 100)),
                            ("domain__range", (0, 100)),
                            ("email__range", (0, 100)),
                            ("iban__range", (0, 100)),
                            ("kvk__range", (0, 100)),
                            ("name_date__range", (0, 100)),
                            ("phone__range", (0, 100)),
                            ("plate__range", (0, 100)),
                            ("profile__range", (0, 100)),
                            ("sound__range", (0, 100)),
                            ("strong__range", (1, 100)),
                            ("surroundings__range", (0, 100)),
                            ("words_year__range", (0, 100)),
                        ),
                        name="weights_are_points_up_to_a_hundred",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("version__gt", 0), models.Q(("reason", ""), _negated=True)
                        ),
                        name="weights_count_from_one_and_say_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False)),
                        name="weights_hold_in_some_time",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[(models.F("valid"), "&&")],
                        name="weights_have_one_version_in_force",
                    ),
                ],
            },
        ),
        NewTable(
            name="NewKeys",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "signal",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="signals.signal",
                    ),
                ),
            ],
        ),
        migrations.RunPython(load_first_version, migrations.RunPython.noop),
        migrations.RunSQL(KEEP, NO_KEEP),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        Protect("links_linkweights", select=READ, insert=LEVELS, update=LEVELS),
        Protect("links_newkeys", select=SWEEP, update=SWEEP, delete=SWEEP),
        DefinerFunction("baken.keys_came_in()", NOTICE),
        migrations.RunSQL(WATCH, NO_WATCH),
    ]
