"""The rules by which signals are routed, what they decided, and who reads it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import referral.lib.ids
from referral.lib.policies import AddPolicy, DefinerFunction, Protect
from referral.lib.tables import NewTable

# Who reports reads the version in use, because it decides on what they send.
READ = "(SELECT baken.may('routing.read'))"
MANAGE = "(SELECT baken.may('routing.manage'))"
SUBMIT = "(SELECT baken.may('signal.submit'))"
TRIAGE = "(SELECT baken.may('signal.triage'))"
ACTOR = "(SELECT baken.actor_user())"
ORGANISATION = "(SELECT baken.actor_organisation())"
OF_A_SET = "EXISTS (SELECT FROM routing_ruleset s WHERE s.id = rule_set_id)"
# Asks nothing of signals: their own policy asks here.
DECISION_IS_READ = f"""
    (SELECT baken.may('signal.read_all'))
    OR ((SELECT baken.may('signal.read_organisation')) AND service_id = {ORGANISATION})
"""
DECIDED_ON_ONES_OWN = f"{SUBMIT} AND baken.signal_is_of(signal_id, {ACTOR}, {ORGANISATION})"
# A function, because a policy on decisions that asks signals would ask itself again. Who acts is
# handed to it: to verify that costs more than a row, and is done once a statement.
SIGNAL_IS_OF = """
CREATE FUNCTION baken.signal_is_of(signal uuid, reporter bigint, organisation bigint)
RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM public.signals_signal s WHERE s.id = signal
        AND s.created_by_id = reporter AND s.reporter_organisation_id = organisation)
$$
"""
SENT_DIRECT = f"""
    (SELECT baken.may('signal.read_organisation')) AND EXISTS (
        SELECT FROM routing_decision d
        WHERE d.signal_id = signals_signal.id AND d.service_id = {ORGANISATION})
"""  # noqa: S608 -- words of our own
# The same moves as workflow.MOVES; the constraint's name is the sentence that it keeps true.
MOVES = """
CREATE FUNCTION baken.rule_set_moves_along_the_table() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    last record;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status = 'draft' THEN
            RETURN NEW;
        END IF;
    ELSIF (NEW.id, NEW.version, NEW.made_at, NEW.made_by_id)
        IS DISTINCT FROM (OLD.id, OLD.version, OLD.made_at, OLD.made_by_id)
        OR (OLD.status <> 'draft' AND (NEW.changed_at, NEW.changed_by_id, NEW.activated_at, NEW.activated_by_id)
            IS DISTINCT FROM (OLD.changed_at, OLD.changed_by_id, OLD.activated_at, OLD.activated_by_id))
    THEN
        RAISE check_violation USING CONSTRAINT = 'rules_once_in_use_stay_as_they_were',
            MESSAGE = 'rules_once_in_use_stay_as_they_were: v' || OLD.version;
    ELSIF NEW.status = OLD.status AND OLD.status <> 'retired' THEN
        RETURN NEW;
    ELSIF (OLD.status, NEW.status) = ('active', 'retired') THEN
        RETURN NEW;
    ELSIF (OLD.status, NEW.status) = ('draft', 'active') THEN
        SELECT * INTO last FROM public.routing_rule
        WHERE rule_set_id = NEW.id ORDER BY number DESC LIMIT 1;
        IF last.goal = 'via_emm' AND last.conditions = '{}' THEN
            RETURN NEW;
        END IF;
        RAISE check_violation USING CONSTRAINT = 'rules_in_use_end_with_the_expert_centre',
            MESSAGE = 'rules_in_use_end_with_the_expert_centre: v' || NEW.version;
    END IF;
    RAISE check_violation USING CONSTRAINT = 'rule_set_moves_along_the_table',
        MESSAGE = 'rule_set_moves_along_the_table: v' || NEW.version;
END $$;
CREATE FUNCTION baken.rules_once_in_use_stay_as_they_were() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    rule public.routing_rule := coalesce(NEW, OLD);
BEGIN
    -- The row is held, so that nobody takes the draft into use meanwhile.
    PERFORM FROM public.routing_ruleset WHERE id = rule.rule_set_id AND status = 'draft' FOR UPDATE;
    IF NOT FOUND THEN
        RAISE check_violation USING CONSTRAINT = 'rules_once_in_use_stay_as_they_were',
            MESSAGE = 'rules_once_in_use_stay_as_they_were: rule ' || rule.number;
    END IF;
    RETURN rule;
END $$;
CREATE FUNCTION baken.dry_run_counts_onward() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF (TG_OP = 'INSERT' AND NEW.status = 'running')
        OR (TG_OP = 'UPDATE' AND OLD.status = 'running' AND NEW.position >= OLD.position
            AND (NEW.rule_set_id, NEW.ordered_at, NEW.ordered_by_id)
                = (OLD.rule_set_id, OLD.ordered_at, OLD.ordered_by_id))
    THEN
        RETURN NEW;
    END IF;
    RAISE check_violation USING CONSTRAINT = 'dry_run_counts_onward',
        MESSAGE = 'dry_run_counts_onward: ' || NEW.id;
END $$;
CREATE TRIGGER rule_set_moves_along_the_table BEFORE INSERT OR UPDATE ON routing_ruleset
    FOR EACH ROW EXECUTE FUNCTION baken.rule_set_moves_along_the_table();
CREATE TRIGGER rules_once_in_use_stay_as_they_were BEFORE INSERT OR UPDATE OR DELETE ON routing_rule
    FOR EACH ROW EXECUTE FUNCTION baken.rules_once_in_use_stay_as_they_were();
CREATE TRIGGER dry_run_counts_onward BEFORE INSERT OR UPDATE ON routing_dryrun
    FOR EACH ROW EXECUTE FUNCTION baken.dry_run_counts_onward();
REVOKE DELETE ON routing_ruleset, routing_dryrun FROM baken_web, baken_worker;
REVOKE UPDATE, DELETE ON routing_decision, routing_brokenrule FROM baken_web, baken_worker;
"""
NO_MOVES = """
DROP TRIGGER dry_run_counts_onward ON routing_dryrun;
DROP TRIGGER rules_once_in_use_stay_as_they_were ON routing_rule;
DROP TRIGGER rule_set_moves_along_the_table ON routing_ruleset;
DROP FUNCTION baken.dry_run_counts_onward();
DROP FUNCTION baken.rules_once_in_use_stay_as_they_were();
DROP FUNCTION baken.rule_set_moves_along_the_table();
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organisations", "0002_machines"),
        ("signals", "0003_indicators"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        NewTable(
            name="RuleSet",
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
                ("version", models.PositiveIntegerField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("active", "In use"),
                            ("retired", "No longer in use"),
                        ],
                        default="draft",
                        max_length=8,
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("activated_at", models.DateTimeField(blank=True, null=True)),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                (
                    "activated_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "retired_by",
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
                        condition=models.Q(("status__in", ["draft", "active", "retired"])),
                        name="rule_set_status_is_known",
                    ),
                    models.UniqueConstraint(
                        fields=("version",), name="rule_set_version_is_used_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "active")),
                        fields=("status",),
                        name="one_rule_set_is_in_use_at_a_time",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "draft")),
                        fields=("status",),
                        name="there_is_one_draft_of_the_rules_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("activated_at", None), ("activated_by", None), ("status", "draft")
                            ),
                            models.Q(
                                models.Q(("status", "draft"), _negated=True),
                                ("activated_at__isnull", False),
                                ("activated_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="rule_set_in_use_has_time_and_name",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                models.Q(("status", "retired"), _negated=True),
                                ("retired_at", None),
                                ("retired_by", None),
                            ),
                            models.Q(
                                ("retired_at__isnull", False),
                                ("retired_by__isnull", False),
                                ("status", "retired"),
                            ),
                            _connector="OR",
                        ),
                        name="rule_set_retired_has_time_and_name",
                    ),
                ],
            },
        ),
        NewTable(
            name="Rule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("conditions", models.JSONField(blank=True, default=dict)),
                (
                    "goal",
                    models.CharField(
                        choices=[
                            ("via_emm", "Via the expert centre (EMM)"),
                            (
                                "direct",
                                "Direct to a service, with a copy to the expert centre (EMM)",
                            ),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "rule_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rules",
                        to="routing.ruleset",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("rule_set", "number"), name="number_of_a_rule_is_used_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("goal", "via_emm"), ("service", None)),
                            models.Q(("goal", "direct"), ("service__isnull", False)),
                            _connector="OR",
                        ),
                        name="rule_goes_direct_to_a_service_or_via_the_centre",
                    ),
                ],
            },
        ),
        NewTable(
            name="DryRun",
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
                ("ordered_at", models.DateTimeField()),
                (
                    "status",
                    models.CharField(
                        choices=[("running", "Counting"), ("done", "Done")],
                        default="running",
                        max_length=8,
                    ),
                ),
                ("total", models.PositiveIntegerField(default=0)),
                ("position", models.PositiveIntegerField(default=0)),
                ("last", models.UUIDField(blank=True, null=True)),
                ("moves", models.JSONField(blank=True, default=dict)),
                ("taken", models.JSONField(blank=True, default=dict)),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.membership",
                    ),
                ),
                (
                    "ordered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "against",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="routing.ruleset",
                    ),
                ),
                (
                    "rule_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="runs",
                        to="routing.ruleset",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["running", "done"])),
                        name="dry_run_status_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "done"), _negated=True),
                            ("position", models.F("total")),
                            _connector="OR",
                        ),
                        name="dry_run_that_is_done_counted_every_signal",
                    ),
                ],
            },
        ),
        NewTable(
            name="BrokenRule",
            fields=[
                (
                    "rule",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="broken",
                        serialize=False,
                        to="routing.rule",
                    ),
                ),
                (
                    "fault",
                    models.CharField(
                        choices=[
                            ("service_ended", "the service that it names no longer exists"),
                            ("unknown_code", "it asks for something that no longer exists"),
                            ("failed", "it could not be read"),
                        ],
                        max_length=16,
                    ),
                ),
                ("found_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("fault__in", ["service_ended", "unknown_code", "failed"])
                        ),
                        name="fault_of_a_rule_is_known",
                    )
                ],
            },
        ),
        NewTable(
            name="Decision",
            fields=[
                (
                    "signal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="routing",
                        serialize=False,
                        to="signals.signal",
                    ),
                ),
                (
                    "goal",
                    models.CharField(
                        choices=[
                            ("via_emm", "Via the expert centre (EMM)"),
                            (
                                "direct",
                                "Direct to a service, with a copy to the expert centre (EMM)",
                            ),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "fault",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("service_ended", "the service that it names no longer exists"),
                            ("unknown_code", "it asks for something that no longer exists"),
                            ("failed", "it could not be read"),
                        ],
                        default="",
                        max_length=16,
                    ),
                ),
                ("because", models.JSONField(blank=True, default=dict)),
                (
                    "rule",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="routing.rule",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("goal", "via_emm"), ("service", None)),
                            models.Q(
                                ("goal", "direct"),
                                ("rule__isnull", False),
                                ("service__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="decision_goes_direct_to_a_service_or_via_the_centre",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("fault", ""),
                            models.Q(
                                ("fault__in", ["service_ended", "unknown_code", "failed"]),
                                ("goal", "via_emm"),
                                ("rule__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="signal_of_a_broken_rule_goes_via_the_centre",
                    ),
                ],
            },
        ),
        migrations.RunSQL(MOVES, NO_MOVES),
        DefinerFunction("baken.signal_is_of(uuid, bigint, bigint)", SIGNAL_IS_OF),
        Protect(
            "routing_ruleset",
            select=f"{READ} OR ({SUBMIT} AND status = 'active')",
            insert=f"{MANAGE} AND made_by_id = {ACTOR}",
            update=MANAGE,
        ),
        Protect("routing_rule", select=OF_A_SET, insert=MANAGE, update=MANAGE, delete=MANAGE),
        Protect(
            "routing_dryrun",
            select=TRIAGE,
            insert=f"{MANAGE} AND ordered_by_id = {ACTOR}",
            update=MANAGE,
        ),
        Protect("routing_decision", select=DECISION_IS_READ, insert=DECIDED_ON_ONES_OWN),
        Protect("routing_brokenrule", select=READ, insert=SUBMIT),
        AddPolicy(
            "signals_signal", name="signals_signal_sent_direct", verb="select", rule=SENT_DIRECT
        ),
    ]
