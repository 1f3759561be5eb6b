"""Who reads all signals is told of signals, and not of entries to be looked up one by one."""

from django.db import migrations

from referral.lib.policies import DefinerFunction

#: In the place of `baken.entries_with`: one side, no second reading of entries, and who
#: asks is looked at once, not for each row.
SIGNALS_WITH = """
CREATE FUNCTION baken.signals_with(query tsquery, of_desk boolean) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT signal_id FROM public.search_searchentry
    WHERE words @@ query AND desk = of_desk AND (SELECT baken.may('signal.read_all'))
        AND (NOT of_desk OR (SELECT baken.may('signal.judge')))
$$;
"""
#: What it replaces, should one go back.
ENTRIES_WITH = """
CREATE FUNCTION baken.entries_with(query tsquery) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT id FROM public.search_searchentry
    WHERE words @@ query AND baken.may('signal.read_all')
$$;
ALTER FUNCTION baken.entries_with(tsquery) OWNER TO baken_guard;
"""


class Migration(migrations.Migration):
    dependencies = [("search", "0001_search")]

    operations = [
        DefinerFunction("baken.signals_with(tsquery, boolean)", SIGNALS_WITH),
        migrations.RunSQL("DROP FUNCTION baken.entries_with(tsquery)", ENTRIES_WITH),
    ]
