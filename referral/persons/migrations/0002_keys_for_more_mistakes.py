"""Search keys for more of the mistakes that people make, read from their index alone.

Keys of the kinds that are no longer made are taken away; a person who was there before gets those
of the new kinds when the identity is next amended. Nothing was in use before the first release.
"""

from django.db import migrations, models

from referral.lib.policies import DefinerFunction

KINDS = [
    ("name_date", "same name and birth date"),
    ("words_date", "same names in another order, and birth date"),
    ("word_date", "a name that sounds the same, and birth date"),
    ("initial_date", "an initial and birth date"),
    ("sounds_year", "names that sound the same, and birth year"),
    ("sounds_day", "names that sound the same, and birthday in another year"),
    ("word_year", "a name that sounds the same, an initial and birth year"),
    ("sounds_undated", "names that sound the same, no birth date"),
    ("sounds", "names that sound the same"),
    ("word_sound", "a name that sounds the same, and how another one begins"),
    ("phone", "same telephone number"),
    ("v_number", "same V-number"),
    ("bsn", "same citizen service number"),
]
# The owner sees no row; the guard sees all.
RETIRED = """
SET LOCAL ROLE baken_guard;
DELETE FROM public.persons_identitykey
    WHERE kind IN ('surname_date', 'given_date', 'surname_year');
RESET ROLE;
"""

# Only the fact, never who: for somebody who is about to register, and may not see the other.
# Every key is looked up and weighed, whatever the first ones found: the work is always the same.
SEEMS_KNOWN = """
CREATE FUNCTION baken.person_seems_known_elsewhere(hashes bytea[], promises int[])
RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT baken.may('registration.submit') AND count(*) > 0
    FROM (
        SELECT k.person_id
        FROM public.persons_identitykey k
        JOIN unnest(hashes, promises) AS asked (hmac, promise) ON k.hmac = asked.hmac
        WHERE NOT EXISTS (
            SELECT FROM public.persons_persongrant g
            WHERE g.person_id = k.person_id
                AND g.organisation_id = baken.actor_organisation()
                AND (g.user_id IS NULL OR g.user_id = baken.actor_user())
                AND g.valid @> statement_timestamp())
        GROUP BY k.person_id
        HAVING sum(asked.promise) >= 16
    ) AS known
$$
"""


class Migration(migrations.Migration):
    dependencies = [("persons", "0001_persons")]

    operations = [
        migrations.RemoveConstraint(model_name="identitykey", name="search_key_kind_is_known"),
        migrations.RunSQL(RETIRED, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="identitykey",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=16),
        ),
        migrations.AddConstraint(
            model_name="identitykey",
            constraint=models.CheckConstraint(
                name="search_key_kind_is_known",
                condition=models.Q(kind__in=[kind for kind, _label in KINDS]),
            ),
        ),
        migrations.RemoveIndex(model_name="identitykey", name="identity_by_search_key"),
        migrations.AddIndex(
            model_name="identitykey",
            index=models.Index(
                fields=["hmac"], include=["person", "kind"], name="person_by_search_key"
            ),
        ),
        DefinerFunction("baken.person_seems_known_elsewhere(bytea[], integer[])", SEEMS_KNOWN),
    ]
