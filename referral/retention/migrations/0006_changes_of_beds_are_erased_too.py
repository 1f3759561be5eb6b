"""An erasure takes a change of beds along, both its sides.

Each says something of the other person; the row that stays behind names nobody who is placed.
"""

import importlib

from django.db import migrations

from referral.lib.policies import AmendFunction

STAYS = importlib.import_module("referral.retention.migrations.0003_stays_are_erased_too")
BEFORE = STAYS.BEFORE
SIDES = "swap_id IN (SELECT swap_id FROM public.swaps_swapside WHERE {})"
OF_SWAP = SIDES.format(STAYS.OF_PLACEMENT)
LINE = f"        ['swaps_swapside', '{OF_SWAP}'],\n"


class Migration(migrations.Migration):
    dependencies = [
        ("retention", "0005_erasure_that_was_granted"),
        ("swaps", "0001_two_change_beds"),
    ]

    operations = [
        AmendFunction("baken.erasure_takes_everything_along()", (BEFORE, LINE + BEFORE)),
    ]
