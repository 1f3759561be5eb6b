"""How long data are kept, what is held, and what was erased."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import referral.lib.ids
from referral.lib.tables import NewTable
from referral.retention.migrations._locks import LOCKS


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cases", "0002_handoff_to_its_end"),
        ("organisations", "0003_deliberation_and_tips"),
        ("persons", "0002_keys_for_more_mistakes"),
        ("registrations", "0001_registrations"),
        ("sharing", "0002_consent_register"),
        ("merging", "0001_merging"),
        ("contact", "0001_contact"),
        ("corrections", "0001_versions_of_a_registration"),
        ("residence", "0002_terms_of_the_law"),
        ("emergency", "0001_emergency_access"),
        ("planning", "0001_plans_tasks_and_risks"),
        ("referrals", "0001_referrals"),
        ("tables", "0001_case_tables"),
        ("rights", "0001_requests_of_persons"),
        ("shelters", "0001_shelters"),
        ("access", "0003_clients"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        NewTable(
            name="RetentionTerm",
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
                    "category",
                    models.CharField(
                        choices=[
                            ("case", "Case of an adult: file, plan, notes"),
                            ("case_child", "Case of a minor: file, plan, notes"),
                            ("registration", "Registration without a case"),
                            ("signal", "Municipal signal that was not forwarded"),
                            ("police", "Police data of a signal"),
                            ("placement", "Where somebody was sheltered"),
                            ("consent", "Proof of consent"),
                            ("trail", "The log"),
                        ],
                        max_length=16,
                        verbose_name="data",
                    ),
                ),
                ("months", models.PositiveSmallIntegerField(verbose_name="months")),
                ("source", models.CharField(max_length=200, verbose_name="source")),
                (
                    "certainty",
                    models.CharField(
                        choices=[
                            ("found", "Found in the source"),
                            ("old", "From an older text: check it"),
                            ("choice", "A choice of the chain: no source says so"),
                            ("to_check", "General knowledge: check it"),
                        ],
                        max_length=8,
                        verbose_name="certainty",
                    ),
                ),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "category__in",
                                [
                                    "case",
                                    "case_child",
                                    "registration",
                                    "signal",
                                    "police",
                                    "placement",
                                    "consent",
                                    "trail",
                                ],
                            )
                        ),
                        name="retention_category_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("months__gt", 0)),
                        name="retention_lasts_at_least_a_month",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source", ""), _negated=True),
                        name="retention_term_names_its_source",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("certainty__in", ["found", "old", "choice", "to_check"])
                        ),
                        name="retention_certainty_is_known",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[(models.F("category"), "="), (models.F("valid"), "&&")],
                        name="retention_has_one_term_on_a_day",
                    ),
                ],
            },
        ),
        NewTable(
            name="Erasure",
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
                ("reference", models.CharField(max_length=20, verbose_name="reference")),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("case", "Case of an adult: file, plan, notes"),
                            ("case_child", "Case of a minor: file, plan, notes"),
                            ("registration", "Registration without a case"),
                            ("signal", "Municipal signal that was not forwarded"),
                            ("police", "Police data of a signal"),
                            ("placement", "Where somebody was sheltered"),
                            ("consent", "Proof of consent"),
                            ("trail", "The log"),
                        ],
                        max_length=16,
                        verbose_name="data",
                    ),
                ),
                ("last_event_on", models.DateField(verbose_name="last event")),
                ("due_on", models.DateField(verbose_name="kept until")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("due", "Waits for who owns the data"),
                            ("approved", "Waits for a second person"),
                            ("held", "Held by a legal hold"),
                            ("not_due", "No longer due"),
                            ("erased", "Erased"),
                        ],
                        default="due",
                        max_length=8,
                        verbose_name="status",
                    ),
                ),
                ("listed_at", models.DateTimeField()),
                ("approved_at", models.DateTimeField(blank=True, null=True)),
                ("erased_at", models.DateTimeField(blank=True, null=True)),
                ("destroyed", models.JSONField(blank=True, default=dict)),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "erased_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="erasure",
                        to="persons.person",
                    ),
                ),
            ],
            options={
                "verbose_name": "erasure",
                "verbose_name_plural": "erasures",
                "indexes": [
                    models.Index(fields=["owner", "status", "due_on"], name="erasures_of_owner")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["due", "approved", "held", "not_due", "erased"])
                        ),
                        name="erasure_status_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "category__in",
                                [
                                    "case",
                                    "case_child",
                                    "registration",
                                    "signal",
                                    "police",
                                    "placement",
                                    "consent",
                                    "trail",
                                ],
                            )
                        ),
                        name="erasure_category_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_on__gt", models.F("last_event_on"))),
                        name="erasure_is_due_after_the_last_event",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("approved_at__isnull", False),
                                ("approved_by__isnull", False),
                                ("status__in", ["approved", "erased"]),
                            ),
                            models.Q(
                                models.Q(("status__in", ["approved", "erased"]), _negated=True),
                                ("approved_at", None),
                                ("approved_by", None),
                            ),
                            _connector="OR",
                        ),
                        name="erasure_is_approved_by_someone_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                models.Q(("erased_by", models.F("approved_by")), _negated=True),
                                ("erased_at__isnull", False),
                                ("erased_by__isnull", False),
                                ("status", "erased"),
                            ),
                            models.Q(
                                models.Q(("status", "erased"), _negated=True),
                                ("destroyed", {}),
                                ("erased_at", None),
                                ("erased_by", None),
                            ),
                            _connector="OR",
                        ),
                        name="erasure_is_confirmed_by_a_second_person_at_a_time",
                    ),
                ],
            },
        ),
        NewTable(
            name="LegalHold",
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
                ("reference", models.CharField(max_length=20, verbose_name="reference")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("court", "A case in court"),
                            ("investigation", "A criminal investigation"),
                            ("complaint", "A complaint or an incident"),
                            ("request", "A request of the person about the own data"),
                            ("damages", "A claim for compensation"),
                            ("supervision", "An inquiry of a supervisor"),
                        ],
                        max_length=16,
                        verbose_name="reason",
                    ),
                ),
                ("until", models.DateField(verbose_name="until")),
                ("placed_at", models.DateTimeField()),
                ("lifted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holds",
                        to="cases.case",
                    ),
                ),
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
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "placed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "registration",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holds",
                        to="registrations.registration",
                    ),
                ),
            ],
            options={
                "verbose_name": "legal hold",
                "verbose_name_plural": "legal holds",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("case__isnull", False), ("registration", None)),
                            models.Q(("case", None), ("registration__isnull", False)),
                            _connector="OR",
                        ),
                        name="hold_is_on_one_case_or_one_registration",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "reason__in",
                                [
                                    "court",
                                    "investigation",
                                    "complaint",
                                    "request",
                                    "damages",
                                    "supervision",
                                ],
                            )
                        ),
                        name="hold_reason_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until__gt", models.F("placed_at__date"))),
                        name="hold_lasts_beyond_the_day_it_is_placed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lifted_at", None), ("lifted_by", None)),
                            models.Q(("lifted_at__isnull", False), ("lifted_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="hold_is_lifted_by_someone_at_a_time",
                    ),
                ],
            },
        ),
        *LOCKS,
    ]
