"""An erasure takes along who was placed in an emergency, before the placement itself."""

import importlib

from django.db import migrations

from referral.lib.policies import AmendFunction

STAYS = importlib.import_module("referral.retention.migrations.0003_stays_are_erased_too")
BEFORE = STAYS.BEFORE
LINE = f"        ['shelters_emergencyplacement', '{STAYS.OF_PLACEMENT}'],\n"


class Migration(migrations.Migration):
    dependencies = [
        ("retention", "0003_stays_are_erased_too"),
        ("shelters", "0004_emergencies_transfers_and_terms"),
    ]

    operations = [
        AmendFunction("baken.erasure_takes_everything_along()", (BEFORE, LINE + BEFORE)),
    ]
