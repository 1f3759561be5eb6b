"""The systems of partners, their keys, and what they show at the door.

Who knocks is looked up before anyone acts, so these rows can be read by the application; a
public key and the hash of a token open nothing. Only who keeps the systems writes them, and only
the system itself gets a token.
"""

from datetime import timedelta

import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

import referral.lib.ids
from referral.lib.policies import Protect
from referral.lib.tables import NewTable

ALGORITHMS = ("RS256", "PS256", "ES256")
KEEPS = "(SELECT baken.may('clients.manage'))"
ITSELF = """client_id IN (
    SELECT one.id FROM access_apiclient one
    JOIN organisations_membership member ON member.id = one.membership_id
    WHERE member.user_id = (SELECT baken.actor_user())
)"""
NUMBER = models.BigAutoField(
    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
)


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0002_locks"),
        ("organisations", "0002_machines"),
    ]

    operations = [
        NewTable(
            name="ApiClient",
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
                ("name", models.CharField(max_length=60)),
                ("created_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "created_by",
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
                    "membership",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.membership",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(ended_at=None, ended_by=None)
                        | Q(ended_at__isnull=False, ended_by__isnull=False),
                        name="client_that_ended_has_time_and_name",
                    ),
                ],
            },
        ),
        NewTable(
            name="ClientKey",
            fields=[
                ("id", NUMBER.clone()),
                ("name", models.CharField(max_length=100)),
                (
                    "algorithm",
                    models.CharField(choices=[(one, one) for one in ALGORITHMS], max_length=5),
                ),
                ("public", models.BinaryField()),
                ("valid", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="keys",
                        to="access.apiclient",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(algorithm__in=ALGORITHMS),
                        name="client_key_signs_in_a_known_way",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            valid__isempty=False,
                            valid__startswith__isnull=False,
                            valid__endswith__isnull=False,
                        ),
                        name="client_key_has_a_beginning_and_an_end",
                    ),
                    models.UniqueConstraint(
                        fields=("client", "name"), name="client_names_each_key_once"
                    ),
                    models.UniqueConstraint(
                        fields=("public",), name="public_key_belongs_to_one_client"
                    ),
                ],
            },
        ),
        NewTable(
            name="SpentAssertion",
            fields=[
                ("id", NUMBER.clone()),
                ("jti", models.CharField(max_length=128)),
                ("expires_at", models.DateTimeField()),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="access.apiclient",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("client", "jti"), name="assertion_is_honoured_once"
                    ),
                ],
            },
        ),
        NewTable(
            name="AccessToken",
            fields=[
                ("id", NUMBER.clone()),
                ("digest", models.BinaryField(unique=True)),
                ("issued_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="access.apiclient",
                    ),
                ),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="access.clientkey",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(
                            expires_at__gt=F("issued_at"),
                            expires_at__lte=F("issued_at") + timedelta(minutes=10),
                        ),
                        name="token_lives_ten_minutes_at_most",
                    ),
                ],
            },
        ),
        Protect("access_apiclient", select="true", insert=KEEPS, update=KEEPS),
        Protect("access_clientkey", select="true", insert=KEEPS, update=KEEPS),
        Protect("access_spentassertion", select=ITSELF, insert=ITSELF, delete=ITSELF),
        Protect("access_accesstoken", select="true", insert=ITSELF, delete=ITSELF),
    ]
