"""Searching is a deed: what was asked, as a keyed hash, and what was shown stand in the trail."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection, transaction
from django.db.models import Count, QuerySet, Subquery, Value
from django.db.models.expressions import RawSQL
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from referral.access.secrets import blind_index
from referral.audit.actions import record
from referral.lib.names import fold
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from signals.models import Signal
from signals.querysets import SignalQuerySet
from signals.search.actions.blinding import Lexeme, heard_query, lexemes_of, queries_of
from signals.search.actions.sources import OTHERS, STORIES, Text, batch_of, texts_of, with_words
from signals.search.models import SearchEntry
from signals.search.querysets import NEWEST, RELEVANCE, Asked, narrowed, one_of
from signals.search.rules import near_ones

ROWS_ON_A_PAGE = 50
WORD = re.compile(r"[^\W_]+")
#: Around a hit, out of PostgreSQL and into the page; no keyboard has them.
BEGIN, END = "\x02", "\x03"
HEADLINE = (
    f'StartSel="{BEGIN}", StopSel="{END}", MaxFragments=2, MaxWords=24, MinWords=8,'
    ' FragmentDelimiter=" … "'
)
MARKS = re.compile(f"[{BEGIN}{END}]")
#: The words of each signal, as one reader may read them.
Texts = Mapping[UUID, Sequence[Text]]


@dataclass(frozen=True, slots=True)
class Hit:
    """A signal that was found, and where its words say so."""

    signal: Signal
    snippet: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One page of what was found; `count` is how long the whole list is.

    Of what is nearly the same nobody knows that before it is opened: `count` tells of this page.
    """

    hits: list[Hit] = field(default_factory=list)
    count: int = 0
    page: int = 1
    pages: int = 1
    #: What sounds less alike was not opened yet.
    more: bool = False
    #: Words were given, and none of them can be looked for.
    only_common_words: bool = False


@transaction.atomic(savepoint=False)
def search(asked: Asked, *, page: int = 1, by: Membership, at: datetime) -> Found:
    """What this member may read and asked for. Four statements, however many rows are shown."""
    if asked.words.strip():
        answer = _found(asked, page, by)
    else:
        rows, answer = _page(asked, "", page, by)
        answer = replace(answer, hits=[Hit(signal) for signal in rows])
    shown = [hit.signal.pk for hit in answer.hits]
    record("signals_searched", by=by, at=at, ids=shown, details=_told(asked, answer))
    return answer


def found_by(asked: Asked, query: str, by: Membership) -> SignalQuerySet:
    """Every signal that these answers leave, for a list and for its count. An empty query,
    where there are no words to look for, leaves all.
    """
    signals = narrowed(Signal.objects.visible_to(by), asked, by)
    if not query:
        return signals if not asked.words.strip() else signals.none()
    entries = SearchEntry.objects.visible_to(by).side_of(by)
    found = signals.filter(pk__in=entries.signals_with_words(query, by))
    if asked.order == RELEVANCE:
        found = found.annotate(rank=entries.rank_of(query))
    return found


def _found(asked: Asked, page: int, by: Membership) -> Found:
    """By exact words; or by what sounds alike, as the index orders it, and of that page alone
    what is spelled nearly the same.
    """
    wanted: Sequence[Lexeme] = ()
    if asked.alike:
        [wanted] = lexemes_of([asked.words])
        query = heard_query(wanted)
    else:
        [query] = queries_of([asked.words])
    if not query:
        return Found(only_common_words=True)
    rows, found = _page(asked, query, page, by)
    batch = batch_of(rows, by=by)
    stories = texts_of(batch, sources=STORIES)
    if not asked.alike:
        return replace(found, hits=_hits(rows, dict.fromkeys(stories, asked.words), stories))
    others = texts_of(batch, sources=OTHERS)
    scored = _scored(wanted, {pk: [*others[pk], *stories[pk]] for pk in stories})
    near = [signal for signal in rows if signal.pk in scored]
    if asked.order == RELEVANCE:
        near.sort(key=lambda signal: -scored[signal.pk][0])
    words = {pk: words for pk, (_score, words) in scored.items()}
    hits = _hits(near, words, stories)
    return Found(hits=hits, count=len(hits), page=found.page, more=len(rows) == ROWS_ON_A_PAGE)


def _scored(wanted: Sequence[Lexeme], texts: Texts) -> dict[UUID, tuple[float, str]]:
    """How near each signal comes, and by which of its words; without those that do not.

    Signals share most of their words, so each word is compared once.
    """
    told = {pk: set(WORD.findall(" ".join(text.words for text in of))) for pk, of in texts.items()}
    letters = {word: fold(word) for word in set().union(*told.values())}
    near = [near_ones(one.word, letters) for one in wanted]
    scored = {}
    for pk, words in told.items():
        best = [
            max(((found[word], word) for word in words & found.keys()), default=None)
            for found in near
        ]
        kept = [one for one in best if one is not None]
        if len(kept) == len(near):
            score = sum(alike for alike, _word in kept) / len(kept)
            scored[pk] = score, " or ".join(word for _alike, word in kept)
    return scored


def _page(asked: Asked, query: str, page: int, by: Membership) -> tuple[list[Signal], Found]:
    """The rows of this page, or of the last before it; which page that is, and how many there are."""
    number = max(page, 1)
    rows = list(_look(asked, query, by, number))
    if not rows and number > 1:
        first = list(_look(asked, query, by, 1))
        number = _pages(_total(first))
        rows = first if number == 1 else list(_look(asked, query, by, number))
    count = _total(rows)
    return rows, Found(count=count, page=number, pages=_pages(count))


def _total(rows: Sequence[Signal]) -> int:
    return getattr(rows[0], "total", len(rows)) if rows else 0


def _pages(count: int) -> int:
    return max(1, -(-count // ROWS_ON_A_PAGE))


def _look(asked: Asked, query: str, by: Membership, number: int) -> SignalQuerySet:
    """The rows of one page with all words of theirs, and beside each how many there are in all
    (but of what may sound alike): one statement. Who reads all signals and asks only for words
    gets them from the index.

    The page is chosen first, by keys alone: words are read of its rows, and of no others.
    """
    start = (number - 1) * ROWS_ON_A_PAGE
    ranked = bool(query) and asked.order == RELEVANCE
    order = ("-rank", "-created_at", "-pk") if ranked else ("-created_at", "-pk")
    entries = SearchEntry.objects.visible_to(by).side_of(by)
    chosen: RawSQL | ArraySubquery
    total: RawSQL | Subquery
    if query and asked.only_words and by.may(Permission.SIGNAL_READ_ALL):
        chosen = entries.best_signals(query, by, ranked=ranked, skipped=start, most=ROWS_ON_A_PAGE)
        total = entries.count_with_words(query, by)
    else:
        found = found_by(asked, query, by).order_by(*order)
        chosen = ArraySubquery(found.values("pk")[start : start + ROWS_ON_A_PAGE])
        total = Subquery(counted(found_by(replace(asked, order=NEWEST), query, by)))
    rows = Signal.objects.visible_to(by).filter(one_of(chosen))
    rows = with_words(rows, by=by) if query else rows.with_names()
    if not asked.alike:
        rows = rows.annotate(total=total)
    if ranked:
        rows = rows.annotate(rank=entries.rank_of(query))
    return rows.order_by(*order)


def counted(found: SignalQuerySet) -> QuerySet[Signal, Any]:
    """How many there are, as a part of another statement."""
    return (
        found.order_by()
        .annotate(one=Value(1))
        .values("one")
        .annotate(number=Count("pk"))
        .values("number")
    )


def _hits(signals: Sequence[Signal], words: Mapping[UUID, str], stories: Texts) -> list[Hit]:
    """Each with the piece of its story in which the words stand, as its reader may read it."""
    told = [
        " … ".join(text.words for text in stories[signal.pk] if text.words) for signal in signals
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ts_headline('dutch', told, websearch_to_tsquery('dutch', asked), %s)"
            " FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY t (told, asked, place)"
            " ORDER BY place",
            [
                HEADLINE,
                [MARKS.sub("", text).replace("\0", "") for text in told],
                [words[signal.pk].replace("\0", "") for signal in signals],
            ],
        )
        headlines = [marked(headline) for (headline,) in cursor.fetchall()]
    return [Hit(*pair) for pair in zip(signals, headlines, strict=True)]


def marked(headline: str) -> SafeString:
    """Escape first, mark then: nothing that somebody wrote becomes a tag."""
    safe = escape(headline).replace(BEGIN, "<mark>").replace(END, "</mark>")
    return mark_safe(safe)  # noqa: S308 -- escaped in the line above


def _told(asked: Asked, answer: Found) -> dict[str, object]:
    """For the trail, without a word of the question."""
    codes = {name: str(value) for name, value in asdict(asked).items() if value and name != "words"}
    query = blind_index("search-query", " ".join(asked.words.casefold().split())).hex()
    return {"query": query if asked.words.strip() else "", "filters": codes, "found": answer.count}
