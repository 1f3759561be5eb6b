"""Links between the person of a case and those who belong to them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

import referral.lib.ids
from referral.lib.policies import AmendFunction, Protect
from referral.lib.tables import NewTable

RELATIONS = ["parent", "child", "sibling", "partner", "travels_with"]
MINORS = ["0-11", "12-14", "15-17"]
SEXES = ["female", "male", "x", "unknown"]

USER = "(SELECT baken.actor_user())"
READ = "(SELECT baken.may('care_note.read'))"
# Asked under the policies of persons: who does not see the other one sees no link.
KNOWN = "(relative_id IS NULL OR EXISTS (SELECT FROM persons_person p WHERE p.id = relative_id))"

SOMEBODY_ELSE = """
CREATE FUNCTION baken.family_link_is_to_somebody_else() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM public.cases_case c
        WHERE c.id = NEW.case_id AND c.person_id = NEW.relative_id)
    THEN
        PERFORM baken.refuse_move('family_link_is_to_somebody_else');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER family_link_is_to_somebody_else BEFORE INSERT ON family_familylink
    FOR EACH ROW EXECUTE FUNCTION baken.family_link_is_to_somebody_else();
CREATE FUNCTION baken.family_link_ends_once() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM baken.refuse_move('family_link_ends_once');
    RETURN NULL;
END $$;
CREATE TRIGGER family_link_ends_once BEFORE UPDATE ON family_familylink
    FOR EACH ROW WHEN (OLD.ended_at IS NOT NULL)
    EXECUTE FUNCTION baken.family_link_ends_once();
"""
NOBODY_ELSE = """
DROP TRIGGER family_link_ends_once ON family_familylink;
DROP FUNCTION baken.family_link_ends_once();
DROP TRIGGER family_link_is_to_somebody_else ON family_familylink;
DROP FUNCTION baken.family_link_is_to_somebody_else();
"""
COLUMNS = """
REVOKE UPDATE, DELETE ON family_familylink FROM baken_web, baken_worker;
GRANT UPDATE (ended_at, ended_by_id) ON family_familylink TO baken_web, baken_worker;
"""
# An erasure takes the links along, of the person's cases and to the person: the function as it
# is now, with a line before one that is in it. Only its owner replaces a function.
BEFORE = "        ['planning_evaluation', "
LINE = "        ['family_familylink', 'case_id = ANY($2) OR relative_id = ANY($1)'],\n"


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cases", "0002_handoff_to_its_end"),
        ("persons", "0003_a_person_may_be_without_a_name"),
        ("planning", "0001_plans_tasks_and_risks"),
        ("retention", "0003_stays_are_erased_too"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        NewTable(
            name="FamilyLink",
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
                    "relation",
                    models.CharField(
                        choices=[
                            ("parent", "Parent"),
                            ("child", "Child"),
                            ("sibling", "Brother or sister"),
                            ("partner", "Partner"),
                            ("travels_with", "Travels along"),
                        ],
                        max_length=12,
                        verbose_name="relation",
                    ),
                ),
                (
                    "age_group",
                    models.CharField(
                        blank=True,
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
                    "sex",
                    models.CharField(
                        blank=True,
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
                ("linked_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
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
                    "linked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "relative",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="family_links",
                        to="persons.person",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(relation__in=RELATIONS), name="family_relation_is_known"
                    ),
                    models.CheckConstraint(
                        condition=Q(relative__isnull=False, age_group="", sex="")
                        | Q(
                            relative=None,
                            relation="child",
                            age_group__in=MINORS,
                            sex__in=SEXES,
                        ),
                        name="family_link_is_to_a_person_or_a_child_without_registration",
                    ),
                    models.CheckConstraint(
                        condition=Q(ended_at=None, ended_by=None)
                        | Q(ended_at__isnull=False, ended_by__isnull=False),
                        name="ended_family_link_has_time_and_name",
                    ),
                    models.UniqueConstraint(
                        condition=Q(ended_at=None, relative__isnull=False),
                        fields=("case", "relative"),
                        name="person_is_linked_once_to_a_case",
                    ),
                ],
            },
        ),
        migrations.RunSQL(SOMEBODY_ELSE, NOBODY_ELSE),
        migrations.RunSQL(COLUMNS, migrations.RunSQL.noop),
        AmendFunction("baken.erasure_takes_everything_along()", (BEFORE, LINE + BEFORE)),
        Protect(
            "family_familylink",
            select=f"{READ} AND baken.case_opens(case_id, 'full') AND {KNOWN}",
            insert=f"linked_by_id = {USER} AND baken.planning_writes(case_id) AND {KNOWN}",
            update="baken.planning_writes(case_id)",
        ),
    ]
