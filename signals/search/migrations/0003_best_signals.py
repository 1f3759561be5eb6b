"""Each side of the index has its own words, and who reads all signals gets one page ranked there."""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations
from django.db.models import Q

from referral.lib.policies import DefinerFunction

#: In the place of a look at all entries and then at their side: each side has an index, and a
#: value that a function is given does not tell the planner which.
SIGNALS_WITH = """
CREATE FUNCTION baken.signals_with(query tsquery, of_desk boolean) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT signal_id FROM public.search_searchentry
    WHERE words @@ query AND NOT desk AND NOT of_desk AND (SELECT baken.may('signal.read_all'))
    UNION ALL
    SELECT signal_id FROM public.search_searchentry
    WHERE words @@ query AND desk AND of_desk AND (SELECT baken.may('signal.read_all'))
        AND (SELECT baken.may('signal.judge'))
$$;
"""
#: As it was before, should one go back.
BOTH_SIDES = """
CREATE FUNCTION baken.signals_with(query tsquery, of_desk boolean) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT signal_id FROM public.search_searchentry
    WHERE words @@ query AND desk = of_desk AND (SELECT baken.may('signal.read_all'))
        AND (NOT of_desk OR (SELECT baken.may('signal.judge')))
$$;
ALTER FUNCTION baken.signals_with(tsquery, boolean) OWNER TO baken_guard;
"""
#: One page of what all filters leave as it is: the best first, of equals the last to arrive
#: (their keys tell the time), and beside each how many there are. A count leaves no signal out
#: that the page would show: who asks reads all of them.
BEST_SIGNALS = """
CREATE FUNCTION baken.best_signals(
    query tsquery, of_desk boolean, ranked boolean, skipped integer, most integer
) RETURNS TABLE (signal uuid, total bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH found AS MATERIALIZED (
        SELECT signal_id, CASE WHEN ranked THEN ts_rank(words, query) END AS rank
        FROM public.search_searchentry
        WHERE words @@ query AND NOT desk AND NOT of_desk AND (SELECT baken.may('signal.read_all'))
        UNION ALL
        SELECT signal_id, CASE WHEN ranked THEN ts_rank(words, query) END
        FROM public.search_searchentry
        WHERE words @@ query AND desk AND of_desk AND (SELECT baken.may('signal.read_all'))
            AND (SELECT baken.may('signal.judge'))
    )
    SELECT signal_id, (SELECT count(*) FROM found)
    FROM found ORDER BY rank DESC NULLS LAST, signal_id DESC OFFSET skipped LIMIT most
$$;
"""


def index(name: str, side: Q) -> GinIndex:
    return GinIndex(fields=["words"], name=name, condition=side)


class Migration(migrations.Migration):
    dependencies = [("search", "0002_signals_with_words")]

    operations = [
        migrations.AddIndex("searchentry", index("search_words_of_reporters", Q(desk=False))),
        migrations.AddIndex("searchentry", index("search_words_of_the_desk", Q(desk=True))),
        migrations.RemoveIndex("searchentry", "search_by_words"),
        migrations.RunSQL("DROP FUNCTION baken.signals_with(tsquery, boolean)", BOTH_SIDES),
        DefinerFunction("baken.signals_with(tsquery, boolean)", SIGNALS_WITH),
        DefinerFunction(
            "baken.best_signals(tsquery, boolean, boolean, integer, integer)", BEST_SIGNALS
        ),
    ]
