"""The locks of retention: who reads and decides, what is due, and the destruction itself."""

from django.db import migrations

from referral.lib.policies import DefinerFunction, Protect

ORGANISATION = "(SELECT baken.actor_organisation())"
USER = "(SELECT baken.actor_user())"


def may(permission: str) -> str:
    return f"(SELECT baken.may('{permission}'))"


CLOCK = may("deadline.sweep")
DECIDES = may("retention.decide")
DESK = f"({DECIDES} AND {may('registration.read_all')})"
OFFICER = f"""({may("retention.read")} AND NOT {DECIDES} AND EXISTS (
    SELECT FROM organisations_organisation o WHERE o.id = {ORGANISATION}
        AND o.type IN ('comensha', 'care_coord', 'shelter', 'platform')))"""
READS_ALL = f"{CLOCK} OR {DESK} OR {OFFICER}"
OWNS_CASE = f"""EXISTS (SELECT FROM cases_case c
    WHERE c.id = case_id AND c.owner_organisation_id = {ORGANISATION})"""

# Everybody whose cases are all closed and whose term is over, by the terms of that day. Whoever
# was merged into a person goes with that person.
DUE = """
CREATE FUNCTION baken.erasure_due(today date, wanted uuid) RETURNS TABLE (person uuid,
    reference text, owner bigint, category text, last_event_on date, due_on date, held boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH RECURSIVE same (standing, id) AS (
        SELECT p.id, p.id FROM public.persons_person p
        WHERE p.key_id IS NOT NULL AND (wanted IS NULL OR p.id = wanted)
            AND (baken.may('deadline.sweep') OR baken.may('retention.decide'))
            AND NOT EXISTS (SELECT FROM public.merging_merge m WHERE m.status = 'merged'
                AND m.gone_id = p.id)
            AND NOT EXISTS (SELECT FROM public.merging_merge m WHERE m.status = 'proposed'
                AND p.id IN (m.kept_id, m.gone_id))
        UNION
        SELECT s.standing, m.gone_id FROM same s
        JOIN public.merging_merge m ON m.kept_id = s.id AND m.status = 'merged'
    ), registered AS (
        SELECT s.standing, bool_or(r.status IN ('submitted', 'returned') OR EXISTS (
                SELECT FROM public.corrections_version v
                WHERE v.registration_id = r.id AND v.status = 'proposed')) AS is_open,
            max(greatest(r.submitted_at, r.registered_at, r.withdrawn_at)) AS last_at,
            (array_agg(r.registered_by_id ORDER BY r.registered_at DESC NULLS LAST))[1] AS desk,
            bool_or(EXISTS (SELECT FROM public.retention_legalhold h WHERE h.lifted_at IS NULL
                AND h.until >= today AND h.registration_id = r.id)) AS held
        FROM same s JOIN public.registrations_registration r ON r.person_id = s.id
        GROUP BY s.standing
    ), cared AS (
        SELECT s.standing, bool_or(c.status <> 'closed') AS is_open, max(c.closed_at) AS last_at,
            (array_agg(c.owner_organisation_id ORDER BY c.closed_at DESC))[1] AS owner,
            bool_or(EXISTS (SELECT FROM public.retention_legalhold h WHERE h.lifted_at IS NULL
                AND h.until >= today AND h.case_id = c.id)) AS held
        FROM same s JOIN public.cases_case c ON c.person_id = s.id
        GROUP BY s.standing
    ), stayed AS (
        SELECT s.standing, max(d.ends_on) AS last_on
        FROM same s JOIN public.residence_deadline d ON d.person_id = s.id
        GROUP BY s.standing
    ), counted AS (
        SELECT p.id, p.reference, coalesce(c.owner, (
                SELECT o.id FROM public.organisations_organisation o
                LEFT JOIN public.organisations_membership m
                    ON m.organisation_id = o.id AND m.user_id = r.desk
                WHERE o.type = 'comensha' ORDER BY m.id NULLS LAST, o.id LIMIT 1)) AS owner,
            CASE WHEN c.standing IS NULL THEN 'registration'
                WHEN p.is_minor THEN 'case_child' ELSE 'case' END AS category,
            greatest((greatest(r.last_at, c.last_at) AT TIME ZONE 'Europe/Amsterdam')::date,
                d.last_on) AS last_on,
            r.held OR coalesce(c.held, false) AS held
        FROM registered r
        JOIN public.persons_person p ON p.id = r.standing
        LEFT JOIN cared c USING (standing)
        LEFT JOIN stayed d USING (standing)
        WHERE NOT r.is_open AND c.is_open IS NOT TRUE
    )
    SELECT n.id, n.reference, n.owner, n.category, n.last_on,
        (n.last_on + make_interval(months => t.months))::date, n.held
    FROM counted n
    JOIN public.retention_retentionterm t ON t.category = n.category AND t.valid @> today
    WHERE n.owner IS NOT NULL AND n.last_on + make_interval(months => t.months) < today
$$
"""

# The person whose erasure a hold on this case or registration stops.
HELD_BY = """
CREATE FUNCTION baken.erasure_held_by(of_case uuid, of_registration uuid) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH RECURSIVE same (id) AS (
        SELECT c.person_id FROM public.cases_case c WHERE c.id = of_case
        UNION SELECT r.person_id FROM public.registrations_registration r
            WHERE r.id = of_registration
        UNION SELECT m.kept_id FROM same s
            JOIN public.merging_merge m ON m.gone_id = s.id AND m.status = 'merged'
    )
    SELECT s.id FROM same s WHERE baken.may('retention.decide') AND NOT EXISTS (
        SELECT FROM public.merging_merge m WHERE m.gone_id = s.id AND m.status = 'merged')
$$
"""

MOVES = """
CREATE FUNCTION baken.erasure_moves_along_the_table() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    course text[] := ARRAY['status', 'approved_at', 'approved_by_id', 'erased_at',
        'erased_by_id', 'destroyed'];
    counted text[] := ARRAY['owner_id', 'category', 'last_event_on', 'due_on', 'listed_at'];
    clock boolean := baken.may('deadline.sweep');
    own boolean := baken.may('retention.decide')
        AND NEW.owner_id = baken.actor_organisation();
    decides boolean := own
        OR baken.may('retention.decide') AND baken.may('registration.read_all');
    theirs boolean;
    found record;
BEGIN
    SELECT * INTO found FROM baken.erasure_due(
        (statement_timestamp() AT TIME ZONE 'Europe/Amsterdam')::date, NEW.person_id);
    IF TG_OP = 'INSERT' THEN
        theirs := clock AND NEW.status = 'due';
    ELSE
        theirs := CASE
            WHEN (OLD.status, NEW.status) = ('due', 'approved')
                THEN own AND NEW.approved_by_id = baken.actor_user()
            WHEN (OLD.status, NEW.status) = ('approved', 'erased')
                THEN decides AND OLD.approved_by_id <> baken.actor_user()
                    AND NEW.erased_by_id = baken.actor_user()
                    AND (NEW.approved_by_id, NEW.approved_at)
                        = (OLD.approved_by_id, OLD.approved_at)
            WHEN (OLD.status, NEW.status) = ('approved', 'due')
                THEN decides AND OLD.approved_by_id <> baken.actor_user()
            WHEN (OLD.status, NEW.status) IN (('due', 'held'), ('approved', 'held'))
                THEN (decides OR clock) AND coalesce(found.held, false)
            WHEN (OLD.status, NEW.status) IN (('due', 'not_due'), ('approved', 'not_due'),
                ('held', 'not_due'), ('held', 'due'), ('not_due', 'due'))
                THEN clock
            ELSE false END;
        IF clock THEN
            course := course || counted;
        END IF;
        IF theirs AND to_jsonb(NEW) - course <> to_jsonb(OLD) - course THEN
            PERFORM baken.refuse_move('erasure_is_of_one_person_of_one_owner');
        END IF;
    END IF;
    IF theirs IS NOT TRUE THEN
        PERFORM baken.refuse_move('erasure_moves_along_the_table');
    ELSIF NEW.status IN ('due', 'erased') AND coalesce(found.held, false) THEN
        PERFORM baken.refuse_move('held_data_are_not_erased');
    ELSIF NEW.status IN ('due', 'erased') AND found.person IS NULL THEN
        PERFORM baken.refuse_move('only_closed_data_past_their_term_are_erased');
    END IF;
    RETURN NEW;
END $$
"""

# Fires after the one above (by name), in the statement that says that the person is erased.
# $1 persons, $2 cases, $3 registrations; in this order no row is left that points at nothing.
DESTROYS = """
CREATE FUNCTION baken.erasure_takes_everything_along() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    persons uuid[];
    cases uuid[];
    registrations uuid[];
    keys uuid[];
    step text[];
    steps text[] := ARRAY[
        ['residence_alert', 'deadline_id IN (SELECT id FROM public.residence_deadline
            WHERE person_id = ANY($1))'],
        ['residence_deadline', 'person_id = ANY($1)'],
        ['residence_step', 'file_id IN (SELECT id FROM public.residence_residencefile
            WHERE person_id = ANY($1))'],
        ['residence_policereport', 'file_id IN (SELECT id FROM public.residence_residencefile
            WHERE person_id = ANY($1))'],
        ['residence_policeside', 'file_id IN (SELECT id FROM public.residence_residencefile
            WHERE person_id = ANY($1))'],
        ['residence_reflection', 'file_id IN (SELECT id FROM public.residence_residencefile
            WHERE person_id = ANY($1))'],
        ['residence_track', 'file_id IN (SELECT id FROM public.residence_residencefile
            WHERE person_id = ANY($1))'],
        ['residence_residencefile', 'person_id = ANY($1)'],
        ['shelters_placement', 'case_id = ANY($2) OR person_id = ANY($1)'],
        ['shelters_placementrequest', 'case_id = ANY($2) OR person_id = ANY($1)'],
        ['emergency_emergencyaccess', 'case_id = ANY($2)'],
        ['tables_agreement', 'case_id = ANY($2)'],
        ['tables_invitation', 'case_id = ANY($2)'],
        ['tables_casetable', 'case_id = ANY($2)'],
        ['rights_rightsextract', 'request_id IN (SELECT id FROM public.rights_rightsrequest
            WHERE person_id = ANY($1))'],
        ['planning_evaluation', 'case_id = ANY($2)'],
        ['planning_task', 'case_id = ANY($2)'],
        ['planning_goal', 'case_id = ANY($2)'],
        ['planning_riskassessment', 'case_id = ANY($2)'],
        ['planning_checklistmark', 'case_id = ANY($2)'],
        ['planning_careplan', 'case_id = ANY($2)'],
        ['referrals_referralpackage', 'referral_id IN (SELECT id FROM public.referrals_referral
            WHERE case_id = ANY($2))'],
        ['referrals_referral', 'case_id = ANY($2)'],
        ['cases_handoffrevision', 'handoff_id IN (SELECT id FROM public.cases_handoff
            WHERE case_id = ANY($2))'],
        ['cases_handoffquestion', 'handoff_id IN (SELECT id FROM public.cases_handoff
            WHERE case_id = ANY($2))'],
        ['cases_handoffpackage', 'handoff_id IN (SELECT id FROM public.cases_handoff
            WHERE case_id = ANY($2))'],
        ['cases_handoff', 'case_id = ANY($2)'],
        ['cases_carenote', 'case_id = ANY($2)'],
        ['cases_caseaccess', 'case_id = ANY($2)'],
        ['registrations_signallink', 'registration_id = ANY($3)'],
        ['corrections_version', 'registration_id = ANY($3)'],
        ['sharing_closedshare', 'consent_id IN (SELECT id FROM public.sharing_consent
                WHERE person_id = ANY($1))
            OR other_basis_id IN (SELECT id FROM public.sharing_otherbasis
                WHERE person_id = ANY($1))'],
        ['sharing_otherbasis', 'person_id = ANY($1)'],
        ['sharing_consent', 'person_id = ANY($1) AND id NOT IN (
            SELECT consent_id FROM public.registrations_registration
            WHERE consent_id IS NOT NULL AND id = ANY($3))'],
        ['contact_contactrule', 'person_id = ANY($1)'],
        ['merging_merge', 'kept_id = ANY($1) OR gone_id = ANY($1)'],
        ['persons_identitykey', 'person_id = ANY($1)'],
        ['persons_identity', 'person_id = ANY($1)']
    ];
    number bigint;
BEGIN
    WITH RECURSIVE same (id) AS (
        SELECT NEW.person_id
        UNION SELECT m.gone_id FROM same s
            JOIN public.merging_merge m ON m.kept_id = s.id AND m.status = 'merged'
    ) SELECT array_agg(id) INTO persons FROM same;
    SELECT coalesce(array_agg(id), '{}') INTO cases
        FROM public.cases_case WHERE person_id = ANY(persons);
    SELECT coalesce(array_agg(id), '{}') INTO registrations
        FROM public.registrations_registration WHERE person_id = ANY(persons);
    SELECT array_agg(key_id) INTO keys FROM (
        SELECT key_id FROM public.persons_person WHERE id = ANY(persons)
        UNION SELECT key_id FROM public.emergency_emergencyaccess WHERE case_id = ANY(cases)) k;

    -- Nobody of an organisation sees it any more; who could see it when stays answerable.
    UPDATE public.cases_casegrant SET valid = tstzrange(lower(valid),
            greatest(statement_timestamp(), lower(valid) + interval '1 microsecond'))
        WHERE case_id = ANY(cases) AND coalesce(upper(valid), 'infinity') > greatest(
            statement_timestamp(), lower(valid) + interval '1 microsecond');
    UPDATE public.persons_persongrant SET valid = tstzrange(lower(valid),
            greatest(statement_timestamp(), lower(valid) + interval '1 microsecond'))
        WHERE person_id = ANY(persons) AND coalesce(upper(valid), 'infinity') > greatest(
            statement_timestamp(), lower(valid) + interval '1 microsecond');

    NEW.destroyed := '{}';
    FOREACH step SLICE 1 IN ARRAY steps LOOP
        EXECUTE 'DELETE FROM public.' || quote_ident(step[1]) || ' WHERE ' || step[2]
            USING persons, cases, registrations;
        GET DIAGNOSTICS number = ROW_COUNT;
        IF number > 0 THEN
            NEW.destroyed := NEW.destroyed || jsonb_build_object(step[1], number);
        END IF;
    END LOOP;
    -- A consent that a registration rests on stays as a code and a day, without its proof.
    UPDATE public.sharing_consent SET evidence = '', evidence_reference = ''
        WHERE person_id = ANY(persons) AND evidence <> '';
    UPDATE public.persons_person SET key_id = NULL WHERE id = ANY(persons);
    DELETE FROM public.access_datakey WHERE id = ANY(keys);
    GET DIAGNOSTICS number = ROW_COUNT;
    NEW.destroyed := NEW.destroyed || jsonb_build_object('access_datakey', number);
    RETURN NEW;
END $$
"""

TRIGGERS = """
CREATE TRIGGER erasure_moves_along_the_table BEFORE INSERT OR UPDATE ON retention_erasure
    FOR EACH ROW EXECUTE FUNCTION baken.erasure_moves_along_the_table();
CREATE TRIGGER erasure_takes_everything_along BEFORE UPDATE ON retention_erasure
    FOR EACH ROW WHEN (OLD.status = 'approved' AND NEW.status = 'erased')
    EXECUTE FUNCTION baken.erasure_takes_everything_along();
"""
NO_TRIGGERS = """
DROP TRIGGER erasure_moves_along_the_table ON retention_erasure;
DROP TRIGGER erasure_takes_everything_along ON retention_erasure;
"""

KEPT = """
CREATE FUNCTION baken.retention_is_kept() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_TABLE_NAME = 'retention_retentionterm' AND baken.may('retention.terms') AND (
        TG_OP = 'INSERT' OR TG_OP = 'UPDATE' AND upper_inf((to_jsonb(OLD) ->> 'valid')::daterange)
            AND to_jsonb(NEW) - 'valid' = to_jsonb(OLD) - 'valid')
    THEN
        RETURN NEW;
    ELSIF TG_TABLE_NAME = 'retention_legalhold' AND TG_OP = 'UPDATE'
        AND to_jsonb(OLD) ->> 'lifted_at' IS NULL AND to_jsonb(NEW) - '{lifted_at,lifted_by_id}'::text[]
            = to_jsonb(OLD) - '{lifted_at,lifted_by_id}'::text[]
    THEN
        RETURN NEW;
    END IF;
    RAISE check_violation USING CONSTRAINT = 'retention_is_kept_as_it_was_written',
        MESSAGE = 'retention_is_kept_as_it_was_written: ' || TG_TABLE_NAME;
END $$;
CREATE TRIGGER retention_is_kept BEFORE INSERT OR UPDATE OR DELETE ON retention_retentionterm
    FOR EACH ROW EXECUTE FUNCTION baken.retention_is_kept();
CREATE TRIGGER retention_is_kept BEFORE UPDATE OR DELETE ON retention_legalhold
    FOR EACH ROW EXECUTE FUNCTION baken.retention_is_kept();
"""
NOT_KEPT = """
DROP TRIGGER retention_is_kept ON retention_retentionterm;
DROP TRIGGER retention_is_kept ON retention_legalhold;
DROP FUNCTION baken.retention_is_kept();
"""

# The guard writes a consent nowhere but here: erasing takes the proof out of a row that stays.
CONSENT = """
DROP TRIGGER consent_moves_along_the_table ON sharing_consent;
CREATE TRIGGER consent_moves_along_the_table BEFORE INSERT OR UPDATE ON sharing_consent
    FOR EACH ROW {when} EXECUTE FUNCTION baken.consent_moves_along_the_table();
"""

LOCKS = [
    DefinerFunction("baken.erasure_due(date, uuid)", DUE),
    DefinerFunction("baken.erasure_held_by(uuid, uuid)", HELD_BY),
    DefinerFunction("baken.erasure_moves_along_the_table()", MOVES),
    DefinerFunction("baken.erasure_takes_everything_along()", DESTROYS),
    migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
    migrations.RunSQL(
        CONSENT.format(when="WHEN (current_user <> 'baken_guard')"), CONSENT.format(when="")
    ),
    Protect(
        "retention_erasure",
        select=f"{READS_ALL} OR ({DECIDES} AND owner_id = {ORGANISATION})",
        insert=CLOCK,
        update=f"{CLOCK} OR {DESK} OR ({DECIDES} AND owner_id = {ORGANISATION})",
    ),
    Protect(
        "retention_legalhold",
        select=f"{READS_ALL} OR ({DECIDES} AND (organisation_id = {ORGANISATION} OR {OWNS_CASE}))",
        insert=f"{DECIDES} AND organisation_id = {ORGANISATION} AND placed_by_id = {USER}"
        f" AND ({DESK} OR {OWNS_CASE})",
        update=f"{DECIDES} AND organisation_id = {ORGANISATION}",
    ),
]
