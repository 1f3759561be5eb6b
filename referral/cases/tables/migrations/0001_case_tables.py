"""Case tables, who is invited on which ground, and what was agreed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import referral.lib.ids
from referral.lib.policies import DefinerFunction, Protect
from referral.lib.tables import NewTable

ORGANISATION = "(SELECT baken.actor_organisation())"
USER = "(SELECT baken.actor_user())"
SEND = "(SELECT baken.may('referral.send'))"
PARTY = f"({SEND} OR (SELECT baken.may('referral.receive')))"
HOLDS_FILE = f"({SEND} AND baken.case_opens(case_id, 'full'))"
INVITED = (
    "EXISTS (SELECT FROM tables_invitation i WHERE i.table_id = {table}"
    f" AND i.organisation_id = {ORGANISATION} AND i.ended_at IS NULL)"
)

# Past the policies, so that the lock on an invitation may ask for its table.
STATUS = """
CREATE FUNCTION baken.case_table_status(wanted uuid, of_case uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT t.status FROM public.tables_casetable t
    WHERE t.id = wanted AND t.case_id = of_case AND baken.case_level(of_case) >= 2
$$
"""
# workflow.TABLE_MOVES. Whoever is invited must be there on a ground that holds.
MOVES = """
CREATE FUNCTION baken.case_table_moves_along_the_table() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'planned' THEN
            PERFORM baken.refuse_move('case_table_begins_planned');
        END IF;
    ELSIF (OLD.status || ' ' || NEW.status) NOT IN (
        'planned held', 'planned cancelled', 'held closed')
    THEN
        PERFORM baken.refuse_move('case_table_moves_along_the_table');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER case_table_moves_along_the_table BEFORE INSERT OR UPDATE ON tables_casetable
    FOR EACH ROW EXECUTE FUNCTION baken.case_table_moves_along_the_table();
CREATE FUNCTION baken.invitation_rests_on_a_ground_that_holds() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT baken.referral_ground_holds(
        NEW.case_id, NEW.organisation_id, NEW.consent_id, NEW.other_basis_id, true)
    THEN
        PERFORM baken.refuse_move('invitation_rests_on_a_ground_that_holds');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER invitation_rests_on_a_ground_that_holds BEFORE INSERT ON tables_invitation
    FOR EACH ROW EXECUTE FUNCTION baken.invitation_rests_on_a_ground_that_holds();
"""
NO_MOVES = """
DROP TRIGGER invitation_rests_on_a_ground_that_holds ON tables_invitation;
DROP FUNCTION baken.invitation_rests_on_a_ground_that_holds();
DROP TRIGGER case_table_moves_along_the_table ON tables_casetable;
DROP FUNCTION baken.case_table_moves_along_the_table();
"""
# Taken back is taken back: the invitation shows nothing any more, and both sides are told.
STOP = """
CREATE FUNCTION baken.end_invitations(taken uuid, other uuid, moment timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH ended AS (
        UPDATE public.tables_invitation SET ended_at = moment
        WHERE (consent_id = taken OR other_basis_id = other) AND ended_at IS NULL
        RETURNING table_id, organisation_id)
    INSERT INTO public.sharing_closedshare
        (id, consent_id, other_basis_id, object_type, object_id, sender_id, recipient_id)
    SELECT baken.uuid7(), taken, other, 'tables.casetable', e.table_id, t.organisation_id,
        e.organisation_id
    FROM ended e JOIN public.tables_casetable t ON t.id = e.table_id
$$
"""
BY_CONSENT = """
CREATE FUNCTION baken.consent_ends_invitations() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM baken.end_invitations(NEW.id, NULL, NEW.ended_at);
    RETURN NULL;
END $$
"""
BY_BASIS = """
CREATE FUNCTION baken.other_basis_ends_invitations() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM baken.end_invitations(NULL, NEW.id, NEW.ended_at);
    RETURN NULL;
END $$
"""
TRIGGERS = """
REVOKE EXECUTE ON FUNCTION baken.end_invitations(uuid, uuid, timestamptz) FROM PUBLIC;
CREATE TRIGGER consent_ends_invitations AFTER UPDATE OF state ON sharing_consent
    FOR EACH ROW WHEN (OLD.state = 'given' AND NEW.state = 'withdrawn')
    EXECUTE FUNCTION baken.consent_ends_invitations();
CREATE TRIGGER other_basis_ends_invitations AFTER UPDATE OF ended_at ON sharing_otherbasis
    FOR EACH ROW WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL)
    EXECUTE FUNCTION baken.other_basis_ends_invitations();
"""
NO_TRIGGERS = """
DROP TRIGGER other_basis_ends_invitations ON sharing_otherbasis;
DROP TRIGGER consent_ends_invitations ON sharing_consent;
"""
COLUMNS = """
REVOKE UPDATE, DELETE ON tables_casetable, tables_invitation, tables_agreement
    FROM baken_web, baken_worker;
GRANT UPDATE (status, ended_at, ended_by_id) ON tables_casetable TO baken_web, baken_worker;
GRANT UPDATE (attended) ON tables_invitation TO baken_web, baken_worker;
GRANT UPDATE (task_id) ON tables_agreement TO baken_web, baken_worker;
"""
WRITES = "baken.planning_writes(case_id)"

LOCKS = [
    DefinerFunction("baken.case_table_status(uuid, uuid)", STATUS),
    DefinerFunction("baken.end_invitations(uuid, uuid, timestamptz)", STOP),
    DefinerFunction("baken.consent_ends_invitations()", BY_CONSENT),
    DefinerFunction("baken.other_basis_ends_invitations()", BY_BASIS),
    migrations.RunSQL(MOVES, NO_MOVES),
    migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
    migrations.RunSQL(COLUMNS, migrations.RunSQL.noop),
    Protect(
        "tables_casetable",
        select=f"{HOLDS_FILE} OR ({PARTY} AND {INVITED.format(table='tables_casetable.id')})",
        insert=f"{SEND} AND {WRITES} AND organisation_id = {ORGANISATION}"
        f" AND called_by_id = {USER}",
        update=WRITES,
    ),
    Protect(
        "tables_invitation",
        select=f"{HOLDS_FILE}"
        f" OR ({PARTY} AND organisation_id = {ORGANISATION} AND ended_at IS NULL)",
        insert=f"{WRITES} AND baken.case_table_status(table_id, case_id) = 'planned'",
        update=WRITES,
    ),
    Protect(
        "tables_agreement",
        select=f"{HOLDS_FILE} OR ({PARTY} AND organisation_id = {ORGANISATION}"
        f" AND {INVITED.format(table='tables_agreement.table_id')})",
        insert=f"{WRITES} AND written_by_id = {USER}"
        " AND baken.case_table_status(table_id, case_id) = 'held'",
        update=WRITES,
    ),
]


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0003_clients"),
        ("cases", "0002_handoff_to_its_end"),
        ("organisations", "0003_deliberation_and_tips"),
        ("planning", "0001_plans_tasks_and_risks"),
        ("referrals", "0001_referrals"),
        ("sharing", "0002_consent_register"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        NewTable(
            name="CaseTable",
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
                ("held_on", models.DateField(verbose_name="day of the meeting")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("held", "Held, agreements are made"),
                            ("closed", "Closed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="planned",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("called_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "called_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="case_tables",
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
                    "key",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="access.datakey",
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
            ],
            options={
                "verbose_name": "case table",
                "verbose_name_plural": "case tables",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["planned", "held", "closed", "cancelled"])
                        ),
                        name="case_table_status_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at__isnull", False),
                                ("ended_by__isnull", False),
                                ("status__in", ["closed", "cancelled"]),
                            ),
                            models.Q(
                                models.Q(("status__in", ["closed", "cancelled"]), _negated=True),
                                ("ended_at", None),
                                ("ended_by", None),
                            ),
                            _connector="OR",
                        ),
                        name="case_table_ends_by_someone_at_a_time",
                    ),
                ],
            },
        ),
        NewTable(
            name="Agreement",
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
                ("due_on", models.DateField(verbose_name="before")),
                ("written_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.case",
                    ),
                ),
                (
                    "key",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="access.datakey",
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
                    "task",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="planning.task",
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
                    "table",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreements",
                        to="tables.casetable",
                    ),
                ),
            ],
            options={
                "verbose_name": "agreement",
            },
        ),
        NewTable(
            name="Invitation",
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
                ("legal_basis", models.CharField(max_length=24)),
                ("attended", models.BooleanField(blank=True, null=True, verbose_name="attended")),
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
                    "consent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sharing.consent",
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
                    "other_basis",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sharing.otherbasis",
                    ),
                ),
                (
                    "table",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="tables.casetable",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("table", "organisation"),
                        name="organisation_is_invited_once_to_a_case_table",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("consent", None), ("other_basis", None), _connector="OR"
                        ),
                        name="invitation_rests_on_one_thing",
                    ),
                ],
            },
        ),
        *LOCKS,
    ]
