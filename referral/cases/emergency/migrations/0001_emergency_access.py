"""A case opened in an emergency, and the grant that goes with it."""

import datetime

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.text
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models

import referral.lib.ids
from referral.lib.policies import AddPolicy, DefinerFunction, Protect
from referral.lib.tables import NewTable

ORGANISATION = "(SELECT baken.actor_organisation())"
USER = "(SELECT baken.actor_user())"


def may(permission: str) -> str:
    return f"(SELECT baken.may('{permission}'))"


# Nobody of another organisation opens or judges: this never opens the wall to the police.
CARE_SIDE = f"""EXISTS (SELECT FROM organisations_organisation o
    WHERE o.id = {ORGANISATION} AND o.type IN ('comensha', 'care_coord', 'shelter', 'platform'))"""
OPENS = f"{may('emergency.open')} AND {CARE_SIDE}"
REVIEWS = f"{may('emergency.review')} AND {CARE_SIDE}"
HOLDS = f"""({may("case.work")} OR {may("case.offer")}) AND {CARE_SIDE}
    AND owner_id = {ORGANISATION}"""
OWN = f"opened_by_id = {USER} AND organisation_id = {ORGANISATION}"
WAITS = f"{may('deadline.sweep')} AND status = 'to_review'"

# Who may open a case has a reference and no sight of the case: this tells the key, and whose it is.
CALLED = """
CREATE FUNCTION baken.emergency_case(wanted text) RETURNS TABLE (id uuid, owner bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT c.id, c.owner_organisation_id FROM public.cases_case c
    WHERE c.reference = wanted AND baken.may('emergency.open') AND EXISTS (
        SELECT FROM public.organisations_organisation o
        WHERE o.id = baken.actor_organisation()
            AND o.type IN ('comensha', 'care_coord', 'shelter', 'platform'))
$$
"""

# Three a day for one person; and what it says of the owner is so.
BEGINS = """
CREATE FUNCTION baken.emergency_begins() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('emergency', NEW.opened_by_id));
    IF NOT EXISTS (SELECT FROM public.cases_case c
        WHERE c.id = NEW.case_id AND c.owner_organisation_id = NEW.owner_id)
    THEN
        RAISE check_violation USING CONSTRAINT = 'emergency_names_who_holds_the_case',
            MESSAGE = 'emergency_names_who_holds_the_case: ' || NEW.id;
    ELSIF (SELECT count(*) FROM public.emergency_emergencyaccess e
        WHERE e.opened_by_id = NEW.opened_by_id
            AND e.opened_at > NEW.opened_at - interval '24 hours'
            AND e.opened_at < NEW.opened_at + interval '24 hours') >= 3
    THEN
        RAISE check_violation USING CONSTRAINT = 'emergency_opens_three_files_a_day_at_most',
            MESSAGE = 'emergency_opens_three_files_a_day_at_most: ' || NEW.id;
    END IF;
    RETURN NEW;
END $$
"""

MOVES = """
CREATE FUNCTION baken.emergency_moves_along_the_table() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'to_review' THEN
            PERFORM baken.refuse_move('emergency_moves_along_the_table');
        END IF;
    ELSIF NEW.status <> OLD.status AND NOT (
        OLD.status = 'to_review' AND NEW.status IN ('justified', 'not_justified')
        AND baken.may('emergency.review'))
    THEN
        PERFORM baken.refuse_move('emergency_moves_along_the_table');
    ELSIF OLD.status <> 'to_review' AND (NEW.status, NEW.reviewed_at, NEW.reviewed_by_id,
        NEW.sealed_verdict) IS DISTINCT FROM (OLD.status, OLD.reviewed_at, OLD.reviewed_by_id,
        OLD.sealed_verdict)
    THEN
        PERFORM baken.refuse_move('emergency_is_reviewed_once');
    ELSIF NEW.ends_at > OLD.ends_at THEN
        PERFORM baken.refuse_move('emergency_is_only_shortened');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER emergency_moves_along_the_table
    BEFORE INSERT OR UPDATE ON emergency_emergencyaccess
    FOR EACH ROW EXECUTE FUNCTION baken.emergency_moves_along_the_table();
"""
NO_MOVES = """
DROP TRIGGER emergency_moves_along_the_table ON emergency_emergencyaccess;
DROP FUNCTION baken.emergency_moves_along_the_table();
"""

# The grant follows: to this person alone, to read, until the end; and it ends with the row.
FOLLOWS = """
CREATE FUNCTION baken.emergency_gives_a_grant() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO public.cases_casegrant (id, case_id, organisation_id, user_id, level, profile,
            valid, basis, granted_by_id, reason)
        VALUES (baken.uuid7(), NEW.case_id, NEW.organisation_id, NEW.opened_by_id, 1, 'full',
            tstzrange(NEW.opened_at, NEW.ends_at), 'break_glass', NEW.opened_by_id, NEW.reason);
    ELSIF NEW.ends_at < OLD.ends_at THEN
        UPDATE public.cases_casegrant g
        SET valid = tstzrange(lower(g.valid), NEW.ends_at)
        WHERE g.case_id = NEW.case_id AND g.user_id = NEW.opened_by_id
            AND g.basis = 'break_glass' AND lower(g.valid) = NEW.opened_at;
    END IF;
    RETURN NULL;
END $$
"""
TRIGGERS = """
CREATE TRIGGER emergency_begins BEFORE INSERT ON emergency_emergencyaccess
    FOR EACH ROW EXECUTE FUNCTION baken.emergency_begins();
CREATE TRIGGER emergency_gives_a_grant AFTER INSERT OR UPDATE ON emergency_emergencyaccess
    FOR EACH ROW EXECUTE FUNCTION baken.emergency_gives_a_grant();
"""
NO_TRIGGERS = """
DROP TRIGGER emergency_gives_a_grant ON emergency_emergencyaccess;
DROP TRIGGER emergency_begins ON emergency_emergencyaccess;
"""
COLUMNS = """
REVOKE UPDATE, DELETE ON emergency_emergencyaccess FROM baken_web, baken_worker;
GRANT UPDATE (ends_at, late_told_at, status, sealed_verdict, reviewed_at, reviewed_by_id)
    ON emergency_emergencyaccess TO baken_web, baken_worker;
"""

# Whose role reads granted cases asks as before; another role only what it opened itself.
LEVEL = """
CREATE OR REPLACE FUNCTION baken.case_level(wanted uuid) RETURNS smallint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(max(g.level), 0)::smallint
    FROM public.cases_casegrant g
    WHERE g.case_id = wanted
        AND g.organisation_id = baken.actor_organisation()
        AND (g.user_id IS NULL OR g.user_id = baken.actor_user())
        AND g.valid @> statement_timestamp()
        AND {asked}
$$
"""
OPENED = """
CREATE OR REPLACE FUNCTION baken.case_opens(wanted uuid, section text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM public.cases_casegrant g
        WHERE g.case_id = wanted
            AND g.organisation_id = baken.actor_organisation()
            AND (g.user_id IS NULL OR g.user_id = baken.actor_user())
            AND g.profile IN ('full', section)
            AND g.valid @> statement_timestamp()
            AND {asked})
$$
"""
# Only its owner replaces a function, and those belong to the guard.
AS_GUARD = "SET LOCAL ROLE baken_guard; {sql}; RESET ROLE"
AS_BEFORE = "baken.may('case.read_granted')"
NOW = (
    "(baken.may('case.read_granted') OR (baken.may('emergency.open')"
    " AND g.basis = 'break_glass' AND g.user_id = baken.actor_user()))"
)


def replaced(function: str, *, asked: str) -> str:
    return AS_GUARD.format(sql=function.format(asked=asked))


def person(column: str) -> str:
    """The actor opened a case of this person, and it is open now."""
    return f"""{may("emergency.open")} AND EXISTS (
        SELECT FROM persons_persongrant g
        WHERE g.person_id = {column} AND g.organisation_id = {ORGANISATION}
            AND g.user_id = {USER} AND g.reason = 'break_glass'
            AND g.valid @> statement_timestamp())"""


MINE = f"organisation_id = {ORGANISATION} AND user_id = {USER} AND basis = 'break_glass'"
#: What lies open with it, table by table; what a role reads of these by itself stays as it was.
OPEN = {
    "cases_case": f"""{may("emergency.open")} AND EXISTS (SELECT FROM cases_caseaccess a
        WHERE a.case_id = cases_case.id AND a.{MINE.replace(" AND ", " AND a.")}
            AND a.valid_until > statement_timestamp())""",
    "cases_caseaccess": f"{may('emergency.open')} AND {MINE}"
    " AND valid_until > statement_timestamp()",
    "cases_casegrant": f"{may('emergency.open')} AND {MINE}",
    "cases_carenote": f"{may('emergency.read_notes')} AND baken.case_opens(case_id, 'full')",
    "persons_person": person("persons_person.id"),
    "persons_identity": person("persons_identity.person_id"),
    "persons_identitykey": person("persons_identitykey.person_id"),
    "contact_contactrule": person("contact_contactrule.person_id"),
    "merging_merge": f"{person('kept_id')} OR {person('gone_id')}",
}

LOCKS = [
    DefinerFunction("baken.emergency_case(text)", CALLED),
    DefinerFunction("baken.emergency_begins()", BEGINS),
    migrations.RunSQL(MOVES, NO_MOVES),
    DefinerFunction("baken.emergency_gives_a_grant()", FOLLOWS),
    migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
    migrations.RunSQL(COLUMNS, migrations.RunSQL.noop),
    migrations.RunSQL(replaced(LEVEL, asked=NOW), replaced(LEVEL, asked=AS_BEFORE)),
    migrations.RunSQL(replaced(OPENED, asked=NOW), replaced(OPENED, asked=AS_BEFORE)),
    Protect(
        "emergency_emergencyaccess",
        select=f"({OPENS} AND {OWN}) OR ({REVIEWS}) OR ({HOLDS}) OR ({WAITS})",
        insert=f"{OPENS} AND {OWN} AND opened_at <= statement_timestamp()",
        update=f"({OPENS} AND {OWN}) OR ({REVIEWS}) OR ({WAITS})",
    ),
    *(
        AddPolicy(table, name=f"{table}_select_in_emergency", verb="select", rule=rule)
        for table, rule in OPEN.items()
    ),
]


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0003_clients"),
        ("cases", "0001_cases"),
        ("contact", "0001_contact"),
        ("merging", "0001_merging"),
        ("persons", "0002_keys_for_more_mistakes"),
        ("organisations", "0003_deliberation_and_tips"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        NewTable(
            name="EmergencyAccess",
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
                            ("life", "Danger to the life or health of somebody"),
                            ("missing", "The person is missing"),
                            ("child", "A child is in danger"),
                            (
                                "not_reached",
                                "The person asks for help, and nobody who holds the case answers",
                            ),
                            ("complaint", "An incident or a complaint that cannot wait"),
                        ],
                        max_length=12,
                        verbose_name="reason",
                    ),
                ),
                ("sealed", models.BinaryField()),
                ("opened_at", models.DateTimeField(verbose_name="opened")),
                ("ends_at", models.DateTimeField(verbose_name="ends")),
                ("review_due_on", models.DateField(verbose_name="review before")),
                ("late_told_at", models.DateTimeField(blank=True, null=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("to_review", "Waits for review"),
                            ("justified", "Justified"),
                            ("not_justified", "Not justified"),
                        ],
                        default="to_review",
                        max_length=14,
                        verbose_name="verdict",
                    ),
                ),
                ("sealed_verdict", models.BinaryField(default=b"")),
                ("reviewed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="emergencies",
                        to="cases.case",
                    ),
                ),
                (
                    "key",
                    models.OneToOneField(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.datakey",
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
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
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
                    "reviewed_by",
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
                "verbose_name": "emergency access",
                "verbose_name_plural": "emergency accesses",
                "indexes": [
                    models.Index(fields=["opened_by", "ends_at"], name="emergency_of_who_opened"),
                    models.Index(
                        condition=models.Q(("status", "to_review")),
                        fields=["review_due_on"],
                        name="emergency_to_review",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reason__in", ["life", "missing", "child", "not_reached", "complaint"])
                        ),
                        name="emergency_reason_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["to_review", "justified", "not_justified"])
                        ),
                        name="emergency_verdict_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_at__gt", models.F("opened_at")),
                            (
                                "ends_at__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("opened_at"),
                                    "+",
                                    models.Value(datetime.timedelta(seconds=14400)),
                                ),
                            ),
                        ),
                        name="emergency_lasts_four_hours_at_most",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.GreaterThan(
                            django.db.models.functions.text.Length("sealed"), models.Value(28)
                        ),
                        name="emergency_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("reviewed_at", None),
                                ("reviewed_by", None),
                                ("sealed_verdict", b""),
                                ("status", "to_review"),
                            ),
                            models.Q(
                                models.Q(("status", "to_review"), _negated=True),
                                ("reviewed_at__isnull", False),
                                ("reviewed_by__isnull", False),
                                models.Q(("reviewed_by", models.F("opened_by")), _negated=True),
                                django.db.models.lookups.GreaterThan(
                                    django.db.models.functions.text.Length("sealed_verdict"),
                                    models.Value(28),
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="emergency_is_reviewed_by_someone_else_at_a_time_with_reasons",
                    ),
                ],
            },
        ),
        *LOCKS,
    ]
