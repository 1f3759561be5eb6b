"""Requests of persons about their own data, and the extract that answers one for access."""

import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models

import referral.lib.ids
from referral.lib.policies import DefinerFunction, Protect
from referral.lib.tables import NewTable

ORGANISATION = "(SELECT baken.actor_organisation())"
#: Who keeps data of persons under the GDPR here; the others fall under the law on police data.
KEEPERS = "('comensha', 'care_coord', 'shelter', 'ngo', 'youth', 'nidos', 'coa', 'vsh', 'lawyer')"
OFFICER = f"""(SELECT baken.may('rights.handle')) AND EXISTS (
    SELECT FROM organisations_organisation o WHERE o.id = {ORGANISATION} AND o.type IN {KEEPERS})"""  # noqa: S608 -- names of our own
HANDLES = f"organisation_id = {ORGANISATION} AND {OFFICER}"
RUNS = "('received', 'identified', 'in_progress', 'extended')"
WAITS = f"(SELECT baken.may('deadline.sweep')) AND status IN {RUNS}"

NUMBERS = """
CREATE SEQUENCE rights_request_number;
"""

# A person may stand on record more than once: all records that were merged are one person.
RECORDS = """
CREATE FUNCTION baken.rights_records(wanted uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH kept AS (
        SELECT coalesce((SELECT m.kept_id FROM public.merging_merge m
            WHERE m.status = 'merged' AND m.gone_id = wanted LIMIT 1), wanted) AS id)
    SELECT wanted WHERE baken.may('rights.handle')
    UNION SELECT kept.id FROM kept WHERE baken.may('rights.handle')
    UNION SELECT m.gone_id FROM public.merging_merge m JOIN kept ON m.kept_id = kept.id
        WHERE m.status = 'merged' AND baken.may('rights.handle')
$$
"""

# The national desk keeps every registration; others what they reported, hold or were given.
KEEPS = f"""
CREATE FUNCTION baken.rights_keeps(wanted uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM public.organisations_organisation o
        WHERE o.id = baken.actor_organisation() AND baken.may('rights.handle')
            AND o.type IN {KEEPERS}
            AND EXISTS (
                SELECT FROM baken.rights_records(wanted) AS same (id)
                WHERE EXISTS (SELECT FROM public.registrations_registration r
                        WHERE r.person_id = same.id
                            AND (o.type = 'comensha' OR r.organisation_id = o.id))
                    OR EXISTS (SELECT FROM public.cases_case c
                        WHERE c.person_id = same.id AND (c.owner_organisation_id = o.id
                            OR EXISTS (SELECT FROM public.cases_casegrant g
                                WHERE g.case_id = c.id AND g.organisation_id = o.id)))))
$$
"""  # noqa: S608 -- names of our own

# The officer has a reference from a letter and no sight of persons: this tells whose it is.
CALLED = """
CREATE FUNCTION baken.rights_person(wanted text) RETURNS TABLE (id uuid, reference text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT p.id, p.reference FROM public.persons_person p
    WHERE baken.may('rights.handle') AND p.id IN (
            SELECT o.id FROM public.persons_person o WHERE o.reference = wanted
            UNION SELECT r.person_id FROM public.registrations_registration r
                WHERE r.reference = wanted OR r.national_number = wanted
            UNION SELECT c.person_id FROM public.cases_case c WHERE c.reference = wanted)
        AND baken.rights_keeps(p.id)
$$
"""

# What the organisation of the request keeps, sealed as it lies: for one request for access, while
# it is worked on by its officer, after it was made sure who asks. Never a signal: what the
# expert centre and the police keep is theirs to answer for.
KEPT = """
CREATE FUNCTION baken.rights_kept(request uuid) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH asked AS (
        SELECT q.person_id, q.organisation_id, o.type = 'comensha' AS is_desk
        FROM public.rights_rightsrequest q
        JOIN public.organisations_organisation o ON o.id = q.organisation_id
        WHERE q.id = request AND baken.may('rights.handle')
            AND q.organisation_id = baken.actor_organisation()
            AND q.right = 'access' AND q.status IN ('in_progress', 'extended')
    ), records AS (
        SELECT same.id FROM asked, baken.rights_records(asked.person_id) AS same (id)
    ), cases AS (
        SELECT c.* FROM public.cases_case c, asked
        WHERE c.person_id IN (SELECT id FROM records) AND (asked.is_desk
            OR c.owner_organisation_id = asked.organisation_id
            OR EXISTS (SELECT FROM public.cases_casegrant g
                WHERE g.case_id = c.id AND g.organisation_id = asked.organisation_id))
    )
    SELECT jsonb_build_object(
        'persons', (SELECT jsonb_agg(jsonb_build_object(
                'id', p.id, 'reference', p.reference, 'sex', p.sex, 'age_group', p.age_group,
                'since', p.created_at, 'key', p.key_id, 'shape', i.shape,
                'sealed', encode(i.sealed, 'hex')) ORDER BY p.created_at)
            FROM public.persons_person p
            LEFT JOIN public.persons_identity i ON i.person_id = p.id
            WHERE p.id IN (SELECT id FROM records)),
        'contact', (SELECT jsonb_agg(jsonb_build_object(
                'id', r.id, 'channel', r.channel, 'is_safe', r.is_safe, 'since', r.kept_at,
                'key', p.key_id, 'sealed', encode(r.sealed, 'hex')) ORDER BY r.kept_at)
            FROM public.contact_contactrule r
            JOIN public.persons_person p ON p.id = r.person_id
            WHERE r.stood_until IS NULL AND r.person_id IN (SELECT id FROM records)),
        'registrations', (SELECT jsonb_agg(jsonb_build_object(
                'id', r.id, 'reference', r.reference, 'number', r.national_number,
                'by', o.name, 'at', r.submitted_at, 'status', r.status,
                'registered_at', r.registered_at, 'forms', to_jsonb(r.forms),
                'sector', r.sector, 'period_from', r.period_from, 'period_to', r.period_to,
                'municipality', m.name, 'country', r.place_country,
                'help_wanted', r.help_wanted, 'basis', r.legal_basis) ORDER BY r.submitted_at)
            FROM public.registrations_registration r
            JOIN public.organisations_organisation o ON o.id = r.organisation_id
            LEFT JOIN public.geography_municipality m ON m.cbs_code = r.place_municipality_id
            WHERE r.person_id IN (SELECT id FROM records)
                AND (SELECT is_desk OR r.organisation_id = organisation_id FROM asked)),
        'cases', (SELECT jsonb_agg(jsonb_build_object(
                'id', c.id, 'reference', c.reference, 'owner', o.name, 'at', c.opened_at,
                'status', c.status, 'closed_at', c.closed_at,
                'notes', (SELECT count(*) FROM public.cases_carenote n
                    WHERE n.case_id = c.id)) ORDER BY c.opened_at)
            FROM cases c
            JOIN public.organisations_organisation o ON o.id = c.owner_organisation_id),
        'consents', (SELECT jsonb_agg(jsonb_build_object(
                'id', s.id, 'by', o.name, 'purpose', s.purpose, 'state', s.state,
                'recipient', t.name, 'recipient_kind', s.recipient_kind, 'at', s.asked_at)
                ORDER BY s.asked_at)
            FROM public.sharing_consent s
            JOIN public.organisations_organisation o ON o.id = s.organisation_id
            LEFT JOIN public.organisations_organisation t ON t.id = s.recipient_id
            WHERE s.person_id IN (SELECT id FROM records)
                AND (SELECT is_desk OR s.organisation_id = organisation_id FROM asked)))
    FROM asked
$$
"""

# Where the answer may go: ticked safe, and on no record of the same person said to be unsafe.
CONTACT = """
CREATE FUNCTION baken.rights_contact(request uuid) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH records AS (
        SELECT same.id FROM public.rights_rightsrequest q,
            baken.rights_records(q.person_id) AS same (id)
        WHERE q.id = request AND baken.may('rights.handle')
            AND q.organisation_id = baken.actor_organisation()
            AND q.status IN ('granted', 'partly_granted', 'refused', 'referred')
            AND q.identified_at IS NOT NULL
    ), standing AS (
        SELECT r.*, p.key_id FROM public.contact_contactrule r
        JOIN public.persons_person p ON p.id = r.person_id
        WHERE r.stood_until IS NULL AND r.person_id IN (SELECT id FROM records)
    )
    SELECT jsonb_agg(jsonb_build_object('id', s.id, 'channel', s.channel, 'is_safe', s.is_safe,
        'key', s.key_id, 'sealed', encode(s.sealed, 'hex')) ORDER BY s.kept_at DESC)
    FROM standing s
    WHERE s.is_safe AND s.channel NOT IN (SELECT channel FROM standing WHERE NOT is_safe)
$$
"""

# A request begins with a term of one month, takes the steps of the table, and nothing else of it
# changes but that the clock told of it. The term is extended once, within the first month.
MOVES = """
CREATE FUNCTION baken.rights_request_moves_along_the_table() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    told text[] := ARRAY['near_told_at', 'late_told_at'];
    today date := (statement_timestamp() AT TIME ZONE 'Europe/Amsterdam')::date;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'received' THEN
            PERFORM baken.refuse_move('rights_request_moves_along_the_table');
        ELSIF NEW.due_on <> (NEW.received_on + interval '1 month')::date
            OR NEW.received_on > today
        THEN
            PERFORM baken.refuse_move('rights_term_is_one_month_from_receipt');
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.status = OLD.status THEN
        IF to_jsonb(NEW) - told <> to_jsonb(OLD) - told THEN
            PERFORM baken.refuse_move('rights_request_changes_only_with_a_step');
        END IF;
        RETURN NEW;
    END IF;
    IF baken.may('rights.handle') IS NOT TRUE OR (OLD.status, NEW.status) NOT IN (
        ('received', 'identified'), ('received', 'refused'), ('received', 'referred'),
        ('identified', 'in_progress'), ('in_progress', 'extended'),
        ('in_progress', 'granted'), ('in_progress', 'partly_granted'),
        ('in_progress', 'refused'), ('in_progress', 'referred'),
        ('extended', 'granted'), ('extended', 'partly_granted'),
        ('extended', 'refused'), ('extended', 'referred'),
        ('granted', 'closed'), ('partly_granted', 'closed'),
        ('refused', 'closed'), ('referred', 'closed'))
    THEN
        PERFORM baken.refuse_move('rights_request_moves_along_the_table');
    ELSIF NEW.status = 'extended' AND (today > OLD.due_on
        OR NEW.due_on <> (NEW.received_on + interval '3 months')::date
        OR NEW.extended_at IS NULL)
    THEN
        PERFORM baken.refuse_move('rights_term_is_extended_within_the_first_month');
    ELSIF NEW.status <> 'extended' AND NEW.due_on <> OLD.due_on THEN
        PERFORM baken.refuse_move('rights_term_is_extended_within_the_first_month');
    ELSIF NEW.status = 'identified' AND NEW.identified_at IS NULL THEN
        PERFORM baken.refuse_move('rights_identity_is_checked_before_work_begins');
    ELSIF NEW.status = 'in_progress' AND NEW.begun_at IS NULL THEN
        PERFORM baken.refuse_move('rights_request_is_begun_by_someone_at_a_time');
    ELSIF NEW.status IN ('granted', 'partly_granted') AND NEW."right" = 'access'
        AND NOT EXISTS (SELECT FROM public.rights_rightsextract e WHERE e.request_id = NEW.id)
    THEN
        PERFORM baken.refuse_move('rights_access_is_given_with_an_extract');
    ELSIF NEW.status = 'closed' AND (NEW.outcome, NEW.answer, NEW.refusal, NEW.decided_at,
        NEW.decided_by_id) IS DISTINCT FROM (OLD.outcome, OLD.answer, OLD.refusal,
        OLD.decided_at, OLD.decided_by_id)
    THEN
        PERFORM baken.refuse_move('rights_answer_stays_as_it_was_given');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rights_request_moves_along_the_table
    BEFORE INSERT OR UPDATE ON rights_rightsrequest
    FOR EACH ROW EXECUTE FUNCTION baken.rights_request_moves_along_the_table();
"""
NO_MOVES = """
DROP TRIGGER rights_request_moves_along_the_table ON rights_rightsrequest;
DROP FUNCTION baken.rights_request_moves_along_the_table();
"""

# What was asked, by whom and when never changes; an extract never at all.
COLUMNS = """
REVOKE UPDATE, DELETE ON rights_rightsrequest, rights_rightsextract FROM baken_web, baken_worker;
GRANT UPDATE (status, due_on, answer, proof, identified_at, identified_by_id, begun_at,
    begun_by_id, extension, extended_at, extended_by_id, outcome, refusal, decided_at,
    decided_by_id, delivery, closed_at, closed_by_id, near_told_at, late_told_at)
    ON rights_rightsrequest TO baken_web, baken_worker;
"""
OF_REQUEST = f"""EXISTS (SELECT FROM rights_rightsrequest q
    WHERE q.id = request_id AND q.organisation_id = {ORGANISATION}{{more}}) AND {OFFICER}"""
WORKED_ON = " AND q.right = 'access' AND q.status IN ('in_progress', 'extended')"

LOCKS = [
    migrations.RunSQL(NUMBERS, "DROP SEQUENCE rights_request_number"),
    DefinerFunction("baken.rights_records(uuid)", RECORDS),
    DefinerFunction("baken.rights_keeps(uuid)", KEEPS),
    DefinerFunction("baken.rights_person(text)", CALLED),
    DefinerFunction("baken.rights_kept(uuid)", KEPT),
    DefinerFunction("baken.rights_contact(uuid)", CONTACT),
    migrations.RunSQL(MOVES, NO_MOVES),
    migrations.RunSQL(COLUMNS, migrations.RunSQL.noop),
    Protect(
        "rights_rightsrequest",
        select=f"({HANDLES}) OR ({WAITS})",
        insert=f"{HANDLES} AND received_by_id = (SELECT baken.actor_user())"
        " AND baken.rights_keeps(person_id)",
        update=f"({HANDLES}) OR ({WAITS})",
    ),
    Protect(
        "rights_rightsextract",
        select=OF_REQUEST.format(more=""),
        insert=OF_REQUEST.format(more=WORKED_ON) + " AND made_by_id = (SELECT baken.actor_user())",
    ),
]


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0003_clients"),
        ("organisations", "0003_deliberation_and_tips"),
        ("cases", "0001_cases"),
        ("contact", "0001_contact"),
        ("geography", "0002_facts_of_2026"),
        ("merging", "0001_merging"),
        ("persons", "0002_keys_for_more_mistakes"),
        ("registrations", "0001_registrations"),
        ("sharing", "0002_consent_register"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        NewTable(
            name="RightsRequest",
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
                (
                    "came_by",
                    models.CharField(
                        choices=[
                            ("letter", "By letter"),
                            ("in_person", "In person"),
                            ("lawyer", "Through a lawyer"),
                        ],
                        max_length=12,
                        verbose_name="came in",
                    ),
                ),
                ("received_on", models.DateField(verbose_name="received")),
                ("due_on", models.DateField(verbose_name="last day")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("received", "Received"),
                            ("identified", "Identity checked"),
                            ("in_progress", "In progress"),
                            ("extended", "Term extended"),
                            ("granted", "Granted"),
                            ("partly_granted", "Granted in part"),
                            ("refused", "Refused"),
                            ("referred", "Referred to the police"),
                            ("closed", "Answer delivered"),
                        ],
                        default="received",
                        max_length=16,
                        verbose_name="status",
                    ),
                ),
                ("words", models.BinaryField()),
                ("answer", models.BinaryField(default=b"")),
                ("received_at", models.DateTimeField()),
                (
                    "proof",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("document", "An identity document was seen, and no copy kept"),
                            ("known", "Somebody who works with the person knows them"),
                            ("mandate", "The lawyer showed a mandate of the person"),
                            ("questions", "Questions that only the person can answer"),
                        ],
                        default="",
                        max_length=12,
                        verbose_name="identity",
                    ),
                ),
                ("identified_at", models.DateTimeField(blank=True, null=True)),
                ("begun_at", models.DateTimeField(blank=True, null=True)),
                (
                    "extension",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("complex", "The request is complex"),
                            ("many", "There are many requests of this person"),
                        ],
                        default="",
                        max_length=12,
                    ),
                ),
                ("extended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("received", "Received"),
                            ("identified", "Identity checked"),
                            ("in_progress", "In progress"),
                            ("extended", "Term extended"),
                            ("granted", "Granted"),
                            ("partly_granted", "Granted in part"),
                            ("refused", "Refused"),
                            ("referred", "Referred to the police"),
                            ("closed", "Answer delivered"),
                        ],
                        default="",
                        max_length=16,
                        verbose_name="outcome",
                    ),
                ),
                (
                    "refusal",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("identity", "It could not be made sure who asks"),
                            ("nothing_kept", "Nothing is kept of this person"),
                            ("others", "It would harm the rights or the safety of others"),
                            ("law", "A law asks that the data are kept"),
                            ("claim", "The data are needed for a legal claim"),
                            ("crime", "It would hinder the prosecution of crimes"),
                            ("unfounded", "The request is clearly unfounded or excessive"),
                        ],
                        default="",
                        max_length=16,
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "delivery",
                    models.CharField(
                        blank=True,
                        choices=[
                            (
                                "collected",
                                "Collected here by the person, or by the lawyer who asked",
                            ),
                            ("post", "By post, to the address that is ticked safe"),
                            ("email", "By e-mail, to the address that is ticked safe"),
                            ("via", "Through the person who is ticked safe"),
                            ("in_person", "Given in person, as was agreed to be safe"),
                        ],
                        default="",
                        max_length=12,
                    ),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("near_told_at", models.DateTimeField(blank=True, null=True)),
                ("late_told_at", models.DateTimeField(blank=True, null=True)),
                (
                    "begun_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
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
                    "extended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "identified_by",
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
                        related_name="rights_requests",
                        to="persons.person",
                    ),
                ),
                (
                    "received_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "request of a person",
                "verbose_name_plural": "requests of persons",
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("status__in", ("received", "identified", "in_progress", "extended"))
                        ),
                        fields=["due_on"],
                        name="rights_by_last_day",
                    ),
                    models.Index(
                        fields=["organisation", "-received_at"], name="rights_of_organisation"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reference__regex", "^AVG-\\d{4}-\\d{6,}$")),
                        name="rights_reference_is_per_year_and_number",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("came_by__in", ["letter", "in_person", "lawyer"]),
                            (
                                "right__in",
                                ["access", "rectification", "erasure", "restriction", "objection"],
                            ),
                        ),
                        name="rights_request_asks_one_of_five",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "received",
                                    "identified",
                                    "in_progress",
                                    "extended",
                                    "granted",
                                    "partly_granted",
                                    "refused",
                                    "referred",
                                    "closed",
                                ],
                            )
                        ),
                        name="rights_status_is_known",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.GreaterThan(
                            django.db.models.functions.text.Length("words"), models.Value(28)
                        ),
                        name="rights_request_says_what_is_asked",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                models.Q(
                                    ("identified_at", None), ("identified_by", None), ("proof", "")
                                ),
                                models.Q(
                                    ("identified_at__isnull", False),
                                    ("identified_by__isnull", False),
                                    models.Q(("proof", ""), _negated=True),
                                ),
                                _connector="OR",
                            ),
                            ("proof__in", ["", "document", "known", "mandate", "questions"]),
                        ),
                        name="rights_identity_is_checked_by_someone_in_a_known_way",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("begun_at", None), ("begun_by", None)),
                            models.Q(("begun_at__isnull", False), ("begun_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="rights_request_is_begun_by_someone_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                models.Q(
                                    ("extended_at", None), ("extended_by", None), ("extension", "")
                                ),
                                models.Q(
                                    ("extended_at__isnull", False),
                                    ("extended_by__isnull", False),
                                    models.Q(("extension", ""), _negated=True),
                                ),
                                _connector="OR",
                            ),
                            ("extension__in", ["", "complex", "many"]),
                        ),
                        name="rights_term_is_extended_by_someone_with_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at", None),
                                ("decided_by", None),
                                ("outcome", ""),
                                (
                                    "status__in",
                                    ("received", "identified", "in_progress", "extended"),
                                ),
                                ("answer", b""),
                            ),
                            models.Q(
                                models.Q(
                                    (
                                        "status__in",
                                        ("received", "identified", "in_progress", "extended"),
                                    ),
                                    _negated=True,
                                ),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                (
                                    "outcome__in",
                                    ("granted", "partly_granted", "refused", "referred"),
                                ),
                                django.db.models.lookups.GreaterThan(
                                    django.db.models.functions.text.Length("answer"),
                                    models.Value(28),
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="rights_answer_is_given_by_someone_with_words",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                ["received", "identified", "in_progress", "extended", "closed"],
                            ),
                            ("outcome", models.F("status")),
                            _connector="OR",
                        ),
                        name="rights_outcome_is_what_the_status_said",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("outcome__in", ["refused", "partly_granted"]),
                                (
                                    "refusal__in",
                                    [
                                        "identity",
                                        "nothing_kept",
                                        "others",
                                        "law",
                                        "claim",
                                        "crime",
                                        "unfounded",
                                    ],
                                ),
                            ),
                            models.Q(
                                models.Q(
                                    ("outcome__in", ["refused", "partly_granted"]), _negated=True
                                ),
                                ("refusal", ""),
                            ),
                            _connector="OR",
                        ),
                        name="rights_refusal_has_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closed_at__isnull", False),
                                ("closed_by__isnull", False),
                                (
                                    "delivery__in",
                                    ["collected", "post", "email", "via", "in_person"],
                                ),
                                ("status", "closed"),
                            ),
                            models.Q(
                                models.Q(("status", "closed"), _negated=True),
                                ("closed_at", None),
                                ("closed_by", None),
                                ("delivery", ""),
                            ),
                            _connector="OR",
                        ),
                        name="rights_request_is_closed_by_someone_who_delivered",
                    ),
                ],
            },
        ),
        NewTable(
            name="RightsExtract",
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
                ("sealed", models.BinaryField()),
                ("digest", models.BinaryField()),
                ("made_at", models.DateTimeField()),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="extracts",
                        to="rights.rightsrequest",
                    ),
                ),
            ],
            options={
                "verbose_name": "extract for a person",
                "verbose_name_plural": "extracts for persons",
                "constraints": [
                    models.CheckConstraint(
                        condition=django.db.models.lookups.GreaterThan(
                            django.db.models.functions.text.Length("sealed"), models.Value(28)
                        ),
                        name="rights_extract_is_sealed",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.Exact(
                            django.db.models.functions.text.Length("digest"), models.Value(32)
                        ),
                        name="rights_extract_has_a_digest_of_32_bytes",
                    ),
                ],
            },
        ),
        *LOCKS,
    ]
