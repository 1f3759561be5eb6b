"""What a new official list of municipalities changes, and when it cannot be right.

Nothing here writes: the importer shows the difference first, and the action writes the same one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from referral.geography.models import (
    CareRegion,
    CareRegionMunicipality,
    FormerStanding,
    Municipality,
    Province,
    SafetyRegion,
)

# A list that ends more than a tenth of the municipalities is a cut-off file, not a merger:
# the greatest loss in a year since 2001 was 25 of 380 (2019).
LARGEST_SHARE_THAT_ENDS = 0.1


class ListRefused(ValidationError):
    """A list that cannot be applied; its messages are sentences for the one who brought it."""


@dataclass(frozen=True, slots=True)
class ListedMunicipality:
    """One line of an official list. CBS leaves the last two out; a file may add them."""

    cbs_code: str
    name: str
    province_code: str
    safety_region_code: str = ""
    centre_code: str = ""

    def __str__(self) -> str:
        return f"{self.name} ({self.cbs_code})"


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
class StandingMap:
    """The map as the database holds it, read at one moment."""

    known: Mapping[str, Municipality]
    care_region_of: Mapping[str, str]
    care_region_by_centre: Mapping[str, str]
    provinces: frozenset[str]
    safety_regions: frozenset[str]
    changed_last_on: date

    def standing_on(self, day: date) -> dict[str, Municipality]:
        return {code: known for code, known in self.known.items() if day in known.valid}


@dataclass(frozen=True, slots=True)
class Opening:
    """A municipality that is new, in the regions of its predecessors unless the file says."""

    listed: ListedMunicipality
    safety_region_code: str
    care_region_code: str

    @property
    def care_region_is_inferred(self) -> bool:
        return not self.listed.centre_code


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
        before = self.municipality
        return before.province_id != self.listed.province_code or (
            self.listed.safety_region_code not in {"", before.safety_region_id}
        )


@dataclass(frozen=True, slots=True)
class Difference:
    """What applying a list would change; empty when it was applied before."""

    opened: tuple[Opening, ...]
    ended: tuple[Municipality, ...]
    moved: tuple[Move, ...]
    successors: Mapping[str, str]

    def __bool__(self) -> bool:
        return bool(self.opened or self.ended or self.moved or self.successors)

    @property
    def codes(self) -> list[str]:
        return sorted(
            {
                *(opening.listed.cbs_code for opening in self.opened),
                *(municipality.cbs_code for municipality in self.ended),
                *(move.listed.cbs_code for move in self.moved),
                *self.successors,
            }
        )


def read_map() -> StandingMap:
    known = {known.cbs_code: known for known in Municipality.objects.all()}
    links = list(CareRegionMunicipality.objects.order_by("valid"))
    periods = [
        *(municipality.valid for municipality in known.values()),
        *(link.valid for link in links),
        *FormerStanding.objects.values_list("valid", flat=True),
    ]
    return StandingMap(
        known=known,
        care_region_of={link.municipality_id: link.care_region_id for link in links},
        care_region_by_centre=dict(
            CareRegion.objects.values_list("centre_municipality_id", "code")
        ),
        provinces=frozenset(Province.objects.values_list("code", flat=True)),
        safety_regions=frozenset(SafetyRegion.objects.values_list("code", flat=True)),
        changed_last_on=max(
            day for period in periods for day in (period.lower, period.upper) if day
        ),
    )


class AssignmentRefused(ValidationError):
    """The municipality cannot go to this care region on this day."""


def check_assignment(
    municipality: Municipality, *, to: CareRegion, valid_from: date
) -> CareRegionMunicipality:
    """The link that would change. Raises AssignmentRefused."""
    link = municipality.care_links.valid_on(valid_from).select_related("care_region").first()
    words = {"municipality": municipality, "day": valid_from}
    if link is None:
        raise AssignmentRefused(_("%(municipality)s does not exist on %(day)s.") % words)
    if link.valid.upper is not None:
        raise AssignmentRefused(_("The care region of %(municipality)s changes later.") % words)
    if (
        link.care_region_id != to.code
        and link.care_region.centre_municipality_id == municipality.cbs_code
    ):
        raise AssignmentRefused(_("%(municipality)s is the centre of its care region.") % words)
    return link


def difference(new: MunicipalityList, old: StandingMap) -> Difference:
    """What changes when `new` takes the place of `old`. Raises ListRefused with every reason."""
    check_list_fits(new, old)
    standing = old.standing_on(new.valid_from)
    moves = (
        Move(standing[listed.cbs_code], listed)
        for listed in new.municipalities
        if listed.cbs_code in standing
    )
    return Difference(
        opened=tuple(
            Opening(
                listed,
                *_regions(new, old, listed),
            )
            for listed in new.municipalities
            if listed.cbs_code not in standing
        ),
        ended=tuple(standing[code] for code in sorted(standing.keys() - new.codes)),
        moved=tuple(move for move in moves if move.is_renamed or move.is_moved),
        successors={
            code: successor
            for code, successor in new.successors.items()
            if old.known[code].successor_id != successor
        },
    )


def check_list_fits(new: MunicipalityList, old: StandingMap) -> None:
    """Raise ListRefused with every reason why this list cannot follow on this map."""
    if new.valid_from < old.changed_last_on:
        raise ListRefused(
            _("The map already changed on %(later)s; a list of %(day)s comes too late.")
            % {"later": old.changed_last_on, "day": new.valid_from}
        )
    ended = old.standing_on(new.valid_from).keys() - new.codes
    if len(ended) > LARGEST_SHARE_THAT_ENDS * len(old.standing_on(new.valid_from)):
        raise ListRefused(
            _("This list would end %(count)d municipalities. Is the file complete?")
            % {"count": len(ended)}
        )
    reasons = [
        *_reasons_of_lines(new, old),
        *_reasons_of_endings(new, old, ended),
        *_reasons_of_successors(new, old),
    ]
    if reasons:
        raise ListRefused(reasons)


def _reasons_of_lines(new: MunicipalityList, old: StandingMap) -> Iterator[str]:
    standing = old.standing_on(new.valid_from)
    for listed in new.municipalities:
        if listed.province_code not in old.provinces:
            yield _("%(municipality)s: there is no province %(code)s.") % {
                "municipality": listed,
                "code": listed.province_code,
            }
        if listed.safety_region_code and listed.safety_region_code not in old.safety_regions:
            yield _("%(municipality)s: there is no safety region %(code)s.") % {
                "municipality": listed,
                "code": listed.safety_region_code,
            }
        if listed.cbs_code not in standing:
            yield from _reasons_of_opening(new, old, listed)


def _reasons_of_opening(
    new: MunicipalityList, old: StandingMap, listed: ListedMunicipality
) -> Iterator[str]:
    if listed.cbs_code in old.known:
        yield _("%(municipality)s has ended before; CBS never gives a code out twice.") % {
            "municipality": listed
        }
        return
    safety_region, care_region = _regions(new, old, listed)
    if not safety_region:
        yield _(
            "%(municipality)s is new and its safety region is not certain: name its predecessors "
            "in the file of successors, or add a column Veiligheidsregiocode."
        ) % {"municipality": listed}
    if not care_region:
        yield _(
            "%(municipality)s is new and its care region is not certain: name its predecessors "
            "in the file of successors, or add a column Centrumgemeentecode."
        ) % {"municipality": listed}


def _reasons_of_endings(new: MunicipalityList, old: StandingMap, ended: set[str]) -> Iterator[str]:
    heirs = Counter(new.successors.get(code) for code in ended & old.care_region_by_centre.keys())
    for code in sorted(ended):
        municipality = old.known[code]
        if municipality.valid.lower == new.valid_from:
            yield _("%(municipality)s began on this very day and cannot end on it.") % {
                "municipality": municipality
            }
        if code not in old.care_region_by_centre:
            continue
        heir = new.successors.get(code)
        if heir is None:
            yield _("%(municipality)s is the centre of a care region: name its successor.") % {
                "municipality": municipality
            }
        elif heir in old.care_region_by_centre or heirs[heir] > 1:
            yield _(
                "%(municipality)s is the centre of a care region and its successor would be the "
                "centre of two: give its municipalities another care region first."
            ) % {"municipality": municipality}


def _reasons_of_successors(new: MunicipalityList, old: StandingMap) -> Iterator[str]:
    for code, successor in new.successors.items():
        words = {"code": code, "successor": successor}
        if code not in old.known:
            yield _("Successors: there is no municipality %(code)s.") % words
        elif code in new.codes:
            yield _("Successors: %(code)s is in the list, so it has no successor.") % words
        elif old.known[code].valid.upper not in {None, new.valid_from}:
            yield _("Successors: %(code)s ended on another day.") % words
        if successor not in new.codes:
            yield _("Successors: %(successor)s is not in the list.") % words


def _regions(
    new: MunicipalityList, old: StandingMap, listed: ListedMunicipality
) -> tuple[str, str]:
    """Safety region and care region of a new municipality; an empty code when uncertain."""
    predecessors = [
        old.known[code]
        for code, successor in new.successors.items()
        if successor == listed.cbs_code and code in old.known
    ]
    safety_regions = {before.safety_region_id for before in predecessors}
    care_regions = {old.care_region_of.get(before.cbs_code, "") for before in predecessors}
    if listed.safety_region_code:
        safety_regions = {listed.safety_region_code}
    if listed.centre_code:
        care_regions = {_care_region_of_centre(new, old, listed.centre_code)}
    return (
        safety_regions.pop() if len(safety_regions) == 1 else "",
        care_regions.pop() if len(care_regions) == 1 else "",
    )


def _care_region_of_centre(new: MunicipalityList, old: StandingMap, centre: str) -> str:
    """The care region of this centre, also when the centre itself is new and follows another."""
    before = [code for code, successor in new.successors.items() if successor == centre]
    return next(
        (
            old.care_region_by_centre[code]
            for code in [centre, *before]
            if code in old.care_region_by_centre
        ),
        "",
    )
