"""What somebody typed in a long form of care: read by its author alone, gone with its reason."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import referral.lib.ids
from referral.lib.policies import DefinerFunction, Protect
from referral.lib.tables import NewTable

# Who works on the case, and only while it is active (as check_work says it).
WRITES = """
CREATE FUNCTION baken.unsent_writes(wanted uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT baken.may('case.work') AND EXISTS (
        SELECT FROM public.cases_casegrant g
        JOIN public.cases_case c ON c.id = g.case_id AND c.status = 'active'
        WHERE g.case_id = wanted AND g.profile = 'full' AND g.level >= 2
            AND g.organisation_id = baken.actor_organisation()
            AND (g.user_id IS NULL OR g.user_id = baken.actor_user())
            AND g.valid @> statement_timestamp()
            AND baken.may('case.read_granted'))
$$
"""
OWN = """kept_by_id = (SELECT baken.actor_user())
    AND organisation_id = (SELECT baken.actor_organisation())
    AND baken.unsent_writes(case_id)"""
# Who closes a case or takes it over sees no form of the others, and yet none may stay.
FOLLOWS = """
CREATE FUNCTION baken.unsent_forms_follow_the_case() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM public.unsent_unsentform u WHERE u.case_id = NEW.id
        AND (NEW.status = 'closed' OR u.organisation_id <> NEW.owner_organisation_id);
    RETURN NULL;
END $$;
"""
TRIGGER = """
CREATE TRIGGER unsent_forms_follow_the_case AFTER UPDATE ON cases_case FOR EACH ROW
    WHEN (NEW.status = 'closed' AND OLD.status <> 'closed'
        OR NEW.owner_organisation_id <> OLD.owner_organisation_id)
    EXECUTE FUNCTION baken.unsent_forms_follow_the_case();
"""
# The clock destroys by age, and reads nothing of what it destroys.
FORGET = """
CREATE FUNCTION baken.forget_unsent_forms(before timestamptz) RETURNS integer
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH gone AS (
        DELETE FROM public.unsent_unsentform
        WHERE kept_at < before AND baken.may('deadline.sweep') RETURNING 1
    )
    SELECT count(*)::integer FROM gone
$$
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0003_clients"),
        ("cases", "0002_handoff_to_its_end"),
        ("organisations", "0003_deliberation_and_tips"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        NewTable(
            name="UnsentForm",
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
                            ("note", "Care note"),
                            ("goal", "Goal"),
                            ("evaluation", "Evaluation of a goal"),
                            ("risk", "Risk assessment"),
                            ("task", "Task"),
                            ("handoff", "Handoff"),
                            ("referral", "Referral"),
                            ("table", "Case table"),
                        ],
                        max_length=12,
                    ),
                ),
                ("about", models.UUIDField()),
                ("version", models.PositiveIntegerField(default=1)),
                ("sealed", models.BinaryField()),
                ("kept_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.case",
                    ),
                ),
                (
                    "kept_by",
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
            ],
            options={
                "verbose_name": "form that was not sent",
                "verbose_name_plural": "forms that were not sent",
                "constraints": [
                    models.UniqueConstraint(
                        fields=["kept_by", "organisation", "kind", "about"],
                        name="form_is_kept_once_for_each_author",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "note",
                                    "goal",
                                    "evaluation",
                                    "risk",
                                    "task",
                                    "handoff",
                                    "referral",
                                    "table",
                                ],
                            )
                        ),
                        name="form_that_is_kept_is_of_a_known_kind",
                    ),
                ],
                "indexes": [models.Index(fields=["kept_at"], name="unsent_by_age")],
            },
        ),
        DefinerFunction("baken.unsent_writes(uuid)", WRITES),
        DefinerFunction("baken.forget_unsent_forms(timestamptz)", FORGET),
        DefinerFunction("baken.unsent_forms_follow_the_case()", FOLLOWS),
        migrations.RunSQL(TRIGGER, "DROP TRIGGER unsent_forms_follow_the_case ON cases_case"),
        Protect("unsent_unsentform", select=OWN, insert=OWN, update=OWN, delete=OWN),
    ]
