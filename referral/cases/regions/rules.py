"""What may be said of a region, and what is read from its figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from referral.cases.regions.models import MOST_FTE, AgeSplit, Capacity, Coverage
from referral.geography.models import CareRegion
from referral.lib.refusals import Refused
from referral.lib.versions import mark_of

#: Lead times of fewer cases say more of a person than of a region.
LEAST_CASES = 5

# Column and row of the tile of each care region, made by hand after the map of its centre
# municipality: rough places, true neighbours where a grid allows it. Codes: geography/facts/2026.
TILES: Mapping[str, tuple[int, int]] = {
    "CR0400": (2, 0), "CR0080": (4, 0), "CR0014": (5, 0),
    "CR0361": (2, 1), "CR0479": (3, 1), "CR0193": (5, 1), "CR0114": (6, 1),
    "CR0392": (1, 2), "CR0363": (2, 2), "CR0034": (3, 2), "CR0200": (5, 2), "CR0153": (6, 2),
    "CR0546": (1, 3), "CR0344": (2, 3), "CR0402": (3, 3), "CR0307": (4, 3), "CR0228": (5, 3),
    "CR0202": (6, 3),
    "CR0518": (0, 4), "CR0503": (1, 4), "CR0513": (2, 4), "CR0796": (4, 4), "CR0268": (5, 4),
    "CR0622": (0, 5), "CR0599": (1, 5), "CR0505": (2, 5), "CR0855": (3, 5), "CR0794": (5, 5),
    "CR0983": (6, 5),
    "CR0718": (0, 6), "CR1930": (1, 6), "CR0758": (2, 6), "CR0772": (4, 6), "CR0917": (6, 6),
    "CR0935": (5, 6),
}  # fmt: skip


class CapacityRefused(Refused):
    """What was entered does not say how a region is covered; the words say why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """How a region is covered from a day on."""

    care_region: CareRegion
    coverage: str
    fte: Decimal
    age_split: str
    valid_from: date
    #: What the page showed; see referral.lib.versions.
    seen: str | None = None


def mark_of_capacity(current: Capacity | None) -> str:
    """Which version of a region holds, as it was said last; empty for none."""
    return mark_of(current.pk, current.set_at) if current else ""


@dataclass(frozen=True, slots=True)
class Span:
    """Days between two events: the median, and what nine in ten stay below."""

    median: float
    p90: float


@dataclass(frozen=True, slots=True)
class Flow:
    """The cases of a region: how many now, and how long each step took in the last year."""

    waiting: int = 0
    active: int = 0
    #: From the offer of the desk to acceptance, to the first care note, and to the first place.
    accepted: Span | None = None
    contacted: Span | None = None
    placed: Span | None = None


class Team(models.TextChoices):
    """Who coordinates a region, as a coordinator sees it."""

    OURS = "ours", gettext_lazy("Your own organisation")
    ANOTHER = "another", gettext_lazy("Another organisation")
    DESK = "desk", gettext_lazy("The national desk, at a distance")


@dataclass(frozen=True, slots=True)
class Line:
    """One region in the table, and its tile."""

    region: CareRegion
    capacity: Capacity | None
    organisation: str
    municipalities: int
    flow: Flow
    #: The team of who reads coordinates it.
    is_ours: bool = False

    @property
    def kind(self) -> str:
        """How it is covered, for who sees that."""
        return self.capacity.coverage if self.capacity else ""

    @property
    def team(self) -> str:
        """Who coordinates it, for a team; where no team does, the national desk does."""
        if self.is_ours:
            return Team.OURS
        return Team.ANOTHER if self.organisation else Team.DESK

    @property
    def per_fte(self) -> Decimal | None:
        """Open cases for each full-time coordinator."""
        if self.capacity is None or not self.capacity.fte:
            return None
        return round(Decimal(self.flow.active) / self.capacity.fte, 1)


def check_setting(setting: Setting, current: Capacity | None, *, today: date) -> None:
    if setting.coverage not in Coverage.values or setting.age_split not in AgeSplit.values:
        raise CapacityRefused(_("Choose how the region is covered."))
    remote = setting.coverage == Coverage.REMOTE
    if remote and setting.fte:
        raise CapacityRefused(_("At a distance the region has no fte of its own: write 0."))
    if not remote and not 0 < setting.fte <= MOST_FTE:
        raise CapacityRefused(
            _("Write more than 0 fte, and at most %(most)d.") % {"most": MOST_FTE}
        )
    if abs(setting.valid_from.year - today.year) > 1:
        raise CapacityRefused(_("The day is too far from today."))
    if current is not None and setting.valid_from < current.valid.lower:
        raise CapacityRefused(
            _("Something holds already since %(day)s. Choose that day or a later one.")
            % {"day": current.valid.lower.strftime("%d-%m-%Y")}
        )
