"""The secret address of a member's calendar, of which the hash is kept."""

import django.db.models.deletion
from django.db import migrations, models

import referral.lib.ids
from referral.lib.policies import DefinerFunction, Protect
from referral.lib.tables import NewTable

OWN = """membership_id IN (
    SELECT m.id FROM organisations_membership m
    WHERE m.user_id = (SELECT baken.actor_user())
        AND m.organisation_id = (SELECT baken.actor_organisation())
        AND m.role = (SELECT baken.actor_role())
)"""
# Past the policies, as who fetches follows from the address: before that nobody acts.
MEMBER = """
CREATE FUNCTION baken.calendar_member(shown bytea) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT f.membership_id FROM public.calendar_feed f WHERE f.digest = shown
$$
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0003_clients"),
        ("organisations", "0003_deliberation_and_tips"),
    ]

    operations = [
        NewTable(
            name="Feed",
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
                ("digest", models.BinaryField(unique=True)),
                ("made_at", models.DateTimeField()),
                ("fetched_at", models.DateTimeField(blank=True, null=True)),
                (
                    "membership",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="organisations.membership",
                    ),
                ),
            ],
        ),
        DefinerFunction("baken.calendar_member(bytea)", MEMBER),
        Protect("calendar_feed", select=OWN, insert=OWN, update=OWN, delete=OWN),
    ]
