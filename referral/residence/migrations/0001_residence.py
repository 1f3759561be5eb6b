"""Files of residence, their three lines, their terms, and who sees which part."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models

import referral.lib.ids
from referral.lib.tables import NewTable
from referral.residence.migrations._locks import BEFORE, LOCKS


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0003_clients"),
        ("organisations", "0003_deliberation_and_tips"),
        ("persons", "0001_persons"),
        ("registrations", "0001_registrations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        *BEFORE,
        NewTable(
            name="ResidenceFile",
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
                ("opened_at", models.DateTimeField()),
                (
                    "immigration",
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
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="residence_file",
                        to="persons.person",
                    ),
                ),
                (
                    "police",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "registration",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="residence_file",
                        to="registrations.registration",
                    ),
                ),
            ],
            options={
                "verbose_name": "residence file",
                "verbose_name_plural": "residence files",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reference__regex", "^VRB-\\d{4}-\\d{6,}$")),
                        name="residence_reference_is_per_year_and_number",
                    )
                ],
            },
        ),
        NewTable(
            name="Deadline",
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
                            ("reflection_end", "The reflection period ends"),
                            ("reporting_day", "Reporting day with the police"),
                            ("decision", "Decision of the immigration service"),
                            ("permit_end", "The permit ends"),
                            ("objection", "Last day for an objection"),
                            ("complaint", "Last day for a complaint about the dismissal"),
                        ],
                        max_length=16,
                        verbose_name="what ends",
                    ),
                ),
                ("ends_on", models.DateField(verbose_name="last day")),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("kept", models.BooleanField(blank=True, null=True)),
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="persons.person",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deadlines",
                        to="residence.residencefile",
                    ),
                ),
            ],
            options={
                "verbose_name": "term",
                "verbose_name_plural": "terms",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "reflection_end",
                                    "reporting_day",
                                    "decision",
                                    "permit_end",
                                    "objection",
                                    "complaint",
                                ],
                            )
                        ),
                        name="term_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("closed_by", None), ("kept", None)),
                            models.Q(
                                ("closed_at__isnull", False),
                                ("closed_by__isnull", False),
                                ("kept__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="term_is_closed_by_someone_at_a_time",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at", None)),
                        fields=("file", "kind"),
                        name="file_has_one_open_term_of_a_kind",
                    ),
                ],
            },
        ),
        NewTable(
            name="Step",
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
                    "line",
                    models.CharField(
                        choices=[
                            ("reflection", "Reflection period"),
                            ("track", "Residence"),
                            ("report", "Police report"),
                        ],
                        max_length=12,
                    ),
                ),
                ("status_before", models.CharField(max_length=20)),
                ("status", models.CharField(max_length=20)),
                ("code", models.CharField(blank=True, max_length=20)),
                ("happened_on", models.DateField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "file",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="residence.residencefile",
                    ),
                ),
                (
                    "recorded_by",
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
                        condition=models.Q(("line__in", ["reflection", "track", "report"])),
                        name="residence_step_is_of_a_known_line",
                    )
                ],
            },
        ),
        NewTable(
            name="TermLength",
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
                    "code",
                    models.CharField(
                        choices=[
                            ("reflection", "Reflection period"),
                            ("reflection_dublin", "Reflection period of a Dublin claimant"),
                            ("reporting", "Time between two reporting days"),
                            ("decision", "Decision of the immigration service on the M55"),
                            ("permit", "Validity of a permit"),
                            ("objection", "Time to lodge an objection"),
                            ("complaint", "Time for a complaint after a dismissal (art. 12 Sv)"),
                            ("continued_stay", "On a permit before continued stay"),
                            ("continued_stay_d", "On ground d before continued stay"),
                        ],
                        max_length=20,
                        verbose_name="term",
                    ),
                ),
                ("months", models.PositiveSmallIntegerField(default=0, verbose_name="months")),
                ("days", models.PositiveSmallIntegerField(default=0, verbose_name="days")),
                ("source", models.CharField(max_length=200, verbose_name="source")),
                (
                    "certainty",
                    models.CharField(
                        choices=[
                            ("found", "Found in the source"),
                            ("old", "From an older text: check it"),
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
                                "code__in",
                                [
                                    "reflection",
                                    "reflection_dublin",
                                    "reporting",
                                    "decision",
                                    "permit",
                                    "objection",
                                    "complaint",
                                    "continued_stay",
                                    "continued_stay_d",
                                ],
                            )
                        ),
                        name="term_code_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("months__gt", 0), ("days__gt", 0), _connector="OR"),
                        name="term_lasts_at_least_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("certainty__in", ["found", "old", "to_check"])),
                        name="term_certainty_is_known",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[(models.F("code"), "="), (models.F("valid"), "&&")],
                        name="term_has_one_length_on_a_day",
                    ),
                ],
            },
        ),
        NewTable(
            name="Alert",
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
                ("days", models.PositiveSmallIntegerField()),
                ("told_at", models.DateTimeField()),
                ("late", models.BooleanField(default=False)),
                (
                    "deadline",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alerts",
                        to="residence.deadline",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("deadline", "days"),
                        name="term_is_told_of_once_for_each_number_of_days",
                    )
                ],
            },
        ),
        NewTable(
            name="PoliceReport",
            fields=[
                ("changed_at", models.DateTimeField()),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="report",
                        serialize=False,
                        to="residence.residencefile",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("not_discussed", "Not discussed yet"),
                            ("talk_planned", "Informative talk planned"),
                            ("talk_done", "Informative talk held"),
                            ("considering", "The person is considering it"),
                            ("reported", "Reported to the police"),
                            ("ex_officio", "Investigated without a report"),
                            ("not_reported", "The person does not report"),
                            ("withdrawn", "Report withdrawn"),
                            ("investigation", "Under investigation"),
                            ("dismissed", "Dismissed by the prosecutor"),
                            ("prosecuted", "Before the court"),
                            ("judged_first", "Judged by the court"),
                            ("appeal", "In appeal"),
                            ("final", "Final judgement"),
                        ],
                        default="not_discussed",
                        max_length=20,
                        verbose_name="status",
                    ),
                ),
                ("talk_on", models.DateField(blank=True, null=True)),
                ("reported_on", models.DateField(blank=True, null=True)),
                ("status_on", models.DateField(blank=True, null=True)),
                ("informed_on", models.DateField(blank=True, null=True)),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "police report",
                "verbose_name_plural": "police reports",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "not_discussed",
                                    "talk_planned",
                                    "talk_done",
                                    "considering",
                                    "reported",
                                    "ex_officio",
                                    "not_reported",
                                    "withdrawn",
                                    "investigation",
                                    "dismissed",
                                    "prosecuted",
                                    "judged_first",
                                    "appeal",
                                    "final",
                                ],
                            )
                        ),
                        name="police_report_status_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status", "not_discussed"),
                            ("status_on__isnull", False),
                            _connector="OR",
                        ),
                        name="police_report_that_moved_has_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ["reported", "withdrawn"]), _negated=True),
                            ("reported_on__isnull", False),
                            _connector="OR",
                        ),
                        name="police_report_that_was_made_has_its_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ["talk_planned", "talk_done"]), _negated=True),
                            ("talk_on__isnull", False),
                            _connector="OR",
                        ),
                        name="informative_talk_that_is_planned_or_held_has_its_day",
                    ),
                ],
            },
        ),
        NewTable(
            name="PoliceSide",
            fields=[
                ("changed_at", models.DateTimeField()),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="police_side",
                        serialize=False,
                        to="residence.residencefile",
                    ),
                ),
                (
                    "no_report",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("fear", "Fear of reprisals against the person"),
                            ("family", "Fear for family or others"),
                            ("shame", "Shame or stigma"),
                            ("distrust", "No trust in the police"),
                            ("bond", "A bond with who exploited them"),
                            ("health", "Too much for body or mind"),
                            ("residence", "Fear for their residence"),
                            ("rest", "Wants to leave it behind"),
                            ("not_seen", "Does not see it as exploitation"),
                            ("left", "Out of contact"),
                            ("unsaid", "Did not want to say"),
                        ],
                        default="",
                        max_length=16,
                    ),
                ),
                (
                    "non_punishment",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Not looked at yet"),
                            ("not_at_issue", "Looked at: no offences of the person"),
                            ("applies", "Looked at: the principle applies"),
                            ("does_not_apply", "Looked at: the principle does not apply"),
                        ],
                        default="",
                        max_length=16,
                    ),
                ),
                (
                    "changed_by",
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
                            (
                                "no_report__in",
                                [
                                    "",
                                    "fear",
                                    "family",
                                    "shame",
                                    "distrust",
                                    "bond",
                                    "health",
                                    "residence",
                                    "rest",
                                    "not_seen",
                                    "left",
                                    "unsaid",
                                ],
                            )
                        ),
                        name="reason_for_not_reporting_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "non_punishment__in",
                                ["", "not_at_issue", "applies", "does_not_apply"],
                            )
                        ),
                        name="answer_on_non_punishment_is_known",
                    ),
                ],
            },
        ),
        NewTable(
            name="Reflection",
            fields=[
                ("changed_at", models.DateTimeField()),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="reflection",
                        serialize=False,
                        to="residence.residencefile",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("not_offered", "Not offered"),
                            ("offered", "Offered"),
                            ("declined", "Declined by the person"),
                            ("granted", "Granted, not begun"),
                            ("running", "Running"),
                            ("expired", "Over: the term has passed"),
                            ("ended", "Ended before its term"),
                        ],
                        default="not_offered",
                        max_length=12,
                        verbose_name="status",
                    ),
                ),
                (
                    "ground",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("exploited", "Was put to work"),
                            ("not_yet", "Not put to work yet, and a possible victim"),
                            ("refused_entry", "Was refused entry at the border"),
                        ],
                        default="",
                        max_length=16,
                    ),
                ),
                ("offered_on", models.DateField(blank=True, null=True)),
                ("declined_on", models.DateField(blank=True, null=True)),
                ("granted_on", models.DateField(blank=True, null=True)),
                (
                    "term",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("reflection", "Reflection period"),
                            ("reflection_dublin", "Reflection period of a Dublin claimant"),
                            ("reporting", "Time between two reporting days"),
                            ("decision", "Decision of the immigration service on the M55"),
                            ("permit", "Validity of a permit"),
                            ("objection", "Time to lodge an objection"),
                            ("complaint", "Time for a complaint after a dismissal (art. 12 Sv)"),
                            ("continued_stay", "On a permit before continued stay"),
                            ("continued_stay_d", "On ground d before continued stay"),
                        ],
                        default="",
                        max_length=20,
                    ),
                ),
                ("term_months", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("term_days", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("starts_on", models.DateField(blank=True, null=True)),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("suspended_on", models.DateField(blank=True, null=True)),
                ("ended_on", models.DateField(blank=True, null=True)),
                (
                    "end_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("reported", "The person reported to the police"),
                            ("cooperates", "The person cooperates in another way"),
                            ("waived", "The person gives it up"),
                            ("left_unknown", "Left for an unknown place"),
                            ("other_permit", "Applied for another permit"),
                            ("withdrawn", "Withdrawn by the authorities"),
                        ],
                        default="",
                        max_length=16,
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "reflection period",
                "verbose_name_plural": "reflection periods",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "not_offered",
                                    "offered",
                                    "declined",
                                    "granted",
                                    "running",
                                    "expired",
                                    "ended",
                                ],
                            )
                        ),
                        name="reflection_status_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ground", ""), ("offered_on", None), ("status", "not_offered")
                            ),
                            models.Q(
                                models.Q(("status", "not_offered"), _negated=True),
                                ("ground__in", ["exploited", "not_yet", "refused_entry"]),
                                ("offered_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="reflection_that_was_offered_has_a_day_and_a_ground",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ends_on", None), ("starts_on", None)),
                            models.Q(
                                ("ends_on__isnull", False),
                                ("granted_on__isnull", False),
                                ("starts_on__isnull", False),
                                ("term__in", ("reflection", "reflection_dublin")),
                                ("term_days__isnull", False),
                                ("term_months__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="reflection_that_began_has_a_term_of_the_law",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ("running", "expired")), _negated=True),
                            ("starts_on__isnull", False),
                            _connector="OR",
                        ),
                        name="reflection_that_runs_has_begun",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("starts_on", None),
                            django.db.models.lookups.Exact(
                                models.F("ends_on"),
                                models.Func(
                                    models.F("starts_on"),
                                    models.F("term_months"),
                                    models.F("term_days"),
                                    function="baken.end_of_term",
                                    output_field=models.DateField(),
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="reflection_ends_its_term_after_it_began_and_is_not_extended",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "end_reason__in",
                                    [
                                        "reported",
                                        "cooperates",
                                        "waived",
                                        "left_unknown",
                                        "other_permit",
                                        "withdrawn",
                                    ],
                                ),
                                ("ended_on__isnull", False),
                                ("status", "ended"),
                            ),
                            models.Q(
                                ("end_reason", ""),
                                ("ended_on", models.F("ends_on")),
                                ("status", "expired"),
                            ),
                            models.Q(
                                models.Q(("status__in", ["ended", "expired"]), _negated=True),
                                ("end_reason", ""),
                                ("ended_on", None),
                            ),
                            _connector="OR",
                        ),
                        name="reflection_that_ended_has_a_day_and_a_reason",
                    ),
                ],
            },
        ),
        NewTable(
            name="Track",
            fields=[
                ("changed_at", models.DateTimeField()),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="track",
                        serialize=False,
                        to="residence.residencefile",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("none", "Nothing yet"),
                            ("reflection", "In the reflection period"),
                            ("applied", "M55 sent: counts as an application"),
                            ("granted", "Permit granted (B8/3)"),
                            ("renewal", "Renewal applied for"),
                            ("rejected", "Rejected"),
                            ("revoked", "Permit revoked"),
                            ("objection", "Objection lodged"),
                            ("continued_applied", "Continued stay applied for"),
                            ("continued_granted", "Continued stay granted"),
                            ("asylum", "Asylum procedure"),
                            ("departed", "Left the Netherlands"),
                        ],
                        default="none",
                        max_length=20,
                        verbose_name="status",
                    ),
                ),
                ("m55_sent_on", models.DateField(blank=True, null=True)),
                ("decided_on", models.DateField(blank=True, null=True)),
                (
                    "ground",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("a", "a: reported as a presumed victim"),
                            ("b", "b: cooperates as a presumed victim"),
                            ("c", "c: reported as a witness"),
                            ("d", "d: cannot or will not report"),
                        ],
                        default="",
                        max_length=1,
                    ),
                ),
                ("statement_seen", models.BooleanField(default=False)),
                ("permit_from", models.DateField(blank=True, null=True)),
                ("permit_to", models.DateField(blank=True, null=True)),
                (
                    "continued_ground",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("conviction", "The case ended in a conviction"),
                            ("three_years", "Long enough on a permit of B8/3"),
                            ("ground_d", "Long enough on ground d"),
                            ("special", "Special circumstances"),
                        ],
                        default="",
                        max_length=16,
                    ),
                ),
                ("ground_fell_on", models.DateField(blank=True, null=True)),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "residence track",
                "verbose_name_plural": "residence tracks",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "none",
                                    "reflection",
                                    "applied",
                                    "granted",
                                    "renewal",
                                    "rejected",
                                    "revoked",
                                    "objection",
                                    "continued_applied",
                                    "continued_granted",
                                    "asylum",
                                    "departed",
                                ],
                            )
                        ),
                        name="residence_status_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["none", "reflection", "asylum", "departed"]),
                            ("m55_sent_on__isnull", False),
                            _connector="OR",
                        ),
                        name="residence_applied_for_has_the_day_of_form_m55",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ["granted", "renewal"]), _negated=True),
                            models.Q(
                                ("decided_on__isnull", False),
                                ("ground__in", ["a", "b", "c", "d"]),
                                ("permit_from__isnull", False),
                                ("permit_to__gt", models.F("permit_from")),
                            ),
                            _connector="OR",
                        ),
                        name="permit_has_a_ground_and_a_period",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ground", "d"), _negated=True),
                            ("statement_seen", True),
                            _connector="OR",
                        ),
                        name="permit_on_ground_d_follows_a_statement",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "continued_granted"), _negated=True),
                            models.Q(
                                (
                                    "continued_ground__in",
                                    ["conviction", "three_years", "ground_d", "special"],
                                ),
                                ("decided_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="continued_stay_has_a_ground_and_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ["rejected", "revoked"]), _negated=True),
                            ("decided_on__isnull", False),
                            _connector="OR",
                        ),
                        name="no_to_residence_has_a_day",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="residencefile",
            index=models.Index(fields=["police", "-opened_at"], name="residence_files_of_police"),
        ),
        migrations.AddIndex(
            model_name="residencefile",
            index=models.Index(fields=["immigration", "-opened_at"], name="residence_files_of_ind"),
        ),
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(
                condition=models.Q(("closed_at", None)),
                fields=["ends_on", "id"],
                name="terms_open_by_day",
            ),
        ),
        migrations.AddIndex(
            model_name="step",
            index=models.Index(fields=["file", "happened_on"], name="residence_steps_of_file"),
        ),
        migrations.AddIndex(
            model_name="reflection",
            index=models.Index(
                condition=models.Q(("status", "running")),
                fields=["ends_on"],
                name="reflections_running_by_end",
            ),
        ),
        *LOCKS,
    ]
