"""Words as keyed hashes: PostgreSQL cuts and stems them in Dutch, and never keeps them.

A lexeme is replaced by a short keyed hash at the same place, in what is indexed and in what is
asked, so that AND, OR, NOT, phrases and ranking work on hashes as they do on words.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

from referral.access.secrets import blind_index
from referral.lib.names import fold, sound

WORD, SOUND = "signal-word", "signal-sound"
#: Of a hash: 64 bits, so that two words of a country hardly ever meet.
BYTES = 8
#: Shorter words sound like too many others.
SHORTEST_HEARD = 4
#: Between two texts, so that no phrase runs from one into the next.
GAP = 20
#: The weights of what people wrote; words of codes are never misspelled.
HEARD = frozenset("BD")
LEXEME = re.compile(r"'((?:[^'\\]|''|\\.)*)'")


@dataclass(frozen=True, slots=True)
class Lexeme:
    """A word as PostgreSQL keeps it: its stem, and where it stands."""

    word: str
    places: Sequence[int]


def lexemes_of(texts: Sequence[str]) -> list[list[Lexeme]]:
    """The Dutch stems of each text. The texts are parameters of a question, and go nowhere."""
    found: list[list[Lexeme]] = [[] for _ in texts]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT place, lexeme, positions FROM unnest(%s::text[]) WITH ORDINALITY t (words, place),"
            " unnest(to_tsvector('dutch', words))",
            [[text.replace("\0", " ") for text in texts]],
        )
        for place, word, positions in cursor.fetchall():
            found[place - 1].append(Lexeme(word, positions))
    return found


def blind(kind: str, word: str) -> str:
    return urlsafe_b64encode(blind_index(kind, word)[:BYTES]).decode().rstrip("=")


class Blinds:
    """The hashes of words while many texts are indexed together; gone with the batch."""

    def __init__(self) -> None:
        self.words: dict[str, str] = {}
        self.sounds: dict[str, tuple[str, ...]] = {}

    def word(self, word: str) -> str:
        if word not in self.words:
            self.words[word] = blind(WORD, word)
        return self.words[word]

    def heard(self, word: str) -> tuple[str, ...]:
        if word not in self.sounds:
            self.sounds[word] = tuple(blind(SOUND, token) for token in tokens(word))
        return self.sounds[word]


def vector(words: Iterable[tuple[str, Sequence[Lexeme]]], blinds: Blinds) -> str:
    """The blinded `tsvector` of texts, each with its weight; beside what people wrote its sounds."""
    places: dict[str, list[str]] = {}
    heard: set[str] = set()
    begin = 0
    for weight, lexemes in words:
        last = begin
        for lexeme in lexemes:
            at = places.setdefault(blinds.word(lexeme.word), [])
            at += [f"{begin + place}{weight}" for place in lexeme.places]
            last = max(last, begin + max(lexeme.places))
            if weight in HEARD:
                heard.update(blinds.heard(lexeme.word))
        begin = last + GAP
    said = [f"'{word}':{','.join(at)}" for word, at in places.items()]
    return " ".join([*said, *(f"'{one}'" for one in sorted(heard))])


def tokens(word: str) -> set[str]:
    """What is heard of a word, and that with one sound left out: two spellings share one."""
    plain = fold(word)
    if len(plain) < SHORTEST_HEARD or not plain.isalpha():
        return set()
    heard = sound(plain)
    found = {heard}
    if len(heard) >= SHORTEST_HEARD:
        found |= {heard[:place] + heard[place + 1 :] for place in range(1, len(heard))}
    return found


def blinded_query(query: str) -> str:
    """A query of PostgreSQL with each word replaced by its hash."""
    return LEXEME.sub(lambda found: f"'{blind(WORD, _plain(found[1]))}'", query)


def _plain(quoted: str) -> str:
    return re.sub(r"''|\\(.)", lambda found: found[1] or "'", quoted)


def queries_of(asked: Sequence[str]) -> list[str]:
    """What people typed, as blinded queries: words, "a phrase", or, -not.

    An empty one has no word that could be looked for.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT websearch_to_tsquery('dutch', words)::text"
            " FROM unnest(%s::text[]) WITH ORDINALITY t (words, place) ORDER BY place",
            [[text.replace("\0", " ") for text in asked]],
        )
        return [blinded_query(query) for (query,) in cursor.fetchall()]


def heard_query(lexemes: Iterable[Lexeme]) -> str:
    """Every word of the question, each as it is written or as it may sound."""
    groups = []
    for lexeme in lexemes:
        written = f"'{blind(WORD, lexeme.word)}'"
        heard = [f"'{blind(SOUND, token)}'" for token in sorted(tokens(lexeme.word))]
        groups.append(f"({' | '.join([written, *heard])})")
    return " & ".join(groups)
