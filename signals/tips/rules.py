"""The code that leads back to a tip, and what a citizen may still do with it."""

from __future__ import annotations

import hashlib
import hmac
import re

from django.conf import settings
from django.utils.translation import gettext as _

from referral.lib.crypto import derive_key
from referral.lib.refusals import Refused
from signals.models import Signal
from signals.rules import LONGEST_TEXT
from signals.workflow import Status

DIGITS, GROUP = 16, 4
#: Memory-hard on purpose: one guess costs 32 MB and near a tenth of a second (RFC 7914).
SLOWNESS = {"n": 2**15, "r": 8, "p": 1, "maxmem": 2**26}
NOT_A_DIGIT = re.compile(r"[\s.\-]+")


class TipRefused(Refused):
    """What cannot be done with a tip. The words are the same whether a code exists or not."""

    def __init__(self, sentence: str, **reasons: str) -> None:
        super().__init__(sentence or " ".join(reasons.values()))
        self.reasons = reasons


class TooOften(Refused):
    """Somebody tries more often than a person would."""


def new_code(ticket: str, content: bytes) -> str:
    """The code of one sending of one form: sent twice, it is the same tip and the same code.

    `ticket` is the random key of the page, which stands nowhere but in the browser.
    """
    secret = derive_key(settings.INDEX_KEY, purpose="code of a tip")
    made = hmac.new(secret, ticket.encode() + b"|" + content, "sha256").digest()
    return str(int.from_bytes(made[:16]) % 10**DIGITS).zfill(DIGITS)


def hashed(code: str) -> bytes:
    """What is kept of a code: a slow hash under a key of our own."""
    salt = derive_key(settings.INDEX_KEY, purpose="hash of a code")
    return hashlib.scrypt(plain(code).encode(), salt=salt, dklen=32, **SLOWNESS)


def plain(code: str) -> str:
    """The digits as they were written down, without what was written between them."""
    return NOT_A_DIGIT.sub("", code)


def in_groups(code: str) -> str:
    """Four groups of four; on a small screen the line breaks in the middle."""
    first, second, third, fourth = (code[n : n + GROUP] for n in range(0, DIGITS, GROUP))
    return f"{first}\N{NO-BREAK SPACE}{second} {third}\N{NO-BREAK SPACE}{fourth}"


def not_right() -> TipRefused:
    return TipRefused(_("This code is not right. Look at the 16 digits once more."))


def can_add(signal: Signal) -> bool:
    """Until there is an outcome; while a question is open, answering it is the way to add."""
    return not signal.outcome and signal.status != Status.NEEDS_INFO


def check_add(signal: Signal, text: str) -> str:
    if not can_add(signal):
        raise TipRefused(_("Nothing can be added to this tip now. You can send a new tip."))
    if not text.strip():
        raise TipRefused("", text=_("Write down what you want to add."))
    if len(text) > LONGEST_TEXT:
        raise TipRefused("", text=_("This is too long. Use at most %s characters.") % LONGEST_TEXT)
    return text.strip()
