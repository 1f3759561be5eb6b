"""What the database keeps of residence by itself: its tables of moves, and who sees what."""

from django.db import migrations

from referral.lib.policies import DefinerFunction, Protect
from referral.persons.migrations._locks import granted

#: As in referral.residence.workflow, at the time of this migration: line, from, to, side.
MOVES = {
    "reflection": """
        not_offered offered police; offered granted police; offered declined police;
        declined offered police; granted running police; granted ended police;
        running ended police; running expired clock""",
    "track": """
        none reflection police; none applied police; reflection applied police;
        reflection asylum immigration; reflection departed immigration;
        applied granted immigration; applied rejected immigration; applied departed immigration;
        granted renewal immigration; granted revoked immigration;
        granted continued_applied immigration; granted departed immigration;
        renewal granted immigration; renewal rejected immigration; renewal revoked immigration;
        rejected objection immigration; rejected applied police; rejected asylum immigration;
        rejected departed immigration; revoked objection immigration;
        revoked continued_applied immigration; revoked asylum immigration;
        revoked departed immigration; objection granted immigration;
        objection continued_granted immigration; objection rejected immigration;
        objection revoked immigration; continued_applied continued_granted immigration;
        continued_applied rejected immigration; continued_granted revoked immigration;
        continued_granted departed immigration; asylum applied police;
        asylum departed immigration""",
    "report": """
        not_discussed talk_planned police; not_discussed talk_done police;
        not_discussed reported police; talk_planned talk_done police;
        talk_planned not_reported police; talk_done reported police;
        talk_done considering police; talk_done ex_officio police; talk_done not_reported police;
        considering reported police; considering ex_officio police;
        considering not_reported police; not_reported reported police;
        not_reported ex_officio police; reported investigation police; reported withdrawn police;
        reported dismissed police; ex_officio investigation police; ex_officio dismissed police;
        withdrawn investigation police; withdrawn dismissed police;
        investigation prosecuted police; investigation dismissed police;
        dismissed investigation police; prosecuted judged_first police;
        prosecuted dismissed police; judged_first appeal police; judged_first final police;
        appeal final police""",
}
BEGINNINGS = {"reflection": "not_offered", "track": "none", "report": "not_discussed"}
TABLES = {
    "reflection": "residence_reflection",
    "track": "residence_track",
    "report": "residence_policereport",
}


def _rows() -> str:
    triples = [(line, *move.split()) for line, moves in MOVES.items() for move in moves.split(";")]
    return ", ".join(f"('{line}', '{a}', '{b}', '{side}')" for line, a, b, side in triples)


# Calendar months: 31 January and three months is 30 April. The last day itself still counts.
END_OF_TERM = """
CREATE FUNCTION baken.end_of_term(begins date, months integer, days integer) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT (begins + make_interval(months => months, days => days))::date
$$
"""
MOVE = f"""
CREATE FUNCTION baken.residence_moves_along_its_table() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    side text;
    theirs boolean;
    begins text := TG_ARGV[1];
BEGIN
    IF current_user = 'baken_guard' THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.status = begins THEN
            RETURN NEW;
        END IF;
        RAISE check_violation USING CONSTRAINT = 'residence_moves_along_its_table',
            MESSAGE = 'residence_moves_along_its_table: begins as ' || NEW.status;
    END IF;
    IF NEW.status = OLD.status THEN
        RETURN NEW;
    END IF;
    SELECT moves.side INTO side
    FROM (VALUES {_rows()}) AS moves (line, before, after, side)
    WHERE moves.line = TG_ARGV[0] AND before = OLD.status AND after = NEW.status;
    SELECT CASE side
        WHEN 'police' THEN f.police_id = baken.actor_organisation() AND baken.may('report.keep')
        WHEN 'immigration' THEN
            f.immigration_id = baken.actor_organisation() AND baken.may('residence.decide')
        WHEN 'clock' THEN baken.may('deadline.sweep')
        END INTO theirs
    FROM public.residence_residencefile f WHERE f.id = NEW.file_id;
    IF theirs IS NOT TRUE THEN
        RAISE check_violation USING CONSTRAINT = 'residence_moves_along_its_table',
            MESSAGE = format('residence_moves_along_its_table: %s from %s to %s',
                TG_ARGV[0], OLD.status, NEW.status);
    END IF;
    RETURN NEW;
END $$;
"""  # noqa: S608 -- the rows stand above
MOVE += "".join(
    f"""
CREATE TRIGGER residence_moves_along_its_table BEFORE INSERT OR UPDATE ON {table}
    FOR EACH ROW EXECUTE FUNCTION
    baken.residence_moves_along_its_table('{line}', '{BEGINNINGS[line]}');"""
    for line, table in TABLES.items()
)
NO_MOVE = "".join(
    f"DROP TRIGGER residence_moves_along_its_table ON {table};" for table in TABLES.values()
)
# A term of the law is given once: its days are never changed after it has begun (B8/3.1 Vc).
STANDS = """
CREATE FUNCTION baken.reflection_stands_as_it_began() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE check_violation USING CONSTRAINT = 'reflection_stands_as_it_began',
        MESSAGE = 'reflection_stands_as_it_began: ' || OLD.file_id;
END $$;
CREATE TRIGGER reflection_stands_as_it_began BEFORE UPDATE ON residence_reflection
    FOR EACH ROW WHEN (OLD.starts_on IS NOT NULL AND (NEW.starts_on, NEW.ends_on, NEW.term,
        NEW.term_months, NEW.term_days) IS DISTINCT FROM (OLD.starts_on, OLD.ends_on, OLD.term,
        OLD.term_months, OLD.term_days))
    EXECUTE FUNCTION baken.reflection_stands_as_it_began();
"""
# The file of a person belongs to the service that reported this person, and goes to one
# immigration service, for good.
FILE = """
CREATE FUNCTION baken.residence_file_goes_to_the_immigration_service() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF (TG_OP = 'INSERT' OR OLD.immigration_id IS NULL) AND (NEW.immigration_id IS NULL
        OR EXISTS (SELECT FROM public.organisations_organisation o
            WHERE o.id = NEW.immigration_id AND o.type = 'ind'))
    THEN
        RETURN NEW;
    END IF;
    RAISE check_violation USING CONSTRAINT = 'residence_file_goes_to_the_immigration_service',
        MESSAGE = 'residence_file_goes_to_the_immigration_service: ' || NEW.id;
END $$;
CREATE TRIGGER residence_file_goes_to_the_immigration_service
    BEFORE INSERT OR UPDATE OF immigration_id ON residence_residencefile
    FOR EACH ROW EXECUTE FUNCTION baken.residence_file_goes_to_the_immigration_service();
"""
# Which organisations care for a person now: for the clock, which must tell them of a day.
CARERS = """
CREATE FUNCTION baken.organisations_that_know(persons uuid[])
RETURNS TABLE (person uuid, organisation bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT DISTINCT g.person_id, g.organisation_id FROM public.persons_persongrant g
    WHERE baken.may('deadline.sweep') AND g.person_id = ANY (persons)
        AND g.basis IN ('case', 'placement') AND g.user_id IS NULL
        AND g.valid @> statement_timestamp()
$$
"""
# Where things hang and to whom they belong never changes; steps and alerts not at all.
COLUMNS = """
REVOKE UPDATE, DELETE ON residence_residencefile, residence_step, residence_alert,
    residence_deadline FROM baken_web, baken_worker;
REVOKE DELETE ON residence_reflection, residence_track, residence_policereport,
    residence_policeside FROM baken_web, baken_worker;
GRANT UPDATE (immigration_id) ON residence_residencefile TO baken_web, baken_worker;
GRANT UPDATE (closed_at, closed_by_id, kept) ON residence_deadline TO baken_web, baken_worker;
"""


def may(permission: str) -> str:
    return f"(SELECT baken.may('{permission}'))"


ORGANISATION = "(SELECT baken.actor_organisation())"
USER = "(SELECT baken.actor_user())"
SWEEPS = may("deadline.sweep")
OPENS = (
    f"{may('residence.read_all')} OR {SWEEPS}"
    f" OR ({may('report.keep')} AND police_id = {ORGANISATION})"
    f" OR ({may('residence.decide')} AND immigration_id = {ORGANISATION})"
    f" OR ({may('residence.read_granted')} AND {granted('residence_residencefile.person_id')})"
)
#: A policy asks the file under the file's own policy.
OF_FILE = "EXISTS (SELECT FROM residence_residencefile f WHERE f.id = file_id)"
WITH_REPORT = f"({may('report.read')} OR {SWEEPS})"


def of_side(*sides: str) -> str:
    theirs = {
        "police": f"({may('report.keep')} AND f.police_id = {ORGANISATION})",
        "immigration": f"({may('residence.decide')} AND f.immigration_id = {ORGANISATION})",
    }
    of_them = " OR ".join(theirs[side] for side in sides)
    return f"EXISTS (SELECT FROM residence_residencefile f WHERE f.id = file_id AND ({of_them}))"


BOTH = f"({of_side('police', 'immigration')} OR {SWEEPS})"
OWN_REGISTRATION = f"""EXISTS (SELECT FROM registrations_registration r
    WHERE r.id = registration_id AND r.person_id = residence_residencefile.person_id
        AND r.organisation_id = {ORGANISATION})"""

BEFORE = [
    migrations.RunSQL(
        "CREATE SEQUENCE residence_file_number", "DROP SEQUENCE residence_file_number"
    ),
    migrations.RunSQL(END_OF_TERM, "DROP FUNCTION baken.end_of_term(date, integer, integer)"),
]
LOCKS = [
    migrations.RunSQL(MOVE, NO_MOVE + "DROP FUNCTION baken.residence_moves_along_its_table()"),
    migrations.RunSQL(
        STANDS,
        "DROP TRIGGER reflection_stands_as_it_began ON residence_reflection;"
        "DROP FUNCTION baken.reflection_stands_as_it_began()",
    ),
    migrations.RunSQL(
        FILE,
        "DROP TRIGGER residence_file_goes_to_the_immigration_service ON residence_residencefile;"
        "DROP FUNCTION baken.residence_file_goes_to_the_immigration_service()",
    ),
    DefinerFunction("baken.organisations_that_know(uuid[])", CARERS),
    migrations.RunSQL(COLUMNS, migrations.RunSQL.noop),
    Protect(
        "residence_residencefile",
        select=OPENS,
        insert=f"{may('report.keep')} AND police_id = {ORGANISATION} AND opened_by_id = {USER}"
        f" AND {OWN_REGISTRATION}",
        # Who makes a move holds the row still; what it may change is one column, once.
        update=f"({may('report.keep')} AND police_id = {ORGANISATION})"
        f" OR ({may('residence.decide')} AND immigration_id = {ORGANISATION})",
    ),
    Protect(
        "residence_reflection",
        select=OF_FILE,
        insert=of_side("police"),
        update=BOTH,
    ),
    Protect(
        "residence_track",
        select=OF_FILE,
        insert=of_side("police"),
        update=of_side("police", "immigration"),
    ),
    Protect(
        "residence_policereport",
        select=f"{may('report.read')} AND {OF_FILE}",
        insert=of_side("police"),
        update=of_side("police"),
    ),
    Protect(
        "residence_policeside",
        select=of_side("police"),
        insert=of_side("police"),
        update=of_side("police"),
    ),
    Protect(
        "residence_step",
        select=f"(line <> 'report' OR {may('report.read')}) AND {OF_FILE}",
        insert=f"recorded_by_id = {USER} AND {BOTH}",
    ),
    Protect(
        "residence_deadline",
        select=f"CASE WHEN {may('reflection.read_end')}"
        f" THEN kind = 'reflection_end' AND {granted('residence_deadline.person_id')}"
        f" ELSE (kind <> 'complaint' OR {WITH_REPORT}) AND {OF_FILE} END",
        insert=of_side("police", "immigration"),
        update=BOTH,
    ),
    Protect("residence_alert", select=SWEEPS, insert=SWEEPS),
    Protect(
        "residence_termlength",
        select="true",
        insert=may("residence.terms"),
        update=may("residence.terms"),
    ),
]
