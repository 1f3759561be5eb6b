"""The page of a signal asks who holds it; nothing changes in the database."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("destruction", "0002_reservations_taken_back_are_destroyed_too"),
        ("signals", "0001_signals"),
    ]

    operations = [
        migrations.AlterField(
            model_name="signalhold",
            name="signal",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="holds",
                to="signals.signal",
            ),
        ),
    ]
