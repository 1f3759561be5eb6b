"""What the desk withdraws after it was registered keeps its national number."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registrations", "0002_levels_of_a_registration")]

    operations = [
        migrations.RemoveConstraint(
            model_name="registration",
            name="registration_has_a_number_once_someone_registered_it",
        ),
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("care_needed__isnull", False),
                        ("national_number__regex", "^CM-\\d{4}-\\d{5,}$"),
                        ("registered_at__isnull", False),
                        ("registered_by__isnull", False),
                        ("status__in", ["registered", "withdrawn"]),
                    ),
                    models.Q(
                        models.Q(("status", "registered"), _negated=True),
                        ("care_needed", None),
                        ("national_number", None),
                        ("registered_at", None),
                        ("registered_by", None),
                    ),
                    _connector="OR",
                ),
                name="registration_has_a_number_once_someone_registered_it",
            ),
        ),
    ]
