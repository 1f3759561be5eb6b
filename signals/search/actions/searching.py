"""Searching is a deed: what was asked, as a keyed hash, and what was shown stand in the trail."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
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
from signals.search.actions.sources import OTHERS, STORIES, Text, batch_of, texts_of
from signals.search.models import SearchEntry
from signals.search.querysets import NEWEST, RELEVANCE, Asked, narrowed
from signals.search.rules import near_ones

ROWS_ON_A_PAGE = 50
#: So many of what may sound alike are opened and compared, the newest first.
MOST_COMPARED = 200
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
    """One page of what was found; `count` is how long the whole list is."""

    hits: list[Hit] = field(default_factory=list)
    count: int = 0
    page: int = 1
    pages: int = 1
    #: Words were given, and none of them can be looked for.
    only_common_words: bool = False
    #: More may sound alike than were compared.
    cut_off: bool = False


@transaction.atomic(savepoint=False)
def search(asked: Asked, *, page: int = 1, by: Membership, at: datetime) -> Found:
    """What this member may read and asked for. Twelve statements, however many rows are shown."""
    if not asked.words.strip():
        found = _page(narrowed(Signal.objects.visible_to(by), asked, by).newest_first(), page)
        hits = [Hit(signal) for signal in found[1]]
        answer = Found(hits=hits, count=found[0], page=found[2], pages=found[3])
    elif asked.alike:
        answer = _alike(asked, page, by)
    else:
        answer = _exact(asked, page, by)
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


def _exact(asked: Asked, page: int, by: Membership) -> Found:
    [query] = queries_of([asked.words])
    if not query:
        return Found(only_common_words=True)
    if asked.only_words and by.may(Permission.SIGNAL_READ_ALL):
        count, signals, number, pages = _best_page(asked, query, page, by)
    else:
        found = found_by(asked, query, by)
        ranked = ["-rank"] if asked.order == RELEVANCE else []
        count, signals, number, pages = _page(found.order_by(*ranked, "-created_at", "-pk"), page)
    words = {signal.pk: asked.words for signal in signals}
    stories = texts_of(batch_of(signals, by=by), sources=STORIES)
    return Found(hits=_hits(signals, words, stories), count=count, page=number, pages=pages)


def _alike(asked: Asked, page: int, by: Membership) -> Found:
    """Open the few that may sound alike, and keep those in which each word has a near one."""
    [wanted] = lexemes_of([asked.words])
    if not wanted:
        return Found(only_common_words=True)
    unranked = replace(asked, order=NEWEST)  # by their letters, and not by how often they stand
    query, most = heard_query(wanted), MOST_COMPARED + 1
    if asked.only_words and by.may(Permission.SIGNAL_READ_ALL):
        maybe = Signal.objects.visible_to(by).filter(pk__in=_newest(query, most, by))
    else:
        maybe = found_by(unranked, query, by)
    maybe = maybe.with_names().select_related("municipality__safety_region")
    opened = list(maybe.order_by("-created_at", "-pk")[:most])
    cut_off, opened = len(opened) > MOST_COMPARED, opened[:MOST_COMPARED]
    batch = batch_of(opened, by=by)
    stories, others = texts_of(batch, sources=STORIES), texts_of(batch, sources=OTHERS)
    scored = _scored(wanted, opened, {pk: [*others[pk], *stories[pk]] for pk in stories})
    if asked.order == RELEVANCE:
        opened.sort(key=lambda signal: -scored.get(signal.pk, (0.0, ""))[0])
    kept = [signal for signal in opened if signal.pk in scored]
    pages = max(1, -(-len(kept) // ROWS_ON_A_PAGE))
    number = min(max(page, 1), pages)
    signals = kept[(number - 1) * ROWS_ON_A_PAGE : number * ROWS_ON_A_PAGE]
    hits = _hits(signals, {pk: words for pk, (_score, words) in scored.items()}, stories)
    return Found(hits=hits, count=len(kept), page=number, pages=pages, cut_off=cut_off)


def _scored(
    wanted: Sequence[Lexeme], signals: Sequence[Signal], texts: Texts
) -> dict[UUID, tuple[float, str]]:
    """How near each signal comes, and by which of its words; without those that do not.

    Signals share most of their words, so each word is compared once.
    """
    told = lexemes_of([" ".join(text.words for text in texts[signal.pk]) for signal in signals])
    letters = {word: fold(word) for word in {one.word for lexemes in told for one in lexemes}}
    near = [near_ones(one.word, letters) for one in wanted]
    scored = {}
    for signal, lexemes in zip(signals, told, strict=True):
        best = [
            max(((found[one.word], one.word) for one in lexemes if one.word in found), default=None)
            for found in near
        ]
        kept = [one for one in best if one is not None]
        if len(kept) == len(near):
            score = sum(alike for alike, _word in kept) / len(kept)
            scored[signal.pk] = score, " or ".join(word for _alike, word in kept)
    return scored


def _page(found: SignalQuerySet, page: int) -> tuple[int, list[Signal], int, int]:
    """How many there are, the rows of this page, which it is, and how many pages."""
    count = found.count()
    pages = max(1, -(-count // ROWS_ON_A_PAGE))
    number = min(max(page, 1), pages)
    start = (number - 1) * ROWS_ON_A_PAGE
    return count, list(found.with_names()[start : start + ROWS_ON_A_PAGE]), number, pages


def _best_page(
    asked: Asked, query: str, page: int, by: Membership
) -> tuple[int, list[Signal], int, int]:
    """The same as _page, for who reads all signals and asks only for words."""
    entries, ranked = SearchEntry.objects.visible_to(by), asked.order == RELEVANCE

    def look(number: int) -> tuple[list[UUID], int]:
        start = (number - 1) * ROWS_ON_A_PAGE
        return entries.best_signals(query, by, ranked=ranked, skipped=start, most=ROWS_ON_A_PAGE)

    keys, count = look(number := max(page, 1))
    if not keys and number > 1:  # beyond the last page
        _first, count = look(1)
        number = max(1, -(-count // ROWS_ON_A_PAGE))
        keys, count = look(number)
    rows = Signal.objects.visible_to(by).with_names().in_bulk(keys)
    pages = max(1, -(-count // ROWS_ON_A_PAGE))
    return count, [rows[pk] for pk in keys], number, pages


def _newest(query: str, most: int, by: Membership) -> list[UUID]:
    """The last to arrive of all signals that may sound alike."""
    entries = SearchEntry.objects.visible_to(by)
    return entries.best_signals(query, by, ranked=False, skipped=0, most=most)[0]


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
