from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("organisations", "0001_organisations")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="machine",
            field=models.BooleanField(default=False, db_default=False, editable=False),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=Q(machine=False) | Q(("last_login", None), ("password__startswith", "!")),
                name="machine_has_no_password",
            ),
        ),
    ]
