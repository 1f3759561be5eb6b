"""An erasure takes the stays of the person along, before the placements that they belong to."""

from django.db import migrations

from referral.lib.policies import AmendFunction

# The function as it is now, with lines before one that is in it: so that it can be said here
# without saying the whole list again. Only its owner replaces a function.
BEFORE = "        ['shelters_placement', "
OF_STAY = "stay_id IN (SELECT placement_id FROM public.stays_stay WHERE case_id = ANY($2))"
OF_PLACEMENT = """placement_id IN (SELECT id FROM public.shelters_placement
            WHERE case_id = ANY($2) OR person_id = ANY($1))"""
LINES = "".join(
    f"        ['{table}', '{where}'],\n"
    for table, where in (
        ("stays_staynote", OF_STAY),
        ("stays_blocker", OF_STAY),
        ("stays_extension", OF_STAY),
        ("stays_stay", "case_id = ANY($2)"),
        ("shelters_familystay", OF_PLACEMENT),
    )
)


class Migration(migrations.Migration):
    dependencies = [
        ("retention", "0002_terms_of_keeping"),
        ("shelters", "0003_withdrawn_beds"),
        ("stays", "0001_stays_and_their_course"),
    ]

    operations = [
        AmendFunction("baken.erasure_takes_everything_along()", (BEFORE, LINES + BEFORE)),
    ]
