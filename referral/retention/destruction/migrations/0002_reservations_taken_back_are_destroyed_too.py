"""A reservation that the desk took back is over, as one that was refused or not answered."""

from django.db import migrations

from referral.lib.policies import AmendFunction

OVER = "('ended', 'refused', 'expired')"
OVER_NOW = "('ended', 'refused', 'expired', 'withdrawn')"


class Migration(migrations.Migration):
    dependencies = [
        ("destruction", "0001_destruction_lists"),
        ("shelters", "0006_the_desk_takes_a_reservation_back"),
    ]

    operations = [AmendFunction("baken.destruction_due(date, text)", (OVER, OVER_NOW))]
