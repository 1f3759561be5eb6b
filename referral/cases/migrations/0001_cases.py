"""Cases, who may see them, their notes and their handoffs."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import referral.lib.ids
from referral.cases.migrations._locks import LOCKS
from referral.lib.tables import NewTable


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0002_locks"),
        ("geography", "0002_facts_of_2026"),
        ("organisations", "0001_organisations"),
        ("persons", "0001_persons"),
        ("registrations", "0001_registrations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        NewTable(
            name="Handoff",
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
                            ("offered", "Offered"),
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="offered",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("moved", "The person has moved"),
                            ("placement_elsewhere", "Shelter was found in another region"),
                            ("safety", "Safety"),
                            ("capacity", "Capacity"),
                            ("specialism", "Other expertise is needed"),
                            ("fallback_end", "The region has its own coordinator again"),
                        ],
                        max_length=24,
                        verbose_name="reason",
                    ),
                ),
                (
                    "decline_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("outside_region", "The person does not stay in this region"),
                            ("capacity", "No capacity"),
                            ("safety", "The region is not safe for the person"),
                            ("incomplete", "The file is not complete"),
                            ("other", "Other"),
                        ],
                        max_length=16,
                        verbose_name="reason of refusal",
                    ),
                ),
                (
                    "sections",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("summary", "Summary and next step"),
                                ("consents", "Consents and other legal bases"),
                                ("notes", "Care notes"),
                                ("deadlines", "Deadlines"),
                            ],
                            max_length=12,
                        ),
                        size=None,
                        verbose_name="what goes along",
                    ),
                ),
                ("package_hash", models.CharField(max_length=64)),
                ("version", models.PositiveSmallIntegerField(default=1)),
                (
                    "warm_meeting_on",
                    models.DateField(blank=True, null=True, verbose_name="meeting to hand over"),
                ),
                ("victim_informed", models.BooleanField(verbose_name="the person is informed")),
                ("answer_due_on", models.DateField(verbose_name="answer before")),
                ("offered_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
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
                    "care_region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="geography.careregion",
                        verbose_name="care region",
                    ),
                ),
            ],
            options={
                "verbose_name": "handoff",
                "verbose_name_plural": "handoffs",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["offered", "accepted", "declined", "withdrawn"])
                        ),
                        name="handoff_status_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "sections__contained_by",
                                ["summary", "consents", "notes", "deadlines"],
                            ),
                            ("sections__len__gt", 0),
                        ),
                        name="handoff_sections_are_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("package_hash__regex", "^[0-9a-f]{64}$")),
                        name="handoff_package_has_a_hash",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answered_at__isnull", False),
                                ("answered_by__isnull", False),
                                ("status__in", ("accepted", "declined", "withdrawn")),
                            ),
                            models.Q(
                                ("answered_at", None),
                                ("answered_by", None),
                                ("status__in", ("offered",)),
                            ),
                            _connector="OR",
                        ),
                        name="handoff_answer_has_time_and_name",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "decline_reason__in",
                                    ["outside_region", "capacity", "safety", "incomplete", "other"],
                                ),
                                ("status", "declined"),
                            ),
                            models.Q(
                                models.Q(("status", "declined"), _negated=True),
                                ("decline_reason", ""),
                            ),
                            _connector="OR",
                        ),
                        name="handoff_is_declined_with_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "accepted"), _negated=True),
                            ("warm_meeting_on__isnull", False),
                            _connector="OR",
                        ),
                        name="handoff_is_accepted_with_a_meeting",
                    ),
                ],
            },
        ),
        NewTable(
            name="Case",
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
                ("standing_since", models.DateTimeField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("intake", "Waiting for a coordinator"),
                            ("active", "Active"),
                            ("closed", "Closed"),
                        ],
                        default="intake",
                        max_length=8,
                        verbose_name="status",
                    ),
                ),
                (
                    "priority",
                    models.CharField(
                        choices=[
                            ("crisis", "Crisis: today"),
                            ("high", "High"),
                            ("normal", "Normal"),
                        ],
                        default="normal",
                        max_length=8,
                        verbose_name="priority",
                    ),
                ),
                (
                    "needs",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("shelter", "Shelter"),
                                ("medical", "Medical care"),
                                ("psychological", "Psychological help"),
                                ("legal", "Legal help"),
                                ("income", "Income"),
                                ("housing", "Housing"),
                                ("residence", "Residence"),
                                ("safety", "Safety"),
                                ("education", "Education"),
                                ("work", "Work"),
                                ("compensation", "Compensation"),
                                ("return", "Return to the own country"),
                                ("aftercare", "Aftercare"),
                                ("children", "Care for children"),
                            ],
                            max_length=16,
                        ),
                        default=list,
                        size=None,
                        verbose_name="needs",
                    ),
                ),
                ("age_group", models.CharField(blank=True, max_length=8, verbose_name="age group")),
                (
                    "next_step",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("accept_case", "Accept the case"),
                            ("first_contact", "Make the first contact"),
                            ("ask_consent", "Ask consent"),
                            ("request_shelter", "Request shelter"),
                            ("find_place", "Find a place"),
                            ("answer_placement", "Answer the offer of a place"),
                            ("record_arrival", "Receive the person and record the arrival"),
                            ("make_plan", "Make the care plan"),
                            ("review_plan", "Review the care plan"),
                            ("answer_handoff", "Answer the handoff"),
                            ("close_case", "Close the case"),
                        ],
                        max_length=20,
                        verbose_name="next step",
                    ),
                ),
                (
                    "next_deadline_on",
                    models.DateField(blank=True, null=True, verbose_name="deadline"),
                ),
                ("opened_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "closure_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("goals_reached", "The goals are reached"),
                            ("regular_care", "Regular care goes on"),
                            ("returned_home_country", "Returned to the own country"),
                            ("left_unknown", "Left for an unknown place"),
                            ("declined_help", "Does not want help"),
                            ("not_a_victim", "Turned out not to be a victim"),
                            ("deceased", "Deceased"),
                            ("detained", "Detained"),
                            ("duplicate", "Another case about the same person goes on"),
                            ("consent_withdrawn", "Consent was withdrawn"),
                            ("other", "Other"),
                        ],
                        max_length=24,
                        verbose_name="reason of closure",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("safe_independent", "Safe, lives independently"),
                            ("safe_supported", "Safe, with support"),
                            ("unsafe", "Not safe"),
                            ("unknown", "Unknown"),
                        ],
                        max_length=16,
                        verbose_name="outcome",
                    ),
                ),
                (
                    "person_informed",
                    models.BooleanField(
                        blank=True, null=True, verbose_name="the person is informed"
                    ),
                ),
                (
                    "accepted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "care_region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="geography.careregion",
                        verbose_name="care region",
                    ),
                ),
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
                    "coordinator",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "next_step_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "offered_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner_organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                        verbose_name="owner",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="persons.person",
                    ),
                ),
                (
                    "registration",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="case",
                        to="registrations.registration",
                    ),
                ),
            ],
            options={
                "verbose_name": "case",
                "verbose_name_plural": "cases",
                "indexes": [
                    models.Index(fields=["person"], name="case_by_person"),
                    models.Index(
                        fields=["status", "-opened_at"], name="case_by_status_newest_first"
                    ),
                    models.Index(
                        condition=models.Q(("offered_to__isnull", False)),
                        fields=["offered_to", "next_deadline_on"],
                        name="case_on_offer",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reference__regex", "^CASE-\\d{4}-\\d{6,}$")),
                        name="case_reference_is_case_year_number",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["intake", "active", "closed"])),
                        name="case_status_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("priority__in", ["crisis", "high", "normal"])),
                        name="case_priority_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "needs__contained_by",
                                [
                                    "shelter",
                                    "medical",
                                    "psychological",
                                    "legal",
                                    "income",
                                    "housing",
                                    "residence",
                                    "safety",
                                    "education",
                                    "work",
                                    "compensation",
                                    "return",
                                    "aftercare",
                                    "children",
                                ],
                            )
                        ),
                        name="case_needs_are_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "next_step__in",
                                    [
                                        "accept_case",
                                        "first_contact",
                                        "ask_consent",
                                        "request_shelter",
                                        "find_place",
                                        "answer_placement",
                                        "record_arrival",
                                        "make_plan",
                                        "review_plan",
                                        "answer_handoff",
                                        "close_case",
                                    ],
                                ),
                                ("next_step_by__isnull", False),
                                ("status__in", ("intake", "active")),
                            ),
                            models.Q(
                                ("next_step", ""), ("next_step_by", None), ("status", "closed")
                            ),
                            _connector="OR",
                        ),
                        name="open_case_has_a_next_step_and_who_has_it",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "intake"), _negated=True),
                            ("offered_to__isnull", False),
                            _connector="OR",
                        ),
                        name="case_in_intake_is_on_offer_to_a_coordinator",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("offered_to", models.F("owner_organisation")),
                            ("status", "active"),
                            _negated=True,
                        ),
                        name="active_case_is_not_on_offer_to_its_owner",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "closed"), _negated=True),
                            ("offered_to", None),
                            _connector="OR",
                        ),
                        name="case_on_offer_is_not_closed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("accepted_at", None), ("accepted_by", None), ("status", "intake")
                            ),
                            models.Q(
                                models.Q(("status", "intake"), _negated=True),
                                ("accepted_at__isnull", False),
                                ("accepted_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="accepted_case_has_time_and_name",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closed_at__isnull", False),
                                ("closed_by__isnull", False),
                                (
                                    "closure_reason__in",
                                    [
                                        "goals_reached",
                                        "regular_care",
                                        "returned_home_country",
                                        "left_unknown",
                                        "declined_help",
                                        "not_a_victim",
                                        "deceased",
                                        "detained",
                                        "duplicate",
                                        "consent_withdrawn",
                                        "other",
                                    ],
                                ),
                                (
                                    "outcome__in",
                                    ["safe_independent", "safe_supported", "unsafe", "unknown"],
                                ),
                                ("person_informed__isnull", False),
                                ("status", "closed"),
                            ),
                            models.Q(
                                models.Q(("status", "closed"), _negated=True),
                                ("closed_at", None),
                                ("closed_by", None),
                                ("closure_reason", ""),
                                ("outcome", ""),
                                ("person_informed", None),
                            ),
                            _connector="OR",
                        ),
                        name="closed_case_has_time_name_and_reason",
                    ),
                ],
            },
        ),
        NewTable(
            name="CareNote",
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
                ("sealed", models.BinaryField()),
                ("written_at", models.DateTimeField()),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
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
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="cases.case",
                    ),
                ),
            ],
            options={
                "verbose_name": "care note",
                "verbose_name_plural": "care notes",
                "indexes": [models.Index(fields=["case", "written_at"], name="note_by_case")],
            },
        ),
        NewTable(
            name="CaseAccess",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "level",
                    models.SmallIntegerField(choices=[(1, "View"), (2, "Work"), (3, "Manage")]),
                ),
                (
                    "profile",
                    models.CharField(
                        choices=[
                            ("envelope", "Envelope"),
                            ("header", "Header"),
                            ("placement", "Placement"),
                            ("full", "Full file"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("owner", "Responsible for the case"),
                            ("handoff", "Was responsible before the handoff"),
                            ("referral", "The case is on offer"),
                            ("placement", "Gives shelter"),
                            ("break_glass", "Emergency access"),
                            ("supervision", "Supervision"),
                        ],
                        max_length=12,
                    ),
                ),
                ("valid_until", models.DateTimeField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("intake", "Waiting for a coordinator"),
                            ("active", "Active"),
                            ("closed", "Closed"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "priority",
                    models.CharField(
                        choices=[
                            ("crisis", "Crisis: today"),
                            ("high", "High"),
                            ("normal", "Normal"),
                        ],
                        max_length=8,
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("next_deadline_on", models.DateField(null=True)),
                (
                    "care_region",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="geography.careregion",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="access",
                        to="cases.case",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["organisation", "basis", "status", "-opened_at", "case"],
                        include=("valid_until", "user", "level", "priority", "next_deadline_on"),
                        name="access_newest_first",
                    ),
                    models.Index(
                        fields=["organisation", "basis", "status", "next_deadline_on", "case"],
                        include=("valid_until", "user", "level", "priority", "opened_at"),
                        name="access_next_deadline_first",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "organisation", "user"),
                        include=("valid_until",),
                        name="access_stands_once_for_a_case_and_a_reader",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        NewTable(
            name="CaseGrant",
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
                    "level",
                    models.SmallIntegerField(
                        choices=[(1, "View"), (2, "Work"), (3, "Manage")], verbose_name="level"
                    ),
                ),
                (
                    "profile",
                    models.CharField(
                        choices=[
                            ("envelope", "Envelope"),
                            ("header", "Header"),
                            ("placement", "Placement"),
                            ("full", "Full file"),
                        ],
                        max_length=12,
                        verbose_name="profile",
                    ),
                ),
                (
                    "valid",
                    django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name="valid"),
                ),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("owner", "Responsible for the case"),
                            ("handoff", "Was responsible before the handoff"),
                            ("referral", "The case is on offer"),
                            ("placement", "Gives shelter"),
                            ("break_glass", "Emergency access"),
                            ("supervision", "Supervision"),
                        ],
                        max_length=12,
                        verbose_name="basis",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=60, verbose_name="reason")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grants",
                        to="cases.case",
                    ),
                ),
                (
                    "granted_by",
                    models.ForeignKey(
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
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "grant",
                "verbose_name_plural": "grants",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("level__in", [1, 2, 3])), name="grant_level_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("profile__in", ["envelope", "header", "placement", "full"])
                        ),
                        name="grant_profile_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "basis__in",
                                [
                                    "owner",
                                    "handoff",
                                    "referral",
                                    "placement",
                                    "break_glass",
                                    "supervision",
                                ],
                            )
                        ),
                        name="grant_basis_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False), ("valid__lower_inf", False)),
                        name="grant_has_a_beginning",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("profile", "full"),
                            models.Q(("basis", "owner"), ("profile", "header")),
                            ("level", 1),
                            _connector="OR",
                        ),
                        name="grant_to_see_a_part_lets_nobody_work",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("user", None)),
                        expressions=[
                            ("case", "="),
                            ("organisation", "="),
                            ("basis", "="),
                            ("valid", "&&"),
                        ],
                        name="grant_on_one_basis_is_not_given_twice",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("user__isnull", False)),
                        expressions=[("case", "="), ("user", "="), ("basis", "="), ("valid", "&&")],
                        name="grant_to_a_person_is_not_given_twice",
                    ),
                ],
            },
        ),
        NewTable(
            name="HandoffPackage",
            fields=[
                (
                    "handoff",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="package",
                        serialize=False,
                        to="cases.handoff",
                    ),
                ),
                ("sealed", models.BinaryField()),
            ],
        ),
        migrations.AddField(
            model_name="handoff",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="handoffs",
                to="cases.case",
            ),
        ),
        migrations.AddField(
            model_name="handoff",
            name="from_organisation",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisations.organisation",
            ),
        ),
        migrations.AddField(
            model_name="handoff",
            name="offered_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="handoff",
            name="to_organisation",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisations.organisation",
            ),
        ),
        migrations.AddIndex(
            model_name="handoff",
            index=models.Index(
                fields=["to_organisation", "status", "-offered_at"], name="handoff_in_newest_first"
            ),
        ),
        migrations.AddIndex(
            model_name="handoff",
            index=models.Index(
                fields=["from_organisation", "status", "-offered_at"],
                name="handoff_out_newest_first",
            ),
        ),
        migrations.AddConstraint(
            model_name="handoff",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("from_organisation", models.F("to_organisation")), _negated=True
                ),
                name="handoff_is_not_to_itself",
            ),
        ),
        migrations.AddConstraint(
            model_name="handoff",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ("offered",))),
                fields=("case",),
                name="case_is_handed_off_to_one_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="handoff",
            constraint=models.UniqueConstraint(
                fields=("case", "version"), name="handoff_packages_are_numbered"
            ),
        ),
        *LOCKS,
    ]
