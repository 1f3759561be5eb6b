"""What the database itself refuses or keeps true of cases: moves, grants, lists and policies."""

from django.db import migrations

from referral.lib.policies import DefinerFunction, Protect

NUMBERS = "CREATE SEQUENCE cases_case_number"

# Keys that the database makes itself sort by time too (RFC 9562).
UUID7 = """
CREATE FUNCTION baken.uuid7() RETURNS uuid
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
    SELECT encode(set_bit(set_bit(overlay(
        uuid_send(gen_random_uuid())
        PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3)
        FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid
$$
"""

# --- Questions about grants, asked by policies of this room and of the rooms above ------------
LEVEL = """
CREATE FUNCTION baken.case_level(wanted uuid) RETURNS smallint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(max(g.level), 0)::smallint
    FROM public.cases_casegrant g
    WHERE g.case_id = wanted
        AND g.organisation_id = baken.actor_organisation()
        AND (g.user_id IS NULL OR g.user_id = baken.actor_user())
        AND g.valid @> statement_timestamp()
        AND baken.may('case.read_granted')
$$
"""
OPENS = """
CREATE FUNCTION baken.case_opens(wanted uuid, section text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT baken.may('case.read_granted') AND EXISTS (
        SELECT FROM public.cases_casegrant g
        WHERE g.case_id = wanted
            AND g.organisation_id = baken.actor_organisation()
            AND (g.user_id IS NULL OR g.user_id = baken.actor_user())
            AND g.profile IN ('full', section)
            AND g.valid @> statement_timestamp())
$$
"""
STANDS = """
CREATE FUNCTION baken.case_stands(wanted uuid, owner bigint, offered bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM public.cases_case c
        WHERE c.id = wanted AND c.owner_organisation_id = owner
            AND c.offered_to_id IS NOT DISTINCT FROM offered)
$$
"""
# The next step may lie with the placement desk or a shelter, who do not work on the case itself.
HAND_ON_STEP = """
CREATE FUNCTION baken.pass_next_step(wanted uuid, step text, holder bigint, deadline date)
RETURNS boolean
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE public.cases_case c
    SET next_step = step, next_step_by_id = holder, next_deadline_on = deadline
    WHERE c.id = wanted AND c.status = 'active' AND c.offered_to_id IS NULL
        AND (baken.may('placement.reserve')
            OR (baken.may('placement.answer') AND baken.case_level(wanted) >= 1))
    RETURNING true
$$
"""

# --- Moves: what workflow.py says, said to the database ---------------------------------------
REFUSE = """
CREATE FUNCTION baken.refuse_move(sentence text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '%', sentence USING ERRCODE = 'check_violation', CONSTRAINT = sentence;
END $$
"""
# baken_guard is exempt: its functions change what no side may, and nobody works as that role.
CASE_MOVE = """
CREATE FUNCTION baken.check_case_move() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    actor bigint := baken.actor_organisation();
    is_owner boolean;
    is_receiver boolean;
BEGIN
    IF current_user = 'baken_guard' THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'intake' THEN
            PERFORM baken.refuse_move('case_begins_in_intake');
        END IF;
        RETURN NEW;
    END IF;
    is_owner := OLD.owner_organisation_id IS NOT DISTINCT FROM actor;
    is_receiver := OLD.offered_to_id IS NOT DISTINCT FROM actor AND actor IS NOT NULL;
    IF OLD.status = 'closed' THEN
        PERFORM baken.refuse_move('closed_case_is_not_changed');
    END IF;
    IF NEW.status <> OLD.status AND NOT (
        (OLD.status = 'intake' AND NEW.status = 'active' AND is_receiver)
        OR (OLD.status = 'active' AND NEW.status = 'closed' AND is_owner)
    ) THEN
        PERFORM baken.refuse_move('case_moves_only_along_its_table');
    END IF;
    IF NEW.owner_organisation_id <> OLD.owner_organisation_id AND NOT (
        is_receiver AND NEW.owner_organisation_id = actor AND NEW.offered_to_id IS NULL
        AND NEW.status = 'active'
    ) THEN
        PERFORM baken.refuse_move('case_goes_only_to_who_accepts_it');
    END IF;
    IF NEW.offered_to_id IS DISTINCT FROM OLD.offered_to_id AND NOT (
        (is_receiver AND NEW.offered_to_id IS NULL)
        OR (is_owner AND OLD.status = 'active'
            AND (OLD.offered_to_id IS NULL OR NEW.offered_to_id IS NULL))
    ) THEN
        PERFORM baken.refuse_move('case_is_offered_by_its_owner_to_one_at_a_time');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER case_moves_along_its_table BEFORE INSERT OR UPDATE ON cases_case
    FOR EACH ROW EXECUTE FUNCTION baken.check_case_move();
"""
HANDOFF_MOVE = """
CREATE FUNCTION baken.check_handoff_move() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    actor bigint := baken.actor_organisation();
BEGIN
    IF current_user = 'baken_guard' THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'offered' OR NOT baken.case_stands(
            NEW.case_id, NEW.from_organisation_id, NEW.to_organisation_id)
        THEN
            PERFORM baken.refuse_move('handoff_begins_as_an_offer_of_the_owner');
        END IF;
        RETURN NEW;
    END IF;
    IF NOT coalesce(OLD.status = 'offered' AND (
        (NEW.status IN ('accepted', 'declined') AND actor = OLD.to_organisation_id)
        OR (NEW.status = 'withdrawn' AND actor = OLD.from_organisation_id)), false)
    THEN
        PERFORM baken.refuse_move('handoff_moves_only_along_its_table');
    END IF;
    -- The case has moved first, so that a handoff never says what is not so.
    IF NOT baken.case_stands(NEW.case_id, CASE NEW.status
        WHEN 'accepted' THEN NEW.to_organisation_id ELSE NEW.from_organisation_id END, NULL)
    THEN
        PERFORM baken.refuse_move('handoff_says_who_owns_the_case');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER handoff_moves_along_its_table BEFORE INSERT OR UPDATE ON cases_handoff
    FOR EACH ROW EXECUTE FUNCTION baken.check_handoff_move();
"""
GRANT_ENDS = """
CREATE FUNCTION baken.case_grant_only_ends() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (to_jsonb(NEW) - 'valid') <> (to_jsonb(OLD) - 'valid')
        OR lower(NEW.valid) IS DISTINCT FROM lower(OLD.valid) OR NOT NEW.valid <@ OLD.valid
    THEN
        PERFORM baken.refuse_move('grant_is_ended_and_nothing_else');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER case_grant_only_ends BEFORE UPDATE OR DELETE ON cases_casegrant
    FOR EACH ROW EXECUTE FUNCTION baken.case_grant_only_ends();
"""

# --- What follows from the case by itself: grants, the projection of lists, persons -----------
GIVE = """
CREATE FUNCTION baken.case_gives_grants() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO public.cases_casegrant (id, case_id, organisation_id, level, profile, valid,
        basis, granted_by_id, reason)
    SELECT baken.uuid7(), n.id, n.owner_organisation_id, 3,
        CASE n.status WHEN 'intake' THEN 'header' ELSE 'full' END,
        tstzrange(n.standing_since, NULL), 'owner', n.opened_by_id, ''
    FROM fresh n
    UNION ALL
    SELECT baken.uuid7(), n.id, n.offered_to_id, 1, 'envelope',
        tstzrange(n.standing_since, NULL), 'referral', n.opened_by_id, ''
    FROM fresh n WHERE n.offered_to_id IS NOT NULL;
    RETURN NULL;
END $$
"""
# `moment` is the case's own clock, never ahead of the server's, and after whatever the same
# organisation held on the same basis. Who was owner reads on for thirty days (invariant 10 of
# the domain model); who waits in the intake only passes the case on.
MOVE = """
CREATE FUNCTION baken.case_moves_grants() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.cases_caseaccess a
    SET status = n.status, priority = n.priority, next_deadline_on = n.next_deadline_on,
        care_region_id = n.care_region_id
    FROM fresh n JOIN was o USING (id)
    WHERE a.case_id = n.id
        AND (o.status, o.priority, o.next_deadline_on, o.care_region_id)
            IS DISTINCT FROM (n.status, n.priority, n.next_deadline_on, n.care_region_id);

    -- Most changes pass a next step; what follows asks for nothing but these three.
    IF NOT EXISTS (SELECT FROM fresh n JOIN was o USING (id)
        WHERE (o.status, o.owner_organisation_id, o.offered_to_id)
            IS DISTINCT FROM (n.status, n.owner_organisation_id, n.offered_to_id))
    THEN
        RETURN NULL;
    END IF;

    UPDATE public.cases_casegrant g
    SET valid = tstzrange(lower(g.valid), greatest(
        least(n.standing_since, statement_timestamp()), lower(g.valid) + interval '1 microsecond'))
    FROM fresh n JOIN was o USING (id)
    WHERE g.case_id = n.id AND g.user_id IS NULL
        AND coalesce(upper(g.valid), 'infinity') > greatest(
            least(n.standing_since, statement_timestamp()),
            lower(g.valid) + interval '1 microsecond')
        AND CASE g.basis
            WHEN 'owner' THEN o.owner_organisation_id <> n.owner_organisation_id
                OR (o.status = 'intake' AND n.status <> 'intake')
            WHEN 'referral' THEN o.offered_to_id IS DISTINCT FROM n.offered_to_id
                AND g.organisation_id = o.offered_to_id
            WHEN 'handoff' THEN o.owner_organisation_id <> n.owner_organisation_id
                AND g.organisation_id = n.owner_organisation_id
            ELSE false END;

    INSERT INTO public.cases_casegrant (id, case_id, organisation_id, level, profile, valid,
        basis, granted_by_id, reason)
    SELECT baken.uuid7(), given.case_id, given.organisation_id, given.level, given.profile,
        tstzrange(moment, moment + given.lasting), given.basis,
        coalesce(baken.actor_user(), given.opened_by_id), ''
    FROM (
        SELECT n.id AS case_id, n.owner_organisation_id AS organisation_id, 3 AS level,
            'full' AS profile, NULL::interval AS lasting, 'owner' AS basis, n.opened_by_id,
            n.standing_since
        FROM fresh n JOIN was o USING (id)
        WHERE o.owner_organisation_id <> n.owner_organisation_id
            OR (o.status = 'intake' AND n.status <> 'intake')
        UNION ALL
        SELECT n.id, o.owner_organisation_id, 1, 'full', interval '30 days', 'handoff',
            n.opened_by_id, n.standing_since
        FROM fresh n JOIN was o USING (id)
        WHERE o.owner_organisation_id <> n.owner_organisation_id AND o.status = 'active'
        UNION ALL
        SELECT n.id, n.offered_to_id, 1, 'envelope', NULL, 'referral', n.opened_by_id,
            n.standing_since
        FROM fresh n JOIN was o USING (id)
        WHERE n.offered_to_id IS NOT NULL AND o.offered_to_id IS DISTINCT FROM n.offered_to_id
    ) given
    CROSS JOIN LATERAL (
        SELECT greatest(least(given.standing_since, statement_timestamp()), max(upper(g.valid)))
            AS moment
        FROM public.cases_casegrant g
        WHERE g.case_id = given.case_id AND g.organisation_id = given.organisation_id
            AND g.basis = given.basis AND g.user_id IS NULL
    ) clock;
    RETURN NULL;
END $$
"""
ACCESS = """
CREATE FUNCTION baken.grant_gives_access() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO public.cases_caseaccess (organisation_id, user_id, case_id, level, profile, basis,
        valid_until, status, priority, opened_at, next_deadline_on, care_region_id)
    SELECT DISTINCT ON (g.case_id, g.organisation_id, g.user_id)
        g.organisation_id, g.user_id, g.case_id, g.level, g.profile, g.basis,
        max(coalesce(upper(g.valid), '9999-01-01 00:00:00+00')) OVER (
            PARTITION BY g.case_id, g.organisation_id, g.user_id),
        c.status, c.priority, c.opened_at, c.next_deadline_on, c.care_region_id
    FROM (SELECT DISTINCT case_id, organisation_id FROM fresh) touched
    JOIN public.cases_casegrant g USING (case_id, organisation_id)
    JOIN public.cases_case c ON c.id = g.case_id
    ORDER BY g.case_id, g.organisation_id, g.user_id, g.valid @> statement_timestamp() DESC,
        g.level DESC, g.profile = 'full' DESC, lower(g.valid) DESC
    ON CONFLICT (case_id, organisation_id, user_id) DO UPDATE SET
        level = excluded.level, profile = excluded.profile, basis = excluded.basis,
        valid_until = excluded.valid_until;

    IF TG_OP = 'INSERT' THEN
        INSERT INTO public.persons_persongrant (id, person_id, organisation_id, user_id, level,
            basis, source, valid, granted_by_id, reason)
        SELECT baken.uuid7(), c.person_id, n.organisation_id, n.user_id,
            CASE WHEN n.level >= 2 THEN 'work' ELSE 'view' END,
            'case', n.id, n.valid, n.granted_by_id, n.basis
        FROM fresh n JOIN public.cases_case c ON c.id = n.case_id
        WHERE n.profile IN ('full', 'placement');
    ELSE
        UPDATE public.persons_persongrant p
        SET valid = n.valid
        FROM fresh n JOIN public.cases_case c ON c.id = n.case_id
        WHERE p.organisation_id = n.organisation_id AND p.person_id = c.person_id
            AND p.basis = 'case' AND p.source = n.id AND p.valid <> n.valid;
    END IF;
    RETURN NULL;
END $$
"""
FOLLOW = """
CREATE TRIGGER case_gives_grants AFTER INSERT ON cases_case REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION baken.case_gives_grants();
CREATE TRIGGER case_moves_grants AFTER UPDATE ON cases_case
    REFERENCING OLD TABLE AS was NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION baken.case_moves_grants();
CREATE TRIGGER grant_gives_access AFTER INSERT ON cases_casegrant REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION baken.grant_gives_access();
CREATE TRIGGER grant_takes_access AFTER UPDATE ON cases_casegrant REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION baken.grant_gives_access();
"""

# --- Rights ----------------------------------------------------------------------------------
COLUMNS = """
REVOKE UPDATE ON cases_case, cases_casegrant, cases_carenote, cases_handoff, cases_handoffpackage
    FROM baken_web, baken_worker;
REVOKE INSERT, UPDATE, DELETE ON cases_caseaccess FROM baken_web, baken_worker;
GRANT UPDATE (owner_organisation_id, offered_to_id, standing_since, coordinator_id,
    care_region_id, status, priority, needs, next_step, next_step_by_id, next_deadline_on,
    accepted_at, accepted_by_id, closed_at, closed_by_id, closure_reason, outcome,
    person_informed) ON cases_case TO baken_web, baken_worker;
GRANT UPDATE (valid) ON cases_casegrant TO baken_web, baken_worker;
GRANT UPDATE (status, decline_reason, warm_meeting_on, answered_at, answered_by_id)
    ON cases_handoff TO baken_web, baken_worker;
"""


def may(permission: str) -> str:
    return f"(SELECT baken.may('{permission}'))"


ORGANISATION = "(SELECT baken.actor_organisation())"
USER = "(SELECT baken.actor_user())"
READS = may("case.read_granted")

# In a case that is taken over, the new row names the new owner while the grants follow only
# after the statement: so the check of an update is another than its condition. What costs
# nothing to ask is asked first: the level takes a look at the grants for each row.
CASE_UPDATE = f"""
CREATE POLICY cases_case_update ON cases_case FOR UPDATE
    USING (({may("handoff.answer")} AND offered_to_id = {ORGANISATION})
        OR ({may("case.work")}
            AND (owner_organisation_id = {ORGANISATION} OR baken.case_level(id) >= 2)))
    WITH CHECK (owner_organisation_id = {ORGANISATION} OR baken.case_level(id) >= 1)
"""

LOCKS = [
    migrations.RunSQL(NUMBERS, "DROP SEQUENCE cases_case_number"),
    migrations.RunSQL(UUID7, "DROP FUNCTION baken.uuid7()"),
    DefinerFunction("baken.case_level(uuid)", LEVEL),
    DefinerFunction("baken.case_opens(uuid, text)", OPENS),
    DefinerFunction("baken.case_stands(uuid, bigint, bigint)", STANDS),
    DefinerFunction("baken.pass_next_step(uuid, text, bigint, date)", HAND_ON_STEP),
    DefinerFunction("baken.case_gives_grants()", GIVE),
    DefinerFunction("baken.case_moves_grants()", MOVE),
    DefinerFunction("baken.grant_gives_access()", ACCESS),
    migrations.RunSQL(REFUSE, "DROP FUNCTION baken.refuse_move(text)"),
    migrations.RunSQL(
        CASE_MOVE,
        "DROP TRIGGER case_moves_along_its_table ON cases_case;"
        "DROP FUNCTION baken.check_case_move()",
    ),
    migrations.RunSQL(
        HANDOFF_MOVE,
        "DROP TRIGGER handoff_moves_along_its_table ON cases_handoff;"
        "DROP FUNCTION baken.check_handoff_move()",
    ),
    migrations.RunSQL(
        GRANT_ENDS,
        "DROP TRIGGER case_grant_only_ends ON cases_casegrant;"
        "DROP FUNCTION baken.case_grant_only_ends()",
    ),
    migrations.RunSQL(
        FOLLOW,
        "DROP TRIGGER case_gives_grants ON cases_case;"
        "DROP TRIGGER case_moves_grants ON cases_case;"
        "DROP TRIGGER grant_gives_access ON cases_casegrant;"
        "DROP TRIGGER grant_takes_access ON cases_casegrant",
    ),
    migrations.RunSQL(COLUMNS, migrations.RunSQL.noop),
    Protect(
        "cases_case",
        select=f"{may('case.read_header')} OR ({READS} AND ("
        f"owner_organisation_id = {ORGANISATION} OR EXISTS ("
        "SELECT FROM cases_caseaccess a WHERE a.case_id = cases_case.id"
        f" AND a.organisation_id = {ORGANISATION}"
        f" AND (a.user_id IS NULL OR a.user_id = {USER})"
        " AND a.valid_until > statement_timestamp())))",
        insert=f"{may('case.offer')} AND owner_organisation_id = {ORGANISATION}"
        f" AND opened_by_id = {USER}",
    ),
    migrations.RunSQL(CASE_UPDATE, "DROP POLICY cases_case_update ON cases_case"),
    Protect(
        "cases_caseaccess",
        select=f"{READS} AND organisation_id = {ORGANISATION}"
        f" AND (user_id IS NULL OR user_id = {USER}) AND valid_until > statement_timestamp()",
    ),
    # Nobody grants to the own organisation; and foreign keys do not ask policies, so the level
    # on the case is asked here.
    Protect(
        "cases_casegrant",
        select=f"({READS} AND (organisation_id = {ORGANISATION}"
        " OR baken.case_level(case_id) >= 3))"
        f" OR ({may('placement.reserve')} AND basis = 'placement')",
        insert=f"granted_by_id = {USER} AND organisation_id <> {ORGANISATION}"
        " AND basis NOT IN ('owner', 'handoff') AND lower(valid) <= statement_timestamp()"
        " AND (baken.case_level(case_id) >= 3"
        f" OR ({may('placement.reserve')} AND basis = 'placement'"
        " AND profile IN ('header', 'placement')))",
        update=f"basis NOT IN ('owner', 'handoff', 'referral') AND (({READS}"
        f" AND (organisation_id = {ORGANISATION} OR baken.case_level(case_id) >= 3))"
        f" OR ({may('placement.reserve')} AND basis = 'placement'))",
    ),
    Protect(
        "cases_carenote",
        select=f"{may('care_note.read')} AND baken.case_opens(case_id, 'full')",
        insert=f"{may('care_note.write')} AND organisation_id = {ORGANISATION}"
        f" AND written_by_id = {USER} AND baken.case_level(case_id) >= 2",
    ),
    Protect(
        "cases_handoff",
        select=f"{may('handoff.answer')} AND (from_organisation_id = {ORGANISATION}"
        f" OR to_organisation_id = {ORGANISATION} OR baken.case_opens(case_id, 'full'))",
        insert=f"{may('handoff.offer')} AND from_organisation_id = {ORGANISATION}"
        f" AND offered_by_id = {USER} AND baken.case_level(case_id) >= 3",
        update=f"({may('handoff.answer')} AND to_organisation_id = {ORGANISATION})"
        f" OR ({may('handoff.offer')} AND from_organisation_id = {ORGANISATION})",
    ),
    Protect(
        "cases_handoffpackage",
        select=f"{may('handoff.answer')} AND EXISTS (SELECT FROM cases_handoff h"
        " WHERE h.id = handoff_id"
        f" AND (h.from_organisation_id = {ORGANISATION}"
        f" OR (h.to_organisation_id = {ORGANISATION} AND h.status = 'accepted')))",
        insert=f"{may('handoff.offer')} AND EXISTS (SELECT FROM cases_handoff h"
        f" WHERE h.id = handoff_id AND h.status = 'offered'"
        f" AND h.from_organisation_id = {ORGANISATION})",
    ),
]
