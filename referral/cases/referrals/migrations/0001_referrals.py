"""Referrals to teams elsewhere; and what rests on a consent stops when it is taken back."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import referral.lib.ids
from referral.lib.policies import DefinerFunction, Protect
from referral.lib.tables import NewTable

ORGANISATION = "(SELECT baken.actor_organisation())"
USER = "(SELECT baken.actor_user())"
SEND = "(SELECT baken.may('referral.send'))"
RECEIVE = "(SELECT baken.may('referral.receive'))"
SWEEP = "(SELECT baken.may('deadline.sweep'))"

# Held, so that it cannot be taken back before this transaction ends; whoever takes it back then
# finds what rests on it.
HOLDS = """
CREATE FUNCTION baken.referral_ground_holds(
    of_case uuid, receiver bigint, consent uuid, other uuid, hold boolean) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    person uuid := (SELECT c.person_id FROM public.cases_case c WHERE c.id = of_case);
    kind text := (SELECT o.type FROM public.organisations_organisation o WHERE o.id = receiver);
BEGIN
    IF consent IS NOT NULL AND hold THEN
        PERFORM FROM public.sharing_consent WHERE id = consent FOR SHARE;
    ELSIF other IS NOT NULL AND hold THEN
        PERFORM FROM public.sharing_otherbasis WHERE id = other FOR SHARE;
    END IF;
    IF consent IS NOT NULL THEN
        RETURN EXISTS (SELECT FROM public.sharing_consent c
            WHERE c.id = consent AND c.person_id = person AND c.state = 'given'
                AND c.valid @> statement_timestamp()
                AND (c.recipient_id = receiver
                    OR (c.recipient_id IS NULL AND c.recipient_kind = kind)));
    ELSIF other IS NOT NULL THEN
        RETURN EXISTS (SELECT FROM public.sharing_otherbasis b
            WHERE b.id = other AND b.person_id = person AND b.ended_at IS NULL
                AND b.valid @> statement_timestamp() AND b.recipient_id = receiver);
    END IF;
    RETURN true;
END $$
"""
# workflow.REFERRAL_MOVES. What was offered stays what was offered. Only the database itself
# (baken_guard, as which nobody works) stops a referral, when what it rests on is taken back.
MOVES = """
CREATE FUNCTION baken.referral_moves_along_the_table() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    actor bigint := baken.actor_organisation();
    step text := CASE TG_OP WHEN 'UPDATE' THEN OLD.status || ' ' || NEW.status END;
    may_change text[] := ARRAY['status', 'reminded_at', 'answered_at', 'answered_by_id',
        'decline_reason', 'contact_due_on', 'late_told_at', 'contacted_at', 'contacted_by_id',
        'ended_at', 'ended_by_id', 'result'];
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'offered' THEN
            PERFORM baken.refuse_move('referral_begins_as_an_offer');
        ELSIF NOT baken.referral_ground_holds(
            NEW.case_id, NEW.to_organisation_id, NEW.consent_id, NEW.other_basis_id, true)
        THEN
            PERFORM baken.refuse_move('referral_is_offered_on_a_ground_that_holds');
        END IF;
        RETURN NEW;
    ELSIF current_user = 'baken_guard' THEN
        RETURN NEW;
    END IF;
    IF to_jsonb(NEW) - may_change <> to_jsonb(OLD) - may_change THEN
        PERFORM baken.refuse_move('referral_stays_what_was_offered');
    ELSIF NEW.status = OLD.status AND (NEW.answered_at, NEW.contacted_at, NEW.ended_at)
        IS NOT DISTINCT FROM (OLD.answered_at, OLD.contacted_at, OLD.ended_at)
    THEN
        RETURN NEW;
    ELSIF NOT coalesce(
        (step IN ('offered accepted', 'offered declined', 'accepted contacted',
            'accepted completed', 'contacted completed')
            AND actor = OLD.to_organisation_id AND baken.may('referral.receive'))
        OR (step IN ('offered withdrawn', 'accepted withdrawn', 'contacted withdrawn')
            AND actor = OLD.from_organisation_id AND baken.may('referral.send'))
        OR (step = 'offered expired' AND baken.may('deadline.sweep')), false)
    THEN
        PERFORM baken.refuse_move('referral_moves_along_the_table');
    ELSIF NEW.status = 'accepted' AND NOT baken.referral_ground_holds(
        NEW.case_id, NEW.to_organisation_id, NEW.consent_id, NEW.other_basis_id, false)
    THEN
        PERFORM baken.refuse_move('referral_is_accepted_while_its_ground_holds');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER referral_moves_along_the_table BEFORE INSERT OR UPDATE ON referrals_referral
    FOR EACH ROW EXECUTE FUNCTION baken.referral_moves_along_the_table();
"""
NO_MOVES = """
DROP TRIGGER referral_moves_along_the_table ON referrals_referral;
DROP FUNCTION baken.referral_moves_along_the_table();
"""

# Taken back is taken back, whoever writes it down: what rests on it stops in this transaction,
# and stands in sharing_closedshare. An offered handoff stops when nothing else covers it; the
# case first, as in every move of a handoff, and its next step is to ask the person again.
STOPS = """
CREATE FUNCTION baken.stop_what_rests_on(
    of_person uuid, for_purpose text, taken uuid, other uuid, moment timestamptz, who bigint)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    found record;
BEGIN
    WITH stopped AS (
        UPDATE public.referrals_referral
        SET status = 'stopped', ended_at = moment, ended_by_id = who
        WHERE (consent_id = taken OR other_basis_id = other)
            AND status IN ('offered', 'accepted', 'contacted')
        RETURNING id, from_organisation_id, to_organisation_id)
    INSERT INTO public.sharing_closedshare
        (id, consent_id, other_basis_id, object_type, object_id, sender_id, recipient_id)
    SELECT baken.uuid7(), taken, other, 'referrals.referral', id, from_organisation_id,
        to_organisation_id
    FROM stopped;

    IF for_purpose <> 'handoff' THEN
        RETURN;
    END IF;
    FOR found IN
        SELECT c.id AS case_id, h.id, h.from_organisation_id, h.to_organisation_id, o.type
        FROM public.cases_case c
        JOIN public.cases_handoff h ON h.case_id = c.id AND h.status = 'offered'
        JOIN public.organisations_organisation o ON o.id = h.to_organisation_id
        WHERE c.person_id = of_person
        ORDER BY c.id
        FOR UPDATE OF c
    LOOP
        CONTINUE WHEN EXISTS (SELECT FROM public.sharing_consent k
            WHERE k.person_id = of_person AND k.purpose = 'handoff' AND k.state = 'given'
                AND k.valid @> statement_timestamp()
                AND (k.recipient_id = found.to_organisation_id
                    OR (k.recipient_id IS NULL AND k.recipient_kind IN ('', found.type))))
            OR EXISTS (SELECT FROM public.sharing_otherbasis b
            WHERE b.person_id = of_person AND b.purpose = 'handoff' AND b.ended_at IS NULL
                AND b.valid @> statement_timestamp()
                AND b.recipient_id = found.to_organisation_id);
        -- Answered while we waited for the case: it is no offer any more.
        CONTINUE WHEN NOT EXISTS (SELECT FROM public.cases_handoff h
            WHERE h.id = found.id AND h.status = 'offered');
        UPDATE public.cases_case
        SET offered_to_id = NULL, standing_since = moment, next_step = 'ask_consent',
            next_step_by_id = found.from_organisation_id, next_deadline_on = moment::date
        WHERE id = found.case_id;
        UPDATE public.cases_handoff
        SET status = 'withdrawn', answered_at = moment, answered_by_id = who
        WHERE id = found.id;
        INSERT INTO public.sharing_closedshare
            (id, consent_id, other_basis_id, object_type, object_id, sender_id, recipient_id)
        VALUES (baken.uuid7(), taken, other, 'cases.handoff', found.id,
            found.from_organisation_id, found.to_organisation_id);
    END LOOP;
END $$
"""
# Nobody calls it but the two triggers, which run as its owner.
TAKEN_BACK = """
CREATE FUNCTION baken.consent_stops_shares() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM baken.stop_what_rests_on(
        NEW.person_id, NEW.purpose, NEW.id, NULL, NEW.ended_at, NEW.ended_by_id);
    RETURN NULL;
END $$
"""
ENDED = """
CREATE FUNCTION baken.other_basis_stops_shares() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM baken.stop_what_rests_on(
        NEW.person_id, NEW.purpose, NULL, NEW.id, NEW.ended_at, NEW.ended_by_id);
    RETURN NULL;
END $$
"""
TRIGGERS = """
REVOKE EXECUTE ON FUNCTION
    baken.stop_what_rests_on(uuid, text, uuid, uuid, timestamptz, bigint) FROM PUBLIC;
CREATE TRIGGER consent_stops_shares AFTER UPDATE OF state ON sharing_consent
    FOR EACH ROW WHEN (OLD.state = 'given' AND NEW.state = 'withdrawn')
    EXECUTE FUNCTION baken.consent_stops_shares();
CREATE TRIGGER other_basis_stops_shares AFTER UPDATE OF ended_at ON sharing_otherbasis
    FOR EACH ROW WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL)
    EXECUTE FUNCTION baken.other_basis_stops_shares();
"""
NO_TRIGGERS = """
DROP TRIGGER other_basis_stops_shares ON sharing_otherbasis;
DROP TRIGGER consent_stops_shares ON sharing_consent;
"""
COLUMNS = """
REVOKE UPDATE, DELETE ON referrals_referral, referrals_referralpackage FROM baken_web, baken_worker;
GRANT UPDATE (status, reminded_at, answered_at, answered_by_id, decline_reason, contact_due_on,
    late_told_at, contacted_at, contacted_by_id, ended_at, ended_by_id, result)
    ON referrals_referral TO baken_web, baken_worker;
"""
UNDER_WAY = "status IN ('offered', 'accepted', 'contacted', 'expired')"

LOCKS = [
    DefinerFunction("baken.referral_ground_holds(uuid, bigint, uuid, uuid, boolean)", HOLDS),
    migrations.RunSQL(MOVES, NO_MOVES),
    DefinerFunction("baken.stop_what_rests_on(uuid, text, uuid, uuid, timestamptz, bigint)", STOPS),
    DefinerFunction("baken.consent_stops_shares()", TAKEN_BACK),
    DefinerFunction("baken.other_basis_stops_shares()", ENDED),
    migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
    migrations.RunSQL(COLUMNS, migrations.RunSQL.noop),
    Protect(
        "referrals_referral",
        select=f"({SEND} AND (from_organisation_id = {ORGANISATION}"
        " OR baken.case_opens(case_id, 'full')))"
        f" OR ({RECEIVE} AND to_organisation_id = {ORGANISATION}) OR ({SWEEP} AND {UNDER_WAY})",
        insert=f"{SEND} AND from_organisation_id = {ORGANISATION} AND offered_by_id = {USER}"
        " AND baken.case_level(case_id) >= 2",
        update=f"({SEND} AND from_organisation_id = {ORGANISATION})"
        f" OR ({RECEIVE} AND to_organisation_id = {ORGANISATION}) OR ({SWEEP} AND {UNDER_WAY})",
    ),
    Protect(
        "referrals_referralpackage",
        select=f"EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id AND ("
        f"({SEND} AND r.from_organisation_id = {ORGANISATION})"
        f" OR ({RECEIVE} AND r.to_organisation_id = {ORGANISATION}"
        " AND r.status IN ('accepted', 'contacted'))))",
        insert=f"{SEND} AND EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id"
        f" AND r.status = 'offered' AND r.from_organisation_id = {ORGANISATION})",
    ),
]


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0003_clients"),
        ("cases", "0001_cases"),
        ("geography", "__first__"),
        ("organisations", "0003_deliberation_and_tips"),
        ("sharing", "0002_consent_register"),
    ]

    operations = [
        NewTable(
            name="Referral",
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
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="referrals",
                        to="cases.case",
                    ),
                ),
                (
                    "from_organisation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "to_organisation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("registration", "Registration with the national desk"),
                            ("placement", "Finding a place in a shelter"),
                            ("care_coordination", "Care coordination"),
                            ("handoff", "Handing the case over to another region"),
                            ("police_contact", "Contact with the police"),
                            ("immigration", "Right to stay (IND)"),
                            ("case_table", "Talking the case over with several organisations"),
                            ("research", "Research"),
                        ],
                        max_length=20,
                    ),
                ),
                ("legal_basis", models.CharField(max_length=24)),
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
                    "urgency",
                    models.CharField(
                        choices=[
                            ("crisis", "Crisis: today"),
                            ("high", "High"),
                            ("normal", "Normal"),
                        ],
                        max_length=8,
                        verbose_name="urgency",
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
                        size=None,
                        verbose_name="help that is asked",
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
                ("age_group", models.CharField(blank=True, max_length=8, verbose_name="age group")),
                (
                    "sections",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("message", "What the receiver must know, in your words"),
                                ("situation", "Situation and needs"),
                                ("identity", "Who the person is"),
                                ("contact", "How to reach the person"),
                                ("consents", "What the person agreed to"),
                            ],
                            max_length=12,
                        ),
                        size=None,
                    ),
                ),
                ("package_hash", models.CharField(max_length=64)),
                ("version", models.PositiveSmallIntegerField(default=1)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("offered", "Offered, waiting for an answer"),
                            ("accepted", "Accepted, first contact to be made"),
                            ("contacted", "In contact with the person"),
                            ("completed", "Help is done"),
                            ("declined", "Declined"),
                            ("withdrawn", "Withdrawn"),
                            ("expired", "Not answered in time"),
                            ("stopped", "Stopped: consent was taken back"),
                        ],
                        default="offered",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("offered_at", models.DateTimeField()),
                (
                    "offered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("answer_due_on", models.DateField(verbose_name="answer before")),
                ("reminded_at", models.DateTimeField(blank=True, null=True)),
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
                    "decline_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("capacity", "No room now"),
                            ("expertise", "This is not our kind of help"),
                            ("region", "Outside our region"),
                            ("conflict", "Conflict of interest"),
                            ("other", "Other"),
                        ],
                        default="",
                        max_length=12,
                    ),
                ),
                (
                    "contact_due_on",
                    models.DateField(blank=True, null=True, verbose_name="first contact before"),
                ),
                ("late_told_at", models.DateTimeField(blank=True, null=True)),
                ("contacted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "contacted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
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
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("helped", "The help was given"),
                            ("continues", "The help goes on, outside this referral"),
                            ("person_stopped", "The person did not want it any more"),
                            ("not_reached", "The person could not be reached"),
                        ],
                        default="",
                        max_length=16,
                    ),
                ),
            ],
            options={
                "verbose_name": "referral",
                "verbose_name_plural": "referrals",
                "indexes": [
                    models.Index(
                        fields=["to_organisation", "status", "-offered_at"], name="referral_in"
                    ),
                    models.Index(
                        fields=["from_organisation", "status", "-offered_at"], name="referral_out"
                    ),
                    models.Index(
                        condition=models.Q(("status", "offered")),
                        fields=["answer_due_on"],
                        name="referral_offered_by_due",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "offered",
                                    "accepted",
                                    "contacted",
                                    "completed",
                                    "declined",
                                    "withdrawn",
                                    "expired",
                                    "stopped",
                                ],
                            )
                        ),
                        name="referral_status_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("from_organisation", models.F("to_organisation")), _negated=True
                        ),
                        name="referral_is_not_to_itself",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("urgency__in", ["crisis", "high", "normal"])),
                        name="referral_urgency_is_known",
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
                            ),
                            ("needs__len__gt", 0),
                        ),
                        name="referral_says_which_help_is_asked",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "sections__contained_by",
                                ["message", "situation", "identity", "contact", "consents"],
                            ),
                            ("sections__len__gt", 0),
                        ),
                        name="referral_sections_are_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("package_hash__regex", "^[0-9a-f]{64}$")),
                        name="referral_package_has_a_hash",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("consent", None), ("other_basis", None), _connector="OR"
                        ),
                        name="referral_rests_on_one_thing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at", None), ("answered_by", None)),
                            models.Q(
                                ("answered_at__isnull", False), ("answered_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="referral_answer_has_time_and_name",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answered_at__isnull", False),
                                ("status__in", ["accepted", "contacted", "completed", "declined"]),
                            ),
                            models.Q(("answered_at", None), ("status__in", ["offered", "expired"])),
                            models.Q(
                                (
                                    "status__in",
                                    [
                                        "offered",
                                        "expired",
                                        "accepted",
                                        "contacted",
                                        "completed",
                                        "declined",
                                    ],
                                ),
                                _negated=True,
                            ),
                            _connector="OR",
                        ),
                        name="referral_is_answered_before_help_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "decline_reason__in",
                                    ["capacity", "expertise", "region", "conflict", "other"],
                                ),
                                ("status", "declined"),
                            ),
                            models.Q(
                                models.Q(("status", "declined"), _negated=True),
                                ("decline_reason", ""),
                            ),
                            _connector="OR",
                        ),
                        name="referral_is_declined_with_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("contacted_at", None), ("contacted_by", None)),
                            models.Q(
                                ("contacted_at__isnull", False), ("contacted_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="referral_contact_has_time_and_name",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at__isnull", False),
                                ("ended_by__isnull", False),
                                ("status__in", ("completed", "withdrawn", "expired", "stopped")),
                            ),
                            models.Q(
                                models.Q(
                                    (
                                        "status__in",
                                        ("completed", "withdrawn", "expired", "stopped"),
                                    ),
                                    _negated=True,
                                ),
                                ("ended_at", None),
                                ("ended_by", None),
                            ),
                            _connector="OR",
                        ),
                        name="referral_ends_by_someone_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "result__in",
                                    ["helped", "continues", "person_stopped", "not_reached"],
                                ),
                                ("status", "completed"),
                            ),
                            models.Q(
                                models.Q(("status", "completed"), _negated=True), ("result", "")
                            ),
                            _connector="OR",
                        ),
                        name="referral_is_completed_with_a_result",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status__in", ["offered", "accepted", "contacted"])),
                        fields=("case", "to_organisation"),
                        name="case_is_referred_once_at_a_time_to_a_receiver",
                    ),
                ],
            },
        ),
        NewTable(
            name="ReferralPackage",
            fields=[
                (
                    "referral",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="package",
                        serialize=False,
                        to="referrals.referral",
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
                ("sealed", models.BinaryField()),
            ],
            options={
                "indexes": [],
                "constraints": [],
            },
        ),
        *LOCKS,
    ]
