"""Two records that turned out to be of one person."""

import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models

import referral.lib.ids
from referral.lib.policies import DefinerFunction, Protect
from referral.lib.tables import NewTable
from referral.persons.migrations._locks import granted

MOVES = """
CREATE FUNCTION baken.merge_moves_along_the_table() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status = 'proposed' THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'merge_moves_along_the_table: begins as %', NEW.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'merge_moves_along_the_table';
    ELSIF (OLD.status, NEW.status) NOT IN (
        ('proposed', 'merged'), ('proposed', 'declined'), ('merged', 'undone'))
    THEN
        RAISE EXCEPTION 'merge_moves_along_the_table: % to %', OLD.status, NEW.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'merge_moves_along_the_table';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER merge_moves_along_the_table BEFORE INSERT OR UPDATE ON merging_merge
    FOR EACH ROW EXECUTE FUNCTION baken.merge_moves_along_the_table();
"""

# No chains: who was merged away takes nobody in, and who took somebody in does not go.
ENDS = """
CREATE FUNCTION baken.merged_person_leads_to_one_that_stands() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM public.persons_person p
        WHERE p.id IN (NEW.kept_id, NEW.gone_id) ORDER BY p.id FOR NO KEY UPDATE;
    IF NEW.status IN ('proposed', 'merged') AND EXISTS (
        SELECT FROM public.merging_merge m
        WHERE m.id <> NEW.id AND m.status IN ('proposed', 'merged')
            AND (m.gone_id IN (NEW.kept_id, NEW.gone_id) OR m.kept_id = NEW.gone_id))
    THEN
        RAISE check_violation USING CONSTRAINT = 'merged_person_leads_to_one_that_stands',
            MESSAGE = 'merged_person_leads_to_one_that_stands: ' || NEW.id;
    END IF;
    RETURN NEW;
END $$
"""
ENDS_TRIGGER = """
CREATE TRIGGER merged_person_leads_to_one_that_stands BEFORE INSERT OR UPDATE ON merging_merge
    FOR EACH ROW EXECUTE FUNCTION baken.merged_person_leads_to_one_that_stands();
"""

# Who is one with whom, who proposed it and why never change.
COLUMNS = """
REVOKE UPDATE ON merging_merge FROM baken_web, baken_worker;
GRANT UPDATE (status, before, version, decided_at, decided_by_id, undone_at, undone_by_id)
    ON merging_merge TO baken_web, baken_worker;
"""
DESK = "(SELECT baken.may('registration.complete'))"
COUNTS = "(SELECT baken.may('release.true_counts'))"
LOCKS = [
    migrations.RunSQL(
        MOVES,
        "DROP TRIGGER merge_moves_along_the_table ON merging_merge;"
        "DROP FUNCTION baken.merge_moves_along_the_table()",
    ),
    DefinerFunction("baken.merged_person_leads_to_one_that_stands()", ENDS),
    migrations.RunSQL(
        ENDS_TRIGGER, "DROP TRIGGER merged_person_leads_to_one_that_stands ON merging_merge"
    ),
    migrations.RunSQL(COLUMNS, migrations.RunSQL.noop),
    Protect(
        "merging_merge",
        select=f"{DESK} OR {COUNTS} OR {granted('kept_id')} OR {granted('gone_id')}",
        insert=f"{DESK} AND proposed_by_id = (SELECT baken.actor_user())",
        update=DESK,
    ),
]


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("persons", "0002_keys_for_more_mistakes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        NewTable(
            name="Merge",
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
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("proposed", "Waits for a second person"),
                            ("merged", "One person"),
                            ("declined", "Two persons"),
                            ("undone", "Undone: two persons"),
                        ],
                        default="proposed",
                        max_length=8,
                    ),
                ),
                ("sealed", models.BinaryField()),
                ("before", models.BinaryField(default=b"")),
                ("version", models.PositiveIntegerField(blank=True, null=True)),
                ("proposed_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
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
                    "gone",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merges_away",
                        to="persons.person",
                    ),
                ),
                (
                    "kept",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merges",
                        to="persons.person",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "merge of two persons",
                "verbose_name_plural": "merges of two persons",
                "indexes": [models.Index(fields=["kept"], name="merges_of_kept_person")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["proposed", "merged", "declined", "undone"])
                        ),
                        name="merge_status_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kept", models.F("gone")), _negated=True),
                        name="merge_is_of_two_persons",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.GreaterThan(
                            django.db.models.functions.text.Length("sealed"), models.Value(28)
                        ),
                        name="merge_reason_is_sealed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at", None), ("decided_by", None), ("status", "proposed")
                            ),
                            models.Q(
                                models.Q(("status", "proposed"), _negated=True),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="merge_is_decided_by_someone_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["proposed", "declined"]),
                            models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="merge_is_confirmed_by_a_second_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["proposed", "declined"]),
                            models.Q(
                                django.db.models.lookups.GreaterThan(
                                    django.db.models.functions.text.Length("before"),
                                    models.Value(28),
                                ),
                                ("version__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="merge_keeps_what_was_known_before",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("status", "undone"),
                                ("undone_at__isnull", False),
                                ("undone_by__isnull", False),
                            ),
                            models.Q(
                                models.Q(("status", "undone"), _negated=True),
                                ("undone_at", None),
                                ("undone_by", None),
                            ),
                            _connector="OR",
                        ),
                        name="merge_is_undone_by_someone_at_a_time",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status__in", ("proposed", "merged"))),
                        fields=("gone",),
                        name="person_is_merged_away_once",
                    ),
                ],
            },
        ),
        *LOCKS,
    ]
