"""What the database itself keeps true of stays: their life, and who sees and writes them."""

from django.db import migrations

from referral.lib.policies import DefinerFunction, Protect


def may(permission: str) -> str:
    return f"(SELECT baken.may('{permission}'))"


ORGANISATION = "(SELECT baken.actor_organisation())"
USER = "(SELECT baken.actor_user())"
HERE = f"({may('placement.answer')} AND house_id = {ORGANISATION})"
DESK = may("placement.reserve")
SEES = f"""{may("placement.read_all")} OR {HERE}
    OR ({may("shelter.request")} AND baken.case_level(case_id) >= 1)
    OR ({may("deadline.sweep")} AND status <> 'over')"""


def of_stay(asked: str) -> str:
    return f"EXISTS (SELECT FROM stays_stay s WHERE s.placement_id = stay_id AND ({asked}))"


# The clock reads stays and nothing that hangs on them; the subquery obeys the policy of stays.
SEES_STAY = f"NOT {may('deadline.sweep')} AND {of_stay('true')}"
OWN = of_stay(f"{may('placement.answer')} AND s.house_id = {ORGANISATION}")

# Ninety days to begin with: what categorical shelter is meant for (domain model 2.3, source F18).
BEGIN = """
INSERT INTO public.stays_stay (placement_id, case_id, shelter_id, house_id, coordinator_id,
    arrived_at, status, agreed_until, funding, destination)
SELECT p.id, p.case_id, p.shelter_id, s.organisation_id, r.organisation_id, p.arrived_at,
    'staying', (p.arrived_at AT TIME ZONE 'Europe/Amsterdam')::date + 90, '', ''
FROM public.shelters_placement p
JOIN public.shelters_shelter s ON s.id = p.shelter_id
JOIN public.shelters_placementrequest r ON r.id = p.request_id
WHERE p.status = 'arrived'"""
FOLLOWS = """
CREATE FUNCTION baken.stay_follows_its_placement() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.status = 'arrived' THEN
        BEGIN_STAY AND p.id = NEW.id;
    ELSE
        UPDATE public.stays_stay SET status = 'over', over_at = NEW.ended_at
        WHERE placement_id = NEW.id;
    END IF;
    RETURN NULL;
END $$
""".replace("BEGIN_STAY", BEGIN.strip())
# The owner is bound by the policies of placements as well; the guard looks past them.
BEGIN_ALL = f"SET LOCAL ROLE baken_guard; {BEGIN}; RESET ROLE"
MOVES = """
CREATE FUNCTION baken.check_stay_move() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    desk boolean := baken.may('placement.reserve');
    house boolean := baken.may('placement.answer')
        AND OLD.house_id = baken.actor_organisation();
BEGIN
    IF (NEW.agreed_until, NEW.funding) <> (OLD.agreed_until, OLD.funding) AND NOT desk THEN
        PERFORM baken.refuse_move('longer_stay_is_agreed_by_the_desk');
    END IF;
    IF NEW.status = OLD.status THEN
        IF OLD.status = 'over' THEN
            PERFORM baken.refuse_move('stay_that_is_over_stays_as_it_was');
        END IF;
        RETURN NEW;
    END IF;
    IF NOT coalesce(
        (OLD.status = 'staying' AND NEW.status = 'extension_asked' AND house)
        OR (OLD.status = 'extension_asked' AND NEW.status = 'staying' AND desk)
        OR (OLD.status = 'staying' AND NEW.status = 'outflow_planned' AND (house OR desk))
        OR (OLD.status = 'outflow_planned' AND NEW.status = 'staying' AND (house OR desk))
        OR (OLD.status <> 'over' AND NEW.status = 'over' AND EXISTS (
            SELECT FROM public.shelters_placement p
            WHERE p.id = OLD.placement_id AND p.status = 'ended')), false)
    THEN
        PERFORM baken.refuse_move('stay_moves_along_the_table');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stay_moves_along_the_table BEFORE UPDATE ON stays_stay
    FOR EACH ROW EXECUTE FUNCTION baken.check_stay_move();
CREATE TRIGGER stay_follows_its_placement AFTER UPDATE OF status ON shelters_placement
    FOR EACH ROW WHEN (NEW.status IN ('arrived', 'ended') AND NEW.status <> OLD.status)
    EXECUTE FUNCTION baken.stay_follows_its_placement();
"""
NO_MOVES = """
DROP TRIGGER stay_follows_its_placement ON shelters_placement;
DROP TRIGGER stay_moves_along_the_table ON stays_stay;
DROP FUNCTION baken.check_stay_move();
"""
# A stay that was agreed for longer was asked for and granted by the desk.
DECIDED = """
CREATE FUNCTION baken.extension_is_decided_once() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF OLD.granted IS NOT NULL OR NOT baken.may('placement.reserve') THEN
        PERFORM baken.refuse_move('extension_is_decided_once_by_the_desk');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER extension_is_decided_once BEFORE UPDATE ON stays_extension
    FOR EACH ROW EXECUTE FUNCTION baken.extension_is_decided_once();
"""
NOT_DECIDED = """
DROP TRIGGER extension_is_decided_once ON stays_extension;
DROP FUNCTION baken.extension_is_decided_once();
"""
COLUMNS = """
REVOKE UPDATE, DELETE ON stays_stay, stays_extension, stays_blocker, stays_staynote
    FROM baken_web, baken_worker;
REVOKE INSERT ON stays_stay FROM baken_web, baken_worker;
GRANT UPDATE (status, agreed_until, funding, leave_on, destination, long_told_at, end_told_of)
    ON stays_stay TO baken_web, baken_worker;
GRANT UPDATE (granted, decided_at, decided_by_id) ON stays_extension TO baken_web, baken_worker;
GRANT UPDATE (lifted_at, lifted_by_id) ON stays_blocker TO baken_web, baken_worker;
"""

LOCKS = [
    # Whoever is in a shelter already stays there too.
    migrations.RunSQL(BEGIN_ALL, migrations.RunSQL.noop),
    DefinerFunction("baken.stay_follows_its_placement()", FOLLOWS),
    migrations.RunSQL(MOVES, NO_MOVES),
    migrations.RunSQL(DECIDED, NOT_DECIDED),
    migrations.RunSQL(COLUMNS, migrations.RunSQL.noop),
    Protect(
        "stays_stay",
        select=SEES,
        update=f"{HERE} OR {DESK} OR ({may('deadline.sweep')} AND status <> 'over')",
    ),
    Protect(
        "stays_extension",
        select=SEES_STAY,
        insert=f"asked_by_id = {USER} AND granted IS NULL AND {OWN}",
        update=DESK,
    ),
    Protect(
        "stays_blocker",
        select=SEES_STAY,
        insert=f"set_by_id = {USER} AND ({DESK} OR {OWN})",
        update=f"{DESK} OR {OWN}",
    ),
    Protect("stays_staynote", select=OWN, insert=f"written_by_id = {USER} AND {OWN}"),
]
