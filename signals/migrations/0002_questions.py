"""Questions to the reporter, parking, joining, versions, and a second reader before a signal is rejected."""

import datetime

from django.conf import settings
from django.db import migrations, models
from django.db.models import PROTECT, F, Q

import referral.lib.ids
from referral.lib.policies import DefinerFunction, Protect
from referral.lib.tables import NewTable

COUNT = "(SELECT baken.may('release.true_counts'))"
SWEEP = "(SELECT baken.may('deadline.sweep'))"
TRIAGE = "(SELECT baken.may('signal.triage'))"
JUDGE = "(SELECT baken.may('signal.judge'))"
ACTOR = "(SELECT baken.actor_user())"
READ = """
    (SELECT baken.may('signal.read_all'))
    OR (reporter_organisation_id = (SELECT baken.actor_organisation()) AND (
        (SELECT baken.may('signal.read_organisation'))
        OR ((SELECT baken.may('signal.read_own'))
            AND created_by_id = (SELECT baken.actor_user()))))
    OR ((SELECT baken.may('signal.read_municipality'))
        AND reporter_type IN ('municipality', 'vo_centre')
        AND municipality_id = (
            SELECT municipality_id FROM organisations_organisation
            WHERE id = (SELECT baken.actor_organisation())))
"""
BEFORE = f"{READ} OR {COUNT}"
#: The sweeper keeps the terms of what is open; of the words it reads none.
AFTER = f"{BEFORE} OR ({SWEEP} AND status <> 'closed')"
STORY_BEFORE = f"EXISTS (SELECT FROM signals_signal WHERE id = signal_id AND NOT {COUNT})"
STORY_AFTER = (
    f"EXISTS (SELECT FROM signals_signal WHERE id = signal_id AND NOT {COUNT} AND NOT {SWEEP})"
)
#: Who reported, or a colleague who reads the signal as well.
REPORTED = """
    (SELECT baken.may('signal.submit')) AND EXISTS (
        SELECT FROM signals_signal WHERE id = signal_id
        AND reporter_organisation_id = (SELECT baken.actor_organisation()))
"""
JUDGEMENT_BEFORE = f"{JUDGE} AND judged_by_id = {ACTOR}"
#: In another's name only what this reader has just confirmed.
JUDGEMENT_AFTER = f"""{JUDGE} AND (judged_by_id = {ACTOR} OR EXISTS (
    SELECT FROM signals_secondreading r WHERE r.signal_id = signals_judgement.signal_id
    AND r.status = 'confirmed' AND r.proposed_by_id = judged_by_id AND r.read_by_id = {ACTOR}))"""

MOVES = """
CREATE OR REPLACE FUNCTION baken.signal_moves_along_the_table() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status = 'received' THEN
            RETURN NEW;
        END IF;
    ELSIF NEW.status = OLD.status OR OLD.status || ' ' || NEW.status IN (%s) THEN
        IF (NEW.reference, NEW.reporter_organisation_id, NEW.reporter_type, NEW.created_by_id,
            NEW.created_at, NEW.import_batch_id, NEW.row_key)
            IS NOT DISTINCT FROM
            (OLD.reference, OLD.reporter_organisation_id, OLD.reporter_type, OLD.created_by_id,
            OLD.created_at, OLD.import_batch_id, OLD.row_key) THEN%s
            RETURN NEW;
        END IF;
        RAISE check_violation USING CONSTRAINT = 'signal_keeps_its_origin',
            MESSAGE = 'signal_keeps_its_origin: ' || OLD.reference;
    END IF;
    RAISE check_violation USING CONSTRAINT = 'signal_moves_along_the_table', MESSAGE = format(
        'signal_moves_along_the_table: from %%s to %%s',
        CASE TG_OP WHEN 'INSERT' THEN 'nothing' ELSE OLD.status END, NEW.status);
END $$;
"""
# The same moves as workflow.MOVES.
MOVES_BEFORE = MOVES % (
    (
        "'received triage', 'triage forwarded', 'triage monitored', 'triage rejected',"
        " 'forwarded closed', 'monitored closed', 'rejected closed'"
    ),
    "",
)
MOVES_AFTER = MOVES % (
    (
        "'received triage', 'triage needs_info', 'triage parked', 'triage second_reading',"
        " 'triage merged', 'merged triage', 'merged closed',"
        " 'triage forwarded', 'triage monitored', 'needs_info triage', 'parked triage',"
        " 'second_reading triage', 'second_reading rejected',"
        " 'forwarded closed', 'monitored closed', 'rejected closed'"
    ),
    """
            IF NEW.status = 'rejected' AND OLD.status <> 'rejected' AND NOT EXISTS (
                SELECT FROM public.signals_secondreading r
                WHERE r.signal_id = NEW.id AND r.status = 'confirmed')
            THEN
                RAISE check_violation USING CONSTRAINT = 'signal_is_rejected_by_two',
                    MESSAGE = 'signal_is_rejected_by_two: ' || OLD.reference;
            END IF;
            IF OLD.status = 'forwarded' AND NEW.status = 'closed' AND NOT EXISTS (
                SELECT FROM public.signals_receiverfeedback f WHERE f.signal_id = NEW.id)
            THEN
                RAISE check_violation
                    USING CONSTRAINT = 'forwarded_signal_is_closed_with_feedback',
                    MESSAGE = 'forwarded_signal_is_closed_with_feedback: ' || OLD.reference;
            END IF;
            NEW.version := OLD.version + 1;
            NEW.changed_by_id := baken.actor_user();""",
)
GIVES_BACK = """
CREATE FUNCTION baken.pause_gives_back() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.signals_signal
    SET status = 'triage', paused = paused + (NEW.ended_at - NEW.began_at), outcome = '',
        outcome_at = NULL
    WHERE id = NEW.signal_id AND status = TG_ARGV[0];
    IF NOT FOUND THEN
        RAISE check_violation USING CONSTRAINT = 'pause_gives_back_a_signal_that_waits',
            MESSAGE = 'pause_gives_back_a_signal_that_waits: ' || TG_ARGV[0];
    END IF;
    RETURN NULL;
END $$;
"""
# A pause and a reading begin open, are ended once, by who acts, and keep what they said.
KEEP = """
CREATE FUNCTION baken.pause_is_ended_once() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.ended_at IS NULL THEN
            RETURN NEW;
        END IF;
    ELSIF OLD.ended_at IS NULL
        AND to_jsonb(NEW) - ARRAY['status', 'answer', 'reminded_at', 'ended_at', 'ended_by_id']
            = to_jsonb(OLD) - ARRAY['status', 'answer', 'reminded_at', 'ended_at', 'ended_by_id']
        AND (NEW.ended_by_id IS NULL OR NEW.ended_by_id = baken.actor_user())
    THEN
        RETURN NEW;
    END IF;
    RAISE check_violation USING CONSTRAINT = 'pause_is_ended_once_and_in_the_own_name',
        MESSAGE = 'pause_is_ended_once_and_in_the_own_name: ' || NEW.signal_id;
END $$;
CREATE FUNCTION baken.signal_is_merged_into_one_that_stands() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- The other one is locked: two that are joined with each other at once would make a ring.
    PERFORM FROM public.signals_signal WHERE id = NEW.into_id AND status <> 'merged' FOR UPDATE;
    IF FOUND THEN
        RETURN NEW;
    END IF;
    RAISE check_violation USING CONSTRAINT = 'signal_is_merged_into_one_that_stands',
        MESSAGE = 'signal_is_merged_into_one_that_stands: ' || NEW.into_id;
END $$;
CREATE FUNCTION baken.reading_is_done_once() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status = 'waiting' THEN
            RETURN NEW;
        END IF;
    ELSIF OLD.status = 'waiting' AND NEW.read_by_id = baken.actor_user()
        AND (NEW.signal_id, NEW.motivation, NEW.proposed_at, NEW.proposed_by_id)
            IS NOT DISTINCT FROM
            (OLD.signal_id, OLD.motivation, OLD.proposed_at, OLD.proposed_by_id)
    THEN
        RETURN NEW;
    END IF;
    RAISE check_violation USING CONSTRAINT = 'reading_is_done_once_and_in_the_own_name',
        MESSAGE = 'reading_is_done_once_and_in_the_own_name: ' || NEW.signal_id;
END $$;
"""
NO_KEEP = """
DROP FUNCTION baken.reading_is_done_once();
DROP FUNCTION baken.signal_is_merged_into_one_that_stands();
DROP FUNCTION baken.pause_is_ended_once();
"""
TRIGGERS = """
CREATE TRIGGER question_is_ended_once BEFORE INSERT OR UPDATE ON signals_question
    FOR EACH ROW EXECUTE FUNCTION baken.pause_is_ended_once();
CREATE TRIGGER parking_is_ended_once BEFORE INSERT OR UPDATE ON signals_parking
    FOR EACH ROW EXECUTE FUNCTION baken.pause_is_ended_once();
CREATE TRIGGER merging_is_ended_once BEFORE INSERT OR UPDATE ON signals_merging
    FOR EACH ROW EXECUTE FUNCTION baken.pause_is_ended_once();
CREATE TRIGGER signal_is_merged_into_one_that_stands BEFORE INSERT ON signals_merging
    FOR EACH ROW EXECUTE FUNCTION baken.signal_is_merged_into_one_that_stands();
CREATE TRIGGER merging_gives_back AFTER UPDATE ON signals_merging
    FOR EACH ROW WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL)
    EXECUTE FUNCTION baken.pause_gives_back('merged');
CREATE TRIGGER reading_is_done_once BEFORE INSERT OR UPDATE ON signals_secondreading
    FOR EACH ROW EXECUTE FUNCTION baken.reading_is_done_once();
CREATE TRIGGER question_gives_back AFTER UPDATE ON signals_question
    FOR EACH ROW WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL)
    EXECUTE FUNCTION baken.pause_gives_back('needs_info');
CREATE TRIGGER parking_gives_back AFTER UPDATE ON signals_parking
    FOR EACH ROW WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL)
    EXECUTE FUNCTION baken.pause_gives_back('parked');
"""
NO_TRIGGERS = """
DROP TRIGGER parking_gives_back ON signals_parking;
DROP TRIGGER question_gives_back ON signals_question;
DROP TRIGGER merging_gives_back ON signals_merging;
DROP TRIGGER signal_is_merged_into_one_that_stands ON signals_merging;
DROP TRIGGER merging_is_ended_once ON signals_merging;
DROP TRIGGER reading_is_done_once ON signals_secondreading;
DROP TRIGGER parking_is_ended_once ON signals_parking;
DROP TRIGGER question_is_ended_once ON signals_question;
"""


def key() -> models.UUIDField:
    return models.UUIDField(
        default=referral.lib.ids.uuid7, editable=False, primary_key=True, serialize=False
    )


def user(**options: object) -> models.ForeignKey:
    return models.ForeignKey(
        on_delete=PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, **options
    )


def signal(name: str) -> models.ForeignKey:
    return models.ForeignKey(on_delete=PROTECT, related_name=name, to="signals.signal")


def pause() -> list[tuple[str, models.Field]]:
    return [
        ("id", key()),
        ("sealed", models.BinaryField()),
        ("began_at", models.DateTimeField()),
        ("ended_at", models.DateTimeField(blank=True, null=True)),
        ("began_by", user()),
        ("ended_by", user(blank=True, null=True)),
        ("signal", signal("%(class)ss")),
    ]


TOLD = ["forwarded", "monitored", "rejected", "merged"]
ENDED = Q(ended_at__isnull=False, ended_by__isnull=False)
NOT_ENDED = Q(ended_at=None, ended_by=None)


class Migration(migrations.Migration):
    dependencies = [
        ("signals", "0001_signals"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="signal", name="signal_status_is_known"),
        migrations.RemoveConstraint(
            model_name="signal", name="signal_outcome_is_told_once_it_is_judged"
        ),
        migrations.RemoveConstraint(model_name="signal", name="signal_status_and_outcome_agree"),
        migrations.AlterField(
            model_name="signal",
            name="status",
            field=models.CharField(
                choices=[
                    ("received", "Received"),
                    ("triage", "In triage"),
                    ("needs_info", "Question to the reporter"),
                    ("parked", "Parked until a date"),
                    ("second_reading", "With a second reader"),
                    ("merged", "Joined with another"),
                    ("forwarded", "Forwarded"),
                    ("monitored", "Monitored"),
                    ("rejected", "Not pursued"),
                    ("closed", "Closed"),
                ],
                default="received",
                max_length=16,
            ),
        ),
        migrations.AddConstraint(
            model_name="signal",
            constraint=models.CheckConstraint(
                name="signal_status_is_known",
                condition=Q(
                    status__in=[
                        "received",
                        "triage",
                        "needs_info",
                        "parked",
                        "second_reading",
                        "merged",
                        "forwarded",
                        "monitored",
                        "rejected",
                        "closed",
                    ]
                ),
            ),
        ),
        migrations.AddField(
            model_name="signal",
            name="paused",
            field=models.DurationField(
                db_default=datetime.timedelta(0), default=datetime.timedelta
            ),
        ),
        migrations.AddField(
            model_name="signal",
            name="version",
            field=models.PositiveIntegerField(db_default=1, default=1),
        ),
        migrations.AddField(
            model_name="signal", name="changed_by", field=user(blank=True, null=True)
        ),
        migrations.AlterField(
            model_name="signal",
            name="outcome",
            field=models.CharField(
                blank=True,
                choices=[
                    ("forwarded", "Forwarded for investigation"),
                    ("monitored", "Kept in view, not forwarded now"),
                    ("rejected", "Not pursued as trafficking"),
                    ("merged", "Joined with another report"),
                ],
                default="",
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="signal",
            constraint=models.CheckConstraint(
                name="signal_outcome_is_told_once_it_is_judged",
                condition=Q(~Q(status__in=[*TOLD, "closed"]), outcome="", outcome_at=None)
                | Q(
                    status__in=[*TOLD, "closed"],
                    outcome__in=TOLD,
                    outcome_at__isnull=False,
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="signal",
            constraint=models.CheckConstraint(
                name="signal_status_and_outcome_agree",
                condition=~Q(status__in=tuple(TOLD)) | Q(status=F("outcome")),
            ),
        ),
        NewTable(
            name="Question",
            fields=[
                *pause(),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("asked", "Question asked"),
                            ("answered", "Answered"),
                            ("unanswered", "No answer came"),
                            ("withdrawn", "Question taken back"),
                        ],
                        default="asked",
                        max_length=12,
                    ),
                ),
                ("due_on", models.DateField(verbose_name="answer before")),
                ("reminded_at", models.DateTimeField(blank=True, null=True)),
                ("answer", models.BinaryField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["due_on"], name="question_open_by_due", condition=Q(status="asked")
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        name="question_status_is_known",
                        condition=Q(status__in=["asked", "answered", "unanswered", "withdrawn"]),
                    ),
                    models.CheckConstraint(
                        name="question_has_ended_with_time_and_name",
                        condition=Q(NOT_ENDED, status="asked") | Q(~Q(status="asked"), ENDED),
                    ),
                    models.CheckConstraint(
                        name="question_that_is_answered_holds_the_answer",
                        condition=Q(status="answered", answer__isnull=False)
                        | Q(~Q(status="answered"), answer=None),
                    ),
                    models.UniqueConstraint(
                        name="signal_has_one_open_question",
                        fields=["signal"],
                        condition=Q(status="asked"),
                    ),
                ],
            },
        ),
        NewTable(
            name="Parking",
            fields=[*pause(), ("until", models.DateField(verbose_name="until"))],
            options={
                "indexes": [
                    models.Index(
                        fields=["until"], name="parking_open_by_day", condition=Q(ended_at=None)
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        name="parking_has_ended_with_time_and_name", condition=NOT_ENDED | ENDED
                    ),
                    models.CheckConstraint(
                        name="parking_lasts_until_a_later_day",
                        condition=Q(until__gte=F("began_at__date")),
                    ),
                    models.UniqueConstraint(
                        name="signal_is_parked_once_at_a_time",
                        fields=["signal"],
                        condition=Q(ended_at=None),
                    ),
                ],
            },
        ),
        NewTable(
            name="Merging",
            fields=[*pause(), ("into", signal("joined"))],
            options={
                "constraints": [
                    models.CheckConstraint(
                        name="merging_has_ended_with_time_and_name", condition=NOT_ENDED | ENDED
                    ),
                    models.CheckConstraint(
                        name="signal_is_not_merged_into_itself", condition=~Q(into=F("signal"))
                    ),
                    models.UniqueConstraint(
                        name="signal_is_merged_into_one_other",
                        fields=["signal"],
                        condition=Q(ended_at=None),
                    ),
                ],
            },
        ),
        NewTable(
            name="SecondReading",
            fields=[
                ("id", key()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting for a second reader"),
                            ("confirmed", "Confirmed"),
                            ("returned", "Given back"),
                        ],
                        default="waiting",
                        max_length=12,
                    ),
                ),
                ("motivation", models.BinaryField()),
                ("proposed_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                ("remark", models.BinaryField(blank=True, null=True)),
                ("proposed_by", user()),
                ("read_by", user(blank=True, null=True)),
                ("signal", signal("readings")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        name="reading_status_is_known",
                        condition=Q(status__in=["waiting", "confirmed", "returned"]),
                    ),
                    models.CheckConstraint(
                        name="reading_has_time_and_name",
                        condition=Q(status="waiting", read_at=None, read_by=None)
                        | Q(~Q(status="waiting"), read_at__isnull=False, read_by__isnull=False),
                    ),
                    models.CheckConstraint(
                        name="nobody_is_the_second_reader_of_the_own_proposal",
                        condition=Q(read_by=None) | ~Q(read_by=F("proposed_by")),
                    ),
                    models.CheckConstraint(
                        name="reading_that_is_given_back_says_why",
                        condition=Q(status="returned", remark__isnull=False)
                        | Q(~Q(status="returned"), remark=None),
                    ),
                    models.UniqueConstraint(
                        name="signal_waits_for_one_second_reader",
                        fields=["signal"],
                        condition=Q(status="waiting"),
                    ),
                ],
            },
        ),
        NewTable(
            name="ReceiverFeedback",
            fields=[
                (
                    "signal",
                    models.OneToOneField(
                        on_delete=PROTECT,
                        primary_key=True,
                        related_name="receiver_feedback",
                        serialize=False,
                        to="signals.signal",
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        choices=[
                            ("started", "An investigation was started"),
                            ("joined", "It was added to a running investigation"),
                            ("too_little", "There were too few leads"),
                            ("administrative", "The municipality acts (administrative route)"),
                            ("care_only", "Care only"),
                        ],
                        max_length=16,
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", user()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        name="feedback_is_one_of_the_codes",
                        condition=Q(
                            code__in=[
                                "started",
                                "joined",
                                "too_little",
                                "administrative",
                                "care_only",
                            ]
                        ),
                    )
                ],
            },
        ),
        NewTable(
            name="Escalation",
            fields=[
                ("id", key()),
                (
                    "term",
                    models.CharField(
                        choices=[
                            ("triage_urgent", "Decide, with danger or a minor"),
                            ("triage", "Decide"),
                            ("answer", "Answer of the reporter"),
                            ("answer_reminded", "Answer of the reporter, after the reminder"),
                            ("feedback_near", "Reminder of the feedback"),
                            ("feedback", "Feedback of the receiver"),
                        ],
                        max_length=16,
                    ),
                ),
                ("told_at", models.DateTimeField()),
                ("signal", signal("escalations")),
                ("told_by", user()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        name="escalation_is_of_a_known_term",
                        condition=Q(
                            term__in=[
                                "triage_urgent",
                                "triage",
                                "answer",
                                "answer_reminded",
                                "feedback_near",
                                "feedback",
                            ]
                        ),
                    ),
                    models.UniqueConstraint(
                        name="signal_is_escalated_once_for_each_term", fields=["signal", "term"]
                    ),
                ],
            },
        ),
        migrations.RunSQL(MOVES_AFTER, MOVES_BEFORE),
        DefinerFunction("baken.pause_gives_back()", GIVES_BACK),
        migrations.RunSQL(KEEP, NO_KEEP),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
        migrations.RunSQL(
            f"ALTER POLICY signals_signal_select ON signals_signal USING ({AFTER})",
            f"ALTER POLICY signals_signal_select ON signals_signal USING ({BEFORE})",
        ),
        migrations.RunSQL(
            "ALTER POLICY signals_signalnarrative_select ON signals_signalnarrative"
            f" USING ({STORY_AFTER})",
            "ALTER POLICY signals_signalnarrative_select ON signals_signalnarrative"
            f" USING ({STORY_BEFORE})",
        ),
        migrations.RunSQL(
            f"ALTER POLICY signals_judgement_insert ON signals_judgement WITH CHECK ({JUDGEMENT_AFTER})",
            f"ALTER POLICY signals_judgement_insert ON signals_judgement WITH CHECK ({JUDGEMENT_BEFORE})",
        ),
        Protect(
            "signals_question",
            select=STORY_BEFORE,
            insert=f"{TRIAGE} AND began_by_id = {ACTOR}",
            update=f"{TRIAGE} OR {SWEEP} OR ({REPORTED})",
        ),
        Protect(
            "signals_parking",
            select=f"{JUDGE} OR {SWEEP}",
            insert=f"{TRIAGE} AND began_by_id = {ACTOR}",
            update=f"{TRIAGE} OR {SWEEP}",
        ),
        Protect(
            "signals_receiverfeedback",
            select=JUDGE,
            insert=f"{JUDGE} AND recorded_by_id = {ACTOR}",
        ),
        Protect(
            "signals_escalation",
            select=f"{JUDGE} OR {SWEEP}",
            insert=f"{SWEEP} AND told_by_id = {ACTOR}",
        ),
        Protect(
            "signals_merging",
            select=JUDGE,
            insert=f"{TRIAGE} AND began_by_id = {ACTOR}",
            update=TRIAGE,
        ),
        Protect(
            "signals_secondreading",
            select=JUDGE,
            insert=f"{JUDGE} AND proposed_by_id = {ACTOR}",
            update=JUDGE,
        ),
    ]
