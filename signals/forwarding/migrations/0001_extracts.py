"""Extracts of judged signals, for one receiver and one purpose; feedback that reaches the signal."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import referral.lib.ids
from referral.lib.policies import AddPolicy, DefinerFunction, Protect
from referral.lib.tables import NewTable

JUDGE = "(SELECT baken.may('signal.judge'))"
SWEEP = "(SELECT baken.may('deadline.sweep'))"
OURS = """
    (SELECT baken.may('signal.receive'))
    AND receiver_id = (SELECT baken.actor_organisation())
"""
ACTOR = "(SELECT baken.actor_user())"
SEEN = f"{JUDGE} OR ({SWEEP} AND status IN ('sent', 'opened')) OR ({OURS})"

# The same moves as workflow.EXTRACT_MOVES; what was sent stays what was sent.
MOVES = """
CREATE FUNCTION baken.extract_moves_along_the_table() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    may_change text[] := ARRAY['status', 'opened_at', 'opened_by_id', 'recalled_at',
        'recalled_by_id', 'feedback', 'answered_at', 'answered_by_id', 'unopened_told_at',
        'near_told_at', 'overdue_told_at'];
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status = 'sent' THEN
            RETURN NEW;
        END IF;
    ELSIF NEW.status = OLD.status OR OLD.status || ' ' || NEW.status IN (
        'sent opened', 'sent recalled', 'opened answered')
    THEN
        IF to_jsonb(NEW) - may_change = to_jsonb(OLD) - may_change
            AND (OLD.opened_at IS NULL OR (NEW.opened_at, NEW.opened_by_id) IS NOT DISTINCT FROM
                (OLD.opened_at, OLD.opened_by_id))
            AND (OLD.feedback = '' OR NEW.feedback = OLD.feedback)
        THEN
            RETURN NEW;
        END IF;
        RAISE check_violation USING CONSTRAINT = 'extract_stays_what_was_sent',
            MESSAGE = 'extract_stays_what_was_sent: ' || OLD.id;
    END IF;
    RAISE check_violation USING CONSTRAINT = 'extract_moves_along_the_table',
        MESSAGE = format('extract_moves_along_the_table: from %s to %s',
        CASE TG_OP WHEN 'INSERT' THEN 'nothing' ELSE OLD.status END, NEW.status);
END $$;
"""
# Only who has judged a signal to be forwarded can send anything of it.
JUDGED = """
CREATE FUNCTION baken.extract_is_of_a_forwarded_signal() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM public.signals_signal WHERE id = NEW.signal_id AND status = 'forwarded'
        FOR UPDATE;
    IF FOUND THEN
        RETURN NEW;
    END IF;
    RAISE check_violation USING CONSTRAINT = 'extract_is_of_a_forwarded_signal',
        MESSAGE = 'extract_is_of_a_forwarded_signal: ' || NEW.signal_id;
END $$;
"""
# The receiver does not see the signal; what it did stands there all the same. The first counts.
FEEDS_BACK = """
CREATE FUNCTION baken.extract_feeds_back() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO public.signals_receiverfeedback (signal_id, code, recorded_at, recorded_by_id)
    SELECT id, NEW.feedback, NEW.answered_at, NEW.answered_by_id
    FROM public.signals_signal WHERE id = NEW.signal_id AND status = 'forwarded'
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$
"""
TRIGGERS = """
CREATE TRIGGER extract_moves BEFORE INSERT OR UPDATE ON forwarding_extract
    FOR EACH ROW EXECUTE FUNCTION baken.extract_moves_along_the_table();
CREATE TRIGGER extract_is_of_a_forwarded_signal BEFORE INSERT ON forwarding_extract
    FOR EACH ROW EXECUTE FUNCTION baken.extract_is_of_a_forwarded_signal();
CREATE TRIGGER extract_feeds_back AFTER UPDATE ON forwarding_extract
    FOR EACH ROW WHEN (OLD.feedback = '' AND NEW.feedback <> '')
    EXECUTE FUNCTION baken.extract_feeds_back();
"""
NO_TRIGGERS = """
DROP TRIGGER extract_feeds_back ON forwarding_extract;
DROP TRIGGER extract_is_of_a_forwarded_signal ON forwarding_extract;
DROP TRIGGER extract_moves ON forwarding_extract;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0003_clients"),
        ("enrichment", "0002_lists"),
        ("organisations", "0002_machines"),
        ("organisations", "__first__"),
        ("signals", "0003_indicators"),
    ]

    operations = [
        NewTable(
            name="Extract",
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
                            ("sent", "Sent, not opened yet"),
                            ("opened", "Opened by the receiver"),
                            ("answered", "Feedback given"),
                            ("recalled", "Recalled"),
                        ],
                        default="sent",
                        max_length=8,
                    ),
                ),
                ("sealed", models.BinaryField()),
                ("due_on", models.DateField()),
                ("sent_at", models.DateTimeField()),
                ("opened_at", models.DateTimeField(blank=True, null=True)),
                ("recalled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "feedback",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("started", "An investigation was started"),
                            ("joined", "It was added to a running investigation"),
                            ("too_little", "There were too few leads"),
                            ("administrative", "The municipality acts (administrative route)"),
                            ("care_only", "Care only"),
                        ],
                        default="",
                        max_length=16,
                    ),
                ),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("unopened_told_at", models.DateTimeField(blank=True, null=True)),
                ("near_told_at", models.DateTimeField(blank=True, null=True)),
                ("overdue_told_at", models.DateTimeField(blank=True, null=True)),
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
                    "basis",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="enrichment.flowbasis",
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
                (
                    "opened_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "recalled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "receiver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "signal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="extracts",
                        to="signals.signal",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["receiver", "-sent_at"], name="extract_by_receiver"),
                    models.Index(
                        condition=models.Q(("status__in", ("sent", "opened"))),
                        fields=["due_on"],
                        name="extract_open_by_due",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["sent", "opened", "answered", "recalled"])
                        ),
                        name="extract_status_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_on__gt", models.F("sent_at__date"))),
                        name="extract_feedback_is_due_after_it_was_sent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("opened_at__isnull", False),
                                ("opened_by__isnull", False),
                                ("status__in", ("opened", "answered")),
                            ),
                            models.Q(
                                models.Q(("status__in", ("opened", "answered")), _negated=True),
                                ("opened_at", None),
                                ("opened_by", None),
                            ),
                            _connector="OR",
                        ),
                        name="extract_opened_has_time_and_name",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("recalled_at__isnull", False),
                                ("recalled_by__isnull", False),
                                ("status", "recalled"),
                            ),
                            models.Q(
                                models.Q(("status", "recalled"), _negated=True),
                                ("recalled_at", None),
                                ("recalled_by", None),
                            ),
                            _connector="OR",
                        ),
                        name="extract_recalled_has_time_and_name",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answered_at__isnull", False),
                                ("answered_by__isnull", False),
                                (
                                    "feedback__in",
                                    [
                                        "started",
                                        "joined",
                                        "too_little",
                                        "administrative",
                                        "care_only",
                                    ],
                                ),
                                ("status", "answered"),
                            ),
                            models.Q(
                                models.Q(("status", "answered"), _negated=True),
                                ("answered_at", None),
                                ("answered_by", None),
                                ("feedback", ""),
                            ),
                            _connector="OR",
                        ),
                        name="extract_answered_has_code_time_and_name",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status__in", ("sent", "opened"))),
                        fields=("signal", "receiver"),
                        name="receiver_has_one_open_extract_of_a_signal",
                    ),
                ],
            },
        ),
        migrations.RunSQL(MOVES, "DROP FUNCTION baken.extract_moves_along_the_table()"),
        migrations.RunSQL(JUDGED, "DROP FUNCTION baken.extract_is_of_a_forwarded_signal()"),
        DefinerFunction("baken.extract_feeds_back()", FEEDS_BACK),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
        Protect(
            "forwarding_extract",
            select=SEEN,
            insert=f"{JUDGE} AND sent_by_id = {ACTOR}",
            update=SEEN,
        ),
        # Who has had feedback is not reminded of it.
        AddPolicy(
            "signals_receiverfeedback",
            name="feedback_is_known_to_the_clock",
            verb="select",
            rule=SWEEP,
        ),
    ]
