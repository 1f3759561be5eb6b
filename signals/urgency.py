"""How urgent a signal is, by ordered rules, and why, in words. It sorts, it never decides.

Pure: no database. The column `Signal.urgency` says the same in SQL, so that the queue has an
index; tests/signals/test_urgency.py walks both. There is no sum of weights: a sum with cut-offs
hides one grave fact behind many small ones, and nobody can say why it came out as it did.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

#: So many strong indicators together come before a few.
SEVERAL = 3


class Level(IntEnum):
    """Where a signal stands in the queue; a lower number comes first."""

    MINOR_IN_DANGER = 0
    DANGER = 1
    MINOR = 2
    SEVERAL_STRONG = 3
    SOME_STRONG = 4
    REST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the rules ask of a signal; numbers count what was seen or told, never what was not."""

    danger: bool = False
    minors: bool = False
    departs: bool = False
    urgent: int = 0
    strong: int = 0

    @property
    def acute(self) -> bool:
        """A knock-out: danger now, a journey or an operation ahead, or an urgent indicator."""
        return self.danger or self.departs or self.urgent > 0


#: In this order; the first that holds gives the level. Each asks for "at least", so that more
#: knowledge never moves a signal down.
RULES: tuple[tuple[Level, Callable[[Known], bool]], ...] = (
    (Level.MINOR_IN_DANGER, lambda known: known.acute and known.minors),
    (Level.DANGER, lambda known: known.acute),
    (Level.MINOR, lambda known: known.minors),
    (Level.SEVERAL_STRONG, lambda known: known.strong >= SEVERAL),
    (Level.SOME_STRONG, lambda known: known.strong > 0),
    (Level.REST, lambda known: True),  # noqa: ARG005 -- whatever is known
)


def level_of(known: Known) -> Level:
    """The first level whose rule holds."""
    return next(level for level, holds in RULES if holds(known))


def reasons_for(known: Known) -> list[str]:
    """Everything that counted, the gravest first; empty for the rest."""
    said = {
        _("acute danger"): known.danger,
        _("a minor"): known.minors,
        _("a journey or an operation ahead"): known.departs,
        ngettext("%d urgent indicator", "%d urgent indicators", known.urgent)
        % known.urgent: known.urgent > 0,
        ngettext("%d strong indicator", "%d strong indicators", known.strong)
        % known.strong: known.strong > 0,
    }
    return [words for words, counts in said.items() if counts]
