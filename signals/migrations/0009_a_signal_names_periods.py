"""A signal also names when something happened: a period is one more kind of item."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("signals", "0008_second_readings_and_drafts_have_terms"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="item",
            name="item_is_of_a_known_kind",
        ),
        migrations.AlterField(
            model_name="item",
            name="kind",
            field=models.CharField(
                choices=[
                    ("person", "Person"),
                    ("place", "Address"),
                    ("vehicle", "Vehicle"),
                    ("phone", "Telephone number"),
                    ("account", "Account"),
                    ("company", "Company"),
                    ("period", "Period"),
                ],
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        ["person", "place", "vehicle", "phone", "account", "company", "period"],
                    )
                ),
                name="item_is_of_a_known_kind",
            ),
        ),
    ]
