"""Signals meet by names that sound the same. What was sent before has no such key."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("signals", "0006_settings"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="itemkey",
            name="item_key_is_of_a_known_kind",
        ),
        migrations.AlterField(
            model_name="itemkey",
            name="kind",
            field=models.CharField(
                choices=[
                    ("phone", "same telephone number"),
                    ("plate", "same number plate"),
                    ("iban", "same bank account"),
                    ("profile", "same account online"),
                    ("email", "same e-mail address"),
                    ("domain", "same web domain"),
                    ("kvk", "same Chamber of Commerce number"),
                    ("address", "same postcode and house number"),
                    ("name_date", "same name and birth date"),
                    ("words_year", "same names in any order, and birth year"),
                    ("sound", "name that sounds the same"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="itemkey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "phone",
                            "plate",
                            "iban",
                            "profile",
                            "email",
                            "domain",
                            "kvk",
                            "address",
                            "name_date",
                            "words_year",
                            "sound",
                        ],
                    )
                ),
                name="item_key_is_of_a_known_kind",
            ),
        ),
    ]
