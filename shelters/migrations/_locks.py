"""What the database itself refuses or keeps true of shelter: moves, beds, steps and policies."""

from django.db import migrations

from referral.lib.policies import DefinerFunction, Protect

NUMBERS = "CREATE SEQUENCE shelters_request_number"

# --- Moves: what workflow.py says, said to the database ---------------------------------------
REQUEST_MOVE = """
CREATE FUNCTION baken.check_placement_request_move() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    answers boolean := baken.may('placement.answer');
    sweeps boolean := answers OR baken.may('placement.reserve') OR baken.may('deadline.sweep');
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'submitted' THEN
            PERFORM baken.refuse_move('placement_request_begins_as_submitted');
        END IF;
        IF NOT baken.case_takes_requests(NEW.case_id, NEW.person_id) THEN
            PERFORM baken.refuse_move('shelter_is_asked_for_in_an_active_case');
        END IF;
        RETURN NEW;
    END IF;
    IF NOT coalesce(
        (OLD.status = 'submitted' AND NEW.status = 'offered' AND baken.may('placement.reserve'))
        OR (OLD.status = 'submitted' AND NEW.status = 'cancelled'
            AND baken.may('shelter.request'))
        OR (OLD.status = 'offered' AND NEW.status = 'placed' AND answers)
        OR (OLD.status = 'offered' AND NEW.status = 'submitted' AND sweeps), false)
    THEN
        PERFORM baken.refuse_move('placement_request_moves_along_the_table');
    END IF;
    -- The placement has moved first, so that a request never says what is not so.
    IF EXISTS (SELECT FROM public.shelters_placement p
            WHERE p.request_id = NEW.id AND p.status = 'reserved') <> (NEW.status = 'offered')
        OR EXISTS (SELECT FROM public.shelters_placement p
            WHERE p.request_id = NEW.id AND p.status = 'accepted') <> (NEW.status = 'placed')
    THEN
        PERFORM baken.refuse_move('placement_request_says_where_its_placement_stands');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER placement_request_moves_along_the_table
    BEFORE INSERT OR UPDATE ON shelters_placementrequest
    FOR EACH ROW EXECUTE FUNCTION baken.check_placement_request_move();
"""
PLACEMENT_MOVE = """
CREATE FUNCTION baken.check_placement_move() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    desk boolean := baken.may('placement.reserve');
    shelter boolean;
    clock boolean;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'reserved' THEN
            PERFORM baken.refuse_move('placement_begins_as_a_reservation');
        END IF;
        IF NOT EXISTS (SELECT FROM public.shelters_placementrequest r
            WHERE r.id = NEW.request_id AND r.case_id = NEW.case_id
                AND r.person_id = NEW.person_id AND r.status = 'submitted')
        THEN
            PERFORM baken.refuse_move('placement_answers_an_open_request');
        END IF;
        IF NOT EXISTS (SELECT FROM public.shelters_bed b
            WHERE b.id = NEW.bed_id AND b.shelter_id = NEW.shelter_id)
        THEN
            PERFORM baken.refuse_move('placement_is_in_the_shelter_of_its_bed');
        END IF;
        RETURN NEW;
    END IF;
    shelter := baken.may('placement.answer') AND EXISTS (SELECT FROM public.shelters_shelter s
        WHERE s.id = OLD.shelter_id AND s.organisation_id = baken.actor_organisation());
    clock := OLD.reserved_until <= statement_timestamp()
        AND (desk OR shelter OR baken.may('deadline.sweep'));
    IF NOT coalesce(
        (OLD.status = 'reserved' AND NEW.status IN ('accepted', 'refused') AND shelter)
        OR (OLD.status = 'reserved' AND NEW.status = 'expired' AND clock)
        OR (OLD.status = 'accepted' AND NEW.status IN ('arrived', 'ended') AND (shelter OR desk))
        OR (OLD.status = 'arrived' AND NEW.status = 'ended' AND (shelter OR desk)), false)
    THEN
        PERFORM baken.refuse_move('placement_moves_along_the_table');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER placement_moves_along_the_table BEFORE INSERT OR UPDATE ON shelters_placement
    FOR EACH ROW EXECUTE FUNCTION baken.check_placement_move();
"""

# --- Beds: who places and who takes a bed out of use wait for one another on the bed's row ------
BED_PLACED = """
CREATE FUNCTION baken.bed_out_of_order_is_not_placed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM public.shelters_bed b WHERE b.id = NEW.bed_id FOR NO KEY UPDATE;
    IF EXISTS (SELECT FROM public.shelters_bedoutage o
        WHERE o.bed_id = NEW.bed_id AND o.during && NEW.during)
    THEN
        PERFORM baken.refuse_move('bed_out_of_order_is_not_placed');
    END IF;
    RETURN NEW;
END $$
"""
BED_OUT = """
CREATE FUNCTION baken.placed_bed_is_not_out_of_order() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM public.shelters_bed b WHERE b.id = NEW.bed_id FOR NO KEY UPDATE;
    IF EXISTS (SELECT FROM public.shelters_placement p
        WHERE p.bed_id = NEW.bed_id AND p.during && NEW.during
            AND p.status IN ('reserved', 'accepted', 'arrived', 'ended'))
    THEN
        PERFORM baken.refuse_move('placed_bed_is_not_out_of_order');
    END IF;
    RETURN NEW;
END $$
"""

# --- Cases: open while somebody waits for a bed or has one ------------------------------------
# The share lock lets a closure of the case wait for the request, and the other way round.
TAKES_REQUESTS = """
CREATE FUNCTION baken.case_takes_requests(wanted uuid, whom uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM public.cases_case c
        WHERE c.id = wanted AND c.person_id = whom AND c.status = 'active' FOR SHARE;
    RETURN FOUND;
END $$
"""
STAYS_OPEN = """
CREATE FUNCTION baken.case_with_shelter_stays_open() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM public.shelters_placement p
        WHERE p.case_id = NEW.id AND p.status IN ('reserved', 'accepted', 'arrived'))
    THEN
        PERFORM baken.refuse_move('case_with_an_open_placement_stays_open');
    END IF;
    IF EXISTS (SELECT FROM public.shelters_placementrequest r
        WHERE r.case_id = NEW.id AND r.status IN ('submitted', 'offered'))
    THEN
        PERFORM baken.refuse_move('case_with_an_open_shelter_request_stays_open');
    END IF;
    RETURN NEW;
END $$
"""

# --- What follows by itself: the next step of the case, and what the shelter may see ----------
# Neither the shelter nor the clock works on the case, and nobody grants to the own organisation;
# so the step and the grant follow from the row, for every side alike.
STEP = """
CREATE FUNCTION baken.shelter_sets_next_step(
    wanted uuid, step text, holder bigint, at timestamptz, days integer) RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
    UPDATE public.cases_case c
    SET next_step = step, next_step_by_id = coalesce(holder, c.owner_organisation_id),
        next_deadline_on = (at AT TIME ZONE 'Europe/Amsterdam')::date + days
    WHERE c.id = wanted AND c.status = 'active' AND c.offered_to_id IS NULL
$$
"""
REQUEST_FOLLOW = """
CREATE FUNCTION baken.placement_request_passes_step() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM baken.shelter_sets_next_step(NEW.case_id, 'find_place',
            (SELECT o.id FROM public.organisations_organisation o WHERE o.type = 'comensha'),
            NEW.requested_at,
            CASE NEW.urgency WHEN '1_crisis' THEN 0 WHEN '2_day' THEN 1 ELSE 7 END);
    ELSIF NEW.status = 'cancelled' THEN
        PERFORM baken.shelter_sets_next_step(
            NEW.case_id, 'review_plan', NULL, NEW.cancelled_at, 2);
    END IF;
    RETURN NULL;
END $$
"""
PLACEMENT_FOLLOW = """
CREATE FUNCTION baken.placement_passes_step() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    house bigint := (SELECT s.organisation_id FROM public.shelters_shelter s
        WHERE s.id = NEW.shelter_id);
    desk bigint := (SELECT o.id FROM public.organisations_organisation o
        WHERE o.type = 'comensha');
BEGIN
    CASE NEW.status
    WHEN 'reserved' THEN
        PERFORM baken.shelter_sets_next_step(
            NEW.case_id, 'answer_placement', house, NEW.reserved_until, 0);
    WHEN 'accepted' THEN
        PERFORM baken.shelter_sets_next_step(
            NEW.case_id, 'record_arrival', house, NEW.answered_at, 1);
    WHEN 'refused' THEN
        PERFORM baken.shelter_sets_next_step(NEW.case_id, 'find_place', desk, NEW.answered_at, 0);
    WHEN 'expired' THEN
        PERFORM baken.shelter_sets_next_step(
            NEW.case_id, 'find_place', desk, NEW.reserved_until, 0);
    WHEN 'arrived' THEN
        PERFORM baken.shelter_sets_next_step(NEW.case_id, 'make_plan', NULL, NEW.arrived_at, 7);
        INSERT INTO public.cases_casegrant (id, case_id, organisation_id, level, profile, valid,
            basis, granted_by_id, reason)
        SELECT baken.uuid7(), NEW.case_id, house, 1, 'placement',
            tstzrange(greatest(least(NEW.arrived_at, statement_timestamp()), max(upper(g.valid))),
                NULL),
            'placement', NEW.arrived_by_id, ''
        FROM public.cases_casegrant g
        WHERE g.case_id = NEW.case_id AND g.organisation_id = house
            AND g.basis = 'placement' AND g.user_id IS NULL;
    ELSE
        PERFORM baken.shelter_sets_next_step(NEW.case_id, 'review_plan', NULL, NEW.ended_at, 2);
        UPDATE public.cases_casegrant g
        SET valid = tstzrange(lower(g.valid), greatest(
            least(NEW.ended_at, statement_timestamp()), lower(g.valid) + interval '1 microsecond'))
        WHERE g.case_id = NEW.case_id AND g.organisation_id = house AND g.basis = 'placement'
            AND upper_inf(g.valid);
    END CASE;
    RETURN NULL;
END $$
"""
FOLLOW = """
CREATE TRIGGER bed_out_of_order_is_not_placed BEFORE INSERT ON shelters_placement
    FOR EACH ROW EXECUTE FUNCTION baken.bed_out_of_order_is_not_placed();
CREATE TRIGGER placed_bed_is_not_out_of_order BEFORE INSERT OR UPDATE ON shelters_bedoutage
    FOR EACH ROW EXECUTE FUNCTION baken.placed_bed_is_not_out_of_order();
CREATE TRIGGER case_with_shelter_stays_open BEFORE UPDATE ON cases_case FOR EACH ROW
    WHEN (NEW.status = 'closed' AND OLD.status <> 'closed')
    EXECUTE FUNCTION baken.case_with_shelter_stays_open();
CREATE TRIGGER placement_request_passes_step AFTER INSERT OR UPDATE ON shelters_placementrequest
    FOR EACH ROW EXECUTE FUNCTION baken.placement_request_passes_step();
CREATE TRIGGER placement_passes_step AFTER INSERT OR UPDATE ON shelters_placement
    FOR EACH ROW EXECUTE FUNCTION baken.placement_passes_step();
"""
UNFOLLOW = """
DROP TRIGGER bed_out_of_order_is_not_placed ON shelters_placement;
DROP TRIGGER placed_bed_is_not_out_of_order ON shelters_bedoutage;
DROP TRIGGER case_with_shelter_stays_open ON cases_case;
DROP TRIGGER placement_request_passes_step ON shelters_placementrequest;
DROP TRIGGER placement_passes_step ON shelters_placement;
"""

# --- Rights -----------------------------------------------------------------------------------
COLUMNS = """
REVOKE UPDATE ON shelters_shelter, shelters_shelteraddress, shelters_bed, shelters_bedoutage,
    shelters_placementrequest, shelters_placement FROM baken_web, baken_worker;
GRANT UPDATE (code_name, type, sexes, min_age, max_age, children, wheelchair, security,
    safety_region_id, active) ON shelters_shelter TO baken_web, baken_worker;
GRANT UPDATE (key_id, sealed) ON shelters_shelteraddress TO baken_web, baken_worker;
GRANT UPDATE (code, kind) ON shelters_bed TO baken_web, baken_worker;
GRANT UPDATE (during) ON shelters_bedoutage TO baken_web, baken_worker;
GRANT UPDATE (status, cancelled_at, cancelled_by_id) ON shelters_placementrequest
    TO baken_web, baken_worker;
GRANT UPDATE (status, during, answered_at, answered_by_id, refusal_reason, arrived_at,
    arrived_by_id, ended_at, ended_by_id, end_reason) ON shelters_placement
    TO baken_web, baken_worker;
"""


def may(permission: str) -> str:
    return f"(SELECT baken.may('{permission}'))"


ORGANISATION = "(SELECT baken.actor_organisation())"
USER = "(SELECT baken.actor_user())"


#: The shelter, or the bed, that this row names is run by the actor's organisation.
OWN_SHELTER = (
    "EXISTS (SELECT FROM shelters_shelter s WHERE s.id = shelter_id"
    f" AND s.organisation_id = {ORGANISATION})"
)
OWN_BED = (
    "EXISTS (SELECT FROM shelters_bed b JOIN shelters_shelter s ON s.id = b.shelter_id"
    f" WHERE b.id = bed_id AND s.organisation_id = {ORGANISATION})"
)
MANAGES = f"{may('bed.manage_own')} AND organisation_id = {ORGANISATION}"
OFFERED_HERE = (
    f"({may('placement.answer')} AND EXISTS (SELECT FROM shelters_placement p"
    " JOIN shelters_shelter s ON s.id = p.shelter_id"
    f" WHERE p.request_id = shelters_placementrequest.id AND s.organisation_id = {ORGANISATION}))"
)
KEEPS_SHELTER = f"({MANAGES}) OR {may('placement.reserve')}"
KEEPS_ADDRESS = f"({may('bed.manage_own')} AND {OWN_SHELTER}) OR {may('placement.reserve')}"
KEEPS_OUTAGE = f"({may('bed.manage_own')} AND {OWN_BED}) OR {may('placement.reserve')}"

LOCKS = [
    migrations.RunSQL(NUMBERS, "DROP SEQUENCE shelters_request_number"),
    DefinerFunction("baken.case_takes_requests(uuid, uuid)", TAKES_REQUESTS),
    migrations.RunSQL(
        REQUEST_MOVE,
        "DROP TRIGGER placement_request_moves_along_the_table ON shelters_placementrequest;"
        "DROP FUNCTION baken.check_placement_request_move()",
    ),
    migrations.RunSQL(
        PLACEMENT_MOVE,
        "DROP TRIGGER placement_moves_along_the_table ON shelters_placement;"
        "DROP FUNCTION baken.check_placement_move()",
    ),
    DefinerFunction("baken.bed_out_of_order_is_not_placed()", BED_PLACED),
    DefinerFunction("baken.placed_bed_is_not_out_of_order()", BED_OUT),
    DefinerFunction("baken.case_with_shelter_stays_open()", STAYS_OPEN),
    migrations.RunSQL(
        STEP,
        "DROP FUNCTION baken.shelter_sets_next_step(uuid, text, bigint, timestamptz, integer)",
    ),
    DefinerFunction("baken.placement_request_passes_step()", REQUEST_FOLLOW),
    DefinerFunction("baken.placement_passes_step()", PLACEMENT_FOLLOW),
    migrations.RunSQL(FOLLOW, UNFOLLOW),
    migrations.RunSQL(COLUMNS, migrations.RunSQL.noop),
    Protect(
        "shelters_shelter",
        select=f"{may('bed.read_all')} OR {may('shelter.request')} OR {may('deadline.sweep')}"
        f" OR ({may('shelter.read')} AND organisation_id = {ORGANISATION})",
        insert=KEEPS_SHELTER,
        update=KEEPS_SHELTER,
    ),
    Protect(
        "shelters_shelteraddress",
        select=f"{may('address.reveal_all')}"
        f" OR ({may('address.read_own')} AND {OWN_SHELTER})"
        f" OR ({may('address.reveal_placed')} AND EXISTS (SELECT FROM shelters_placement p"
        " WHERE p.shelter_id = shelters_shelteraddress.shelter_id"
        " AND p.status IN ('accepted', 'arrived') AND baken.case_level(p.case_id) >= 2))",
        insert=KEEPS_ADDRESS,
        update=KEEPS_ADDRESS,
    ),
    Protect(
        "shelters_bed",
        select=f"{may('bed.read_all')} OR ({may('bed.manage_own')} AND {OWN_SHELTER})",
        insert=KEEPS_ADDRESS,
        update=KEEPS_ADDRESS,
    ),
    Protect(
        "shelters_bedoutage",
        select=f"{may('bed.read_all')} OR ({may('bed.manage_own')} AND {OWN_BED})",
        insert=f"set_by_id = {USER} AND ({KEEPS_OUTAGE})",
        update=KEEPS_OUTAGE,
    ),
    Protect(
        "shelters_placement",
        select=f"{may('placement.read_all')}"
        f" OR ({may('placement.answer')} AND {OWN_SHELTER})"
        f" OR ({may('shelter.request')} AND baken.case_level(case_id) >= 1)"
        f" OR ({may('deadline.sweep')} AND status IN ('reserved', 'expired'))",
        insert=f"{may('placement.reserve')} AND reserved_by_id = {USER}",
        update=f"{may('placement.reserve')} OR {may('deadline.sweep')}"
        f" OR ({may('placement.answer')} AND {OWN_SHELTER})",
    ),
    Protect(
        "shelters_placementrequest",
        select=f"{may('placement.read_all')} OR {OFFERED_HERE}"
        f" OR ({may('shelter.request')} AND baken.case_level(case_id) >= 1)"
        f" OR ({may('deadline.sweep')} AND status IN ('offered', 'submitted'))",
        insert=f"{may('shelter.request')} AND requested_by_id = {USER}"
        f" AND organisation_id = {ORGANISATION} AND baken.case_level(case_id) >= 2",
        update=f"{may('placement.reserve')} OR {may('deadline.sweep')} OR {OFFERED_HERE}"
        f" OR ({may('shelter.request')} AND baken.case_level(case_id) >= 2)",
    ),
]
