"""Stays, what was asked and planned about them, and the notes of the shelter."""

import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models

import referral.lib.ids
from referral.lib.tables import NewTable
from shelters.stays.migrations._locks import LOCKS


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cases", "0002_handoff_to_its_end"),
        ("organisations", "0003_deliberation_and_tips"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("shelters", "0001_shelters"),
    ]

    operations = [
        NewTable(
            name="Stay",
            fields=[
                (
                    "placement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="stay",
                        serialize=False,
                        to="shelters.placement",
                    ),
                ),
                ("arrived_at", models.DateTimeField(verbose_name="arrived")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("staying", "Staying"),
                            ("extension_asked", "Longer stay asked for"),
                            ("outflow_planned", "Departure planned"),
                            ("over", "Over"),
                        ],
                        default="staying",
                        max_length=16,
                        verbose_name="status",
                    ),
                ),
                ("agreed_until", models.DateField(verbose_name="agreed until")),
                (
                    "funding",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("national", "The national scheme for trafficking victims"),
                            ("municipality", "The municipality"),
                            ("youth", "Youth care"),
                            ("asylum", "Reception of asylum seekers"),
                            ("insurer", "The health insurer"),
                            ("other", "Somebody else"),
                        ],
                        max_length=12,
                        verbose_name="who pays",
                    ),
                ),
                ("leave_on", models.DateField(blank=True, null=True, verbose_name="leaves on")),
                (
                    "destination",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("own_home", "Own home"),
                            ("outflow_vo", "Other shelter"),
                            ("assisted_living", "Assisted living"),
                            ("family", "Family or network"),
                            ("return_country", "Return to the own country"),
                            ("left_unknown", "Left for an unknown place"),
                            ("transferred", "Transferred"),
                            ("detention", "Detention"),
                            ("hospital", "Hospital"),
                            ("safety_breach", "The place was no longer safe"),
                            ("expelled", "Had to leave"),
                            ("deceased", "Deceased"),
                            ("never_arrived", "Did not arrive"),
                        ],
                        max_length=16,
                        verbose_name="goes to",
                    ),
                ),
                ("over_at", models.DateTimeField(blank=True, null=True)),
                ("long_told_at", models.DateTimeField(blank=True, null=True)),
                ("end_told_of", models.DateField(blank=True, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.case",
                    ),
                ),
                (
                    "coordinator",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
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
                    "shelter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="shelters.shelter",
                    ),
                ),
            ],
            options={
                "verbose_name": "stay",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                ["staying", "extension_asked", "outflow_planned", "over"],
                            )
                        ),
                        name="stay_status_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "funding__in",
                                [
                                    "",
                                    "national",
                                    "municipality",
                                    "youth",
                                    "asylum",
                                    "insurer",
                                    "other",
                                ],
                            )
                        ),
                        name="stay_is_paid_by_a_known_party",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("destination", ""),
                                ("leave_on", None),
                                models.Q(("status", "outflow_planned"), _negated=True),
                            ),
                            models.Q(
                                (
                                    "destination__in",
                                    (
                                        "own_home",
                                        "outflow_vo",
                                        "assisted_living",
                                        "family",
                                        "return_country",
                                        "transferred",
                                    ),
                                ),
                                ("leave_on__isnull", False),
                                ("status__in", ["outflow_planned", "over"]),
                            ),
                            _connector="OR",
                        ),
                        name="planned_departure_has_day_and_destination",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("over_at__isnull", False), ("status", "over")),
                            models.Q(
                                models.Q(("status", "over"), _negated=True), ("over_at", None)
                            ),
                            _connector="OR",
                        ),
                        name="stay_that_is_over_has_its_time",
                    ),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("status", "over"), _negated=True),
                        fields=["arrived_at"],
                        name="stay_open",
                    )
                ],
            },
        ),
        NewTable(
            name="Extension",
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
                ("until", models.DateField(verbose_name="until")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("no_place", "No next place yet"),
                            ("procedure", "A procedure is still under way"),
                            ("care", "Care here must be finished first"),
                            ("safety", "Leaving is not safe yet"),
                        ],
                        max_length=12,
                        verbose_name="reason",
                    ),
                ),
                (
                    "funding",
                    models.CharField(
                        choices=[
                            ("national", "The national scheme for trafficking victims"),
                            ("municipality", "The municipality"),
                            ("youth", "Youth care"),
                            ("asylum", "Reception of asylum seekers"),
                            ("insurer", "The health insurer"),
                            ("other", "Somebody else"),
                        ],
                        max_length=12,
                        verbose_name="who pays",
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("granted", models.BooleanField(blank=True, null=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "stay",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="extensions",
                        to="stays.stay",
                    ),
                ),
            ],
            options={
                "verbose_name": "longer stay",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "funding__in",
                                ["national", "municipality", "youth", "asylum", "insurer", "other"],
                            ),
                            ("reason__in", ["no_place", "procedure", "care", "safety"]),
                        ),
                        name="extension_says_why_and_who_pays",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("decided_by", None), ("granted", None)),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("granted__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="decided_extension_has_time_and_name",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("granted", None)),
                        fields=("stay",),
                        name="stay_has_one_open_extension",
                    ),
                ],
            },
        ),
        NewTable(
            name="Blocker",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("no_vo_place", "No place in a women's or men's shelter"),
                            ("no_housing", "No housing"),
                            ("no_permit", "No residence permit"),
                            ("waiting_ind", "Waiting for the immigration service"),
                        ],
                        max_length=12,
                        verbose_name="blocker",
                    ),
                ),
                ("set_at", models.DateTimeField()),
                ("lifted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "lifted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "stay",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="blockers",
                        to="stays.stay",
                    ),
                ),
            ],
            options={
                "verbose_name": "blocker of a departure",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["no_vo_place", "no_housing", "no_permit", "waiting_ind"])
                        ),
                        name="blocker_is_of_a_known_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lifted_at", None), ("lifted_by", None)),
                            models.Q(
                                ("lifted_at__gte", models.F("set_at")), ("lifted_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="blocker_is_lifted_after_it_was_set",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at", None)),
                        fields=("stay", "kind"),
                        name="stay_has_each_blocker_once",
                    ),
                ],
            },
        ),
        NewTable(
            name="StayNote",
            fields=[
                ("sealed", models.BinaryField()),
                (
                    "id",
                    models.UUIDField(
                        default=referral.lib.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("written_at", models.DateTimeField()),
                (
                    "stay",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="stays.stay",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "note of the shelter",
                "constraints": [
                    models.CheckConstraint(
                        condition=django.db.models.lookups.GreaterThan(
                            django.db.models.functions.text.Length("sealed"), models.Value(28)
                        ),
                        name="stay_note_is_sealed",
                    )
                ],
            },
        ),
        *LOCKS,
    ]
