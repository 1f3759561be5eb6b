"""What counts as a report and as a person, in versions; read by all, changed by a migration."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
from django.db import migrations, models

from referral.lib.policies import Protect
from referral.lib.tables import NewTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [("access", "0002_locks")]

    operations = [
        NewTable(
            name="CountingRules",
            fields=[
                (
                    "version",
                    models.PositiveSmallIntegerField(
                        primary_key=True, serialize=False, verbose_name="version"
                    ),
                ),
                (
                    "moment",
                    models.CharField(
                        choices=[
                            ("registered", "The day on which the desk registered it"),
                            ("submitted", "The day on which it was sent in"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("person", "Records that were merged are one person"),
                            ("record", "Each record is one person"),
                        ],
                        max_length=6,
                    ),
                ),
                ("source", models.CharField(max_length=300, verbose_name="source")),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField()),
            ],
            options={
                "verbose_name": "rules of counting",
                "verbose_name_plural": "rules of counting",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("moment__in", ["registered", "submitted"])),
                        name="counting_moment_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("unit__in", ["person", "record"])),
                        name="counting_unit_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source", ""), _negated=True),
                        name="counting_rules_have_a_source",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[(models.F("valid"), "&&")],
                        name="counting_rules_are_one_version_on_a_day",
                    ),
                ],
            },
        ),
        Protect("counting_countingrules", select="true"),
    ]
