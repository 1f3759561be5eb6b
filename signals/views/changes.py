"""What the reporter's side changed after sending: what stood there before, and why it changed."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from signals.actions import OpenedAmendment, OpenedSignal
from signals.models import Signal
from signals.views.facts import coded
from signals.views.said import Facts, ItemGroup, groups_of, said_facts


@dataclass(frozen=True, slots=True)
class Change:
    """One amendment: who, when and why, and of what changed what was said before."""

    opened: OpenedAmendment
    before: Facts
    #: What is not named any more since then.
    left: list[ItemGroup]


def change(opened: OpenedSignal, number: int) -> Change:
    """The amendment at this place; what came after it tells what it changed."""
    amendment = opened.amendments[number]
    after = opened.amendments[number + 1 :]
    then = as_it_was(amendment)
    now = as_it_was(after[0]) if after else as_it_is(opened)
    left = [one for one in opened.items if one.item.left_in == amendment.number]
    before = [fact for fact in then if fact not in now]
    return Change(amendment, before, groups_of(left, amendment.said))


def as_it_was(amendment: OpenedAmendment) -> Facts:
    """Everything that was said until this amendment."""
    signal = Signal(**amendment.codes)
    return [*coded(signal), *said_facts(amendment.said), (_("Seen or heard"), amendment.facts)]


def as_it_is(opened: OpenedSignal) -> Facts:
    return [*coded(opened.signal), *said_facts(opened.said), (_("Seen or heard"), opened.facts)]


def kin(opened: OpenedSignal) -> list[Signal]:
    """The other signals of the same first one, that one included, by reference."""
    found = {one.origin.pk: one.origin for one in opened.family}
    found |= {one.signal.pk: one.signal for one in opened.family}
    found.pop(opened.signal.pk, None)
    return sorted(found.values(), key=lambda signal: signal.reference)
