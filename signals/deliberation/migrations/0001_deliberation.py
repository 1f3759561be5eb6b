"""The monthly deliberation: meetings, papers, decisions, follow-up, and trends.

querysets.py says the same about who sees what. Three functions look past the policies: a meeting
and its participants would otherwise ask one another without end, and what is frozen stays so
whoever looks.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.constraints
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import referral.lib.ids
from referral.lib.policies import DefinerFunction, Protect
from referral.lib.tables import NewTable

ACTOR = "(SELECT baken.actor_user())"
INSIDE = "(SELECT baken.may('signal.judge'))"
PREPARE = "(SELECT baken.may('deliberation.prepare'))"
CHAIR = "(SELECT baken.may('deliberation.chair'))"
ATTEND = "(SELECT baken.may('deliberation.attend'))"
SWEEP = "(SELECT baken.may('deadline.sweep'))"
#: The membership `m` is the one by which somebody acts.
ME = """m.user_id = (SELECT baken.actor_user())
    AND m.organisation_id = (SELECT baken.actor_organisation())
    AND m.role = (SELECT baken.actor_role())"""
MY_PACK = f"""EXISTS (
    SELECT FROM deliberation_participant p JOIN organisations_membership m ON m.id = p.member_id
    WHERE p.id = participant_id AND {ME})"""
MY_PAPERS = f"""EXISTS (
    SELECT FROM deliberation_pack k
    JOIN deliberation_participant p ON p.id = k.participant_id
    JOIN organisations_membership m ON m.id = p.member_id
    JOIN deliberation_meeting t ON t.id = p.meeting_id
    WHERE k.id = pack_id AND k.status = 'ready' AND t.status IN ('agenda_set', 'held') AND {ME})"""
#: The chair sees of items, and of what hangs on them, those of the own meetings.
OF_CHAIR = f"({CHAIR} AND baken.chairs(meeting_id))"
BY_ITEM = "EXISTS (SELECT FROM deliberation_agendaitem i WHERE i.id = item_id)"
OF_CHAIR_BY_ITEM = f"""{CHAIR} AND EXISTS (
    SELECT FROM deliberation_agendaitem i WHERE i.id = item_id AND baken.chairs(i.meeting_id))"""
OF_CHAIR_BY_PACK = """EXISTS (
    SELECT FROM deliberation_participant p
    WHERE p.id = participant_id AND baken.chairs(p.meeting_id))"""
OF_CHAIR_BY_PROPOSAL = """EXISTS (
    SELECT FROM deliberation_agendaitem i
    WHERE i.proposal_id = deliberation_proposal.id AND baken.chairs(i.meeting_id))"""
#: What the proposal says of the signal is so.
OF_SIGNAL = """EXISTS (
    SELECT FROM signals_signal s JOIN signals_signalnarrative n ON n.signal_id = s.id
    WHERE s.id = deliberation_proposal.signal_id AND s.reference = deliberation_proposal.reference
    AND n.key_id = deliberation_proposal.key_id)"""

ATTENDS = f"""
CREATE FUNCTION baken.attends(meeting uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM public.deliberation_participant p
        JOIN public.organisations_membership m ON m.id = p.member_id
        WHERE p.meeting_id = meeting AND {ME});
$$;
"""  # noqa: S608 -- words of our own
CHAIRS = f"""
CREATE FUNCTION baken.chairs(meeting uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM public.deliberation_meeting t
        JOIN public.organisations_membership m ON m.id = t.chair_id
        WHERE t.id = meeting AND {ME});
$$;
"""  # noqa: S608 -- words of our own
# What belongs to a meeting that is locked or cancelled; the argument says how the row names it.
FROZEN = """
CREATE FUNCTION baken.locked_meeting_keeps() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    -- Both: a row is neither brought into such a meeting, nor taken out of it.
    touched jsonb[] := ARRAY[to_jsonb(OLD), to_jsonb(NEW)];
BEGIN
    IF EXISTS (
        SELECT FROM unnest(touched) AS one
        JOIN public.deliberation_meeting t ON t.id = coalesce(
            one ->> 'meeting_id',
            (SELECT i.meeting_id::text FROM public.deliberation_agendaitem i
             WHERE i.id = (one ->> 'item_id')::uuid))::uuid
        WHERE t.status IN ('locked', 'cancelled'))
    THEN
        RAISE check_violation USING CONSTRAINT = 'locked_meeting_does_not_change',
            MESSAGE = 'locked_meeting_does_not_change: ' || TG_TABLE_NAME;
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
"""
# Corrections come after the lock, and not before it.
ADDED = """
CREATE FUNCTION baken.addendum_comes_after_the_lock() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' AND EXISTS (
        SELECT FROM public.deliberation_meeting t
        WHERE t.id = NEW.meeting_id AND t.status = 'locked')
    THEN
        RETURN NEW;
    END IF;
    RAISE check_violation USING CONSTRAINT = 'addendum_comes_after_the_lock',
        MESSAGE = 'addendum_comes_after_the_lock: ' || TG_OP;
END $$;
"""
CLOSES = """
CREATE FUNCTION baken.closed_pack_has_no_content() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM public.deliberation_packcontent WHERE pack_id = OLD.id;
    RETURN coalesce(NEW, OLD);
END $$;
"""
# The same moves as workflow.py; the first argument is the beginning.
MOVES = """
CREATE FUNCTION baken.deliberation_moves_along_the_table() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status = TG_ARGV[0] THEN
            RETURN NEW;
        END IF;
    ELSIF NEW.status = OLD.status OR OLD.status || ' ' || NEW.status = ANY (TG_ARGV) THEN
        RETURN NEW;
    END IF;
    RAISE check_violation USING CONSTRAINT = 'deliberation_moves_along_the_table',
        MESSAGE = format('deliberation_moves_along_the_table: %s to %s',
            TG_TABLE_NAME, NEW.status);
END $$;
CREATE FUNCTION baken.meeting_that_is_over_keeps() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF OLD.status IN ('locked', 'cancelled') THEN
        RAISE check_violation USING CONSTRAINT = 'locked_meeting_does_not_change',
            MESSAGE = 'locked_meeting_does_not_change: ' || OLD.id;
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE FUNCTION baken.follow_up_is_done_once() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF OLD.status = 'open' AND (NEW.done_by_id IS NULL OR NEW.done_by_id = baken.actor_user())
        AND (NEW.decision_id, NEW.signal_id, NEW.due_on)
            IS NOT DISTINCT FROM (OLD.decision_id, OLD.signal_id, OLD.due_on)
    THEN
        RETURN NEW;
    END IF;
    RAISE check_violation USING CONSTRAINT = 'follow_up_is_done_once_and_in_the_own_name',
        MESSAGE = 'follow_up_is_done_once_and_in_the_own_name: ' || OLD.id;
END $$;
CREATE FUNCTION baken.published_trend_stays_as_it_is() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF to_jsonb(NEW) - 'status' = to_jsonb(OLD) - 'status' THEN
        RETURN NEW;
    END IF;
    RAISE check_violation USING CONSTRAINT = 'published_trend_stays_as_it_is',
        MESSAGE = 'published_trend_stays_as_it_is: ' || OLD.id;
END $$;
"""
NO_MOVES = """
DROP FUNCTION baken.published_trend_stays_as_it_is();
DROP FUNCTION baken.follow_up_is_done_once();
DROP FUNCTION baken.meeting_that_is_over_keeps();
DROP FUNCTION baken.deliberation_moves_along_the_table();
"""
TABLES_OF_A_MEETING = ("participant", "agendaitem", "decision", "minutes")
TABLES_WITH_MOVES = {
    "meeting": "'planned', 'planned agenda_set', 'planned cancelled', 'agenda_set planned',"
    " 'agenda_set held', 'agenda_set cancelled', 'held locked'",
    "proposal": "'waiting', 'waiting placed', 'waiting withdrawn', 'placed waiting',"
    " 'placed decided'",
    "pack": "'ordered', 'ordered ready', 'ordered closed', 'ready closed'",
    "followup": "'open', 'open done'",
    "trendnote": "'draft', 'draft published', 'draft withdrawn', 'published withdrawn'",
}
TRIGGERS = (
    "".join(
        f"""
CREATE TRIGGER {table}_moves_along_the_table BEFORE INSERT OR UPDATE ON deliberation_{table}
    FOR EACH ROW EXECUTE FUNCTION baken.deliberation_moves_along_the_table({moves});"""
        for table, moves in TABLES_WITH_MOVES.items()
    )
    + "".join(
        f"""
CREATE TRIGGER {table}_of_a_locked_meeting_does_not_change
    BEFORE INSERT OR UPDATE OR DELETE ON deliberation_{table}
    FOR EACH ROW EXECUTE FUNCTION baken.locked_meeting_keeps();"""
        for table in TABLES_OF_A_MEETING
    )
    + """
CREATE TRIGGER locked_meeting_does_not_change BEFORE UPDATE OR DELETE ON deliberation_meeting
    FOR EACH ROW EXECUTE FUNCTION baken.meeting_that_is_over_keeps();
CREATE TRIGGER addendum_comes_after_the_lock BEFORE INSERT OR UPDATE OR DELETE
    ON deliberation_addendum
    FOR EACH ROW EXECUTE FUNCTION baken.addendum_comes_after_the_lock();
CREATE TRIGGER closed_pack_has_no_content BEFORE UPDATE ON deliberation_pack
    FOR EACH ROW WHEN (NEW.status = 'closed') EXECUTE FUNCTION baken.closed_pack_has_no_content();
CREATE TRIGGER pack_that_is_gone_has_no_content BEFORE DELETE ON deliberation_pack
    FOR EACH ROW EXECUTE FUNCTION baken.closed_pack_has_no_content();
CREATE TRIGGER follow_up_is_done_once BEFORE UPDATE ON deliberation_followup
    FOR EACH ROW EXECUTE FUNCTION baken.follow_up_is_done_once();
CREATE TRIGGER published_trend_stays_as_it_is BEFORE UPDATE ON deliberation_trendnote
    FOR EACH ROW WHEN (OLD.status <> 'draft')
    EXECUTE FUNCTION baken.published_trend_stays_as_it_is();
"""
)
NO_TRIGGERS = (
    "".join(
        f"DROP TRIGGER {table}_moves_along_the_table ON deliberation_{table};"
        for table in TABLES_WITH_MOVES
    )
    + "".join(
        f"DROP TRIGGER {table}_of_a_locked_meeting_does_not_change ON deliberation_{table};"
        for table in TABLES_OF_A_MEETING
    )
    + """
DROP TRIGGER locked_meeting_does_not_change ON deliberation_meeting;
DROP TRIGGER addendum_comes_after_the_lock ON deliberation_addendum;
DROP TRIGGER closed_pack_has_no_content ON deliberation_pack;
DROP TRIGGER pack_that_is_gone_has_no_content ON deliberation_pack;
DROP TRIGGER follow_up_is_done_once ON deliberation_followup;
DROP TRIGGER published_trend_stays_as_it_is ON deliberation_trendnote;
"""
)


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("access", "0003_clients"),
        ("organisations", "0003_deliberation_and_tips"),
        ("signals", "0003_indicators"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        NewTable(
            name="Meeting",
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
                ("held_on", models.DateField(verbose_name="date")),
                (
                    "chair",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.membership",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("agenda_set", "Agenda set"),
                            ("held", "Being held"),
                            ("locked", "Minutes locked"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="planned",
                        max_length=12,
                    ),
                ),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.datakey",
                    ),
                ),
                ("planned_at", models.DateTimeField()),
                (
                    "planned_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("locked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "locked_by",
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
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["planned", "agenda_set", "held", "locked", "cancelled"])
                        ),
                        name="meeting_status_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("locked_at__isnull", False),
                                ("locked_by__isnull", False),
                                ("status", "locked"),
                            ),
                            models.Q(
                                models.Q(("status", "locked"), _negated=True),
                                ("locked_at", None),
                                ("locked_by", None),
                            ),
                            _connector="OR",
                        ),
                        name="meeting_that_is_locked_has_time_and_name",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "cancelled"), _negated=True),
                        fields=("held_on",),
                        name="there_is_one_meeting_on_a_day",
                    ),
                ],
            },
        ),
        NewTable(
            name="Participant",
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
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="participants",
                        to="deliberation.meeting",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.membership",
                    ),
                ),
                (
                    "sections",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("question", "The question to the meeting"),
                                ("codes", "What, where and when, in codes"),
                                ("story", "What was seen, in words"),
                                ("indicators", "What the reporter added later"),
                            ],
                            max_length=12,
                        ),
                        default=list,
                        size=None,
                    ),
                ),
                ("invited_at", models.DateTimeField()),
                (
                    "invited_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("present", models.BooleanField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("sections__contained_by", ["question", "codes", "story", "indicators"])
                        ),
                        name="participant_sees_known_sections",
                    ),
                    models.UniqueConstraint(
                        fields=("meeting", "member"),
                        name="participant_is_invited_once_to_a_meeting",
                    ),
                ],
            },
        ),
        NewTable(
            name="Proposal",
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
                    "signal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="signals.signal",
                    ),
                ),
                ("reference", models.CharField(max_length=20)),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.datakey",
                    ),
                ),
                ("question", models.BinaryField()),
                ("urgent", models.BooleanField(default=False)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting for a meeting"),
                            ("placed", "On an agenda"),
                            ("decided", "Decided on"),
                            ("withdrawn", "Taken back"),
                        ],
                        default="waiting",
                        max_length=12,
                    ),
                ),
                ("proposed_at", models.DateTimeField()),
                (
                    "proposed_by",
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
                            ("status__in", ["waiting", "placed", "decided", "withdrawn"])
                        ),
                        name="proposal_status_is_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status__in", ("waiting", "placed"))),
                        fields=("signal",),
                        name="signal_is_proposed_once_at_a_time",
                    ),
                ],
            },
        ),
        NewTable(
            name="AgendaItem",
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
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="deliberation.meeting",
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="deliberation.proposal",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="number")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("position__gt", 0)), name="agenda_counts_from_one"
                    ),
                    models.UniqueConstraint(
                        deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                        fields=("meeting", "position"),
                        name="agenda_has_one_point_at_a_position",
                    ),
                    models.UniqueConstraint(
                        fields=("meeting", "proposal"), name="signal_stands_once_on_an_agenda"
                    ),
                ],
            },
        ),
        NewTable(
            name="Pack",
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
                    "participant",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pack",
                        to="deliberation.participant",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("ordered", "Being made"),
                            ("ready", "Ready"),
                            ("closed", "Closed with the meeting"),
                        ],
                        default="ordered",
                        max_length=8,
                    ),
                ),
                ("ordered_at", models.DateTimeField()),
                (
                    "ordered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.membership",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["ordered", "ready", "closed"])),
                        name="pack_status_is_known",
                    )
                ],
            },
        ),
        NewTable(
            name="PackContent",
            fields=[
                (
                    "pack",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="content",
                        serialize=False,
                        to="deliberation.pack",
                    ),
                ),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.datakey",
                    ),
                ),
                ("sealed", models.BinaryField()),
                ("pdf", models.BinaryField()),
            ],
        ),
        NewTable(
            name="Decision",
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
                    "item",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decision",
                        to="deliberation.agendaitem",
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        choices=[
                            ("start_investigation", "Start an investigation"),
                            ("add_to_running", "Add to a running investigation"),
                            ("forward_unit", "Forward to a police unit"),
                            ("forward_kmar", "Forward to the Marechaussee"),
                            ("forward_nla", "Forward to the Labour Authority"),
                            ("forward_international", "Forward abroad"),
                            ("admin_approach", "Administrative approach"),
                            ("enrich", "Enrich further"),
                            ("trend", "Register as a trend"),
                            ("monitor", "Monitor"),
                            ("park", "Park"),
                            ("no_action", "Not pursue"),
                        ],
                        max_length=24,
                        verbose_name="decision",
                    ),
                ),
                (
                    "receiver",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                ("motivation", models.BinaryField()),
                ("due_on", models.DateField(verbose_name="done before")),
                ("decided_at", models.DateTimeField()),
                (
                    "decided_by",
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
                                "code__in",
                                [
                                    "start_investigation",
                                    "add_to_running",
                                    "forward_unit",
                                    "forward_kmar",
                                    "forward_nla",
                                    "forward_international",
                                    "admin_approach",
                                    "enrich",
                                    "trend",
                                    "monitor",
                                    "park",
                                    "no_action",
                                ],
                            )
                        ),
                        name="decision_code_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "code__in",
                                    (
                                        "start_investigation",
                                        "add_to_running",
                                        "forward_unit",
                                        "forward_kmar",
                                        "forward_nla",
                                    ),
                                ),
                                ("receiver__isnull", False),
                            ),
                            models.Q(
                                models.Q(
                                    (
                                        "code__in",
                                        (
                                            "start_investigation",
                                            "add_to_running",
                                            "forward_unit",
                                            "forward_kmar",
                                            "forward_nla",
                                        ),
                                    ),
                                    _negated=True,
                                ),
                                ("receiver", None),
                            ),
                            _connector="OR",
                        ),
                        name="decision_to_hand_on_names_who_receives",
                    ),
                ],
            },
        ),
        NewTable(
            name="FollowUp",
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
                    "decision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="follow_up",
                        to="deliberation.decision",
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
                ("due_on", models.DateField(verbose_name="done before")),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "To be done"), ("done", "Done")],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("reminded_at", models.DateTimeField(blank=True, null=True)),
                ("remark", models.BinaryField(blank=True, null=True)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "done_by",
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
                "indexes": [
                    models.Index(
                        condition=models.Q(("status", "open")),
                        fields=["due_on"],
                        name="follow_up_open_by_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["open", "done"])),
                        name="follow_up_status_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("done_at__isnull", False),
                                ("done_by__isnull", False),
                                ("remark__isnull", False),
                                ("status", "done"),
                            ),
                            models.Q(
                                models.Q(("status", "done"), _negated=True),
                                ("done_at", None),
                                ("done_by", None),
                                ("remark", None),
                            ),
                            _connector="OR",
                        ),
                        name="follow_up_that_is_done_says_what_when_and_by_whom",
                    ),
                ],
            },
        ),
        NewTable(
            name="Minutes",
            fields=[
                (
                    "meeting",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="minutes",
                        serialize=False,
                        to="deliberation.meeting",
                    ),
                ),
                ("sealed", models.BinaryField()),
                ("written_at", models.DateTimeField()),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        NewTable(
            name="Addendum",
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
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="addenda",
                        to="deliberation.meeting",
                    ),
                ),
                ("sealed", models.BinaryField()),
                ("added_at", models.DateTimeField()),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        NewTable(
            name="TrendNote",
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
                ("title", models.CharField(max_length=120, verbose_name="title")),
                (
                    "period",
                    django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="period"),
                ),
                (
                    "forms",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("sexual", "Sexual exploitation"),
                                ("labour", "Labour exploitation"),
                                ("criminal", "Forced to commit crimes"),
                                ("services", "Forced services, such as housework"),
                                ("begging", "Forced begging"),
                                ("organ_removal", "Forced organ removal"),
                                ("forced_marriage", "Forced marriage"),
                                ("surrogacy", "Forced surrogacy"),
                                ("illegal_adoption", "Illegal adoption"),
                                ("unknown", "I do not know"),
                            ],
                            max_length=16,
                        ),
                        size=None,
                    ),
                ),
                (
                    "regions",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=4),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.datakey",
                    ),
                ),
                ("sealed", models.BinaryField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("published", "Published"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="draft",
                        max_length=12,
                    ),
                ),
                ("written_at", models.DateTimeField()),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                (
                    "published_by",
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
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["draft", "published", "withdrawn"])),
                        name="trend_status_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "forms__contained_by",
                                [
                                    "sexual",
                                    "labour",
                                    "criminal",
                                    "services",
                                    "begging",
                                    "organ_removal",
                                    "forced_marriage",
                                    "surrogacy",
                                    "illegal_adoption",
                                    "unknown",
                                ],
                            ),
                            ("forms__len__gt", 0),
                        ),
                        name="trend_names_known_forms",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("period__endswith__isnull", False),
                            ("period__isempty", False),
                            ("period__startswith__isnull", False),
                        ),
                        name="trend_is_of_some_days",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("published_at", None),
                                ("published_by", None),
                                models.Q(("status", "published"), _negated=True),
                            ),
                            models.Q(
                                ("published_at__isnull", False),
                                ("published_by__isnull", False),
                                models.Q(("status", "draft"), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="trend_that_is_published_has_time_and_name",
                    ),
                ],
            },
        ),
        NewTable(
            name="TrendLink",
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
                    "note",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links",
                        to="deliberation.trendnote",
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("note", "signal"), name="signal_is_linked_once_to_a_trend"
                    )
                ],
            },
        ),
        NewTable(
            name="TrendCount",
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
                ("month", models.DateField(verbose_name="month")),
                (
                    "axis",
                    models.CharField(
                        choices=[
                            ("all", "All signals"),
                            ("form", "Form of exploitation"),
                            ("region", "Safety region"),
                            ("reporter", "Who reported"),
                        ],
                        max_length=8,
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=16)),
                ("number", models.PositiveIntegerField(blank=True, null=True)),
                ("published_at", models.DateTimeField()),
                (
                    "published_by",
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
                        condition=models.Q(("axis__in", ["all", "form", "region", "reporter"])),
                        name="trend_count_has_a_known_axis",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("month__day", 1)), name="trend_count_is_of_a_month"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number", None), ("number__gte", 5), _connector="OR"),
                        name="trend_count_is_not_small",
                    ),
                    models.UniqueConstraint(
                        fields=("month", "axis", "code"), name="trend_count_is_published_once"
                    ),
                ],
            },
        ),
        DefinerFunction("baken.attends(uuid)", ATTENDS),
        DefinerFunction("baken.chairs(uuid)", CHAIRS),
        DefinerFunction("baken.locked_meeting_keeps()", FROZEN),
        DefinerFunction("baken.addendum_comes_after_the_lock()", ADDED),
        DefinerFunction("baken.closed_pack_has_no_content()", CLOSES),
        migrations.RunSQL(MOVES, NO_MOVES),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
        Protect(
            "deliberation_meeting",
            select=f"{INSIDE} OR baken.attends(id)",
            insert=f"{PREPARE} AND planned_by_id = {ACTOR}",
            update=f"{PREPARE} OR ({CHAIR} AND baken.chairs(id))",
        ),
        Protect(
            "deliberation_participant",
            select=f"""{INSIDE} OR baken.chairs(meeting_id) OR EXISTS (
                SELECT FROM organisations_membership m WHERE m.id = member_id AND {ME})""",
            insert=f"{PREPARE} AND invited_by_id = {ACTOR}",
            update=f"{PREPARE} OR {OF_CHAIR}",
            delete=PREPARE,
        ),
        Protect(
            "deliberation_agendaitem",
            select=f"{INSIDE} OR baken.chairs(meeting_id)",
            insert=PREPARE,
            update=PREPARE,
            delete=PREPARE,
        ),
        Protect(
            "deliberation_proposal",
            select=f"{INSIDE} OR {OF_CHAIR_BY_PROPOSAL}",
            insert=f"{INSIDE} AND proposed_by_id = {ACTOR} AND {OF_SIGNAL}",
            update=f"{INSIDE} OR ({CHAIR} AND {OF_CHAIR_BY_PROPOSAL})",
        ),
        Protect(
            "deliberation_pack",
            select=f"{INSIDE} OR ({SWEEP} AND status = 'ordered')"
            f" OR {MY_PACK} OR {OF_CHAIR_BY_PACK}",
            insert=PREPARE,
            update=f"{PREPARE} OR ({CHAIR} AND {OF_CHAIR_BY_PACK})",
            delete=PREPARE,
        ),
        Protect("deliberation_packcontent", select=MY_PAPERS, insert=PREPARE),
        Protect(
            "deliberation_decision",
            select=f"{INSIDE} OR {BY_ITEM}",
            insert=f"{OF_CHAIR_BY_ITEM} AND decided_by_id = {ACTOR}",
            update=f"{OF_CHAIR_BY_ITEM} AND decided_by_id = {ACTOR}",
        ),
        Protect(
            "deliberation_followup",
            select=f"""{INSIDE} OR ({SWEEP} AND status = 'open') OR EXISTS (
                SELECT FROM deliberation_decision d WHERE d.id = decision_id)""",
            insert=f"""{CHAIR} AND EXISTS (
                SELECT FROM deliberation_decision d WHERE d.id = decision_id)""",
            update=f"{INSIDE} OR {SWEEP}",
        ),
        Protect(
            "deliberation_minutes",
            select=f"{INSIDE} OR baken.chairs(meeting_id)",
            insert=f"({PREPARE} OR {OF_CHAIR}) AND written_by_id = {ACTOR}",
            update=f"({PREPARE} OR {OF_CHAIR}) AND written_by_id = {ACTOR}",
        ),
        Protect(
            "deliberation_addendum",
            select=f"{INSIDE} OR baken.chairs(meeting_id)",
            insert=f"({PREPARE} OR {OF_CHAIR}) AND added_by_id = {ACTOR}",
        ),
        Protect(
            "deliberation_trendnote",
            select=f"{INSIDE} OR ({ATTEND} AND status = 'published')",
            insert=f"{INSIDE} AND written_by_id = {ACTOR}",
            update=INSIDE,
        ),
        Protect("deliberation_trendlink", select=INSIDE, insert=INSIDE, delete=INSIDE),
        Protect(
            "deliberation_trendcount",
            select=f"{INSIDE} OR {ATTEND}",
            insert=f"{PREPARE} AND published_by_id = {ACTOR}",
        ),
    ]
