"""What a draft holds, and when it is refused: each refusal in words."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import timedelta

from django.utils.translation import gettext as _

from referral.lib.refusals import Refused
from referral.lib.typed import Typed, is_too_long

#: So long before a draft is wiped its holder is told.
NOTICE = timedelta(days=7)
MOST_OPEN = 50


class DraftRefused(Refused):
    """A draft that cannot be kept, handed over or sent."""


class DraftStale(DraftRefused):
    """Somebody, or another window, saved the draft after this page was opened."""

    def __str__(self) -> str:
        return _(
            "This draft was saved in another window after you opened this page. Choose “Save and"
            " go on later” to compare the two."
        )


def check_typed(answers: Typed, *, there: int) -> None:
    if is_too_long(answers):
        raise DraftRefused(_("This is too long to keep as a draft."))
    if there >= MOST_OPEN:
        raise DraftRefused(_("You have %s drafts. Send or throw away some first.") % MOST_OPEN)


def form_version(names: Iterable[str]) -> str:
    """Which questions a form asks, in sixteen signs."""
    return hashlib.sha256("\n".join(sorted(names)).encode()).hexdigest()[:16]
