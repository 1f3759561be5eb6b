"""What was granted is carried out, and a restricted person is not shared."""

import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models

import referral.lib.ids
from referral.lib.policies import DefinerFunction, Protect
from referral.lib.tables import NewTable

ORGANISATION = "(SELECT baken.actor_organisation())"
#: As in 0001: who keeps data of persons under the GDPR here.
KEEPERS = "('comensha', 'care_coord', 'shelter', 'ngo', 'youth', 'nidos', 'coa', 'vsh', 'lawyer')"
KEEPS = f"""organisation_id = {ORGANISATION} AND EXISTS (
    SELECT FROM organisations_organisation o WHERE o.id = {ORGANISATION} AND o.type IN {KEEPERS})"""
HANDLES = f"(SELECT baken.may('rights.handle')) AND {KEEPS}"
CARRIES_OUT = f"(SELECT baken.may('rights.carry_out')) AND {KEEPS}"

# It follows a request that was granted, says the same as that, and is done once.
COURSE = """
CREATE FUNCTION baken.rights_execution_follows_a_granted_request() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    course text[] := ARRAY['how', 'done_at', 'done_by_id'];
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.done_at IS NOT NULL OR NOT EXISTS (
            SELECT FROM public.rights_rightsrequest q
            WHERE q.id = NEW.request_id AND q.status IN ('granted', 'partly_granted')
                AND (q.reference, q.organisation_id, q.person_id, q.person_reference, q."right")
                    = (NEW.reference, NEW.organisation_id, NEW.person_id, NEW.person_reference,
                        NEW."right"))
        THEN
            PERFORM baken.refuse_move('rights_execution_follows_a_granted_request');
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.done_at IS NOT NULL OR to_jsonb(NEW) - course <> to_jsonb(OLD) - course THEN
        PERFORM baken.refuse_move('rights_execution_is_done_once');
    ELSIF NEW.how = 'restricted' AND NOT EXISTS (
        SELECT FROM public.restriction_restriction r WHERE r.reference = NEW.reference)
    THEN
        PERFORM baken.refuse_move('rights_restriction_stands_when_it_is_said_to');
    ELSIF NEW.how = 'corrected' AND NOT EXISTS (
        SELECT FROM public.corrections_version v
        JOIN public.registrations_registration r ON r.id = v.registration_id
        WHERE r.person_id = NEW.person_id AND v.made_at >= NEW.asked_at)
    THEN
        PERFORM baken.refuse_move('rights_correction_stands_when_it_is_said_to');
    END IF;
    RETURN NEW;
END $$
"""

# A restriction begins with what a person was granted, and with nothing else.
BEGINS = """
CREATE FUNCTION baken.restriction_follows_a_granted_request() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM public.rights_rightsexecution e
        WHERE e.done_at IS NULL AND e."right" IN ('restriction', 'objection')
            AND (e.reference, e.organisation_id, e.person_id)
                = (NEW.reference, NEW.organisation_id, NEW.person_id))
    THEN
        PERFORM baken.refuse_move('restriction_follows_a_granted_request');
    END IF;
    RETURN NEW;
END $$
"""

# What goes to another organisation: a handoff on offer, a referral, a guest at a case table.
NOT_SHARED = """
CREATE FUNCTION baken.restricted_person_is_not_shared() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    about uuid := (SELECT c.person_id FROM public.cases_case c WHERE c.id = NEW.case_id);
BEGIN
    IF baken.is_restricted(about) AND NOT EXISTS (
        SELECT FROM public.sharing_otherbasis b
        WHERE b.person_id = about AND b.basis = 'vital_interest' AND b.ended_at IS NULL
            AND b.valid @> statement_timestamp())
    THEN
        PERFORM baken.refuse_move('restricted_person_is_not_shared');
    END IF;
    RETURN NEW;
END $$
"""
TRIGGERS = """
CREATE TRIGGER rights_execution_follows_a_granted_request
    BEFORE INSERT OR UPDATE ON rights_rightsexecution
    FOR EACH ROW EXECUTE FUNCTION baken.rights_execution_follows_a_granted_request();
CREATE TRIGGER restriction_follows_a_granted_request BEFORE INSERT ON restriction_restriction
    FOR EACH ROW EXECUTE FUNCTION baken.restriction_follows_a_granted_request();
CREATE TRIGGER restricted_person_is_not_shared
    BEFORE INSERT OR UPDATE OF status ON cases_handoff
    FOR EACH ROW WHEN (NEW.status = 'offered')
    EXECUTE FUNCTION baken.restricted_person_is_not_shared();
CREATE TRIGGER restricted_person_is_not_shared BEFORE INSERT ON referrals_referral
    FOR EACH ROW EXECUTE FUNCTION baken.restricted_person_is_not_shared();
CREATE TRIGGER restricted_person_is_not_shared BEFORE INSERT ON tables_invitation
    FOR EACH ROW EXECUTE FUNCTION baken.restricted_person_is_not_shared();
"""
NO_TRIGGERS = """
DROP TRIGGER rights_execution_follows_a_granted_request ON rights_rightsexecution;
DROP TRIGGER restriction_follows_a_granted_request ON restriction_restriction;
DROP TRIGGER restricted_person_is_not_shared ON cases_handoff;
DROP TRIGGER restricted_person_is_not_shared ON referrals_referral;
DROP TRIGGER restricted_person_is_not_shared ON tables_invitation;
"""
COLUMNS = """
REVOKE UPDATE, DELETE ON rights_rightsexecution FROM baken_web, baken_worker;
GRANT UPDATE (how, done_at, done_by_id) ON rights_rightsexecution TO baken_web, baken_worker;
"""
LOCKS = [
    DefinerFunction("baken.rights_execution_follows_a_granted_request()", COURSE),
    DefinerFunction("baken.restriction_follows_a_granted_request()", BEGINS),
    DefinerFunction("baken.restricted_person_is_not_shared()", NOT_SHARED),
    migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
    migrations.RunSQL(COLUMNS, migrations.RunSQL.noop),
    Protect(
        "rights_rightsexecution",
        select=f"({HANDLES}) OR ({CARRIES_OUT})",
        insert=f"{HANDLES} AND asked_by_id = (SELECT baken.actor_user())",
        update=CARRIES_OUT,
    ),
]


class Migration(migrations.Migration):
    dependencies = [
        ("rights", "0001_requests_of_persons"),
        ("cases", "0002_handoff_to_its_end"),
        ("corrections", "0001_versions_of_a_registration"),
        ("referrals", "0001_referrals"),
        ("restriction", "0001_restrictions"),
        ("tables", "0001_case_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        NewTable(
            name="RightsExecution",
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
                    "reference",
                    models.CharField(max_length=20, unique=True, verbose_name="reference"),
                ),
                ("person_reference", models.CharField(max_length=20, verbose_name="person")),
                (
                    "right",
                    models.CharField(
                        choices=[
                            ("access", "Access: what is kept, and who saw it"),
                            ("rectification", "Rectification: put something right"),
                            ("erasure", "Erasure: destroy it"),
                            ("restriction", "Restriction: keep it, and do not use it for now"),
                            ("objection", "Objection: stop using it"),
                        ],
                        max_length=16,
                        verbose_name="what is asked",
                    ),
                ),
                ("words", models.BinaryField()),
                ("asked_at", models.DateTimeField(verbose_name="granted")),
                (
                    "how",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("corrected", "By a correction of the registration"),
                            ("put_right", "Put right elsewhere in the file"),
                            ("restricted", "The data are kept and not used for now"),
                            ("listed", "Put on the list of erasure, where two persons decide"),
                        ],
                        default="",
                        max_length=12,
                        verbose_name="how",
                    ),
                ),
                (
                    "done_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="carried out"),
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
                    "done_by",
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
                    models.OneToOneField(
                        editable=False,
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rights_executions",
                        to="persons.person",
                    ),
                ),
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="execution",
                        to="rights.rightsrequest",
                    ),
                ),
            ],
            options={
                "verbose_name": "request to carry out",
                "verbose_name_plural": "requests to carry out",
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_at", None)),
                        fields=["organisation", "asked_at"],
                        name="rights_to_carry_out",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=django.db.models.lookups.GreaterThan(
                            django.db.models.functions.text.Length("words"), models.Value(28)
                        ),
                        name="rights_execution_says_what_is_to_be_done",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_at", None), ("done_by", None), ("how", "")),
                            models.Q(
                                ("done_at__isnull", False),
                                ("done_by__isnull", False),
                                models.Q(("how", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="rights_execution_is_done_by_someone_in_a_known_way",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("how__in", ["", "corrected", "put_right"]),
                                ("right", "rectification"),
                            ),
                            models.Q(("how__in", ["", "listed"]), ("right", "erasure")),
                            models.Q(
                                ("how__in", ["", "restricted"]),
                                ("right__in", ["restriction", "objection"]),
                            ),
                            _connector="OR",
                        ),
                        name="rights_execution_does_what_was_asked",
                    ),
                ],
            },
        ),
        *LOCKS,
    ]
