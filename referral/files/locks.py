"""The SQL that every table of files has: its moves, and who opens its pieces.

Migrations put these in; the table of attachments, which is older, wrote the same words itself.
"""

from collections.abc import Sequence

from referral.lib.policies import Protect

SWEEP = "(SELECT baken.may('deadline.sweep'))"
ACTOR = "(SELECT baken.actor_user())"
#: What of a file never changes, whatever it belongs to.
ORIGIN = ("key_id", "name", "kind", "size", "created_at", "created_by_id")


def moves(name: str, table: str, *, of_room: Sequence[str], forgotten: Sequence[str] = ()) -> str:
    """The trigger that knows `workflow.MOVES`, and whose they are; who sent what stays as it came.

    `name` is the class of the file in lower case, `of_room` are its columns beyond a kept file's.
    Where a file can be withdrawn, `forgotten` are the columns that are emptied by it.
    """
    columns = [*of_room, *ORIGIN]
    kept = [column for column in columns if column not in forgotten]
    withdrawn = ""
    if forgotten:
        empty = " AND ".join(f"NEW.{column} = ''" for column in forgotten)
        withdrawn = f"""
    ELSIF OLD.status || ' ' || NEW.status IN ('quarantined withdrawn', 'ready withdrawn')
        AND {_same(kept)} AND {empty}
    THEN
        RETURN NEW;"""
    return f"""
CREATE FUNCTION baken.{name}_moves_along_the_table() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status = 'uploading' AND NEW.received = 0 THEN
            RETURN NEW;
        END IF;{withdrawn}
    ELSIF NEW.status = OLD.status AND OLD.settled_at IS NULL
        OR OLD.status || ' ' || NEW.status IN ('uploading quarantined', 'uploading refused')
        OR OLD.status || ' ' || NEW.status IN ('quarantined ready', 'quarantined refused')
            AND baken.may('deadline.sweep')
    THEN
        IF {_same(columns)} THEN
            RETURN NEW;
        END IF;
        RAISE check_violation USING CONSTRAINT = '{name}_keeps_its_origin',
            MESSAGE = '{name}_keeps_its_origin: ' || OLD.id;
    END IF;
    RAISE check_violation USING CONSTRAINT = '{name}_moves_along_the_table', MESSAGE = format(
        '{name}_moves_along_the_table: from %s to %s',
        CASE TG_OP WHEN 'INSERT' THEN 'nothing' ELSE OLD.status END, NEW.status);
END $$;
CREATE TRIGGER {name}_moves_along_the_table BEFORE INSERT OR UPDATE ON {table}
    FOR EACH ROW EXECUTE FUNCTION baken.{name}_moves_along_the_table();
"""


def no_moves(name: str, table: str) -> str:
    return f"""
DROP TRIGGER {name}_moves_along_the_table ON {table};
DROP FUNCTION baken.{name}_moves_along_the_table();
"""


def protect_pieces(pieces: str, table: str, key: str, *, adds: str) -> Protect:
    """Of a ready file what was made anew, for who sees the file; of what is under way everything,
    for the sweeper alone. `adds` is who sends a file at all; the original opens for nobody.
    """

    def file(condition: str) -> str:
        return f"EXISTS (SELECT FROM {table} f WHERE f.id = {key} AND {condition})"

    under_way = file("f.status IN ('uploading', 'quarantined')")
    ready, quarantined = file("f.status = 'ready'"), file("f.status = 'quarantined'")
    own = file(f"f.status = 'uploading' AND f.created_by_id = {ACTOR}")
    return Protect(
        pieces,
        select=f"part = 'rebuilt' AND NOT {SWEEP} AND {ready} OR {SWEEP} AND {under_way}",
        insert=f"part = 'original' AND {adds} AND {own}"
        f" OR part = 'rebuilt' AND {SWEEP} AND {quarantined}",
        delete=f"{SWEEP} AND {under_way}",
    )


def _same(columns: Sequence[str]) -> str:
    new, old = (", ".join(f"{row}.{column}" for column in columns) for row in ("NEW", "OLD"))
    return f"({new}) IS NOT DISTINCT FROM ({old})"
