"""Who took consent back is forgotten: a row that left a signal is sealed anew with fewer words."""

from django.db import migrations

from referral.lib.policies import DefinerFunction

FORGETS = """
CREATE FUNCTION baken.item_that_left_only_loses_words() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF OLD.left_in IS NULL OR octet_length(NEW.sealed) >= octet_length(OLD.sealed)
        OR NOT EXISTS (
            SELECT FROM public.signals_amendment a
            WHERE a.signal_id = NEW.signal_id AND a.number >= OLD.left_in
            AND a.added_by_id = baken.actor_user())
    THEN
        RAISE check_violation USING CONSTRAINT = 'item_that_left_only_loses_words',
            MESSAGE = 'item_that_left_only_loses_words: ' || OLD.id;
    END IF;
    RETURN NEW;
END $$
"""
FORWARDS = """
DROP TRIGGER item_leaves_once ON signals_item;
CREATE TRIGGER item_leaves_once BEFORE UPDATE OF left_in ON signals_item
    FOR EACH ROW EXECUTE FUNCTION baken.item_leaves_once();
CREATE TRIGGER item_that_left_only_loses_words BEFORE UPDATE OF sealed ON signals_item
    FOR EACH ROW EXECUTE FUNCTION baken.item_that_left_only_loses_words();
GRANT UPDATE (sealed) ON signals_item TO baken_web, baken_worker;
"""
BACKWARDS = """
REVOKE UPDATE (sealed) ON signals_item FROM baken_web, baken_worker;
DROP TRIGGER item_that_left_only_loses_words ON signals_item;
DROP TRIGGER item_leaves_once ON signals_item;
CREATE TRIGGER item_leaves_once BEFORE UPDATE ON signals_item
    FOR EACH ROW EXECUTE FUNCTION baken.item_leaves_once();
"""


class Migration(migrations.Migration):
    dependencies = [("signals", "0009_a_signal_names_periods")]

    operations = [
        DefinerFunction("baken.item_that_left_only_loses_words()", FORGETS),
        migrations.RunSQL(FORWARDS, BACKWARDS),
    ]
