"""A consent that is taken back stops a handoff in review, or with a question, as one on offer."""

from importlib import import_module

from django.db import migrations

from referral.lib.policies import DefinerFunction

BEFORE = import_module("referral.cases.referrals.migrations.0001_referrals").STOPS
AFTER = BEFORE.replace(
    "h.status = 'offered'", "h.status IN ('offered', 'in_review', 'info_requested')"
)
SIGNATURE = "baken.stop_what_rests_on(uuid, text, uuid, uuid, timestamptz, bigint)"
DROP = f"DROP FUNCTION {SIGNATURE}"
ONLY_TRIGGERS = f"REVOKE EXECUTE ON FUNCTION {SIGNATURE} FROM PUBLIC"
AS_BEFORE = f"{BEFORE}; ALTER FUNCTION {SIGNATURE} OWNER TO baken_guard; {ONLY_TRIGGERS}"


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_handoff_to_its_end"), ("referrals", "0001_referrals")]

    operations = [
        migrations.RunSQL(DROP, AS_BEFORE),
        DefinerFunction(SIGNATURE, AFTER),
        migrations.RunSQL(ONLY_TRIGGERS, migrations.RunSQL.noop),
    ]
