"""What a new official list of municipalities changes, and when it cannot be right.

Nothing here writes: the importer shows the difference first, and the action writes the same one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from referral.geography.models import CareRegion, Municipality

# A list that ends more than a tenth of the municipalities is a cut-off file, not a merger:
# the greatest yearly loss since 2000 was 25 of 380 (2019).
LARGEST_SHARE_THAT_ENDS = 0.1


class ListRefused(ValidationError):
    """This list cannot be applied; its messages are sentences for the one who brought it."""


@dataclass(frozen=True, slots=True)
class ListedMunicipality:
    """One line of an official list. CBS leaves the last two out; a file may add them."""

    cbs_code: str
    name: str
    province_code: str
    safety_region_code: str = ""
    centre_code: str = ""


@dataclass(frozen=True, slots=True)
class MunicipalityList:
    """An official list that holds from a day, and which code follows which."""

    municipalities: tuple[ListedMunicipality, ...]
    valid_from: date
    successors: Mapping[str, str] = field(default_factory=dict)

    @property
    def codes(self) -> set[str]:
        return {listed.cbs_code for listed in self.municipalities}


@dataclass(frozen=True, slots=True)
class Opening:
    """A municipality that is new, in the regions of its predecessors unless the file says."""

    listed: ListedMunicipality
    safety_region_code: str
    care_region_code: str


@dataclass(frozen=True, slots=True)
class Move:
    """A municipality that stays, under another name or in another region."""

    municipality: Municipality
    listed: ListedMunicipality

    @property
    def is_renamed(self) -> bool:
        return self.municipality.name != self.listed.name

    @property
    def is_moved(self) -> bool:
        return self.municipality.province_id != self.listed.province_code or (
            self.listed.safety_region_code not in {"", self.municipality.safety_region_id}
        )


@dataclass(frozen=True, slots=True)
class Difference:
    """What applying a list would change; empty when it was applied before."""

    opened: tuple[Opening, ...] = ()
    ended: tuple[Municipality, ...] = ()
    moved: tuple[Move, ...] = ()
    successors: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.opened or self.ended or self.moved or self.successors)
