"""The desk takes a reservation back that no shelter has answered yet."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from referral.lib.policies import AmendFunction

EXPIRES = "        OR (OLD.status = 'reserved' AND NEW.status = 'expired' AND clock)\n"
TAKEN_BACK = "        OR (OLD.status = 'reserved' AND NEW.status = 'withdrawn' AND desk)\n"
AFTER_EXPIRY = "    WHEN 'expired' THEN\n"
AFTER_TAKING_BACK = """    WHEN 'withdrawn' THEN
        PERFORM baken.shelter_sets_next_step(
            NEW.case_id, 'find_place', desk, NEW.withdrawn_at, 0);
"""
COLUMNS = """
GRANT UPDATE (withdrawn_at, withdrawn_by_id) ON shelters_placement TO baken_web, baken_worker;
"""
UNANSWERED = ("reserved", "expired", "withdrawn")


class Migration(migrations.Migration):
    dependencies = [
        ("shelters", "0005_codes_are_in_the_lists"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint("placement", "placement_status_is_known"),
        migrations.RemoveConstraint("placement", "placement_answer_has_time_and_name"),
        migrations.AddField(
            "placement", "withdrawn_at", models.DateTimeField(blank=True, null=True)
        ),
        migrations.AddField(
            "placement",
            "withdrawn_by",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            "placement",
            "status",
            models.CharField(
                choices=[
                    ("reserved", "Bed reserved"),
                    ("accepted", "Accepted by the shelter"),
                    ("arrived", "Arrived"),
                    ("ended", "Ended"),
                    ("refused", "Refused by the shelter"),
                    ("expired", "Reservation expired"),
                    ("withdrawn", "Taken back by the desk"),
                ],
                default="reserved",
                max_length=10,
                verbose_name="status",
            ),
        ),
        migrations.AddConstraint(
            "placement",
            models.CheckConstraint(
                condition=models.Q(
                    status__in=[
                        "reserved",
                        "accepted",
                        "arrived",
                        "ended",
                        "refused",
                        "expired",
                        "withdrawn",
                    ]
                ),
                name="placement_status_is_known",
            ),
        ),
        migrations.AddConstraint(
            "placement",
            models.CheckConstraint(
                condition=models.Q(status__in=UNANSWERED, answered_at=None, answered_by=None)
                | models.Q(
                    ~models.Q(status__in=UNANSWERED),
                    answered_at__isnull=False,
                    answered_by__isnull=False,
                ),
                name="placement_answer_has_time_and_name",
            ),
        ),
        migrations.AddConstraint(
            "placement",
            models.CheckConstraint(
                condition=models.Q(
                    status="withdrawn", withdrawn_at__isnull=False, withdrawn_by__isnull=False
                )
                | models.Q(~models.Q(status="withdrawn"), withdrawn_at=None, withdrawn_by=None),
                name="withdrawn_placement_has_time_and_name",
            ),
        ),
        AmendFunction(
            "baken.check_placement_move()", (EXPIRES, EXPIRES + TAKEN_BACK), guarded=False
        ),
        AmendFunction(
            "baken.placement_passes_step()", (AFTER_EXPIRY, AFTER_TAKING_BACK + AFTER_EXPIRY)
        ),
        migrations.RunSQL(COLUMNS, migrations.RunSQL.noop),
    ]
