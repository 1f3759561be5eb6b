"""Second readings and drafts have terms of their own among the service levels.

The first version gets what held until now: a working day, as for a decision, and the thirty days
that were a setting. No law names either.
"""

from django.conf import settings
from django.db import migrations, models

JUDGE = "(SELECT baken.may('signal.judge'))"
SWEEP = "(SELECT baken.may('deadline.sweep'))"


class Migration(migrations.Migration):
    dependencies = [
        ("signals", "0007_names_meet_by_their_sound"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="escalation",
            name="escalation_is_of_a_known_term",
        ),
        migrations.RemoveConstraint(
            model_name="servicelevels",
            name="service_levels_last_some_time_and_no_more_than_two_years",
        ),
        migrations.AddField(
            model_name="servicelevels",
            name="draft_days",
            field=models.PositiveSmallIntegerField(
                default=30, verbose_name="Remove a draft that nobody touches, after days"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="servicelevels",
            name="second_reading_days",
            field=models.PositiveSmallIntegerField(
                default=1, verbose_name="Read a second time, within working days"
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="escalation",
            name="term",
            field=models.CharField(
                choices=[
                    ("triage_urgent", "Decide, with danger or a minor"),
                    ("triage", "Decide"),
                    ("second_reading", "Read a second time"),
                    ("answer", "Answer of the reporter"),
                    ("answer_reminded", "Answer of the reporter, after the reminder"),
                    ("feedback_near", "Reminder of the feedback"),
                    ("feedback", "Feedback of the receiver"),
                ],
                max_length=16,
            ),
        ),
        migrations.AddConstraint(
            model_name="escalation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "term__in",
                        [
                            "triage_urgent",
                            "triage",
                            "second_reading",
                            "answer",
                            "answer_reminded",
                            "feedback_near",
                            "feedback",
                        ],
                    )
                ),
                name="escalation_is_of_a_known_term",
            ),
        ),
        migrations.AddConstraint(
            model_name="servicelevels",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("answer_days__range", (1, 60)),
                    ("answer_reminded_days__range", (1, 60)),
                    ("draft_days__range", (8, 365)),
                    ("feedback_days__range", (2, 730)),
                    ("feedback_near_days__range", (1, 729)),
                    ("parking_days__range", (1, 730)),
                    ("second_reading_days__range", (1, 60)),
                    ("triage_days__range", (1, 60)),
                    ("triage_urgent_hours__range", (1, 240)),
                ),
                name="service_levels_last_some_time_and_no_more_than_two_years",
            ),
        ),
        migrations.RunSQL(
            "ALTER POLICY signals_secondreading_select ON signals_secondreading"
            f" USING ({JUDGE} OR {SWEEP})",
            f"ALTER POLICY signals_secondreading_select ON signals_secondreading USING ({JUDGE})",
        ),
    ]
