"""What a draft holds, and when it is refused: each refusal in words."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import timedelta

from django.utils.translation import gettext as _

from referral.access.forms import HOUSE_FIELDS
from referral.lib.refusals import Refused

#: What was typed, as a form sends it: each name with its values, in their order.
Typed = Mapping[str, list[str]]
#: All values together; a form of the house is far below it.
LARGEST = 200_000
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


def typed(data: Iterable[tuple[str, list[str]]]) -> dict[str, list[str]]:
    """What a form sent, without its keys and without answers that are empty."""
    kept = {name: [one for one in values if one] for name, values in data}
    return {name: values for name, values in kept.items() if values and name not in HOUSE_FIELDS}


def check_typed(answers: Typed, *, there: int) -> None:
    if sum(len(name) + sum(map(len, values)) for name, values in answers.items()) > LARGEST:
        raise DraftRefused(_("This is too long to keep as a draft."))
    if there >= MOST_OPEN:
        raise DraftRefused(_("You have %s drafts. Send or throw away some first.") % MOST_OPEN)


def form_version(names: Iterable[str]) -> str:
    """Which questions a form asks, in sixteen signs."""
    return hashlib.sha256("\n".join(sorted(names)).encode()).hexdigest()[:16]


def differences(mine: Typed, saved: Typed) -> list[str]:
    """The names of the questions that were answered differently, in the order of the page."""
    return [name for name in dict.fromkeys([*mine, *saved]) if mine.get(name) != saved.get(name)]
