"""What the rooms inside this one add to the page of a signal.

Each is a small function that says what one reader may see. `signals.urls`, which knows all rooms,
hands them to the page (ADR 11).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from django.forms import Form
from django.http import QueryDict

from referral.access.requests import MemberRequest
from referral.organisations.models import Membership
from signals.actions import OpenedSignal
from signals.models import Signal
from signals.views.pages import NextStep


@dataclass(frozen=True, slots=True)
class Deed:
    """A link to the page where something is done; what cannot be done now is not offered."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the page, and the deeds that begin there; `slug` is its address on the page."""

    slug: str
    title: str
    template: str
    data: Mapping[str, object] = field(default_factory=dict)
    deeds: tuple[Deed, ...] = ()
    #: What has to happen first, in place of what the signal itself would say.
    next: NextStep | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """Who reads which signal, and when: what every part is asked with."""

    opened: OpenedSignal
    member: Membership
    at: datetime

    @property
    def signal(self) -> Signal:
        return self.opened.signal


class Kept(Protocol):
    """The draft behind the page of a new signal: what was typed before, and its end."""

    typed: QueryDict | None

    def look_over(self, form: Form) -> None:
        """Show what was typed before, without what the form no longer asks."""

    def sent(self) -> None:
        """The signal has been sent, in this transaction."""


@dataclass(frozen=True, slots=True)
class Above:
    """What stands above a list; the template gets the section, as on the home page."""

    template: str
    section: object


@dataclass(frozen=True, slots=True)
class Beside:
    """What a room adds to the receipt of a signal that has just been sent."""

    template: str
    section: object


KeptMaker = Callable[[MemberRequest], Kept]
AboveMaker = Callable[[Membership], Above]
PartMaker = Callable[[Reading], Part | None]
BesideMaker = Callable[[Signal, Membership, datetime], Beside | None]
