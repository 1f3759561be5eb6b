"""Whether a story that may name nobody seems to name somebody. It warns, it never decides."""

from __future__ import annotations

import re

from signals.rules.catalogue import NO_CONSENT
from signals.rules.items import Said

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
