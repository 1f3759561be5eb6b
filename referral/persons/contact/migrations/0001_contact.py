"""Through which channels a person can be reached without danger."""

import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models

import referral.lib.ids
from referral.lib.policies import DefinerFunction, Protect
from referral.lib.tables import NewTable
from referral.persons.migrations._locks import granted, made_by_actor

# A rule says for ever what was said; the next one only takes its place.
REPLACED_ONCE = """
CREATE FUNCTION baken.contact_rule_is_replaced_once() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF OLD.stood_until IS NOT NULL THEN
        RAISE check_violation USING CONSTRAINT = 'contact_rule_is_replaced_once',
            MESSAGE = 'contact_rule_is_replaced_once: ' || OLD.id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER contact_rule_is_replaced_once BEFORE UPDATE ON contact_contactrule
    FOR EACH ROW EXECUTE FUNCTION baken.contact_rule_is_replaced_once();
"""
COLUMNS = """
REVOKE UPDATE ON contact_contactrule FROM baken_web, baken_worker;
GRANT UPDATE (stood_until) ON contact_contactrule TO baken_web, baken_worker;
"""

# Only the fact, for who is about to send: no for one record of a person is no for all of them.
IS_UNSAFE = """
CREATE FUNCTION baken.contact_is_unsafe(person uuid, way text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT NOT (baken.may('person.read_granted') OR baken.may('person.read_all')) OR EXISTS (
        SELECT FROM public.contact_contactrule r
        WHERE r.stood_until IS NULL AND NOT r.is_safe AND r.channel = way
            AND r.person_id IN (
                SELECT person
                UNION SELECT m.kept_id FROM public.merging_merge m
                    WHERE m.status = 'merged' AND m.gone_id = person
                UNION SELECT m.gone_id FROM public.merging_merge m
                    WHERE m.status = 'merged' AND m.kept_id = person
                UNION SELECT other.gone_id FROM public.merging_merge mine
                    JOIN public.merging_merge other USING (kept_id)
                    WHERE mine.status = 'merged' AND other.status = 'merged'
                        AND mine.gone_id = person))
$$
"""
PERSON = "contact_contactrule.person_id"
KEEPS = (
    f"(SELECT baken.may('person.read_all')) OR {granted(PERSON, level='work')}"
    f" OR ((SELECT baken.may('registration.submit')) AND {made_by_actor(PERSON)})"
)
LOCKS = [
    migrations.RunSQL(
        REPLACED_ONCE,
        "DROP TRIGGER contact_rule_is_replaced_once ON contact_contactrule;"
        "DROP FUNCTION baken.contact_rule_is_replaced_once()",
    ),
    migrations.RunSQL(COLUMNS, migrations.RunSQL.noop),
    DefinerFunction("baken.contact_is_unsafe(uuid, text)", IS_UNSAFE),
    Protect(
        "contact_contactrule",
        select=f"(SELECT baken.may('person.read_all')) OR {granted(PERSON)}",
        insert=f"({KEEPS}) AND kept_by_id = (SELECT baken.actor_user())",
        update=KEEPS,
    ),
]


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("merging", "0001_merging"),
        ("persons", "0002_keys_for_more_mistakes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        NewTable(
            name="ContactRule",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=referral.lib.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("phone", "Telephone"),
                            ("email", "E-mail"),
                            ("post", "Post"),
                            ("in_person", "In person"),
                            ("via", "Through somebody else"),
                        ],
                        max_length=9,
                        verbose_name="channel",
                    ),
                ),
                ("is_safe", models.BooleanField(verbose_name="safe")),
                ("sealed", models.BinaryField()),
                ("kept_at", models.DateTimeField()),
                ("stood_until", models.DateTimeField(blank=True, null=True)),
                (
                    "kept_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contact_rules",
                        to="persons.person",
                    ),
                ),
            ],
            options={
                "verbose_name": "contact rule",
                "verbose_name_plural": "contact rules",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("channel__in", ["phone", "email", "post", "in_person", "via"])
                        ),
                        name="contact_channel_is_known",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.GreaterThan(
                            django.db.models.functions.text.Length("sealed"), models.Value(28)
                        ),
                        name="contact_rule_is_sealed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("stood_until", None),
                            ("stood_until__gte", models.F("kept_at")),
                            _connector="OR",
                        ),
                        name="contact_rule_is_replaced_after_it_was_kept",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("stood_until", None)),
                        fields=("person", "channel"),
                        name="person_has_one_standing_rule_a_channel",
                    ),
                ],
            },
        ),
        *LOCKS,
    ]
