"""The SQL that every table of files has: its moves, and who opens its pieces.

Migrations put these in; the table of attachments, which is older, wrote the same words itself.
"""

from collections.abc import Sequence

SWEEP = "(SELECT baken.may('deadline.sweep'))"
ACTOR = "(SELECT baken.actor_user())"
#: What of a file never changes, whatever it belongs to.
ORIGIN = ("key_id", "name", "kind", "size", "created_at", "created_by_id")


def moves(name: str, table: str, *, of_room: Sequence[str]) -> str:
    """The trigger that knows `workflow.MOVES`, and whose they are; who sent what stays as it came.

    `name` is the class of the file in lower case, `of_room` are its columns beyond a kept file's.
    """
    columns = [*of_room, *ORIGIN]
    new, old = (", ".join(f"{row}.{column}" for column in columns) for row in ("NEW", "OLD"))
    return f"""
CREATE FUNCTION baken.{name}_moves_along_the_table() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status = 'uploading' AND NEW.received = 0 THEN
            RETURN NEW;
        END IF;
    ELSIF NEW.status = OLD.status AND OLD.settled_at IS NULL
        OR OLD.status || ' ' || NEW.status IN ('uploading quarantined', 'uploading refused')
        OR OLD.status || ' ' || NEW.status IN ('quarantined ready', 'quarantined refused')
            AND baken.may('deadline.sweep')
    THEN
        IF ({new})
            IS NOT DISTINCT FROM
            ({old}) THEN
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
