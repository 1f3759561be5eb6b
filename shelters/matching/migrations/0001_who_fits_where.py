"""What types of shelter ask, what requests ask besides, and proposals of places for all."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import referral.lib.ids
from referral.lib.tables import NewTable
from shelters.matching.migrations._locks import LOCKS


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("shelters", "0002_what_a_shelter_offers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        NewTable(
            name="MatchProposal",
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
                        choices=[("computing", "Being computed"), ("ready", "Ready to be judged")],
                        default="computing",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("question", models.JSONField(blank=True, default=dict)),
                ("progress", models.PositiveSmallIntegerField(default=0)),
                ("people", models.PositiveIntegerField()),
                ("places", models.PositiveIntegerField()),
                ("ordered_at", models.DateTimeField()),
                ("computed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ordered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("computed_at", None), ("status", "computing")),
                            models.Q(
                                ("computed_at__isnull", False),
                                ("question", {}),
                                ("status", "ready"),
                            ),
                            _connector="OR",
                        ),
                        name="match_proposal_is_ready_at_a_time_without_its_question",
                    )
                ],
                "verbose_name": "proposal of places",
            },
        ),
        NewTable(
            name="MatchLine",
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
                ("number", models.PositiveIntegerField()),
                ("reasons", models.JSONField(blank=True, default=list)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "To be judged"),
                            ("accepted", "Bed reserved"),
                            ("declined", "Not followed"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "bed",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="shelters.bed",
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
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="match_lines",
                        to="shelters.placementrequest",
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="matching.matchproposal",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("proposal", "request"), name="proposal_names_a_request_once"
                    ),
                    models.UniqueConstraint(
                        fields=("proposal", "bed"), name="proposal_gives_a_bed_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at", None), ("decided_by", None), ("status", "open")
                            ),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("status__in", ("accepted", "declined")),
                            ),
                            _connector="OR",
                        ),
                        name="match_line_is_decided_at_a_time_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("bed__isnull", False), ("status", "open"), _connector="OR"
                        ),
                        name="match_line_without_a_bed_is_not_decided",
                    ),
                ],
            },
        ),
        NewTable(
            name="NeedProfile",
            fields=[
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="profile",
                        serialize=False,
                        to="shelters.placementrequest",
                    ),
                ),
                (
                    "nationality",
                    models.CharField(
                        choices=[
                            ("unknown", "Not known yet"),
                            ("dutch", "Dutch"),
                            ("eu", "Another country of the European Union"),
                            ("other", "A country outside the European Union"),
                        ],
                        default="unknown",
                        max_length=8,
                        verbose_name="nationality",
                    ),
                ),
                (
                    "stay",
                    models.CharField(
                        choices=[
                            ("unknown", "Not known yet"),
                            ("reflection", "In the reflection period"),
                            ("lawful", "Lawful stay, such as a permit as a victim"),
                            ("none", "No lawful stay"),
                        ],
                        default="unknown",
                        max_length=10,
                        verbose_name="residence",
                    ),
                ),
                (
                    "labour",
                    models.CharField(
                        choices=[("unknown", "Not known yet"), ("yes", "Yes"), ("no", "No")],
                        default="unknown",
                        max_length=8,
                        verbose_name="victim of labour exploitation",
                    ),
                ),
                (
                    "children",
                    models.PositiveSmallIntegerField(default=0, verbose_name="how many children"),
                ),
                ("pets", models.BooleanField(default=False, verbose_name="a pet comes along")),
                (
                    "language",
                    models.CharField(blank=True, default="", max_length=3, verbose_name="language"),
                ),
                (
                    "avoid_regions",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=4),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "apart",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), blank=True, default=list, size=None
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("labour__in", ["unknown", "yes", "no"]),
                            ("nationality__in", ["unknown", "dutch", "eu", "other"]),
                            ("stay__in", ["unknown", "reflection", "lawful", "none"]),
                        ),
                        name="need_profile_says_what_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("children__lte", 12)),
                        name="need_profile_brings_a_dozen_children_at_most",
                    ),
                ],
            },
        ),
        NewTable(
            name="Override",
            fields=[
                (
                    "placement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="override",
                        serialize=False,
                        to="shelters.placement",
                    ),
                ),
                (
                    "warnings",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=24), size=None
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("agreed", "The shelter knows, and agrees"),
                            ("no_other", "No other place, and it cannot wait"),
                            ("short", "For a short time, until a better place is free"),
                            ("checked", "Looked into: the warning does not hold here"),
                            ("wish", "The person knows, and wants this place"),
                        ],
                        max_length=10,
                        verbose_name="reason",
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
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reason__in", ["agreed", "no_other", "short", "checked", "wish"]),
                            models.Q(("warnings", []), _negated=True),
                        ),
                        name="override_says_why_and_of_what",
                    )
                ],
            },
        ),
        NewTable(
            name="EligibilityRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "shelter_type",
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
                        verbose_name="type of shelter",
                    ),
                ),
                (
                    "demand",
                    models.CharField(
                        choices=[
                            ("adult", "18 years or older"),
                            ("minor", "younger than 18"),
                            ("not_dutch", "without Dutch nationality"),
                            ("reflection", "in the reflection period"),
                            ("lawful", "Dutch, or with lawful stay"),
                            ("labour", "victim of labour exploitation"),
                            ("multiple", "with problems in several areas of life"),
                        ],
                        max_length=12,
                        verbose_name="only for people",
                    ),
                ),
                ("citation", models.CharField(max_length=300, verbose_name="source")),
                (
                    "valid",
                    django.contrib.postgres.fields.ranges.DateRangeField(
                        verbose_name="holds from and until"
                    ),
                ),
            ],
            options={
                "verbose_name": "eligibility rule",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "demand__in",
                                [
                                    "adult",
                                    "minor",
                                    "not_dutch",
                                    "reflection",
                                    "lawful",
                                    "labour",
                                    "multiple",
                                ],
                            ),
                            (
                                "shelter_type__in",
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
                            ),
                        ),
                        name="eligibility_rule_asks_what_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("citation", ""), _negated=True),
                        name="eligibility_rule_names_its_source",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False), ("valid__lower_inf", False)),
                        name="eligibility_rule_has_a_first_day",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("shelter_type", "="), ("demand", "="), ("valid", "&&")],
                        name="eligibility_rule_holds_once_at_a_time",
                    ),
                ],
            },
        ),
        *LOCKS,
    ]
