"""Shelters, secret addresses, beds, requests for a place, and placements."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import referral.lib.ids
from referral.lib.tables import NewTable
from shelters.migrations._locks import LOCKS


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0002_locks"),
        ("cases", "0001_cases"),
        ("geography", "0002_facts_of_2026"),
        ("organisations", "0001_organisations"),
        ("persons", "0001_persons"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        NewTable(
            name="Bed",
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
                ("code", models.CharField(max_length=12, verbose_name="place")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("single", "Single room"),
                            ("family", "Family unit"),
                            ("crisis", "Crisis place"),
                            ("emergency", "Emergency bed"),
                        ],
                        default="single",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["single", "family", "crisis", "emergency"])
                        ),
                        name="bed_kind_is_known",
                    )
                ],
            },
        ),
        NewTable(
            name="Shelter",
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
                    "code_name",
                    models.CharField(max_length=60, unique=True, verbose_name="code name"),
                ),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("cosm", "Categorical shelter for trafficking victims (COSM)"),
                            ("omm", "Shelter for multiple problems (OMM)"),
                            ("nla", "Places for labour exploitation"),
                            ("vo", "Women's shelter"),
                            ("men", "Men's shelter"),
                            ("mo", "General shelter"),
                            ("youth", "Specialised youth care"),
                            ("amv", "Protected reception of unaccompanied minors"),
                            ("crisis", "Crisis shelter"),
                            ("assisted", "Assisted living"),
                        ],
                        max_length=8,
                        verbose_name="type",
                    ),
                ),
                (
                    "sexes",
                    models.CharField(
                        choices=[
                            ("all", "Everybody"),
                            ("female", "Women and girls"),
                            ("male", "Men and boys"),
                        ],
                        default="all",
                        max_length=6,
                        verbose_name="for",
                    ),
                ),
                ("min_age", models.PositiveSmallIntegerField(default=18, verbose_name="from age")),
                (
                    "max_age",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="to age"),
                ),
                (
                    "children",
                    models.BooleanField(default=False, verbose_name="children may come along"),
                ),
                (
                    "wheelchair",
                    models.BooleanField(default=False, verbose_name="accessible by wheelchair"),
                ),
                (
                    "security",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("closed", "Closed"),
                            ("secret", "Secret address"),
                        ],
                        default="secret",
                        max_length=6,
                        verbose_name="security",
                    ),
                ),
                ("active", models.BooleanField(default=True, verbose_name="in use")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shelters",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "safety_region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="geography.safetyregion",
                        verbose_name="region",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "type__in",
                                [
                                    "cosm",
                                    "omm",
                                    "nla",
                                    "vo",
                                    "men",
                                    "mo",
                                    "youth",
                                    "amv",
                                    "crisis",
                                    "assisted",
                                ],
                            )
                        ),
                        name="shelter_type_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sexes__in", ["all", "female", "male"])),
                        name="shelter_takes_known_sexes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("security__in", ["open", "closed", "secret"])),
                        name="shelter_security_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("max_age", None),
                            ("max_age__gte", models.F("min_age")),
                            _connector="OR",
                        ),
                        name="shelter_ages_go_up",
                    ),
                ],
            },
        ),
        NewTable(
            name="PlacementRequest",
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
                (
                    "urgency",
                    models.CharField(
                        choices=[
                            ("1_crisis", "Crisis: today"),
                            ("2_day", "Within 24 hours"),
                            ("3_planned", "Planned"),
                        ],
                        max_length=10,
                        verbose_name="urgency",
                    ),
                ),
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
                ("legal_basis", models.CharField(max_length=24, verbose_name="legal basis")),
                ("citation", models.CharField(max_length=200)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("submitted", "Looking for a place"),
                            ("offered", "Offered to a shelter"),
                            ("placed", "A place is found"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="submitted",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("requested_at", models.DateTimeField()),
                ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "avoid_region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="geography.safetyregion",
                        verbose_name="not in region",
                    ),
                ),
                (
                    "cancelled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shelter_requests",
                        to="cases.case",
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
                        related_name="+",
                        to="persons.person",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "request for shelter",
                "indexes": [
                    models.Index(
                        condition=models.Q(("status__in", ("submitted", "offered"))),
                        fields=["urgency", "requested_at"],
                        name="request_by_urgency_and_age",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reference__regex", "^PLR-\\d{4}-\\d{6,}$")),
                        name="placement_request_reference_is_plr_year_number",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["submitted", "offered", "placed", "cancelled"])
                        ),
                        name="placement_request_status_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("urgency__in", ["1_crisis", "2_day", "3_planned"])),
                        name="placement_request_urgency_is_known",
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
                        name="placement_request_needs_are_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("legal_basis", ""), _negated=True),
                        name="placement_request_names_its_legal_basis",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("cancelled_at__isnull", False),
                                ("cancelled_by__isnull", False),
                                ("status", "cancelled"),
                            ),
                            models.Q(
                                models.Q(("status", "cancelled"), _negated=True),
                                ("cancelled_at", None),
                                ("cancelled_by", None),
                            ),
                            _connector="OR",
                        ),
                        name="cancelled_request_has_time_and_name",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status__in", ("submitted", "offered"))),
                        fields=("case",),
                        name="case_has_one_open_shelter_request",
                    ),
                ],
            },
        ),
        NewTable(
            name="ShelterAddress",
            fields=[
                (
                    "shelter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="address",
                        serialize=False,
                        to="shelters.shelter",
                    ),
                ),
                ("sealed", models.BinaryField()),
            ],
        ),
        NewTable(
            name="Placement",
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
                    "during",
                    django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name="during"),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("reserved", "Bed reserved"),
                            ("accepted", "Accepted by the shelter"),
                            ("arrived", "Arrived"),
                            ("ended", "Ended"),
                            ("refused", "Refused by the shelter"),
                            ("expired", "Reservation expired"),
                        ],
                        default="reserved",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("reserved_at", models.DateTimeField()),
                ("reserved_until", models.DateTimeField(verbose_name="answer before")),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "refusal_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("full", "Full"),
                            ("not_target_group", "Not our target group"),
                            ("safety", "Not safe"),
                            ("care_too_heavy", "More care is needed than we can give"),
                            ("no_funding", "No funding"),
                            ("victim_declined", "The person does not want this place"),
                            ("other", "Other"),
                        ],
                        max_length=18,
                        verbose_name="reason of refusal",
                    ),
                ),
                ("arrived_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "end_reason",
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
                        verbose_name="reason of departure",
                    ),
                ),
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
                    "arrived_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "bed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="placements",
                        to="shelters.bed",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="placements",
                        to="cases.case",
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="persons.person",
                    ),
                ),
                (
                    "reserved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="placements",
                        to="shelters.placementrequest",
                    ),
                ),
                (
                    "shelter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="placements",
                        to="shelters.shelter",
                    ),
                ),
            ],
            options={
                "verbose_name": "placement",
                "indexes": [
                    models.Index(
                        condition=models.Q(("status__in", ("reserved", "accepted", "arrived"))),
                        fields=["shelter", "status"],
                        name="placement_held_by_shelter",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                ["reserved", "accepted", "arrived", "ended", "refused", "expired"],
                            )
                        ),
                        name="placement_status_is_known",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(
                            ("status__in", ("reserved", "accepted", "arrived", "ended"))
                        ),
                        expressions=[("bed", "="), ("during", "&&")],
                        name="bed_is_not_placed_twice",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(
                            ("status__in", ("reserved", "accepted", "arrived", "ended"))
                        ),
                        expressions=[("person", "="), ("during", "&&")],
                        name="person_is_not_placed_twice",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("during__isempty", False), ("during__lower_inf", False)
                        ),
                        name="placement_has_a_beginning",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answered_at", None),
                                ("answered_by", None),
                                ("status__in", ("reserved", "expired")),
                            ),
                            models.Q(
                                models.Q(("status__in", ("reserved", "expired")), _negated=True),
                                ("answered_at__isnull", False),
                                ("answered_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="placement_answer_has_time_and_name",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answered_at", None),
                            ("answered_at__lt", models.F("reserved_until")),
                            _connector="OR",
                        ),
                        name="reservation_is_answered_in_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "refusal_reason__in",
                                    [
                                        "full",
                                        "not_target_group",
                                        "safety",
                                        "care_too_heavy",
                                        "no_funding",
                                        "victim_declined",
                                        "other",
                                    ],
                                ),
                                ("status", "refused"),
                            ),
                            models.Q(
                                models.Q(("status", "refused"), _negated=True),
                                ("refusal_reason", ""),
                            ),
                            _connector="OR",
                        ),
                        name="refused_placement_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("arrived_at", None),
                                ("arrived_by", None),
                                models.Q(("status", "arrived"), _negated=True),
                            ),
                            models.Q(
                                ("arrived_at__isnull", False),
                                ("arrived_by__isnull", False),
                                ("status__in", ("arrived", "ended")),
                            ),
                            _connector="OR",
                        ),
                        name="arrival_has_time_and_name",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("during__upper_inf", False),
                                (
                                    "end_reason__in",
                                    [
                                        "own_home",
                                        "outflow_vo",
                                        "assisted_living",
                                        "family",
                                        "return_country",
                                        "left_unknown",
                                        "transferred",
                                        "detention",
                                        "hospital",
                                        "safety_breach",
                                        "expelled",
                                        "deceased",
                                        "never_arrived",
                                    ],
                                ),
                                ("ended_at__isnull", False),
                                ("ended_by__isnull", False),
                                ("status", "ended"),
                            ),
                            models.Q(
                                models.Q(("status", "ended"), _negated=True),
                                ("end_reason", ""),
                                ("ended_at", None),
                                ("ended_by", None),
                            ),
                            _connector="OR",
                        ),
                        name="ended_placement_has_time_name_and_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ("accepted", "arrived")), _negated=True),
                            ("during__upper_inf", True),
                            _connector="OR",
                        ),
                        name="who_arrived_without_end_holds_the_bed_without_end",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="bed",
            name="shelter",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="beds",
                to="shelters.shelter",
            ),
        ),
        NewTable(
            name="BedOutage",
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
                    "during",
                    django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name="during"),
                ),
                ("set_at", models.DateTimeField()),
                (
                    "bed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outages",
                        to="shelters.bed",
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
            ],
            options={
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("bed", "="), ("during", "&&")],
                        name="bed_is_not_out_of_order_twice",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("during__isempty", False), ("during__lower_inf", False)
                        ),
                        name="outage_has_a_beginning",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="shelteraddress",
            name="key",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.datakey"
            ),
        ),
        migrations.AddConstraint(
            model_name="bed",
            constraint=models.UniqueConstraint(
                fields=("shelter", "code"), name="bed_code_is_used_once_in_a_shelter"
            ),
        ),
        *LOCKS,
    ]
