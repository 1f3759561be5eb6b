"""A package may name documents of the case among what goes along."""

import django.contrib.postgres.fields
from django.db import migrations, models

SECTIONS = ["message", "situation", "identity", "contact", "consents", "documents"]
NAME = "referral_sections_are_known"


class Migration(migrations.Migration):
    dependencies = [("referrals", "0003_what_is_restricted_is_not_printed")]

    operations = [
        migrations.AlterField(
            "referral",
            "sections",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("message", "What the receiver must know, in your words"),
                        ("situation", "Situation and needs"),
                        ("identity", "Who the person is"),
                        ("contact", "How to reach the person"),
                        ("consents", "What the person agreed to"),
                        ("documents", "Letters, decisions, reports of meetings and consent forms"),
                    ],
                    max_length=12,
                ),
                size=None,
            ),
        ),
        migrations.RemoveConstraint("referral", NAME),
        migrations.AddConstraint(
            "referral",
            models.CheckConstraint(
                name=NAME,
                condition=models.Q(("sections__contained_by", SECTIONS), ("sections__len__gt", 0)),
            ),
        ),
    ]
