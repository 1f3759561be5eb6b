"""Two who change beds, and their two sides."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import referral.lib.ids
from referral.lib.tables import NewTable
from shelters.swaps.migrations._locks import LOCKS


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organisations", "0003_deliberation_and_tips"),
        ("shelters", "0004_emergencies_transfers_and_terms"),
        ("stays", "0002_terms_are_versions_of_data"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        NewTable(
            name="Swap",
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
                    "status",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed to the shelters"),
                            ("agreed", "Accepted by the shelters"),
                            ("done", "Beds changed"),
                            ("declined", "Declined by a shelter"),
                            ("withdrawn", "Withdrawn by the desk"),
                            ("lapsed", "Lapsed: one of them left"),
                        ],
                        default="proposed",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("proposed_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "change of beds",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                ["proposed", "agreed", "done", "declined", "withdrawn", "lapsed"],
                            )
                        ),
                        name="swap_status_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closed_at", None),
                                ("closed_by", None),
                                ("status__in", ("proposed", "agreed")),
                            ),
                            models.Q(
                                models.Q(("status__in", ("proposed", "agreed")), _negated=True),
                                ("closed_at__isnull", False),
                                ("closed_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="swap_that_is_decided_has_time_and_name",
                    ),
                ],
            },
        ),
        NewTable(
            name="SwapSide",
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
                ("number", models.PositiveSmallIntegerField()),
                (
                    "sex",
                    models.CharField(
                        choices=[
                            ("female", "Female"),
                            ("male", "Male"),
                            ("x", "X"),
                            ("unknown", "Unknown"),
                        ],
                        max_length=8,
                        verbose_name="sex",
                    ),
                ),
                (
                    "age_group",
                    models.CharField(
                        choices=[
                            ("0-11", "0 to 11 years"),
                            ("12-14", "12 to 14 years"),
                            ("15-17", "15 to 17 years"),
                            ("18-22", "18 to 22 years"),
                            ("23-29", "23 to 29 years"),
                            ("30-39", "30 to 39 years"),
                            ("40-49", "40 to 49 years"),
                            ("50-64", "50 to 64 years"),
                            ("65+", "65 years or older"),
                            ("unknown", "Unknown"),
                        ],
                        max_length=8,
                        verbose_name="age group",
                    ),
                ),
                (
                    "needs",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("children", "Children come along"),
                                ("wheelchair", "Accessible by wheelchair"),
                                ("secret", "Secret address"),
                                ("mild_disability", "Mild intellectual disability"),
                                ("mental_health", "Mental health care"),
                                ("addiction", "Addiction care"),
                                ("interpreter", "Interpreter"),
                            ],
                            max_length=16,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="the place must offer",
                    ),
                ),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("standing", models.BooleanField(default=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "house",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "placement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="swap_sides",
                        to="shelters.placement",
                    ),
                ),
                (
                    "swap",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sides",
                        to="swaps.swap",
                    ),
                ),
            ],
            options={
                "verbose_name": "side of a change of beds",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("standing", True)),
                        fields=("placement",),
                        name="placement_is_in_one_swap_at_a_time",
                    ),
                    models.UniqueConstraint(
                        fields=("swap", "number"), name="swap_has_each_side_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number__in", (1, 2))), name="swap_has_two_sides"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at", None), ("answered_by", None)),
                            models.Q(
                                ("answered_at__isnull", False), ("answered_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="answer_to_a_swap_has_time_and_name",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "needs__contained_by",
                                [
                                    "children",
                                    "wheelchair",
                                    "secret",
                                    "mild_disability",
                                    "mental_health",
                                    "addiction",
                                    "interpreter",
                                ],
                            )
                        ),
                        name="swap_needs_are_known",
                    ),
                ],
            },
        ),
        *LOCKS,
    ]
