"""The statistics service reads files and their steps, to count what follows on an offer."""

from django.db import migrations

from referral.lib.policies import AddPolicy

COUNTS = "(SELECT baken.may('release.true_counts'))"


class Migration(migrations.Migration):
    dependencies = [("residence", "0002_terms_of_the_law")]

    operations = [
        AddPolicy(
            "residence_residencefile",
            name="residence_residencefile_counted",
            verb="select",
            rule=COUNTS,
        ),
        AddPolicy("residence_step", name="residence_step_counted", verb="select", rule=COUNTS),
    ]
