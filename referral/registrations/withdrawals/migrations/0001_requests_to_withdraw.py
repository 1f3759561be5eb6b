"""Requests to withdraw what is registered, and the move that they open."""

from importlib import import_module

import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models

import referral.lib.ids
from referral.lib.policies import Protect
from referral.lib.tables import NewTable

# The desk withdraws what is registered where its reporter asked so, on the ground that was asked;
# the number and what was reported stay. A name that begins with a figure cannot be imported.
BEFORE: str = import_module("referral.registrations.migrations.0002_levels_of_a_registration").AFTER
WITHDRAWN = """
        WHEN (OLD.status, NEW.status) = ('registered', 'withdrawn')
            THEN baken.may('registration.complete')
                AND to_jsonb(NEW) - withdrawn = to_jsonb(OLD) - withdrawn
                AND EXISTS (
                    SELECT FROM public.withdrawals_withdrawalrequest w
                    WHERE w.registration_id = NEW.id AND w.status = 'asked'
                        AND w.ground = NEW.withdrawal_reason)
"""
COLUMNS_OF_IT = """
    withdrawn text[] := ARRAY['status', 'withdrawn_at', 'withdrawn_by_id', 'withdrawal_reason'];
    theirs boolean;
"""
AFTER = BEFORE.replace("\n    theirs boolean;\n", COLUMNS_OF_IT).replace(
    "\n        ELSE false END;", WITHDRAWN + "        ELSE false END;"
)

# Asked once it is registered, by who reported it, and decided on once.
MOVES = """
CREATE FUNCTION baken.withdrawal_request_moves_along_the_table() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    fits boolean;
BEGIN
    IF TG_OP = 'INSERT' THEN
        fits := NEW.status = 'asked' AND EXISTS (
            SELECT FROM public.registrations_registration r
            WHERE r.id = NEW.registration_id AND r.status = 'registered');
    ELSE
        fits := CASE
            WHEN (OLD.status, NEW.status) = ('asked', 'accepted')
                THEN baken.may('registration.complete') AND EXISTS (
                    SELECT FROM public.registrations_registration r
                    WHERE r.id = NEW.registration_id AND r.status = 'withdrawn')
            WHEN (OLD.status, NEW.status) = ('asked', 'declined')
                THEN baken.may('registration.complete')
            WHEN (OLD.status, NEW.status) = ('asked', 'taken_back')
                THEN NEW.asked_by_id = baken.actor_user()
            ELSE false END;
    END IF;
    IF fits IS NOT TRUE THEN
        RAISE check_violation USING CONSTRAINT = 'withdrawal_request_moves_along_the_table',
            MESSAGE = 'withdrawal_request_moves_along_the_table: to ' || NEW.status;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER withdrawal_request_moves_along_the_table BEFORE INSERT OR UPDATE
    ON withdrawals_withdrawalrequest
    FOR EACH ROW EXECUTE FUNCTION baken.withdrawal_request_moves_along_the_table();
"""
# What was asked never changes.
COLUMNS = """
REVOKE UPDATE ON withdrawals_withdrawalrequest FROM baken_web, baken_worker;
GRANT UPDATE (status, answer, decided_at, decided_by_id) ON withdrawals_withdrawalrequest
    TO baken_web, baken_worker;
"""
DESK = "(SELECT baken.may('registration.complete'))"
OWN = """EXISTS (
    SELECT FROM registrations_registration r
    WHERE r.id = registration_id AND r.organisation_id = (SELECT baken.actor_organisation())
        AND r.submitted_by_id = (SELECT baken.actor_user()))"""
REPORTER = f"((SELECT baken.may('registration.submit')) AND {OWN})"
LOCKS = [
    migrations.RunSQL(
        MOVES,
        "DROP TRIGGER withdrawal_request_moves_along_the_table ON withdrawals_withdrawalrequest;"
        "DROP FUNCTION baken.withdrawal_request_moves_along_the_table()",
    ),
    migrations.RunSQL(AFTER, BEFORE),
    migrations.RunSQL(COLUMNS, migrations.RunSQL.noop),
    Protect(
        "withdrawals_withdrawalrequest",
        select="(SELECT baken.may('registration.read_all'))"
        f" OR ((SELECT baken.may('registration.read_own')) AND {OWN})",
        insert=f"{REPORTER} AND asked_by_id = (SELECT baken.actor_user())",
        update=f"{DESK} OR {REPORTER}",
    ),
]


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("corrections", "0001_versions_of_a_registration"),
        ("registrations", "0003_what_was_registered_may_be_withdrawn"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        NewTable(
            name="WithdrawalRequest",
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
                            ("asked", "Waits for the national desk"),
                            ("accepted", "Withdrawn at request"),
                            ("declined", "Not withdrawn"),
                            ("taken_back", "Taken back by who asked it"),
                        ],
                        default="asked",
                        max_length=12,
                    ),
                ),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("no_victim", "Not a presumed victim after all"),
                            ("mistake", "Sent by mistake"),
                            ("duplicate", "Already registered"),
                            ("consent", "The person withdrew consent"),
                        ],
                        max_length=12,
                    ),
                ),
                ("reason", models.BinaryField()),
                ("answer", models.BinaryField(default=b"")),
                ("asked_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "registration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withdrawal_requests",
                        to="registrations.registration",
                    ),
                ),
            ],
            options={
                "verbose_name": "request to withdraw a registration",
                "verbose_name_plural": "requests to withdraw a registration",
                "indexes": [
                    models.Index(
                        condition=models.Q(("status", "asked")),
                        fields=["asked_at", "id"],
                        name="withdrawals_awaiting_desk",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["asked", "accepted", "declined", "taken_back"])
                        ),
                        name="withdrawal_request_status_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ground__in", ["no_victim", "mistake", "duplicate", "consent"])
                        ),
                        name="withdrawal_request_ground_is_known",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.GreaterThan(
                            django.db.models.functions.text.Length("reason"), models.Value(28)
                        ),
                        name="withdrawal_request_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "declined"), _negated=True),
                            django.db.models.lookups.GreaterThan(
                                django.db.models.functions.text.Length("answer"), models.Value(28)
                            ),
                            _connector="OR",
                        ),
                        name="withdrawal_request_that_is_declined_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at", None), ("decided_by", None), ("status", "asked")
                            ),
                            models.Q(
                                models.Q(("status", "asked"), _negated=True),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="withdrawal_request_is_decided_by_someone_at_a_time",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "asked")),
                        fields=("registration",),
                        name="registration_waits_for_one_withdrawal_at_a_time",
                    ),
                ],
            },
        ),
        *LOCKS,
    ]
