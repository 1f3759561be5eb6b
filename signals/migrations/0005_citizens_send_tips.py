"""Citizens send tips: a channel of their own, and perhaps without a place."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("geography", "0002_facts_of_2026"),
        ("organisations", "0003_deliberation_and_tips"),
        ("signals", "0004_items"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="signal",
            name="signal_channel_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="signal",
            name="signal_has_one_place_at_home_or_abroad",
        ),
        migrations.AlterField(
            model_name="signal",
            name="channel",
            field=models.CharField(
                choices=[
                    ("web", "Web form"),
                    ("phone", "Telephone"),
                    ("email", "E-mail"),
                    ("inspection", "Inspection"),
                    ("partner_system", "Partner system"),
                    ("international", "From abroad"),
                    ("citizen", "Tip of a citizen"),
                ],
                default="web",
                max_length=16,
                verbose_name="channel",
            ),
        ),
        migrations.AddConstraint(
            model_name="signal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "channel__in",
                        [
                            "web",
                            "phone",
                            "email",
                            "inspection",
                            "partner_system",
                            "international",
                            "citizen",
                        ],
                    )
                ),
                name="signal_channel_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="signal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("municipality__isnull", False), ("world_region", "")),
                    models.Q(
                        ("channel", "international"),
                        ("municipality", None),
                        (
                            "world_region__in",
                            ["africa", "americas_oceania", "asia", "europe", "unknown"],
                        ),
                    ),
                    models.Q(("channel", "citizen"), ("municipality", None), ("world_region", "")),
                    _connector="OR",
                ),
                name="signal_has_one_place_at_home_or_abroad",
            ),
        ),
    ]
