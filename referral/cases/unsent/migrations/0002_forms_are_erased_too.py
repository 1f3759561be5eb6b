"""An erasure takes along what was typed and not sent, before the case itself."""

from django.db import migrations

from referral.lib.policies import AmendFunction

BEFORE = "        ['cases_carenote', 'case_id = ANY($2)'],\n"
LINE = "        ['unsent_unsentform', 'case_id = ANY($2)'],\n"


class Migration(migrations.Migration):
    dependencies = [
        ("unsent", "0001_forms_that_were_not_sent"),
        ("retention", "0005_erasure_that_was_granted"),
    ]

    operations = [
        AmendFunction("baken.erasure_takes_everything_along()", (BEFORE, LINE + BEFORE)),
    ]
