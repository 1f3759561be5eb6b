"""The way back from a code to a tip; only the service of tips reads it."""

import django.db.models.deletion
from django.db import migrations, models

from referral.lib.policies import Protect
from referral.lib.tables import NewTable

KEEP = "(SELECT baken.may('tip.keep'))"
STAYS = "REVOKE UPDATE, DELETE ON tips_tip FROM baken_web, baken_worker"


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("signals", "0005_citizens_send_tips"),
    ]

    operations = [
        NewTable(
            name="Tip",
            fields=[
                (
                    "signal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="tip",
                        serialize=False,
                        to="signals.signal",
                    ),
                ),
                ("code_hash", models.BinaryField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("code_hash",), name="code_of_a_tip_leads_to_one_tip"
                    )
                ],
            },
        ),
        migrations.RunSQL(STAYS, migrations.RunSQL.noop),
        Protect("tips_tip", select=KEEP, insert=KEEP),
    ]
