"""The only writers of the map."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from referral.audit.actions import record
from referral.geography.models import (
    CareRegion,
    CareRegionMunicipality,
    FormerStanding,
    Municipality,
)
from referral.geography.rules import (
    Difference,
    Move,
    MunicipalityList,
    check_assignment,
    difference,
    read_map,
)

if TYPE_CHECKING:
    from referral.organisations.models import Membership


@transaction.atomic
def apply_municipality_list(
    new: MunicipalityList, *, by: Membership | None, at: datetime
) -> Difference:
    """Let the map follow an official list from its day on; the second time changes nothing.

    Raises ListRefused, and then nothing has changed.
    """
    _lock_the_map()
    changes = difference(new, read_map())
    if not changes:
        return changes

    # The order keeps every constraint true at each step: a name is free before it is taken.
    _end(changes, day=new.valid_from)
    for move in changes.moved:
        _move(move, day=new.valid_from)
    _open(changes, day=new.valid_from)
    _name_successors(changes)

    record(
        "municipality_list_applied",
        by=by,
        at=at,
        ids=changes.codes,
        details={
            "valid_from": new.valid_from.isoformat(),
            "opened": [opening.listed.cbs_code for opening in changes.opened],
            "ended": [municipality.cbs_code for municipality in changes.ended],
            "moved": [move.listed.cbs_code for move in changes.moved],
            "successors": dict(changes.successors),
        },
    )
    return changes


@transaction.atomic
def assign_care_region(
    municipality: Municipality,
    *,
    to: CareRegion,
    valid_from: date,
    by: Membership | None,
    at: datetime,
) -> CareRegionMunicipality:
    """From this day the municipality is in this care region, and no longer by presumption."""
    _lock_the_map()
    link = check_assignment(municipality, to=to, valid_from=valid_from)
    if link.care_region_id == to.code and not link.inferred:
        return link

    before = link.care_region_id
    if before == to.code or link.valid.lower == valid_from:
        link.care_region, link.inferred = to, False
        link.save(update_fields=["care_region", "inferred"])
    else:
        link.valid = DateRange(link.valid.lower, valid_from)
        link.save(update_fields=["valid"])
        link = CareRegionMunicipality.objects.create(
            municipality=municipality,
            care_region=to,
            valid=DateRange(valid_from, None),
            inferred=False,
        )

    record(
        "care_region_assigned",
        by=by,
        at=at,
        ids=[municipality.cbs_code],
        details={"from": before, "to": to.code, "valid_from": valid_from.isoformat()},
    )
    return link


def _lock_the_map() -> None:
    """Two importers at one time would each write a difference that the other made untrue."""
    list(Municipality.objects.select_for_update().order_by("cbs_code"))


def _end(changes: Difference, *, day: date) -> None:
    for municipality in changes.ended:
        municipality.valid = DateRange(municipality.valid.lower, day)
        municipality.save(update_fields=["valid"])
        for link in municipality.care_links.valid_on(day):
            link.valid = DateRange(link.valid.lower, day)
            link.save(update_fields=["valid"])


def _move(move: Move, *, day: date) -> None:
    municipality = Municipality.objects.get(cbs_code=move.listed.cbs_code)
    since = max(
        [
            municipality.valid.lower,
            *(before.valid.upper for before in municipality.former_standings.all()),
        ]
    )
    # A list of the same day that says otherwise is a correction; nothing stood that way.
    if since < day:
        FormerStanding.objects.create(
            municipality=municipality,
            name=municipality.name,
            province=municipality.province,
            safety_region=municipality.safety_region,
            valid=DateRange(since, day),
        )
    municipality.name = move.listed.name
    municipality.province_id = move.listed.province_code
    municipality.safety_region_id = move.listed.safety_region_code or municipality.safety_region_id
    municipality.save(update_fields=["name", "province", "safety_region"])


def _open(changes: Difference, *, day: date) -> None:
    for opening in changes.opened:
        municipality = Municipality.objects.create(
            cbs_code=opening.listed.cbs_code,
            name=opening.listed.name,
            province_id=opening.listed.province_code,
            safety_region_id=opening.safety_region_code,
            valid=DateRange(day, None),
        )
        CareRegionMunicipality.objects.create(
            municipality=municipality,
            care_region_id=opening.care_region_code,
            valid=DateRange(day, None),
            inferred=opening.care_region_is_inferred,
        )


def _name_successors(changes: Difference) -> None:
    for code, successor in changes.successors.items():
        Municipality.objects.filter(cbs_code=code).update(successor=successor)
        CareRegion.objects.filter(centre_municipality=code).update(centre_municipality=successor)
