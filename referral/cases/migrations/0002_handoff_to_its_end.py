"""A handoff from draft to completion: questions, packages packed anew, terms, and the clock."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import referral.lib.ids
from referral.cases.migrations._handoffs import FIRST, LAST
from referral.lib.tables import NewTable


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0003_clients"),
        ("cases", "0001_cases"),
        ("geography", "0002_facts_of_2026"),
        ("organisations", "0003_deliberation_and_tips"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        *FIRST,
        NewTable(
            name="HandoffQuestion",
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
                ("sealed", models.BinaryField()),
                ("asked_at", models.DateTimeField()),
                ("sealed_reply", models.BinaryField(null=True)),
                ("replied_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        NewTable(
            name="HandoffRevision",
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
                ("version", models.PositiveSmallIntegerField()),
                ("package_hash", models.CharField(max_length=64)),
                ("replaced_hash", models.CharField(max_length=64)),
                ("sealed", models.BinaryField()),
                ("made_at", models.DateTimeField()),
            ],
        ),
        NewTable(
            name="HandoffTerm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(unique=True)),
                ("remind_days", models.PositiveSmallIntegerField()),
                ("answer_days", models.PositiveSmallIntegerField()),
                ("escalate_days", models.PositiveSmallIntegerField()),
                ("expire_days", models.PositiveSmallIntegerField()),
                ("source", models.CharField(max_length=200)),
                ("valid", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="handoff",
            name="handoff_status_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="handoff",
            name="handoff_package_has_a_hash",
        ),
        migrations.RemoveConstraint(
            model_name="handoff",
            name="handoff_answer_has_time_and_name",
        ),
        migrations.RemoveConstraint(
            model_name="handoff",
            name="handoff_is_accepted_with_a_meeting",
        ),
        migrations.RemoveConstraint(
            model_name="handoff",
            name="case_is_handed_off_to_one_at_a_time",
        ),
        migrations.AddField(
            model_name="handoff",
            name="completed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="handoff",
            name="completed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="handoff",
            name="escalate_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="handoff",
            name="escalated_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="handoff",
            name="expire_on",
            field=models.DateField(blank=True, null=True, verbose_name="ends unanswered after"),
        ),
        migrations.AddField(
            model_name="handoff",
            name="key",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="access.datakey",
            ),
        ),
        migrations.AddField(
            model_name="handoff",
            name="met_on",
            field=models.DateField(
                blank=True, null=True, verbose_name="day on which the coordinators met"
            ),
        ),
        migrations.AddField(
            model_name="handoff",
            name="remind_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="handoff",
            name="reminded_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="handoff",
            name="reviewed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="handoff",
            name="reviewed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="handoff",
            name="package_hash",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AlterField(
            model_name="handoff",
            name="status",
            field=models.CharField(
                choices=[
                    ("draft", "Being prepared"),
                    ("offered", "Offered"),
                    ("in_review", "In review"),
                    ("info_requested", "Question asked"),
                    ("accepted", "Accepted"),
                    ("completed", "Completed"),
                    ("declined", "Declined"),
                    ("withdrawn", "Withdrawn"),
                    ("expired", "Not answered in time"),
                ],
                default="offered",
                max_length=14,
                verbose_name="status",
            ),
        ),
        migrations.AddIndex(
            model_name="handoff",
            index=models.Index(
                condition=models.Q(
                    ("status__in", ("draft", "offered", "in_review", "info_requested"))
                ),
                fields=["expire_on"],
                name="handoff_on_the_clock",
            ),
        ),
        migrations.AddConstraint(
            model_name="handoff",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "status__in",
                        [
                            "draft",
                            "offered",
                            "in_review",
                            "info_requested",
                            "accepted",
                            "completed",
                            "declined",
                            "withdrawn",
                            "expired",
                        ],
                    )
                ),
                name="handoff_status_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="handoff",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("package_hash__regex", "^[0-9a-f]{64}$"),
                    models.Q(("package_hash", ""), ("status__in", ("draft", "withdrawn"))),
                    _connector="OR",
                ),
                name="handoff_package_has_a_hash",
            ),
        ),
        migrations.AddConstraint(
            model_name="handoff",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("answered_at__isnull", False),
                        ("answered_by__isnull", False),
                        (
                            "status__in",
                            ("accepted", "completed", "declined", "withdrawn", "expired"),
                        ),
                    ),
                    models.Q(
                        ("answered_at", None),
                        ("answered_by", None),
                        ("status__in", ("draft", "offered", "in_review", "info_requested")),
                    ),
                    _connector="OR",
                ),
                name="handoff_answer_has_time_and_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="handoff",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ("accepted", "completed")), _negated=True),
                    ("warm_meeting_on__isnull", False),
                    _connector="OR",
                ),
                name="handoff_is_accepted_with_a_meeting",
            ),
        ),
        migrations.AddConstraint(
            model_name="handoff",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("completed_at__isnull", False),
                        ("completed_by__isnull", False),
                        ("met_on__isnull", False),
                        ("status", "completed"),
                    ),
                    models.Q(
                        models.Q(("status", "completed"), _negated=True),
                        ("completed_at", None),
                        ("completed_by", None),
                        ("met_on", None),
                    ),
                    _connector="OR",
                ),
                name="handoff_is_completed_by_someone_after_the_meeting",
            ),
        ),
        migrations.AddConstraint(
            model_name="handoff",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("reviewed_at", None),
                        ("reviewed_by", None),
                        models.Q(("status", "in_review"), _negated=True),
                    ),
                    models.Q(("reviewed_at__isnull", False), ("reviewed_by__isnull", False)),
                    _connector="OR",
                ),
                name="handoff_in_review_has_a_reviewer",
            ),
        ),
        migrations.AddConstraint(
            model_name="handoff",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("status__in", ("draft", "offered", "in_review", "info_requested"))
                ),
                fields=("case",),
                name="case_is_handed_off_to_one_at_a_time",
            ),
        ),
        migrations.AddField(
            model_name="handoffquestion",
            name="asked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="handoffquestion",
            name="handoff",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="questions",
                to="cases.handoff",
            ),
        ),
        migrations.AddField(
            model_name="handoffquestion",
            name="replied_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="handoffrevision",
            name="handoff",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="revisions",
                to="cases.handoff",
            ),
        ),
        migrations.AddField(
            model_name="handoffrevision",
            name="made_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="handoffterm",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("answer_days__gte", models.F("remind_days")),
                    ("escalate_days__gt", models.F("answer_days")),
                    ("expire_days__gt", models.F("escalate_days")),
                    ("expire_days__lte", 60),
                    ("remind_days__gt", 0),
                    models.Q(("source", ""), _negated=True),
                ),
                name="handoff_terms_follow_one_another_and_say_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="handoffterm",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid__isempty", False)),
                name="handoff_terms_hold_in_some_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="handoffterm",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[(models.F("valid"), "&&")],
                name="handoff_terms_have_one_version_in_force",
            ),
        ),
        migrations.AddConstraint(
            model_name="handoffquestion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("replied_at", None), ("replied_by", None), ("sealed_reply", None)),
                    models.Q(
                        ("replied_at__isnull", False),
                        ("replied_by__isnull", False),
                        ("sealed_reply__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="handoff_reply_has_words_time_and_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="handoffquestion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("replied_at", None)),
                fields=("handoff",),
                name="handoff_has_one_open_question",
            ),
        ),
        migrations.AddConstraint(
            model_name="handoffrevision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("package_hash__regex", "^[0-9a-f]{64}$"),
                    ("replaced_hash__regex", "^[0-9a-f]{64}$"),
                    models.Q(("package_hash", models.F("replaced_hash")), _negated=True),
                ),
                name="handoff_revision_replaces_another_package",
            ),
        ),
        migrations.AddConstraint(
            model_name="handoffrevision",
            constraint=models.UniqueConstraint(
                fields=("handoff", "version"), name="handoff_revisions_are_numbered"
            ),
        ),
        *LAST,
    ]
