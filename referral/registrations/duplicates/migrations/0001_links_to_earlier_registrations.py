"""Links between registrations of one person, under both locks."""

import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models

import referral.lib.ids
from referral.lib.policies import Protect
from referral.lib.tables import NewTable

# A link is made by the desk between two that are registered, to the earlier one, and undone once.
# It takes one step: who is linked takes nobody in.
MOVES = """
CREATE FUNCTION baken.duplicate_link_moves_along_the_table() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (OLD.status, NEW.status) = ('linked', 'undone') THEN
            RETURN NEW;
        END IF;
        RAISE check_violation USING CONSTRAINT = 'duplicate_link_moves_along_the_table',
            MESSAGE = format('duplicate_link_moves_along_the_table: %s to %s',
                OLD.status, NEW.status);
    END IF;
    IF NEW.status <> 'linked' THEN
        RAISE check_violation USING CONSTRAINT = 'duplicate_link_moves_along_the_table',
            MESSAGE = 'duplicate_link_moves_along_the_table: begins as ' || NEW.status;
    END IF;
    IF NOT EXISTS (
        SELECT FROM public.registrations_registration later, public.registrations_registration first
        WHERE later.id = NEW.registration_id AND first.id = NEW.earlier_id
            AND later.status = 'registered' AND first.status = 'registered'
            AND (first.submitted_at, first.reference) < (later.submitted_at, later.reference))
    THEN
        RAISE check_violation USING CONSTRAINT = 'duplicate_link_leads_to_an_earlier_registered',
            MESSAGE = 'duplicate_link_leads_to_an_earlier_registered: ' || NEW.id;
    END IF;
    IF EXISTS (
        SELECT FROM public.duplicates_duplicatelink d WHERE d.status = 'linked'
            AND (d.registration_id = NEW.earlier_id OR d.earlier_id = NEW.registration_id))
    THEN
        RAISE check_violation USING CONSTRAINT = 'duplicate_link_leads_to_one_that_stands',
            MESSAGE = 'duplicate_link_leads_to_one_that_stands: ' || NEW.id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER duplicate_link_moves_along_the_table BEFORE INSERT OR UPDATE
    ON duplicates_duplicatelink
    FOR EACH ROW EXECUTE FUNCTION baken.duplicate_link_moves_along_the_table();
"""
# What a link says never changes.
COLUMNS = """
REVOKE UPDATE ON duplicates_duplicatelink FROM baken_web, baken_worker;
GRANT UPDATE (status, undone_at, undone_by_id) ON duplicates_duplicatelink
    TO baken_web, baken_worker;
"""
DESK = "(SELECT baken.may('registration.complete'))"
LOCKS = [
    migrations.RunSQL(
        MOVES,
        "DROP TRIGGER duplicate_link_moves_along_the_table ON duplicates_duplicatelink;"
        "DROP FUNCTION baken.duplicate_link_moves_along_the_table()",
    ),
    migrations.RunSQL(COLUMNS, migrations.RunSQL.noop),
    Protect(
        "duplicates_duplicatelink",
        select="(SELECT baken.may('registration.read_all'))"
        " OR (SELECT baken.may('release.true_counts'))",
        insert=f"{DESK} AND linked_by_id = (SELECT baken.actor_user())",
        update=DESK,
    ),
]


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("registrations", "0003_what_was_registered_may_be_withdrawn"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        NewTable(
            name="DuplicateLink",
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
                            ("linked", "Linked to an earlier registration"),
                            ("undone", "Not linked any more"),
                        ],
                        default="linked",
                        max_length=8,
                    ),
                ),
                ("reason", models.BinaryField()),
                ("linked_at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "earlier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links_of_later",
                        to="registrations.registration",
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
                    "registration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links_to_earlier",
                        to="registrations.registration",
                    ),
                ),
                (
                    "undone_by",
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
                "verbose_name": "link to an earlier registration",
                "verbose_name_plural": "links to earlier registrations",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["linked", "undone"])),
                        name="duplicate_link_status_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("registration", models.F("earlier")), _negated=True),
                        name="duplicate_link_is_of_two_registrations",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.GreaterThan(
                            django.db.models.functions.text.Length("reason"), models.Value(28)
                        ),
                        name="duplicate_link_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("status", "undone"),
                                ("undone_at__isnull", False),
                                ("undone_by__isnull", False),
                            ),
                            models.Q(
                                models.Q(("status", "undone"), _negated=True),
                                ("undone_at", None),
                                ("undone_by", None),
                            ),
                            _connector="OR",
                        ),
                        name="duplicate_link_is_undone_by_someone_at_a_time",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "linked")),
                        fields=("registration",),
                        name="registration_is_linked_to_one_earlier_at_a_time",
                    ),
                ],
            },
        ),
        *LOCKS,
    ]
