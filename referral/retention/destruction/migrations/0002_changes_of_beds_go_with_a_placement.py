"""A change of beds goes with either of its placements: each side says codes of who came there."""

from django.db import migrations

from referral.lib.policies import AmendFunction

BEFORE = "        ['shelters_placement', "
OF_SWAP = """swap_id IN (SELECT swap_id FROM public.swaps_swapside
            WHERE placement_id = ANY($1))"""
LINE = f"        ['swaps_swapside', $w${OF_SWAP}$w$],\n"


class Migration(migrations.Migration):
    dependencies = [
        ("destruction", "0001_destruction_lists"),
        ("swaps", "0001_two_change_beds"),
    ]

    operations = [
        AmendFunction("baken.destruction_list_takes_everything_along()", (BEFORE, LINE + BEFORE)),
    ]
