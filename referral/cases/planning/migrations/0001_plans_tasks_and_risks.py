"""Tasks, care plans, risks and checklists of cases, with the terms and lines that they go by."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.migrations.state import StateApps

import referral.lib.ids
from referral.lib.policies import DefinerFunction, Protect
from referral.lib.tables import NewTable

ORGANISATION = "(SELECT baken.actor_organisation())"
USER = "(SELECT baken.actor_user())"
READ = "(SELECT baken.may('care_note.read'))"
SWEEP = "(SELECT baken.may('deadline.sweep'))"
COLLEAGUE = f"(SELECT baken.may('care_note.write')) AND organisation_id = {ORGANISATION}"

# Who works on the case, and only while it is active: a closed case takes nothing any more.
WRITES = """
CREATE FUNCTION baken.planning_writes(wanted uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT baken.may('care_note.write') AND baken.case_level(wanted) >= 2
        AND EXISTS (SELECT FROM public.cases_case c WHERE c.id = wanted AND c.status = 'active')
$$
"""
# workflow.TASK_MOVES and PLAN_MOVES. The guard, as which nobody works, moves what follows a case.
MOVES = """
CREATE FUNCTION baken.task_moves_along_its_table() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'open' THEN
            PERFORM baken.refuse_move('task_begins_open');
        END IF;
        RETURN NEW;
    END IF;
    IF current_user <> 'baken_guard' AND (OLD.status <> 'open'
        OR NEW.cancel_reason = 'case_closed' AND OLD.cancel_reason = '')
    THEN
        PERFORM baken.refuse_move('task_moves_only_along_its_table');
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION baken.plan_moves_along_its_table() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'draft' THEN
            PERFORM baken.refuse_move('plan_begins_as_a_draft');
        END IF;
        RETURN NEW;
    END IF;
    IF current_user <> 'baken_guard' AND NOT (OLD.status || ' ' || NEW.status) IN (
        'draft agreed', 'agreed review', 'review agreed')
    THEN
        PERFORM baken.refuse_move('plan_moves_only_along_its_table');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER task_moves_along_its_table BEFORE INSERT OR UPDATE ON planning_task
    FOR EACH ROW EXECUTE FUNCTION baken.task_moves_along_its_table();
CREATE TRIGGER plan_moves_along_its_table BEFORE INSERT OR UPDATE ON planning_careplan
    FOR EACH ROW EXECUTE FUNCTION baken.plan_moves_along_its_table();
"""
NO_MOVES = """
DROP TRIGGER plan_moves_along_its_table ON planning_careplan;
DROP TRIGGER task_moves_along_its_table ON planning_task;
DROP FUNCTION baken.plan_moves_along_its_table();
DROP FUNCTION baken.task_moves_along_its_table();
"""
# What is open goes along to who takes the case over, and ends when the case is closed.
FOLLOW = """
CREATE FUNCTION baken.planning_follows_the_case() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.status = 'closed' THEN
        UPDATE public.planning_task
        SET status = 'cancelled', cancel_reason = 'case_closed', ended_at = NEW.closed_at,
            ended_by_id = NEW.closed_by_id
        WHERE case_id = NEW.id AND status = 'open';
        UPDATE public.planning_careplan SET status = 'closed' WHERE case_id = NEW.id;
    ELSE
        UPDATE public.planning_task
        SET organisation_id = NEW.owner_organisation_id, owner_id = NEW.coordinator_id,
            stands_in_for_id = NULL
        WHERE case_id = NEW.id AND status = 'open';
    END IF;
    RETURN NULL;
END $$
"""
FOLLOWS = """
CREATE TRIGGER planning_follows_the_case
    AFTER UPDATE OF status, owner_organisation_id ON cases_case
    FOR EACH ROW WHEN (OLD.status = 'active' AND (NEW.status = 'closed'
        OR NEW.owner_organisation_id <> OLD.owner_organisation_id))
    EXECUTE FUNCTION baken.planning_follows_the_case();
"""
COLUMNS = """
REVOKE UPDATE, DELETE ON planning_task, planning_absence, planning_careplan, planning_goal,
    planning_evaluation, planning_riskassessment, planning_checklistmark
    FROM baken_web, baken_worker;
REVOKE INSERT, UPDATE, DELETE ON planning_checklistitem, planning_planningterm
    FROM baken_web, baken_worker;
GRANT UPDATE (owner_id, stands_in_for_id, due_on, status, near_told_at, due_told_at, ended_at,
    ended_by_id, cancel_reason) ON planning_task TO baken_web, baken_worker;
GRANT UPDATE (begun_at, ended_at) ON planning_absence TO baken_web, baken_worker;
GRANT UPDATE (status, agreed_on, review_on) ON planning_careplan TO baken_web, baken_worker;
"""
READS = f"{READ} AND baken.case_opens(case_id, 'full')"
WRITTEN_BY_ME = f"written_by_id = {USER} AND baken.planning_writes(case_id)"

LOCKS = [
    DefinerFunction("baken.planning_writes(uuid)", WRITES),
    DefinerFunction("baken.planning_follows_the_case()", FOLLOW),
    migrations.RunSQL(MOVES, NO_MOVES),
    migrations.RunSQL(FOLLOWS, "DROP TRIGGER planning_follows_the_case ON cases_case"),
    migrations.RunSQL(COLUMNS, migrations.RunSQL.noop),
    Protect(
        "planning_task",
        select=f"({READS}) OR ({SWEEP} AND status = 'open')",
        insert=f"organisation_id = {ORGANISATION} AND {WRITTEN_BY_ME}",
        update=f"baken.planning_writes(case_id) OR ({SWEEP} AND status = 'open')",
    ),
    Protect(
        "planning_absence",
        select=f"({COLLEAGUE}) OR {SWEEP}",
        insert=f"{COLLEAGUE} AND arranged_by_id = {USER}",
        update=f"({COLLEAGUE}) OR {SWEEP}",
    ),
    Protect(
        "planning_careplan",
        select=READS,
        insert=f"begun_by_id = {USER} AND baken.planning_writes(case_id)",
        update="baken.planning_writes(case_id)",
    ),
    Protect("planning_goal", select=READS, insert=WRITTEN_BY_ME),
    Protect("planning_evaluation", select=READS, insert=WRITTEN_BY_ME),
    Protect("planning_riskassessment", select=READS, insert=WRITTEN_BY_ME),
    Protect("planning_checklistmark", select=READS, insert=WRITTEN_BY_ME),
]

#: Which term, months, days. Care plan and review: agreements of the chain, as are the others.
TERMS = (
    ("plan", 0, 14, "Uitgangspunt van de keten: zorgplan binnen 14 dagen na het eerste contact."),
    ("plan_review", 3, 0, "Uitgangspunt van de keten: evaluatie van het zorgplan elke 3 maanden."),
    ("risk_review", 3, 0, "Uitgangspunt: een risicotaxatie is na 3 maanden niet meer actueel."),
    ("task_ahead", 0, 2, "Uitgangspunt: twee dagen van tevoren herinneren."),
)
CHAIN = "Uitgangspunt van de keten"
CARE = "Handreiking voor zorgcoördinatoren; Wegwijzer mensenhandel"
#: The lines, by phase: code, Dutch, English, source. What a coordinator must see to.
LINES = {
    "intake": (
        ("first_contact", "Eerste contact gelegd", "First contact made", CHAIN),
        ("safe_contact", "Veilig contact afgesproken", "Safe contact agreed", CHAIN),
        ("consent", "Toestemming besproken", "Consent talked about", CHAIN),
        ("risk", "Veiligheid en risico’s bekeken", "Safety and risks looked at", CHAIN),
        ("shelter", "Opvang of veilige slaapplek geregeld", "Shelter or a safe place", CARE),
    ),
    "first_weeks": (
        ("medical", "Medisch onderzoek, ook op tbc", "Medical examination, also for TB", CARE),
        ("legal", "Juridische informatie en advocaat", "Legal information and a lawyer", CARE),
        ("income", "Inkomen geregeld (Rvb of Participatiewet)", "Income (Rvb or benefit)", CARE),
        ("insurance", "Zorgverzekering of RZA", "Health insurance or RZA", CARE),
        ("plan", "Zorgplan met de persoon gemaakt", "Care plan made with the person", CHAIN),
    ),
    "stabilisation": (
        ("residence", "Verblijf besproken en gevolgd", "Right to stay talked about", CARE),
        ("registered", "Inschrijving in de BRP bekeken", "Registration in the BRP", CARE),
        ("compensation", "Schadevergoeding besproken", "Compensation talked about", CARE),
        ("school_work", "School, taal of werk", "School, language or work", CARE),
    ),
    "outflow": (
        ("housing", "Woonplek na de opvang", "Somewhere to live after the shelter", CARE),
        ("return", "Terugkeer besproken (IOM)", "Return talked about (IOM)", CARE),
        ("regular_care", "Reguliere hulp neemt het over", "Regular care takes over", CHAIN),
    ),
    "aftercare": (
        ("aftercare", "Afspraken over nazorg", "Aftercare agreed", CHAIN),
        ("looked_back", "Samen teruggekeken", "Looked back together", CHAIN),
        ("informed", "Persoon weet waar hulp te vinden is", "Person knows where to go", CHAIN),
    ),
}


def load_facts(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    """The first versions of the terms and of the lines; they change by new rows."""
    always = DateRange(None, None)
    term = apps.get_model("planning", "PlanningTerm")
    term.objects.bulk_create(
        term(code=code, months=months, days=days, source=source, valid=always)
        for code, months, days, source in TERMS
    )
    item = apps.get_model("planning", "ChecklistItem")
    lines = [(phase, *line) for phase, of_phase in LINES.items() for line in of_phase]
    item.objects.bulk_create(
        item(
            code=code,
            phase=phase,
            position=position,
            title_nl=dutch,
            title_en=english,
            source=source,
            valid=always,
        )
        for position, (phase, code, dutch, english, source) in enumerate(lines, 1)
    )


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cases", "0001_cases"),
        ("organisations", "0003_deliberation_and_tips"),
        ("organisations", "__first__"),
    ]

    operations = [
        NewTable(
            name="ChecklistItem",
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
                ("code", models.CharField(max_length=24)),
                (
                    "phase",
                    models.CharField(
                        choices=[
                            ("intake", "Intake"),
                            ("first_weeks", "First weeks"),
                            ("stabilisation", "Stabilisation"),
                            ("outflow", "Outflow"),
                            ("aftercare", "Aftercare"),
                        ],
                        max_length=16,
                        verbose_name="phase",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("title_nl", models.CharField(max_length=120)),
                ("title_en", models.CharField(max_length=120)),
                ("source", models.CharField(max_length=200, verbose_name="source")),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "phase__in",
                                ["intake", "first_weeks", "stabilisation", "outflow", "aftercare"],
                            )
                        ),
                        name="checklist_line_stands_in_a_known_phase",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[(models.F("code"), "="), (models.F("valid"), "&&")],
                        name="checklist_line_has_one_version_on_a_day",
                    ),
                ],
            },
        ),
        NewTable(
            name="Goal",
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
                (
                    "need",
                    models.CharField(
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
                        verbose_name="need",
                    ),
                ),
                ("written_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="goals",
                        to="cases.case",
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
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "need__in",
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
                        name="goal_is_about_a_known_need",
                    )
                ],
            },
        ),
        NewTable(
            name="Evaluation",
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
                ("held_on", models.DateField(verbose_name="held on")),
                (
                    "reached",
                    models.CharField(
                        choices=[
                            ("not_begun", "Not begun"),
                            ("under_way", "Under way"),
                            ("reached", "Reached"),
                            ("dropped", "No longer a goal"),
                        ],
                        max_length=12,
                        verbose_name="how far",
                    ),
                ),
                ("written_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evaluations",
                        to="cases.case",
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
                    "goal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evaluations",
                        to="planning.goal",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reached__in", ["not_begun", "under_way", "reached", "dropped"])
                        ),
                        name="evaluation_says_how_far_in_a_known_code",
                    )
                ],
            },
        ),
        NewTable(
            name="PlanningTerm",
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
                            ("plan", "Care plan after the first contact"),
                            ("plan_review", "Review of the care plan"),
                            ("risk_review", "Longest time until a risk is looked at again"),
                            ("task_ahead", "Reminder ahead of the day of a task"),
                        ],
                        max_length=12,
                        verbose_name="term",
                    ),
                ),
                ("months", models.PositiveSmallIntegerField(default=0, verbose_name="months")),
                ("days", models.PositiveSmallIntegerField(default=0, verbose_name="days")),
                ("source", models.CharField(max_length=200, verbose_name="source")),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("code__in", ["plan", "plan_review", "risk_review", "task_ahead"]),
                            models.Q(("months__gt", 0), ("days__gt", 0), _connector="OR"),
                        ),
                        name="planning_term_is_known_and_lasts_a_day_at_least",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[(models.F("code"), "="), (models.F("valid"), "&&")],
                        name="planning_term_has_one_length_on_a_day",
                    ),
                ],
            },
        ),
        NewTable(
            name="RiskAssessment",
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
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("low", "Low"),
                            ("raised", "Raised"),
                            ("high", "High"),
                            ("acute", "Acute: act today"),
                        ],
                        max_length=8,
                        verbose_name="level",
                    ),
                ),
                (
                    "factors",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("suspect_near", "A suspect knows where the person is"),
                                ("threats", "Threats against the person"),
                                ("family_threat", "Threats against family"),
                                ("debt", "Debts to a suspect"),
                                ("return", "May go back to the exploitation"),
                                ("contact", "Contact with suspects goes on"),
                                ("health", "Health"),
                                ("self_harm", "May harm himself or herself"),
                                ("substance", "Alcohol or drugs"),
                                ("no_stay", "No right to stay"),
                                ("no_shelter", "No safe place to sleep"),
                                ("children", "Children are at risk too"),
                            ],
                            max_length=16,
                        ),
                        default=list,
                        size=None,
                    ),
                ),
                ("assessed_on", models.DateField()),
                ("review_on", models.DateField(verbose_name="look again before")),
                ("written_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="risks",
                        to="cases.case",
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
                "verbose_name": "risk assessment",
                "verbose_name_plural": "risk assessments",
                "indexes": [
                    models.Index(fields=["case", "-written_at"], name="risk_by_case_newest")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "factors__contained_by",
                                [
                                    "suspect_near",
                                    "threats",
                                    "family_threat",
                                    "debt",
                                    "return",
                                    "contact",
                                    "health",
                                    "self_harm",
                                    "substance",
                                    "no_stay",
                                    "no_shelter",
                                    "children",
                                ],
                            ),
                            ("level__in", ["low", "raised", "high", "acute"]),
                        ),
                        name="risk_level_and_factors_are_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("level", "low"), ("factors__len__gt", 0), _connector="OR"
                        ),
                        name="risk_that_is_raised_names_a_factor",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("review_on__gt", models.F("assessed_on"))),
                        name="risk_is_looked_at_again_after_it_was_assessed",
                    ),
                ],
            },
        ),
        NewTable(
            name="Task",
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
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("contact", "Contact with the person"),
                            ("appointment", "Go along to an appointment"),
                            ("arrange", "Arrange something with an organisation"),
                            ("apply", "Application or form"),
                            ("safety", "Look at safety"),
                            ("consult", "Consult with colleagues"),
                            ("other", "Something else"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "doer",
                    models.CharField(
                        choices=[
                            ("us", "We do it"),
                            ("person", "The person does it"),
                            ("network", "Somebody around the person does it"),
                            ("partner", "Another organisation does it"),
                        ],
                        default="us",
                        max_length=8,
                        verbose_name="who does it",
                    ),
                ),
                ("due_on", models.DateField(verbose_name="before")),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "To do"), ("done", "Done"), ("cancelled", "Cancelled")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("written_at", models.DateTimeField()),
                ("near_told_at", models.DateTimeField(blank=True, null=True)),
                ("due_told_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "cancel_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_needed", "It is no longer needed"),
                            ("not_wanted", "The person does not want it"),
                            ("done_otherwise", "It was arranged another way"),
                            ("mistake", "It was written down by mistake"),
                            ("case_closed", "The case was closed"),
                        ],
                        default="",
                        max_length=16,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
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
                    "goal",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actions",
                        to="planning.goal",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                        verbose_name="team",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "stands_in_for",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                "verbose_name": "task",
                "verbose_name_plural": "tasks",
                "indexes": [
                    models.Index(
                        condition=models.Q(("status", "open")),
                        fields=["organisation", "owner", "due_on"],
                        name="task_open_by_owner",
                    ),
                    models.Index(
                        condition=models.Q(("due_told_at", None), ("status", "open")),
                        fields=["due_on"],
                        name="task_open_by_day",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("doer__in", ["us", "person", "network", "partner"]),
                            (
                                "kind__in",
                                [
                                    "contact",
                                    "appointment",
                                    "arrange",
                                    "apply",
                                    "safety",
                                    "consult",
                                    "other",
                                ],
                            ),
                            ("status__in", ["open", "done", "cancelled"]),
                        ),
                        name="task_codes_are_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("stands_in_for", None),
                            models.Q(("stands_in_for", models.F("owner")), _negated=True),
                            _connector="OR",
                        ),
                        name="nobody_stands_in_for_who_has_the_task",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("ended_by", None), ("status", "open")),
                            models.Q(
                                models.Q(("status", "open"), _negated=True),
                                ("ended_at__isnull", False),
                                ("ended_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="task_ends_by_someone_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "cancel_reason__in",
                                    [
                                        "not_needed",
                                        "not_wanted",
                                        "done_otherwise",
                                        "mistake",
                                        "case_closed",
                                    ],
                                ),
                                ("status", "cancelled"),
                            ),
                            models.Q(
                                models.Q(("status", "cancelled"), _negated=True),
                                ("cancel_reason", ""),
                            ),
                            _connector="OR",
                        ),
                        name="task_is_cancelled_with_a_reason",
                    ),
                ],
            },
        ),
        NewTable(
            name="Absence",
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
                ("first_on", models.DateField(verbose_name="first day")),
                ("last_on", models.DateField(verbose_name="last day")),
                ("arranged_at", models.DateTimeField()),
                ("begun_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "arranged_by",
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "stand_in",
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
                        condition=models.Q(("last_on__gte", models.F("first_on"))),
                        name="absence_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("person", models.F("stand_in")), _negated=True),
                        name="nobody_stands_in_for_himself",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at", None), ("begun_at__isnull", False), _connector="OR"
                        ),
                        name="absence_ends_when_it_has_begun",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (models.F("organisation"), "="),
                            (models.F("person"), "="),
                            (
                                models.Func(
                                    models.F("first_on"),
                                    models.F("last_on"),
                                    models.Value("[]"),
                                    function="daterange",
                                ),
                                "&&",
                            ),
                        ],
                        name="colleague_is_absent_once_at_a_time",
                    ),
                ],
            },
        ),
        NewTable(
            name="CarePlan",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="plan",
                        serialize=False,
                        to="cases.case",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("agreed", "Agreed with the person"),
                            ("review", "Under review"),
                            ("closed", "Closed"),
                        ],
                        default="draft",
                        max_length=8,
                    ),
                ),
                ("begun_at", models.DateTimeField()),
                ("agreed_on", models.DateField(blank=True, null=True, verbose_name="agreed on")),
                (
                    "review_on",
                    models.DateField(blank=True, null=True, verbose_name="review before"),
                ),
                (
                    "begun_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "care plan",
                "verbose_name_plural": "care plans",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("agreed_on__isnull", False),
                                ("review_on__isnull", False),
                                ("status__in", ("agreed", "review")),
                            ),
                            models.Q(("agreed_on", None), ("review_on", None), ("status", "draft")),
                            ("status", "closed"),
                            _connector="OR",
                        ),
                        name="plan_status_is_known_and_agreed_has_a_day_and_a_review",
                    ),
                ],
            },
        ),
        NewTable(
            name="ChecklistMark",
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
                ("code", models.CharField(max_length=24)),
                (
                    "mark",
                    models.CharField(
                        choices=[
                            ("done", "Done"),
                            ("not_applicable", "Not applicable"),
                            ("open_again", "Open again"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not_needed", "The person does not need it"),
                            ("not_wanted", "The person does not want it"),
                            ("elsewhere", "Another organisation sees to it"),
                            ("no_right", "The person has no right to it"),
                        ],
                        default="",
                        max_length=16,
                    ),
                ),
                ("marked_on", models.DateField()),
                ("written_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="marks",
                        to="cases.case",
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
                "indexes": [
                    models.Index(
                        fields=["case", "code", "-written_at"], name="checklist_mark_newest"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("mark__in", ["done", "not_applicable", "open_again"])),
                        name="checklist_mark_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("mark", "not_applicable"),
                                (
                                    "reason__in",
                                    ["not_needed", "not_wanted", "elsewhere", "no_right"],
                                ),
                            ),
                            models.Q(
                                models.Q(("mark", "not_applicable"), _negated=True), ("reason", "")
                            ),
                            _connector="OR",
                        ),
                        name="checklist_line_is_skipped_with_a_reason",
                    ),
                ],
            },
        ),
        migrations.RunPython(load_facts, migrations.RunPython.noop),
        *LOCKS,
    ]
