"""What the database itself keeps true of matching, and the rules that came with the house."""

from django.db import migrations

from referral.lib.policies import DefinerFunction, Protect


def may(permission: str) -> str:
    return f"(SELECT baken.may('{permission}'))"


USER = "(SELECT baken.actor_user())"
DESK, READS_ALL = may("placement.reserve"), may("placement.read_all")
ASKS, CLOCK = may("shelter.request"), may("deadline.sweep")
#: The request that this row is of, as far as its own policy shows it.
SEEN = "EXISTS (SELECT FROM shelters_placementrequest r WHERE r.id = request_id)"
ASKED_BY_ME = (
    "EXISTS (SELECT FROM shelters_placementrequest r WHERE r.id = request_id"
    f" AND r.requested_by_id = {USER})"
)
RESERVED_BY_ME = (
    "EXISTS (SELECT FROM shelters_placement p WHERE p.id = placement_id"
    f" AND p.reserved_by_id = {USER})"
)

MOVES = """
CREATE FUNCTION baken.match_proposal_moves_along_the_table() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'computing' THEN
            PERFORM baken.refuse_move('match_proposal_moves_along_the_table');
        END IF;
    ELSIF NOT baken.may('deadline.sweep')
        OR OLD.status <> 'computing' OR NEW.status NOT IN ('computing', 'ready')
    THEN
        PERFORM baken.refuse_move('match_proposal_moves_along_the_table');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER match_proposal_moves_along_the_table
    BEFORE INSERT OR UPDATE ON matching_matchproposal
    FOR EACH ROW EXECUTE FUNCTION baken.match_proposal_moves_along_the_table();
CREATE FUNCTION baken.match_line_moves_along_the_table() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'open' THEN
            PERFORM baken.refuse_move('match_line_moves_along_the_table');
        END IF;
    ELSIF NOT baken.may('placement.reserve')
        OR OLD.status <> 'open' OR NEW.status NOT IN ('accepted', 'declined')
        OR NEW.decided_by_id IS DISTINCT FROM baken.actor_user()
    THEN
        PERFORM baken.refuse_move('match_line_moves_along_the_table');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER match_line_moves_along_the_table
    BEFORE INSERT OR UPDATE ON matching_matchline
    FOR EACH ROW EXECUTE FUNCTION baken.match_line_moves_along_the_table();
"""
NO_MOVES = """
DROP TRIGGER match_line_moves_along_the_table ON matching_matchline;
DROP FUNCTION baken.match_line_moves_along_the_table();
DROP TRIGGER match_proposal_moves_along_the_table ON matching_matchproposal;
DROP FUNCTION baken.match_proposal_moves_along_the_table();
"""

# What is erased takes along what hangs on it: the rows of a request and of a placement.
FOLLOWS = """
CREATE FUNCTION baken.matching_goes_with_the_request() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_TABLE_NAME = 'shelters_placement' THEN
        DELETE FROM public.matching_override WHERE placement_id = OLD.id;
    ELSE
        DELETE FROM public.matching_matchline WHERE request_id = OLD.id;
        DELETE FROM public.matching_needprofile WHERE request_id = OLD.id;
        UPDATE public.matching_needprofile SET apart = array_remove(apart, OLD.case_id)
            WHERE apart @> ARRAY[OLD.case_id];
    END IF;
    RETURN OLD;
END $$
"""
TRIGGERS = """
CREATE TRIGGER matching_goes_with_the_request BEFORE DELETE ON shelters_placementrequest
    FOR EACH ROW EXECUTE FUNCTION baken.matching_goes_with_the_request();
CREATE TRIGGER matching_goes_with_the_placement BEFORE DELETE ON shelters_placement
    FOR EACH ROW EXECUTE FUNCTION baken.matching_goes_with_the_request();
"""
NO_TRIGGERS = """
DROP TRIGGER matching_goes_with_the_placement ON shelters_placement;
DROP TRIGGER matching_goes_with_the_request ON shelters_placementrequest;
"""
COLUMNS = """
REVOKE UPDATE, DELETE ON matching_eligibilityrule, matching_needprofile, matching_override,
    matching_matchproposal, matching_matchline FROM baken_web, baken_worker;
GRANT UPDATE (valid) ON matching_eligibilityrule TO baken_web, baken_worker;
GRANT UPDATE (status, question, progress, computed_at)
    ON matching_matchproposal TO baken_web, baken_worker;
GRANT UPDATE (status, decided_at, decided_by_id) ON matching_matchline TO baken_web, baken_worker;
"""

# Sources as read in 2026; each is data that the placement desk ends or adds to.
COSM = "CoMensha, coördinatie opvang: comensha.nl/onze-helpdesk/coordinatie-opvang/"
OMM = (
    "CoMensha, opvang voor slachtoffers van mensenhandel met multiproblematiek:"
    " comensha.nl/actualiteiten/"
)
NLA = "CoMensha, pilot opvang slachtoffers ernstige benadeling: comensha.nl/actualiteiten/"
WMO = "Wmo 2015, art. 1.2.2; Wegwijzer mensenhandel, opvang vraag 1 en 3"
YOUTH = "Jeugdwet; Wegwijzer mensenhandel, opvang vraag 1"
NIDOS = "Wegwijzer mensenhandel, verblijf in Nederland vraag 2 (beschermde opvang, Nidos)"
RULES = (
    ("cosm", "adult", COSM), ("cosm", "not_dutch", COSM), ("cosm", "reflection", COSM),
    ("omm", "multiple", OMM),
    ("nla", "labour", NLA), ("nla", "lawful", NLA),
    ("vo", "lawful", WMO), ("men", "lawful", WMO), ("mo", "lawful", WMO),
    ("youth", "minor", YOUTH),
    ("amv", "minor", NIDOS), ("amv", "not_dutch", NIDOS),
)  # fmt: skip
ROWS = ", ".join(
    f"('{kind}', '{demand}', '{text}', '[2024-01-01,)')" for kind, demand, text in RULES
)
COLUMNS_OF_A_RULE = "(shelter_type, demand, citation, valid)"
FIRST_RULES = f"INSERT INTO matching_eligibilityrule {COLUMNS_OF_A_RULE} VALUES {ROWS}"  # noqa: S608

LOCKS = [
    # Before the policies: nobody is signed in while the database is made.
    migrations.RunSQL(FIRST_RULES, "DELETE FROM matching_eligibilityrule"),
    migrations.RunSQL(MOVES, NO_MOVES),
    DefinerFunction("baken.matching_goes_with_the_request()", FOLLOWS),
    migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
    migrations.RunSQL(COLUMNS, migrations.RunSQL.noop),
    Protect(
        "matching_eligibilityrule",
        select=f"{READS_ALL} OR {ASKS}",
        insert=DESK,
        update=DESK,
    ),
    Protect(
        "matching_needprofile",
        select=f"{READS_ALL} OR ({ASKS} AND {SEEN})",
        insert=f"{ASKS} AND {ASKED_BY_ME}",
    ),
    Protect(
        "matching_override",
        select=READS_ALL,
        insert=f"{DESK} AND set_by_id = {USER} AND {RESERVED_BY_ME}",
    ),
    Protect(
        "matching_matchproposal",
        select=f"{DESK} OR {CLOCK}",
        insert=f"{DESK} AND ordered_by_id = {USER}",
        update=CLOCK,
    ),
    Protect("matching_matchline", select=DESK, insert=CLOCK, update=DESK),
]
