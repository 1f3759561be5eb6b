"""The locks of destruction lists: what is due, who reads and decides, and the destruction itself."""

from django.db import migrations

from referral.lib.policies import DefinerFunction, Protect

ORGANISATION = "(SELECT baken.actor_organisation())"
USER = "(SELECT baken.actor_user())"


def may(permission: str) -> str:
    return f"(SELECT baken.may('{permission}'))"


CLOCK = may("deadline.sweep")
CENTRE = may("signal.destroy")
DECIDES = may("retention.decide")
DESK = f"({DECIDES} AND {may('registration.read_all')})"
OFFICER = f"""({may("retention.read")} AND NOT {DECIDES} AND EXISTS (
    SELECT FROM organisations_organisation o WHERE o.id = {ORGANISATION}
        AND o.type IN ('comensha', 'care_coord', 'shelter', 'platform')))"""
CARE = "category IN ('placement', 'consent')"
READ = f"""{CLOCK} OR (owner_id = {ORGANISATION} AND ({CENTRE} OR {may("retention.read")}))
    OR ({CARE} AND ({DESK} OR {OFFICER}))"""
MOVE = f"""{CLOCK} OR (owner_id = {ORGANISATION} AND ({CENTRE} OR {DECIDES}))
    OR ({CARE} AND {DESK})"""
OF_LIST = "EXISTS (SELECT FROM destruction_destructionlist d WHERE d.id = list_id{more})"
WHILE_DUE = OF_LIST.format(more=" AND d.status = 'due'")

# What is past its term, by the terms of that day, on the side of whoever asks. A signal that was
# forwarded or came from the police is kept as police data; its number and codes stay for ever.
DUE = """
CREATE FUNCTION baken.destruction_due(today date, wanted text) RETURNS TABLE (category text,
    record uuid, reference text, owner bigint, last_event_on date, due_on date, held boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH term AS (
        SELECT t.category, make_interval(months => t.months) AS length
        FROM public.retention_retentionterm t
        WHERE t.valid @> today AND (wanted IS NULL OR t.category = wanted) AND (
            t.category IN ('signal', 'police')
                AND (baken.may('deadline.sweep') OR baken.may('signal.destroy'))
            OR t.category IN ('placement', 'consent')
                AND (baken.may('deadline.sweep') OR baken.may('retention.decide')))
    ), centre AS (
        SELECT min(o.id) AS id FROM public.organisations_organisation o WHERE o.type = 'emm'
    ), desk AS (
        SELECT min(o.id) AS id FROM public.organisations_organisation o WHERE o.type = 'comensha'
    ), kept AS (
        SELECT coalesce(c.person_id, r.person_id) AS person FROM public.retention_legalhold h
        LEFT JOIN public.cases_case c ON c.id = h.case_id
        LEFT JOIN public.registrations_registration r ON r.id = h.registration_id
        WHERE h.lifted_at IS NULL AND h.until >= today
        UNION SELECT x.person_id FROM public.restriction_restriction x WHERE x.ended_at IS NULL
    ), held AS (
        SELECT k.person FROM kept k
        UNION SELECT m.kept_id FROM kept k
            JOIN public.merging_merge m ON m.gone_id = k.person AND m.status = 'merged'
        UNION SELECT m.gone_id FROM kept k
            JOIN public.merging_merge m ON m.kept_id = k.person AND m.status = 'merged'
    ), signalled AS (
        SELECT CASE WHEN s.reporter_type IN ('police_unit', 'kmar', 'nla')
                OR s.outcome = 'forwarded' OR EXISTS (
                    SELECT FROM public.signals_merging m
                    JOIN public.signals_signal i ON i.id = m.into_id AND i.outcome = 'forwarded'
                    WHERE m.signal_id = s.id)
            THEN 'police' ELSE 'signal' END AS category,
            s.id AS record, s.reference, (SELECT id FROM centre) AS owner,
            (coalesce(s.closed_at, s.outcome_at) AT TIME ZONE 'Europe/Amsterdam')::date AS last_on,
            EXISTS (SELECT FROM public.destruction_signalhold h WHERE h.signal_id = s.id
                AND h.lifted_at IS NULL AND h.until >= today) AS is_held
        FROM public.signals_signal s
        JOIN public.signals_signalnarrative n ON n.signal_id = s.id
        WHERE s.status IN ('closed', 'withdrawn')
            AND EXISTS (SELECT FROM term WHERE term.category IN ('signal', 'police'))
            AND NOT EXISTS (SELECT FROM public.enrichment_partnerrequest q
                WHERE q.signal_id = s.id AND q.status IN ('asked', 'answered'))
            AND NOT EXISTS (SELECT FROM public.deliberation_proposal p
                WHERE p.signal_id = s.id AND p.status IN ('waiting', 'placed'))
            AND NOT EXISTS (SELECT FROM public.deliberation_followup f
                WHERE f.signal_id = s.id AND f.status = 'open')
    ), stayed AS (
        SELECT 'placement' AS category, p.id AS record, c.reference,
            c.owner_organisation_id AS owner, e.last_on,
            p.person_id IN (SELECT person FROM held) AS is_held, p.follows_id
        FROM public.shelters_placement p
        JOIN public.cases_case c ON c.id = p.case_id
        CROSS JOIN LATERAL (SELECT (coalesce(p.ended_at, p.answered_at, p.reserved_until)
            AT TIME ZONE 'Europe/Amsterdam')::date AS last_on) e
        JOIN term ON term.category = 'placement'
        WHERE p.status IN ('ended', 'refused', 'expired') AND e.last_on + term.length < today
            -- What came after it goes before it, or with it.
            AND NOT EXISTS (SELECT FROM public.shelters_placement f WHERE f.follows_id = p.id
                AND (f.status NOT IN ('ended', 'refused', 'expired')
                    OR coalesce(f.ended_at, f.answered_at, f.reserved_until) + term.length
                        >= today))
    ), answered AS (
        SELECT 'consent' AS category, s.id AS record, p.reference,
            CASE WHEN o.type = 'care_coord' THEN o.id ELSE (SELECT id FROM desk) END AS owner,
            (coalesce(s.ended_at, upper(s.valid), s.answered_at, s.asked_at)
                AT TIME ZONE 'Europe/Amsterdam')::date AS last_on,
            p.id IN (SELECT person FROM held) AS is_held
        FROM public.sharing_consent s
        JOIN public.persons_person p ON p.id = s.person_id
        JOIN public.organisations_organisation o ON o.id = s.organisation_id
        WHERE EXISTS (SELECT FROM term WHERE term.category = 'consent')
            AND (s.evidence <> '' OR NOT baken.consent_is_leaned_on(s.id))
    ), over AS (
        SELECT category, record, reference, owner, last_on, is_held FROM signalled
        UNION ALL SELECT category, record, reference, owner, last_on, is_held FROM stayed
        UNION ALL SELECT category, record, reference, owner, last_on, is_held FROM answered
    )
    SELECT o.category, o.record, o.reference, o.owner, o.last_on,
        (o.last_on + t.length)::date, o.is_held
    FROM over o JOIN term t USING (category)
    WHERE o.owner IS NOT NULL AND o.last_on + t.length < today
$$
"""

# A registration, a referral or an invitation that rests on it says so as long as it is kept.
LEANED_ON = """
CREATE FUNCTION baken.consent_is_leaned_on(consent uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM public.registrations_registration r WHERE r.consent_id = consent)
        OR EXISTS (SELECT FROM public.referrals_referral r WHERE r.consent_id = consent)
        OR EXISTS (SELECT FROM public.tables_invitation i WHERE i.consent_id = consent)
$$
"""

MOVES = """
CREATE FUNCTION baken.destruction_list_moves_along_the_table() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    course text[] := ARRAY['status', 'approved_at', 'approved_by_id', 'destroyed_at',
        'destroyed_by_id', 'destroyed', 'spared'];
    of_care boolean := NEW.category IN ('placement', 'consent');
    decides boolean := baken.may(
        CASE WHEN of_care THEN 'retention.decide' ELSE 'signal.destroy' END);
    own boolean := decides AND NEW.owner_id = baken.actor_organisation();
    second boolean := own OR decides AND of_care AND baken.may('registration.read_all');
    theirs boolean;
BEGIN
    IF TG_OP = 'INSERT' THEN
        theirs := baken.may('deadline.sweep') AND NEW.status = 'due';
    ELSE
        theirs := to_jsonb(NEW) - course = to_jsonb(OLD) - course AND CASE
            WHEN (OLD.status, NEW.status) = ('due', 'approved')
                THEN own AND NEW.approved_by_id = baken.actor_user()
                    AND EXISTS (SELECT FROM public.destruction_listline l WHERE l.list_id = NEW.id)
            WHEN (OLD.status, NEW.status) = ('approved', 'destroyed')
                THEN second AND OLD.approved_by_id <> baken.actor_user()
                    AND NEW.destroyed_by_id = baken.actor_user()
                    AND (NEW.approved_by_id, NEW.approved_at)
                        = (OLD.approved_by_id, OLD.approved_at)
            WHEN (OLD.status, NEW.status) = ('approved', 'due')
                THEN second AND OLD.approved_by_id <> baken.actor_user()
            ELSE false END;
    END IF;
    IF theirs IS NOT TRUE THEN
        PERFORM baken.refuse_move('destruction_list_moves_along_the_table');
    END IF;
    RETURN NEW;
END $$
"""

OF_SIGNAL = "signal_id = ANY($1)"
OF_TWO = "first_id = ANY($1) OR second_id = ANY($1)"
OF_FINDING = f"enrichment_id IN (SELECT id FROM public.enrichment_enrichment WHERE {OF_SIGNAL})"  # noqa: S608
OF_PROPOSAL = f"proposal_id IN (SELECT id FROM public.deliberation_proposal WHERE {OF_SIGNAL})"  # noqa: S608
OF_ITEM = f"item_id IN (SELECT id FROM public.deliberation_agendaitem WHERE {OF_PROPOSAL})"  # noqa: S608
OF_DECISION = f"decision_id IN (SELECT id FROM public.deliberation_decision WHERE {OF_ITEM})"  # noqa: S608
OF_PACK = f"""pack_id IN (SELECT k.id FROM public.deliberation_pack k
    JOIN public.deliberation_participant t ON t.id = k.participant_id
    JOIN public.deliberation_agendaitem i ON i.meeting_id = t.meeting_id WHERE {OF_PROPOSAL})"""  # noqa: S608
OF_FILE = f"attachment_id IN (SELECT id FROM public.attachments_attachment WHERE {OF_SIGNAL})"  # noqa: S608
OF_ROUND = f"deepening_id IN (SELECT id FROM public.signals_deepening WHERE {OF_SIGNAL})"  # noqa: S608
OF_STAY = "stay_id = ANY($1)"
OF_PLACEMENT = "placement_id = ANY($1)"
OF_SWAP = f"swap_id IN (SELECT swap_id FROM public.swaps_swapside WHERE {OF_PLACEMENT})"  # noqa: S608
# Table and rows, in an order that leaves no row that points at nothing.
STEPS = {
    "signal": (
        ("search_searchentry", OF_SIGNAL),
        ("links_newkeys", OF_SIGNAL),
        ("links_telling", OF_TWO),
        ("links_dismissal", OF_TWO),
        ("links_link", OF_TWO),
        ("tips_tip", OF_SIGNAL),
        ("duty_reminder", OF_SIGNAL),
        ("deliberation_trendlink", OF_SIGNAL),
        ("deliberation_packcontent", OF_PACK),
        ("deliberation_followup", f"{OF_SIGNAL} OR {OF_DECISION}"),
        ("deliberation_decision", OF_ITEM),
        ("deliberation_agendaitem", OF_PROPOSAL),
        ("deliberation_proposal", OF_SIGNAL),
        ("forwarding_extract", OF_SIGNAL),
        ("enrichment_prolongation", OF_FINDING),
        ("enrichment_enrichmentversion", OF_FINDING),
        ("enrichment_enrichment", OF_SIGNAL),
        ("enrichment_partnerrequest", OF_SIGNAL),
        ("attachments_attachmentpiece", OF_FILE),
        ("attachments_attachment", OF_SIGNAL),
        ("signals_deepeninganswer", OF_ROUND),
        ("signals_deepening", OF_SIGNAL),
        ("signals_secondreading", OF_SIGNAL),
        ("signals_merging", OF_SIGNAL),
        ("signals_parking", OF_SIGNAL),
        ("signals_question", OF_SIGNAL),
        ("signals_judgement", OF_SIGNAL),
        ("signals_itemkey", OF_SIGNAL),
        ("signals_offshoot", f"{OF_SIGNAL} OR origin_id = ANY($1)"),
        ("signals_item", OF_SIGNAL),
        ("signals_withdrawal", OF_SIGNAL),
        ("signals_amendment", OF_SIGNAL),
        ("signals_signalnarrative", OF_SIGNAL),
    ),
    "placement": (
        ("stays_staynote", OF_STAY),
        ("stays_blocker", OF_STAY),
        ("stays_extension", OF_STAY),
        ("stays_stay", OF_PLACEMENT),
        ("shelters_familystay", OF_PLACEMENT),
        ("shelters_emergencyplacement", OF_PLACEMENT),
        ("matching_override", OF_PLACEMENT),
        ("swaps_swapside", OF_SWAP),
        ("shelters_placement", "id = ANY($1)"),
    ),
    "consent": (
        ("sharing_closedshare", "consent_id = ANY($1)"),
        ("sharing_consent", "id = ANY($1) AND NOT baken.consent_is_leaned_on(id)"),
    ),
}
#: Rows with a key of their own, which goes with them.
WITH_A_KEY = (
    ("signals_signalnarrative", OF_SIGNAL),
    ("attachments_attachment", OF_SIGNAL),
    ("deliberation_proposal", OF_SIGNAL),
    ("deliberation_packcontent", OF_PACK),
    ("enrichment_enrichment", OF_SIGNAL),
    ("enrichment_partnerrequest", OF_SIGNAL),
    ("forwarding_extract", OF_SIGNAL),
)


def _steps(category: str) -> str:
    return ",\n        ".join(f"['{table}', $w${where}$w$]" for table, where in STEPS[category])


KEYS = "\n        UNION ".join(
    f"SELECT key_id FROM public.{table} WHERE {where}"  # noqa: S608 -- words of our own
    for table, where in WITH_A_KEY
).replace("$1", "records")

# Fires after the one above (by name), in the statement that says that the list is destroyed.
DESTROYS = f"""
CREATE FUNCTION baken.destruction_list_takes_everything_along() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    records uuid[];
    keys uuid[] := '{{}}';
    step text[];
    steps text[];
    number bigint;
BEGIN
    SELECT coalesce(array_agg(l.record), '{{}}') INTO records
        FROM public.destruction_listline l
        JOIN baken.destruction_due((statement_timestamp() AT TIME ZONE 'Europe/Amsterdam')::date,
            NEW.category) d ON d.record = l.record
        WHERE l.list_id = NEW.id AND NOT d.held AND d.owner = NEW.owner_id;
    SELECT count(*) - cardinality(records) INTO NEW.spared
        FROM public.destruction_listline l WHERE l.list_id = NEW.id;
    IF NEW.category IN ('signal', 'police') THEN
        SELECT coalesce(array_agg(key_id), '{{}}') INTO keys FROM (
        {KEYS}) k WHERE key_id IS NOT NULL;
    END IF;
    CASE NEW.category
        WHEN 'placement' THEN steps := ARRAY[
        {_steps("placement")}];
        WHEN 'consent' THEN steps := ARRAY[
        {_steps("consent")}];
        ELSE steps := ARRAY[
        {_steps("signal")}];
    END CASE;
    NEW.destroyed := '{{}}';
    FOREACH step SLICE 1 IN ARRAY steps LOOP
        EXECUTE 'DELETE FROM public.' || quote_ident(step[1]) || ' WHERE ' || step[2]
            USING records;
        GET DIAGNOSTICS number = ROW_COUNT;
        IF number > 0 THEN
            NEW.destroyed := NEW.destroyed || jsonb_build_object(step[1], number);
        END IF;
    END LOOP;
    IF NEW.category = 'consent' THEN
        UPDATE public.sharing_consent SET evidence = '', evidence_reference = ''
            WHERE id = ANY(records) AND evidence <> '';
        GET DIAGNOSTICS number = ROW_COUNT;
        IF number > 0 THEN
            NEW.destroyed := NEW.destroyed || jsonb_build_object('evidence', number);
        END IF;
    END IF;
    DELETE FROM public.access_datakey WHERE id = ANY(keys);
    GET DIAGNOSTICS number = ROW_COUNT;
    IF number > 0 THEN
        NEW.destroyed := NEW.destroyed || jsonb_build_object('access_datakey', number);
    END IF;
    DELETE FROM public.destruction_listline WHERE list_id = NEW.id;
    RETURN NEW;
END $$
"""  # noqa: S608 -- words of our own

TRIGGERS = """
CREATE TRIGGER destruction_list_moves_along_the_table BEFORE INSERT OR UPDATE
    ON destruction_destructionlist
    FOR EACH ROW EXECUTE FUNCTION baken.destruction_list_moves_along_the_table();
CREATE TRIGGER destruction_list_takes_everything_along BEFORE UPDATE ON destruction_destructionlist
    FOR EACH ROW WHEN (OLD.status = 'approved' AND NEW.status = 'destroyed')
    EXECUTE FUNCTION baken.destruction_list_takes_everything_along();
CREATE FUNCTION baken.signal_hold_is_lifted_once() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    lifted text[] := ARRAY['lifted_at', 'lifted_by_id'];
BEGIN
    IF OLD.lifted_at IS NOT NULL
        OR to_jsonb(NEW) - lifted <> to_jsonb(OLD) - lifted
    THEN
        PERFORM baken.refuse_move('signal_hold_is_lifted_once');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER signal_hold_is_lifted_once BEFORE UPDATE ON destruction_signalhold
    FOR EACH ROW EXECUTE FUNCTION baken.signal_hold_is_lifted_once();
REVOKE DELETE ON destruction_destructionlist, destruction_signalhold FROM baken_web, baken_worker;
REVOKE UPDATE ON destruction_listline, destruction_signalhold FROM baken_web, baken_worker;
GRANT UPDATE (lifted_at, lifted_by_id) ON destruction_signalhold TO baken_web, baken_worker;
"""
NO_TRIGGERS = """
DROP TRIGGER destruction_list_moves_along_the_table ON destruction_destructionlist;
DROP TRIGGER destruction_list_takes_everything_along ON destruction_destructionlist;
DROP TRIGGER signal_hold_is_lifted_once ON destruction_signalhold;
DROP FUNCTION baken.signal_hold_is_lifted_once();
"""

# What was decided on a signal in a meeting goes with the signal, also when the meeting is locked.
# Nobody works as the guard; its functions do, and no other of them touches a locked meeting.
LOCKED = "".join(
    f"""
DROP TRIGGER {table}_of_a_locked_meeting_does_not_change ON deliberation_{table};
CREATE TRIGGER {table}_of_a_locked_meeting_does_not_change
    BEFORE INSERT OR UPDATE ON deliberation_{table}
    FOR EACH ROW EXECUTE FUNCTION baken.locked_meeting_keeps();
CREATE TRIGGER {table}_of_a_locked_meeting_stays
    BEFORE DELETE ON deliberation_{table}
    FOR EACH ROW WHEN (current_user <> 'baken_guard')
    EXECUTE FUNCTION baken.locked_meeting_keeps();"""
    for table in ("agendaitem", "decision")
)
LOCKED_BEFORE = "".join(
    f"""
DROP TRIGGER {table}_of_a_locked_meeting_stays ON deliberation_{table};
DROP TRIGGER {table}_of_a_locked_meeting_does_not_change ON deliberation_{table};
CREATE TRIGGER {table}_of_a_locked_meeting_does_not_change
    BEFORE INSERT OR UPDATE OR DELETE ON deliberation_{table}
    FOR EACH ROW EXECUTE FUNCTION baken.locked_meeting_keeps();"""
    for table in ("agendaitem", "decision")
)

LOCKS = [
    DefinerFunction("baken.consent_is_leaned_on(uuid)", LEANED_ON),
    DefinerFunction("baken.destruction_due(date, text)", DUE),
    DefinerFunction("baken.destruction_list_moves_along_the_table()", MOVES),
    DefinerFunction("baken.destruction_list_takes_everything_along()", DESTROYS),
    migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
    migrations.RunSQL(LOCKED, LOCKED_BEFORE),
    Protect("destruction_destructionlist", select=READ, insert=CLOCK, update=MOVE),
    Protect(
        "destruction_listline",
        select=OF_LIST.format(more=""),
        insert=f"{CLOCK} AND {WHILE_DUE}",
        delete=f"{CLOCK} AND {WHILE_DUE}",
    ),
    Protect(
        "destruction_signalhold",
        select=f"{CLOCK} OR ({CENTRE} AND organisation_id = {ORGANISATION})",
        insert=f"{CENTRE} AND organisation_id = {ORGANISATION} AND placed_by_id = {USER}",
        update=f"{CENTRE} AND organisation_id = {ORGANISATION}",
    ),
]
