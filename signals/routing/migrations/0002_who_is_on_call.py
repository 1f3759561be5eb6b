"""Who is on call for acute danger, how long is waited, and who was called."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import referral.lib.ids
from referral.lib.policies import Protect
from referral.lib.tables import NewTable

SUBMIT = "(SELECT baken.may('signal.submit'))"
SWEEP = "(SELECT baken.may('deadline.sweep'))"
MANAGE = "(SELECT baken.may('routing.manage'))"
ACTOR = "(SELECT baken.actor_user())"
ORGANISATION = "(SELECT baken.actor_organisation())"
# Who reports calls who is on call; the sweeper the next in line.
CALLED = f"""
    called_by_id = {ACTOR}
    AND ({SWEEP} OR ({SUBMIT} AND baken.signal_is_of(signal_id, {ACTOR}, {ORGANISATION})))
"""
STAYS = """
REVOKE UPDATE ON routing_shift FROM baken_web, baken_worker;
REVOKE UPDATE, DELETE ON routing_patience, routing_call FROM baken_web, baken_worker;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0003_deliberation_and_tips"),
        ("routing", "0001_routing"),
        ("signals", "0005_citizens_send_tips"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        NewTable(
            name="Call",
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
                ("step", models.PositiveSmallIntegerField()),
                ("role", models.CharField(blank=True, default="", max_length=20)),
                ("called_at", models.DateTimeField()),
                (
                    "called_by",
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
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "signal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calls",
                        to="signals.signal",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("signal", "step"), name="signal_is_called_once_for_each_step"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("person", None), models.Q(("role", ""), _negated=True)),
                            models.Q(("person__isnull", False), ("role", "")),
                            _connector="OR",
                        ),
                        name="call_goes_to_a_person_or_to_a_role",
                    ),
                ],
            },
        ),
        NewTable(
            name="Patience",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("minutes", models.PositiveSmallIntegerField()),
                ("set_at", models.DateTimeField()),
                (
                    "set_by",
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
                        condition=models.Q(("minutes__range", (1, 60))),
                        name="patience_is_one_minute_to_an_hour",
                    )
                ],
            },
        ),
        NewTable(
            name="Shift",
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
                ("line", models.PositiveSmallIntegerField()),
                ("during", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ("planned_at", models.DateTimeField()),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.membership",
                    ),
                ),
                (
                    "planned_by",
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
                        condition=models.Q(("line__range", (1, 3))),
                        name="shift_is_in_one_of_three_lines",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("during__isempty", False),
                            ("during__lower_inf", False),
                            ("during__upper_inf", False),
                        ),
                        name="shift_has_a_beginning_and_an_end",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("line", "="), ("during", "&&")],
                        name="line_is_held_by_one_person_at_a_time",
                    ),
                ],
            },
        ),
        migrations.RunSQL(STAYS, migrations.RunSQL.noop),
        Protect(
            "routing_shift",
            select=f"{SUBMIT} OR {SWEEP}",
            insert=f"{MANAGE} AND planned_by_id = {ACTOR}",
            delete=MANAGE,
        ),
        Protect(
            "routing_patience",
            select=f"{SUBMIT} OR {SWEEP}",
            insert=f"{MANAGE} AND set_by_id = {ACTOR}",
        ),
        Protect(
            "routing_call",
            select=f"(SELECT baken.may('signal.read_all')) OR {SWEEP}",
            insert=CALLED,
        ),
    ]
