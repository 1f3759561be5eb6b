"""Without consent nobody may be named: what seems to name somebody, and what has to be forgotten.

The first warns, and never decides.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from signals.rules.catalogue import NO_CONSENT
from signals.rules.items import ItemEntry, Said
from signals.rules.questions import Question

_NAME = r"[A-ZÀ-Þ][a-zà-ÿ'’-]+"
_PARTICLE = r"(?:van|de|der|den|ten|ter|el|al|ben|bin|von|la|da|dos)"
#: Two capitalised words with what stands between names, or one after a word that announces it.
NAMES = re.compile(rf"\b{_NAME}(?:\s+{_PARTICLE})*\s+{_NAME}(?:\s+{_NAME})*\b")
ANNOUNCED = re.compile(
    r"\b(?:heet|genaamd|naam is|[Mm]evrouw|[Mm]eneer|[Mm]w\.|[Dd]hr\.|called|named|name is|Mrs?\.?)"
    rf"\s+({_NAME}(?:\s+{_NAME})*)"
)
PHONE = re.compile(r"(?:\+|00|\b0)\d(?:[\s.-]?\d){7,12}\b")
EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[a-z]{2,}")
BSN = re.compile(r"\b\d{9}\b")


def reported_without_consent(said: Said) -> bool:
    """Whether the person did not agree, or could not be asked."""
    return said.answers.get(NO_CONSENT.question) in NO_CONSENT.answers


def without_unasked(before: Said, now: Said) -> Said:
    """What was said before, without what must not be known after the person took consent back."""
    if not reported_without_consent(now) or now.questions is None:
        return before
    asked = _asked(now.questions.questions, {**now.absent, **now.answers})
    answers = {name: said for name, said in before.answers.items() if name in asked}
    return replace(before, answers=answers)


def row_without_unasked(entry: ItemEntry, now: Said) -> ItemEntry:
    """The same of a row that was named before."""
    if not reported_without_consent(now) or now.questions is None:
        return entry
    above, row = {**now.absent, **now.answers}, {**entry.absent, **entry.answers}
    asked = _asked(now.questions.group(entry.kind).questions, {**above, **row})
    answers = {name: said for name, said in entry.answers.items() if name in asked}
    return replace(entry, answers=answers)


def _asked(questions: tuple[Question, ...], answers: Mapping[str, str]) -> set[str]:
    return {question.name for question in questions if question.asked(answers)}


def names_in(text: str) -> list[str]:
    """What looks like a name, a telephone number, an e-mail address or a citizen service number,
    in the order of the text, each once.
    """
    found = [(m.start(), m.group()) for p in (NAMES, PHONE, EMAIL, BSN) for m in p.finditer(text)]
    found += [(m.start(1), m.group(1)) for m in ANNOUNCED.finditer(text)]
    words = [" ".join(word.split()) for _place, word in sorted(found)]
    return [
        word
        for place, word in enumerate(words)
        if word not in words[:place] and not any(word != other and word in other for other in words)
    ]
