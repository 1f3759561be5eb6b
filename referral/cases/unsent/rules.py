"""How long and how much is kept of a form, and when it is refused: each refusal in words."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _

from referral.lib.refusals import Refused
from referral.lib.typed import Typed, is_too_long

#: So long what was typed waits for its author, counted from the last time it was kept. A choice
#: of the house, the same as that of a signal that was begun: no source gives a term.
KEPT_FOR = timedelta(days=30)


class UnsentRefused(Refused):
    """What was typed cannot be kept."""


class UnsentStale(UnsentRefused):
    """Another window kept something else since."""

    def __str__(self) -> str:
        return _(
            "Something else was kept in another window. Choose “Save and go on later” to see both."
        )


def check_answers(answers: Typed, *, untouched: bool = False) -> None:
    """What the page filled in by itself, and nobody changed, is not what somebody began."""
    if not answers or untouched:
        raise UnsentRefused(_("Nothing was typed yet."))
    if is_too_long(answers):
        raise UnsentRefused(_("This is too long to keep as a draft."))
