"""Findings with their source and term, requests to partners, and the lists that both choose from."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import referral.lib.ids
from referral.lib.policies import DefinerFunction, Protect
from referral.lib.tables import NewTable

JUDGE = "(SELECT baken.may('signal.judge'))"
SWEEP = "(SELECT baken.may('deadline.sweep'))"
RECEIVE = "(SELECT baken.may('signal.receive'))"
ACTOR = "(SELECT baken.actor_user())"
ASKED_OF_US = f"{RECEIVE} AND organisation_id = (SELECT baken.actor_organisation())"

# A term ends when its last day is over, in the Netherlands. What was destroyed stays so.
KEEPS = """
CREATE FUNCTION baken.enrichment_keeps_its_origin() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    may_change text[] := ARRAY['ends_on', 'key_id', 'destroyed_at', 'destroyed_by_id'];
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.destroyed_at IS NULL AND NEW.number = 1 + (
            SELECT count(*) FROM public.enrichment_enrichment WHERE signal_id = NEW.signal_id)
        THEN
            RETURN NEW;
        END IF;
    ELSIF OLD.destroyed_at IS NULL AND to_jsonb(NEW) - may_change = to_jsonb(OLD) - may_change THEN
        IF NEW.destroyed_at IS NOT NULL AND (NEW.ends_on <> OLD.ends_on OR
            OLD.ends_on >= (NEW.destroyed_at AT TIME ZONE 'Europe/Amsterdam')::date)
        THEN
            RAISE check_violation USING CONSTRAINT = 'enrichment_is_destroyed_after_its_term',
                MESSAGE = 'enrichment_is_destroyed_after_its_term: ' || OLD.id;
        END IF;
        IF NEW.key_id IS NULL OR NEW.key_id = OLD.key_id THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE check_violation USING CONSTRAINT = 'enrichment_keeps_its_origin',
        MESSAGE = 'enrichment_keeps_its_origin: ' || NEW.id;
END $$;
CREATE FUNCTION baken.versions_follow_one_another() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM public.enrichment_enrichment
        WHERE id = NEW.enrichment_id AND destroyed_at IS NULL FOR UPDATE;
    IF FOUND AND NEW.sealed IS NOT NULL AND NEW.number = 1 + (
        SELECT count(*) FROM public.enrichment_enrichmentversion
        WHERE enrichment_id = NEW.enrichment_id)
    THEN
        RETURN NEW;
    END IF;
    RAISE check_violation USING CONSTRAINT = 'versions_of_a_finding_follow_one_another',
        MESSAGE = 'versions_of_a_finding_follow_one_another: ' || NEW.enrichment_id;
END $$;
"""
NO_KEEPS = """
DROP FUNCTION baken.versions_follow_one_another();
DROP FUNCTION baken.enrichment_keeps_its_origin();
"""
# Words and key go in the statement that says so: nobody who destroys has to read them.
DESTROYS = """
CREATE FUNCTION baken.enrichment_is_destroyed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.enrichment_enrichmentversion SET sealed = NULL WHERE enrichment_id = NEW.id;
    UPDATE public.enrichment_prolongation SET sealed = NULL WHERE enrichment_id = NEW.id;
    DELETE FROM public.access_datakey WHERE id = OLD.key_id;
    RETURN NULL;
END $$
"""
# The same moves as workflow.REQUEST_MOVES; what was asked stays as it was asked.
MOVES = """
CREATE FUNCTION baken.partner_request_moves_along_the_table() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    may_change text[] := ARRAY['status', 'reminded_at', 'escalated_at', 'answer', 'answered_at',
        'answered_by_id', 'refusal', 'ended_at', 'ended_by_id'];
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status = 'asked' THEN
            RETURN NEW;
        END IF;
    ELSIF NEW.status = OLD.status OR OLD.status || ' ' || NEW.status IN (
        'asked answered', 'asked declined', 'asked withdrawn', 'answered taken_over',
        'answered set_aside')
    THEN
        IF to_jsonb(NEW) - may_change = to_jsonb(OLD) - may_change
            AND (NEW.status <> OLD.status OR (NEW.answer, NEW.refusal) IS NOT DISTINCT FROM
                (OLD.answer, OLD.refusal))
        THEN
            RETURN NEW;
        END IF;
        RAISE check_violation USING CONSTRAINT = 'partner_request_keeps_what_was_asked',
            MESSAGE = 'partner_request_keeps_what_was_asked: ' || OLD.id;
    END IF;
    RAISE check_violation USING CONSTRAINT = 'partner_request_moves_along_the_table',
        MESSAGE = format('partner_request_moves_along_the_table: from %s to %s',
        CASE TG_OP WHEN 'INSERT' THEN 'nothing' ELSE OLD.status END, NEW.status);
END $$;
"""
TRIGGERS = """
CREATE TRIGGER enrichment_keeps_its_origin BEFORE INSERT OR UPDATE ON enrichment_enrichment
    FOR EACH ROW EXECUTE FUNCTION baken.enrichment_keeps_its_origin();
CREATE TRIGGER enrichment_is_destroyed AFTER UPDATE ON enrichment_enrichment
    FOR EACH ROW WHEN (OLD.destroyed_at IS NULL AND NEW.destroyed_at IS NOT NULL)
    EXECUTE FUNCTION baken.enrichment_is_destroyed();
CREATE TRIGGER versions_follow_one_another BEFORE INSERT ON enrichment_enrichmentversion
    FOR EACH ROW EXECUTE FUNCTION baken.versions_follow_one_another();
CREATE TRIGGER partner_request_moves BEFORE INSERT OR UPDATE ON enrichment_partnerrequest
    FOR EACH ROW EXECUTE FUNCTION baken.partner_request_moves_along_the_table();
-- The lists are changed by who owns the tables, as migrations or by hand; never by a page.
REVOKE INSERT, UPDATE, DELETE ON enrichment_ground, enrichment_source, enrichment_flowbasis
    FROM baken_web, baken_worker;
REVOKE UPDATE, DELETE ON enrichment_enrichmentversion, enrichment_prolongation
    FROM baken_web, baken_worker;
"""
NO_TRIGGERS = """
DROP TRIGGER partner_request_moves ON enrichment_partnerrequest;
DROP TRIGGER versions_follow_one_another ON enrichment_enrichmentversion;
DROP TRIGGER enrichment_is_destroyed ON enrichment_enrichment;
DROP TRIGGER enrichment_keeps_its_origin ON enrichment_enrichment;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0003_clients"),
        ("organisations", "0002_machines"),
        ("organisations", "__first__"),
        ("signals", "0003_indicators"),
    ]

    operations = [
        NewTable(
            name="FlowBasis",
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
                ("code", models.CharField(max_length=20)),
                ("name_nl", models.CharField(max_length=120)),
                ("name_en", models.CharField(max_length=120)),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField()),
                (
                    "receiver_types",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=16), size=None
                    ),
                ),
                ("names", models.BooleanField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "receiver_types__contained_by",
                                ["police_unit", "kmar", "nla", "municipality"],
                            ),
                            ("receiver_types__len__gt", 0),
                        ),
                        name="flow_goes_to_partners_on_the_side_of_investigation",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[(models.F("code"), "="), (models.F("valid"), "&&")],
                        name="flow_basis_has_one_meaning_on_one_day",
                    ),
                ],
            },
        ),
        NewTable(
            name="Ground",
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
                ("code", models.CharField(max_length=20)),
                ("name_nl", models.CharField(max_length=120)),
                ("name_en", models.CharField(max_length=120)),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField()),
                (
                    "regime",
                    models.CharField(
                        choices=[
                            ("wpg", "Police Data Act (Wpg)"),
                            ("avg", "General Data Protection Regulation (AVG)"),
                        ],
                        max_length=3,
                    ),
                ),
                ("term_months", models.PositiveSmallIntegerField()),
                ("prolong_months", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("regime__in", ["wpg", "avg"]), ("term_months__gt", 0)),
                        name="ground_stands_under_a_known_regime_for_a_term",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[(models.F("code"), "="), (models.F("valid"), "&&")],
                        name="ground_has_one_meaning_on_one_day",
                    ),
                ],
            },
        ),
        NewTable(
            name="PartnerRequest",
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
                            ("asked", "Waits for the partner"),
                            ("answered", "Answered by the partner"),
                            ("taken_over", "Taken over as a finding"),
                            ("set_aside", "Not used"),
                            ("declined", "Declined by the partner"),
                            ("withdrawn", "Taken back"),
                        ],
                        default="asked",
                        max_length=12,
                    ),
                ),
                ("due_on", models.DateField()),
                ("sealed", models.BinaryField()),
                ("asked_at", models.DateTimeField()),
                ("reminded_at", models.DateTimeField(blank=True, null=True)),
                ("escalated_at", models.DateTimeField(blank=True, null=True)),
                ("answer", models.BinaryField(blank=True, null=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("refusal", models.BinaryField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
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
                    "asked_by",
                    models.ForeignKey(
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
                        on_delete=django.db.models.deletion.PROTECT,
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
                    "signal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="partner_requests",
                        to="signals.signal",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "asked",
                                    "answered",
                                    "taken_over",
                                    "set_aside",
                                    "declined",
                                    "withdrawn",
                                ],
                            )
                        ),
                        name="partner_request_status_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_on__gt", models.F("asked_at__date"))),
                        name="partner_request_has_a_deadline_after_it_was_asked",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer__isnull", False), ("status", "answered")),
                            models.Q(
                                models.Q(("status", "answered"), _negated=True), ("answer", None)
                            ),
                            _connector="OR",
                        ),
                        name="partner_request_holds_its_answer_until_it_is_dealt_with",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answered_at__isnull", False),
                                ("answered_by__isnull", False),
                                ("status__in", ["answered", "taken_over", "set_aside"]),
                            ),
                            models.Q(
                                models.Q(
                                    ("status__in", ["answered", "taken_over", "set_aside"]),
                                    _negated=True,
                                ),
                                ("answered_at", None),
                                ("answered_by", None),
                            ),
                            _connector="OR",
                        ),
                        name="partner_request_answered_has_time_and_name",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at", None),
                                ("ended_by", None),
                                ("status__in", ["asked", "answered"]),
                            ),
                            models.Q(
                                models.Q(("status__in", ["asked", "answered"]), _negated=True),
                                ("ended_at__isnull", False),
                                ("ended_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="partner_request_ended_has_time_and_name",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("refusal__isnull", False), ("status", "declined")),
                            models.Q(
                                models.Q(("status", "declined"), _negated=True), ("refusal", None)
                            ),
                            _connector="OR",
                        ),
                        name="partner_request_declined_says_why",
                    ),
                ],
                "indexes": [
                    models.Index(
                        fields=["organisation", "due_on"], name="partner_request_by_partner"
                    ),
                    models.Index(
                        condition=models.Q(("status", "asked")),
                        fields=["due_on"],
                        name="partner_request_open_by_due",
                    ),
                ],
            },
        ),
        NewTable(
            name="Enrichment",
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
                ("number", models.PositiveSmallIntegerField()),
                ("added_at", models.DateTimeField()),
                ("ends_on", models.DateField()),
                ("destroyed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "destroyed_by",
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
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.datakey",
                    ),
                ),
                (
                    "signal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enrichments",
                        to="signals.signal",
                    ),
                ),
                (
                    "request",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enrichment",
                        to="enrichment.partnerrequest",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("destroyed_at", None),
                                ("destroyed_by", None),
                                ("key__isnull", False),
                            ),
                            models.Q(
                                ("destroyed_at__isnull", False),
                                ("destroyed_by__isnull", False),
                                ("key", None),
                            ),
                            _connector="OR",
                        ),
                        name="enrichment_destroyed_has_time_and_name_and_no_key",
                    ),
                    models.UniqueConstraint(
                        fields=("signal", "number"), name="enrichments_of_a_signal_are_numbered"
                    ),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("destroyed_at", None)),
                        fields=["ends_on"],
                        name="enrichment_kept_by_end",
                    )
                ],
            },
        ),
        NewTable(
            name="Prolongation",
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
                ("until", models.DateField()),
                ("sealed", models.BinaryField(null=True)),
                ("decided_at", models.DateTimeField()),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "enrichment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="prolongations",
                        to="enrichment.enrichment",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until__gt", models.F("decided_at__date"))),
                        name="finding_is_kept_until_a_later_day",
                    ),
                    models.UniqueConstraint(
                        fields=("enrichment", "until"),
                        name="finding_is_kept_until_a_day_by_one_decision",
                    ),
                ],
            },
        ),
        NewTable(
            name="Source",
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
                ("code", models.CharField(max_length=20)),
                ("name_nl", models.CharField(max_length=120)),
                ("name_en", models.CharField(max_length=120)),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("place", models.PositiveSmallIntegerField()),
            ],
            options={
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[(models.F("code"), "="), (models.F("valid"), "&&")],
                        name="source_has_one_meaning_on_one_day",
                    )
                ],
            },
        ),
        NewTable(
            name="EnrichmentVersion",
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
                ("number", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("person", "A person"),
                            ("place", "A place or address"),
                            ("vehicle", "A vehicle"),
                            ("business", "A business"),
                            ("money", "Money"),
                            ("contact", "Telephone, e-mail or account"),
                            ("travel", "Travel and movements"),
                            ("online", "On the internet"),
                            ("earlier", "Known from before"),
                            ("other", "Something else"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "reliability",
                    models.CharField(
                        choices=[
                            ("A", "A – completely reliable"),
                            ("B", "B – usually reliable"),
                            ("C", "C – fairly reliable"),
                            ("D", "D – not usually reliable"),
                            ("E", "E – unreliable"),
                            ("F", "F – cannot be judged"),
                        ],
                        max_length=1,
                    ),
                ),
                (
                    "credibility",
                    models.CharField(
                        choices=[
                            ("1", "1 – confirmed by other sources"),
                            ("2", "2 – probably true"),
                            ("3", "3 – possibly true"),
                            ("4", "4 – doubtful"),
                            ("5", "5 – improbable"),
                            ("6", "6 – cannot be judged"),
                        ],
                        max_length=1,
                    ),
                ),
                ("sealed", models.BinaryField(null=True)),
                ("written_at", models.DateTimeField()),
                (
                    "enrichment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="enrichment.enrichment",
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
                    "ground",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="enrichment.ground",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="enrichment.source",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("credibility__in", ["1", "2", "3", "4", "5", "6"]),
                            (
                                "kind__in",
                                [
                                    "person",
                                    "place",
                                    "vehicle",
                                    "business",
                                    "money",
                                    "contact",
                                    "travel",
                                    "online",
                                    "earlier",
                                    "other",
                                ],
                            ),
                            ("reliability__in", ["A", "B", "C", "D", "E", "F"]),
                        ),
                        name="finding_is_described_in_known_words",
                    ),
                    models.UniqueConstraint(
                        fields=("enrichment", "number"), name="versions_of_a_finding_are_numbered"
                    ),
                ],
            },
        ),
        migrations.RunSQL(KEEPS, NO_KEEPS),
        DefinerFunction("baken.enrichment_is_destroyed()", DESTROYS),
        migrations.RunSQL(MOVES, "DROP FUNCTION baken.partner_request_moves_along_the_table()"),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
        Protect(
            "enrichment_enrichment",
            select=f"{JUDGE} OR {SWEEP}",
            insert=f"{JUDGE} AND added_by_id = {ACTOR}",
            update=f"{JUDGE} OR {SWEEP}",
        ),
        Protect(
            "enrichment_enrichmentversion",
            select=JUDGE,
            insert=f"{JUDGE} AND written_by_id = {ACTOR}",
        ),
        Protect(
            "enrichment_prolongation",
            select=JUDGE,
            insert=f"{JUDGE} AND decided_by_id = {ACTOR}",
        ),
        Protect(
            "enrichment_partnerrequest",
            select=f"{JUDGE} OR ({SWEEP} AND status = 'asked') OR ({ASKED_OF_US})",
            insert=f"{JUDGE} AND asked_by_id = {ACTOR}",
            update=f"{JUDGE} OR ({SWEEP} AND status = 'asked') OR ({ASKED_OF_US})",
        ),
    ]
