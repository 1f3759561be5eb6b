"""Links between signals, dismissed suggestions, and keys that are read with their signal."""

import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models

import referral.lib.ids
from referral.lib.policies import Protect
from referral.lib.tables import NewTable

JUDGE = "(SELECT baken.may('signal.judge'))"
COUNT = "(SELECT baken.may('release.true_counts'))"
SWEEP = "(SELECT baken.may('deadline.sweep'))"
ACTOR = "(SELECT baken.actor_user())"
# Each of the two signals is read by this member; what services see of signals does not count.
BOTH_ARE_READ = f"""
    kind = 'split' AND ended_at IS NULL AND NOT {COUNT}
    AND EXISTS (SELECT FROM signals_signal WHERE id = first_id)
    AND EXISTS (SELECT FROM signals_signal WHERE id = second_id)
"""  # noqa: S608 -- a predicate of our own
# Who reads a signal may find the others that it may read by their keys; the sweeper the open ones.
KEYS_BEFORE = JUDGE
KEYS_AFTER = f"""
    {JUDGE} OR (NOT {COUNT} AND EXISTS (SELECT FROM signals_signal WHERE id = signal_id))
"""
ENDS_ONCE = """
CREATE FUNCTION baken.link_is_ended_once() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF OLD.ended_at IS NOT NULL OR to_jsonb(NEW) - ARRAY['ended_at', 'ended_by_id']
        <> to_jsonb(OLD) - ARRAY['ended_at', 'ended_by_id']
    THEN
        RAISE check_violation USING CONSTRAINT = 'link_is_ended_once_and_not_changed',
            MESSAGE = 'link_is_ended_once_and_not_changed: ' || OLD.id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER link_is_ended_once BEFORE UPDATE ON links_link
    FOR EACH ROW EXECUTE FUNCTION baken.link_is_ended_once();
"""
NEVER_ENDED = """
DROP TRIGGER link_is_ended_once ON links_link;
DROP FUNCTION baken.link_is_ended_once();
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("signals", "0005_citizens_send_tips"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        NewTable(
            name="Dismissal",
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
                ("dismissed_at", models.DateTimeField()),
                (
                    "dismissed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="signals.signal",
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="signals.signal",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("first__lt", models.F("second"))),
                        name="signals_of_a_dismissal_stand_in_order",
                    )
                ],
            },
        ),
        NewTable(
            name="Link",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("person", "The same person"),
                            ("place", "The same place"),
                            ("network", "The same network"),
                            ("split", "Split from one report"),
                            ("other", "Another reason"),
                        ],
                        max_length=8,
                    ),
                ),
                ("sealed", models.BinaryField()),
                ("made_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="signals.signal",
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
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="signals.signal",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["second"], name="link_by_second_signal")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["person", "place", "network", "split", "other"])
                        ),
                        name="link_is_of_a_known_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("first__lt", models.F("second"))),
                        name="signals_of_a_link_stand_in_order",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.GreaterThan(
                            django.db.models.functions.text.Length("sealed"), models.Value(28)
                        ),
                        name="link_note_is_sealed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("ended_by", None)),
                            models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="link_that_ended_has_time_and_name",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("first", "second"),
                        name="two_signals_have_one_standing_link",
                    ),
                ],
            },
        ),
        NewTable(
            name="Telling",
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
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="signals.signal",
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="signals.signal",
                    ),
                ),
                (
                    "told_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("first__lt", models.F("second"))),
                        name="signals_of_a_telling_stand_in_order",
                    ),
                    models.UniqueConstraint(
                        fields=("first", "second"), name="handler_is_told_once_of_two_signals"
                    ),
                ],
            },
        ),
        migrations.RunSQL(ENDS_ONCE, NEVER_ENDED),
        migrations.RunSQL(
            f"ALTER POLICY signals_itemkey_select ON signals_itemkey USING ({KEYS_AFTER})",
            f"ALTER POLICY signals_itemkey_select ON signals_itemkey USING ({KEYS_BEFORE})",
        ),
        Protect(
            "links_link",
            select=f"{JUDGE} OR {SWEEP} OR ({BOTH_ARE_READ})",
            insert=f"{JUDGE} AND made_by_id = {ACTOR}",
            update=JUDGE,
        ),
        Protect(
            "links_dismissal",
            select=f"{JUDGE} OR {SWEEP}",
            insert=f"{JUDGE} AND dismissed_by_id = {ACTOR}",
        ),
        Protect(
            "links_telling",
            select=f"{JUDGE} OR {SWEEP}",
            insert=f"{SWEEP} AND told_by_id = {ACTOR}",
        ),
    ]
