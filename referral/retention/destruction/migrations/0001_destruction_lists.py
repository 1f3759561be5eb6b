"""Lists of what is past its term, what stands on them, and signals that are held."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import referral.lib.ids
from referral.lib.tables import NewTable
from referral.retention.destruction.migrations._locks import LOCKS


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organisations", "0003_deliberation_and_tips"),
        ("attachments", "0001_attachments"),
        ("deliberation", "0001_deliberation"),
        ("enrichment", "0002_lists"),
        ("forwarding", "0001_extracts"),
        ("links", "0002_weights_are_versions_of_data"),
        ("search", "0003_best_signals"),
        ("tips", "0001_tips"),
        ("duty", "0001_duty_to_register"),
        ("swaps", "0001_two_change_beds"),
        ("signals", "0010_names_are_forgotten_without_consent"),
        ("shelters", "0004_emergencies_transfers_and_terms"),
        ("stays", "0002_terms_are_versions_of_data"),
        ("matching", "0001_who_fits_where"),
        ("sharing", "0002_consent_register"),
        ("referrals", "0002_handoffs_under_way_stop_too"),
        ("tables", "0001_case_tables"),
        ("merging", "0001_merging"),
        ("restriction", "0001_restrictions"),
        ("retention", "0005_erasure_that_was_granted"),
        ("registrations", "0003_what_was_registered_may_be_withdrawn"),
        ("cases", "0002_handoff_to_its_end"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        NewTable(
            name="DestructionList",
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
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("due", "Waits for who owns the data"),
                            ("approved", "Waits for a second person"),
                            ("destroyed", "Destroyed"),
                        ],
                        default="due",
                        max_length=12,
                        verbose_name="status",
                    ),
                ),
                ("listed_at", models.DateTimeField()),
                ("approved_at", models.DateTimeField(blank=True, null=True)),
                ("destroyed_at", models.DateTimeField(blank=True, null=True)),
                ("destroyed", models.JSONField(blank=True, default=dict)),
                ("spared", models.PositiveIntegerField(default=0)),
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
                    "destroyed_by",
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
            ],
            options={
                "verbose_name": "destruction list",
                "verbose_name_plural": "destruction lists",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["due", "approved", "destroyed"])),
                        name="destruction_list_status_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("category__in", ("signal", "police", "placement", "consent"))
                        ),
                        name="destruction_list_is_of_records_and_not_of_persons",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("approved_at", None), ("approved_by", None), ("status", "due")
                            ),
                            models.Q(
                                models.Q(("status", "due"), _negated=True),
                                ("approved_at__isnull", False),
                                ("approved_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="destruction_list_is_approved_by_someone_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                models.Q(("destroyed_by", models.F("approved_by")), _negated=True),
                                ("destroyed_at__isnull", False),
                                ("destroyed_by__isnull", False),
                                ("status", "destroyed"),
                            ),
                            models.Q(
                                models.Q(("status", "destroyed"), _negated=True),
                                ("destroyed", {}),
                                ("destroyed_at", None),
                                ("destroyed_by", None),
                                ("spared", 0),
                            ),
                            _connector="OR",
                        ),
                        name="destruction_is_confirmed_by_a_second_person_at_a_time",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status__in", ("due", "approved"))),
                        fields=("owner", "category"),
                        name="owner_has_one_open_list_of_a_kind",
                    ),
                ],
            },
        ),
        NewTable(
            name="ListLine",
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
                ("record", models.UUIDField()),
                ("reference", models.CharField(max_length=20, verbose_name="reference")),
                ("last_event_on", models.DateField(verbose_name="last event")),
                ("due_on", models.DateField(verbose_name="kept until")),
                (
                    "list",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="destruction.destructionlist",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("list", "record"), name="record_is_on_a_list_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_on__gt", models.F("last_event_on"))),
                        name="listed_record_is_due_after_its_last_event",
                    ),
                ],
            },
        ),
        NewTable(
            name="SignalHold",
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
                    "signal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="signals.signal",
                    ),
                ),
            ],
            options={
                "verbose_name": "legal hold of a signal",
                "verbose_name_plural": "legal holds of signals",
                "constraints": [
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
                        name="signal_hold_reason_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until__gt", models.F("placed_at__date"))),
                        name="signal_hold_lasts_beyond_the_day_it_is_placed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lifted_at", None), ("lifted_by", None)),
                            models.Q(("lifted_at__isnull", False), ("lifted_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="signal_hold_is_lifted_by_someone_at_a_time",
                    ),
                ],
            },
        ),
        *LOCKS,
    ]
