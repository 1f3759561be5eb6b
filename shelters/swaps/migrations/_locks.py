"""What the database itself keeps true of changes of beds: their life, and that they are one deed."""

from django.db import migrations

from referral.lib.policies import AmendFunction, DefinerFunction, Protect


def may(permission: str) -> str:
    return f"(SELECT baken.may('{permission}'))"


USER = "(SELECT baken.actor_user())"
HERE = f"({may('placement.answer')} AND house_id = (SELECT baken.actor_organisation()))"
DESK = may("placement.reserve")
READS_ALL = may("placement.read_all")
HAS_A_SIDE = "EXISTS (SELECT FROM swaps_swapside s WHERE s.swap_id = swaps_swap.id)"

MOVES = """
CREATE FUNCTION baken.check_swap_move() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    desk boolean := baken.may('placement.reserve');
    house boolean;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'proposed' THEN
            PERFORM baken.refuse_move('swap_begins_as_proposed');
        END IF;
        RETURN NEW;
    END IF;
    -- It lapses with a placement that ends otherwise, whoever ends it.
    IF current_user = 'baken_guard' THEN
        RETURN NEW;
    END IF;
    house := baken.may('placement.answer') AND EXISTS (SELECT FROM public.swaps_swapside s
        WHERE s.swap_id = OLD.id AND s.house_id = baken.actor_organisation());
    IF NOT coalesce(
        (OLD.status = 'proposed' AND NEW.status IN ('agreed', 'declined') AND house)
        OR (OLD.status IN ('proposed', 'agreed') AND NEW.status = 'withdrawn' AND desk)
        OR (OLD.status = 'agreed' AND NEW.status = 'done' AND (house OR desk)), false)
    THEN
        PERFORM baken.refuse_move('swap_moves_along_the_table');
    END IF;
    IF NEW.status = 'agreed' AND NOT coalesce((SELECT bool_and(p.accepted) AND count(*) = 2
        FROM baken.parties_of_swap(NEW.id) p), false)
    THEN
        PERFORM baken.refuse_move('swap_is_agreed_by_both_shelters');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER swap_moves_along_the_table BEFORE INSERT OR UPDATE ON swaps_swap
    FOR EACH ROW EXECUTE FUNCTION baken.check_swap_move();
"""
# A shelter may not read the side of the other one; it may know that it accepted, and whom to tell.
PARTIES = """
CREATE FUNCTION baken.parties_of_swap(wanted uuid)
RETURNS TABLE (on_case uuid, house bigint, coordinator bigint, accepted boolean, began uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT p.case_id, s.house_id, r.organisation_id, s.answered_at IS NOT NULL,
        (SELECT n.id FROM public.shelters_placement n
            WHERE n.follows_id = p.id AND w.status = 'done' AND n.arrived_at = w.closed_at)
    FROM public.swaps_swapside s
    JOIN public.swaps_swap w ON w.id = s.swap_id
    JOIN public.shelters_placement p ON p.id = s.placement_id
    JOIN public.shelters_placementrequest r ON r.id = p.request_id
    WHERE s.swap_id = wanted AND (baken.may('placement.reserve')
        OR (baken.may('placement.answer') AND EXISTS (SELECT FROM public.swaps_swapside o
            WHERE o.swap_id = wanted AND o.house_id = baken.actor_organisation())))
    ORDER BY s.number
$$
"""
SIDE = """
CREATE FUNCTION baken.swap_side_is_of_who_stays_there() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM public.shelters_placement p
        JOIN public.shelters_shelter h ON h.id = p.shelter_id
        JOIN public.swaps_swap w ON w.id = NEW.swap_id
        WHERE p.id = NEW.placement_id AND p.status = 'arrived'
            AND h.organisation_id = NEW.house_id AND w.status = 'proposed')
    THEN
        PERFORM baken.refuse_move('swap_side_is_of_who_stays_there');
    END IF;
    RETURN NEW;
END $$
"""
# Both placements end and both begin at one moment. The periods are half-open and touch, and the
# ends are written first: so no bed and no person is ever held twice, and no constraint waits.
ONE_DEED = """
CREATE FUNCTION baken.swap_is_one_deed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.swaps_swapside SET standing = false WHERE swap_id = NEW.id;
    IF NEW.status <> 'done' THEN
        RETURN NULL;
    END IF;
    PERFORM FROM public.shelters_placement p JOIN public.swaps_swapside s ON s.placement_id = p.id
        WHERE s.swap_id = NEW.id ORDER BY p.id FOR UPDATE OF p;
    IF EXISTS (SELECT FROM public.shelters_placement p
        JOIN public.swaps_swapside s ON s.placement_id = p.id
        WHERE s.swap_id = NEW.id AND (p.status <> 'arrived' OR p.arrived_at >= NEW.closed_at))
    THEN
        PERFORM baken.refuse_move('who_changes_beds_was_there_before');
    END IF;
    IF EXISTS (SELECT FROM public.shelters_placement n
        JOIN public.swaps_swapside s ON s.placement_id = n.follows_id
        WHERE s.swap_id = NEW.id AND n.status IN ('reserved', 'accepted'))
    THEN
        PERFORM baken.refuse_move('who_changes_beds_has_no_next_place');
    END IF;
    UPDATE public.shelters_placement p
    SET status = 'ended', end_reason = 'transferred', ended_at = NEW.closed_at,
        ended_by_id = NEW.closed_by_id, during = tstzrange(lower(p.during), NEW.closed_at)
    FROM public.swaps_swapside s WHERE s.swap_id = NEW.id AND p.id = s.placement_id;
    INSERT INTO public.shelters_placement (id, request_id, case_id, person_id, shelter_id, bed_id,
        during, follows_id, status, reserved_at, reserved_by_id, reserved_until, answered_at,
        answered_by_id, refusal_reason, arrived_at, arrived_by_id, end_reason)
    SELECT baken.uuid7(), p.request_id, p.case_id, p.person_id, o.shelter_id, o.bed_id,
        tstzrange(NEW.closed_at, NULL), p.id, 'arrived', NEW.proposed_at, NEW.proposed_by_id,
        greatest(NEW.closed_at, t.answered_at) + interval '1 microsecond', t.answered_at, t.answered_by_id, '',
        NEW.closed_at, NEW.closed_by_id, ''
    FROM public.swaps_swapside s
    JOIN public.shelters_placement p ON p.id = s.placement_id
    JOIN public.swaps_swapside t ON t.swap_id = s.swap_id AND t.number <> s.number
    JOIN public.shelters_placement o ON o.id = t.placement_id
    WHERE s.swap_id = NEW.id
    ORDER BY o.bed_id;
    RETURN NULL;
END $$
"""
LAPSES = """
CREATE FUNCTION baken.swap_lapses_with_its_placement() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.swaps_swap w
    SET status = 'lapsed', closed_at = NEW.ended_at, closed_by_id = NEW.ended_by_id
    FROM public.swaps_swapside s
    WHERE s.swap_id = w.id AND s.placement_id = NEW.id AND w.status IN ('proposed', 'agreed');
    RETURN NULL;
END $$
"""
TRIGGERS = """
CREATE TRIGGER swap_side_is_of_who_stays_there BEFORE INSERT ON swaps_swapside
    FOR EACH ROW EXECUTE FUNCTION baken.swap_side_is_of_who_stays_there();
CREATE TRIGGER swap_is_one_deed AFTER UPDATE ON swaps_swap FOR EACH ROW
    WHEN (OLD.status IN ('proposed', 'agreed') AND NEW.status NOT IN ('proposed', 'agreed'))
    EXECUTE FUNCTION baken.swap_is_one_deed();
CREATE TRIGGER swap_lapses_with_its_placement AFTER UPDATE ON shelters_placement FOR EACH ROW
    WHEN (NEW.status = 'ended' AND OLD.status <> 'ended')
    EXECUTE FUNCTION baken.swap_lapses_with_its_placement();
"""
NO_TRIGGERS = """
DROP TRIGGER swap_side_is_of_who_stays_there ON swaps_swapside;
DROP TRIGGER swap_is_one_deed ON swaps_swap;
DROP TRIGGER swap_lapses_with_its_placement ON shelters_placement;
"""
NO_MOVES = """
DROP TRIGGER swap_moves_along_the_table ON swaps_swap;
DROP FUNCTION baken.check_swap_move();
"""
COLUMNS = """
REVOKE UPDATE, DELETE ON swaps_swap, swaps_swapside FROM baken_web, baken_worker;
GRANT UPDATE (status, closed_at, closed_by_id) ON swaps_swap TO baken_web, baken_worker;
GRANT UPDATE (answered_at, answered_by_id) ON swaps_swapside TO baken_web, baken_worker;
"""
# Who moves within a house keeps what was agreed of the stay, and the departure that was planned.
AGREED = """(p.arrived_at AT TIME ZONE 'Europe/Amsterdam')::date + (SELECT t.first_days::int FROM public.shelters_shelterterm t
        WHERE t.valid @> p.arrived_at)"""
BEGINS = f"'staying', {AGREED}, '', ''"
GOES_ON = f"""CASE WHEN o.leave_on IS NULL THEN 'staying' ELSE 'outflow_planned' END,
    coalesce(o.agreed_until, {AGREED}), coalesce(o.funding, ''), coalesce(o.destination, ''),
    o.leave_on"""
REQUEST = "JOIN public.shelters_placementrequest r ON r.id = p.request_id"
LEFT_HERE = """
LEFT JOIN public.stays_stay o ON o.placement_id = p.follows_id AND o.shelter_id = p.shelter_id"""
COLUMNS_THEN = "arrived_at, status, agreed_until, funding, destination"
KEEPS = (
    (f"{COLUMNS_THEN})", f"{COLUMNS_THEN}, leave_on)"),
    (BEGINS, GOES_ON),
    (REQUEST, REQUEST + LEFT_HERE),
)

LOCKS = [
    DefinerFunction("baken.parties_of_swap(uuid)", PARTIES),
    migrations.RunSQL(MOVES, NO_MOVES),
    DefinerFunction("baken.swap_side_is_of_who_stays_there()", SIDE),
    DefinerFunction("baken.swap_is_one_deed()", ONE_DEED),
    DefinerFunction("baken.swap_lapses_with_its_placement()", LAPSES),
    migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
    migrations.RunSQL(COLUMNS, migrations.RunSQL.noop),
    AmendFunction("baken.stay_follows_its_placement()", *KEEPS),
    Protect(
        "swaps_swapside",
        select=f"{READS_ALL} OR {HERE}",
        insert=f"{DESK} OR {HERE}",
        update=HERE,
    ),
    Protect(
        "swaps_swap",
        # Who proposes reads it back before it has sides.
        select=f"{HAS_A_SIDE} OR (proposed_by_id = {USER} AND status = 'proposed')",
        insert=f"proposed_by_id = {USER} AND ({DESK} OR {may('placement.answer')})",
        update=f"{DESK} OR ({may('placement.answer')} AND {HAS_A_SIDE})",
    ),
]
