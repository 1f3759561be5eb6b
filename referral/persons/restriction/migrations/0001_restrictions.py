"""Whose data are kept and not used for now."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import referral.lib.ids
from referral.lib.policies import DefinerFunction, Protect
from referral.lib.tables import NewTable
from referral.persons.migrations._locks import granted

# Only the fact, for who is about to use the data: no for one record of a person is no for all.
IS_RESTRICTED = """
CREATE FUNCTION baken.is_restricted(wanted uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM public.restriction_restriction r
        WHERE r.ended_at IS NULL AND (r.person_id = wanted OR r.person_id IN (
            SELECT m.kept_id FROM public.merging_merge m
                WHERE m.status = 'merged' AND m.gone_id = wanted
            UNION SELECT m.gone_id FROM public.merging_merge m
                WHERE m.status = 'merged' AND m.kept_id = wanted
            UNION SELECT other.gone_id FROM public.merging_merge mine
                JOIN public.merging_merge other USING (kept_id)
                WHERE mine.status = 'merged' AND other.status = 'merged'
                    AND mine.gone_id = wanted)))
$$
"""
ENDED_ONCE = """
CREATE FUNCTION baken.restriction_is_ended_once() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF OLD.ended_at IS NOT NULL THEN
        PERFORM baken.refuse_move('restriction_is_ended_once');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER restriction_is_ended_once BEFORE UPDATE ON restriction_restriction
    FOR EACH ROW EXECUTE FUNCTION baken.restriction_is_ended_once();
"""
NOT_ENDED_ONCE = """
DROP TRIGGER restriction_is_ended_once ON restriction_restriction;
DROP FUNCTION baken.restriction_is_ended_once();
"""
COLUMNS = """
REVOKE UPDATE, DELETE ON restriction_restriction FROM baken_web, baken_worker;
GRANT UPDATE (ended_at, ended_by_id) ON restriction_restriction TO baken_web, baken_worker;
"""
OWN = "organisation_id = (SELECT baken.actor_organisation())"
CARRIES_OUT = f"(SELECT baken.may('rights.carry_out')) AND {OWN}"
HANDLES = f"(SELECT baken.may('rights.handle')) AND {OWN}"
LOCKS = [
    DefinerFunction("baken.is_restricted(uuid)", IS_RESTRICTED),
    migrations.RunSQL(ENDED_ONCE, NOT_ENDED_ONCE),
    migrations.RunSQL(COLUMNS, migrations.RunSQL.noop),
    Protect(
        "restriction_restriction",
        select=f"(SELECT baken.may('person.read_all')) OR ({CARRIES_OUT}) OR ({HANDLES})"
        f" OR {granted('restriction_restriction.person_id')}",
        insert=f"{CARRIES_OUT} AND begun_by_id = (SELECT baken.actor_user())",
        update=CARRIES_OUT,
    ),
]


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("merging", "0001_merging"),
        ("organisations", "0003_deliberation_and_tips"),
        ("persons", "0002_keys_for_more_mistakes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        NewTable(
            name="Restriction",
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
                    "reference",
                    models.CharField(max_length=20, unique=True, verbose_name="reference"),
                ),
                ("begun_at", models.DateTimeField(verbose_name="begun")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
                (
                    "begun_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="restrictions",
                        to="persons.person",
                    ),
                ),
            ],
            options={
                "verbose_name": "restriction",
                "verbose_name_plural": "restrictions",
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at", None)),
                        fields=["person"],
                        name="restrictions_that_stand",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("ended_by", None)),
                            models.Q(
                                ("ended_at__gte", models.F("begun_at")),
                                ("ended_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="restriction_is_ended_by_someone_after_it_began",
                    ),
                ],
            },
        ),
        *LOCKS,
    ]
