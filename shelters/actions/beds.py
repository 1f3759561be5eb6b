"""Beds come, are named, are out of order for a time, and are withdrawn."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from referral.audit.actions import record
from referral.organisations.models import Membership
from shelters.actions.holding import board_changed
from shelters.actions.placements import expire_reservations
from shelters.models import Bed, BedKind, BedOutage, Placement, Shelter
from shelters.rules import ShelterRefused, check_own_shelter, taken_in_words


def add_bed(
    shelter: Shelter,
    *,
    code: str,
    kind: str = BedKind.SINGLE,
    unit: str = "",
    by: Membership,
    at: datetime,
) -> Bed:
    """One bed; see add_beds."""
    return add_beds([Bed(shelter=shelter, code=code, kind=kind, unit=unit)], by=by, at=at)[0]


@transaction.atomic
def add_beds(beds: list[Bed], *, by: Membership, at: datetime) -> list[Bed]:
    """New places in shelters of the own organisation, or by the desk for them."""
    for bed in beds:
        check_own_shelter(by, bed.shelter)
    made = taken_in_words(lambda: Bed.objects.bulk_create(beds, batch_size=1000))
    record("beds_added", by=by, at=at, ids=[bed.pk for bed in made])
    board_changed()
    return made


@transaction.atomic
def set_out_of_order(
    bed: Bed,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    by: Membership,
    at: datetime,
) -> BedOutage:
    """Nobody can be placed in this bed, from now or later, until then or until it is set right.

    Raises PlacementRefused with a sentence while somebody has the bed.
    """
    bed = _own_bed(bed, by=by)
    since = at if since is None else max(since, at)
    if until is not None and until <= since:
        raise ShelterRefused(_("It ends after it begins."))
    _release_unanswered(bed, by=by, at=at)
    outage = BedOutage(bed=bed, during=(since, until), set_by_id=by.user_id, set_at=at)
    taken_in_words(lambda: outage.save(force_insert=True))
    board_changed()
    record("bed_set_out_of_order", on=bed, by=by, at=at)
    return outage


@transaction.atomic
def set_in_order(bed: Bed, *, by: Membership, at: datetime) -> None:
    """The bed can be used again from now on; nothing changes when it was in use."""
    outage = (
        BedOutage.objects.visible_to(by)
        .filter(bed=bed, during__contains=at, during__startswith__lt=at)
        .select_for_update(of=["self"])
        .first()
    )
    if outage is None:
        return
    check_own_shelter(by, bed.shelter)
    outage.during = (outage.during.lower, at)
    outage.save(update_fields=["during"])
    board_changed()
    record("bed_set_in_order", on=bed, by=by, at=at)


@transaction.atomic
def rename_bed(
    bed: Bed, *, code: str, kind: str, unit: str = "", by: Membership, at: datetime
) -> Bed:
    """The place gets another name, kind or unit; who sleeps there stays."""
    bed = _own_bed(bed, by=by)
    bed.code, bed.kind, bed.unit = code, kind, unit
    taken_in_words(lambda: bed.save(update_fields=["code", "kind", "unit"]))
    board_changed()
    record("bed_renamed", on=bed, by=by, at=at)
    return bed


@transaction.atomic
def withdraw_bed(bed: Bed, *, by: Membership, at: datetime) -> Bed:
    """The place is there no more. What was recorded of it stays; its name stays taken.

    Raises PlacementRefused with a sentence while somebody has the bed.
    """
    bed = _own_bed(bed, by=by)
    _release_unanswered(bed, by=by, at=at)
    bed.withdrawn_at, bed.withdrawn_by_id = at, by.user_id
    taken_in_words(lambda: bed.save(update_fields=["withdrawn_at", "withdrawn_by"]))
    board_changed()
    record("bed_withdrawn", on=bed, by=by, at=at)
    return bed


def _own_bed(bed: Bed, *, by: Membership) -> Bed:
    beds = Bed.objects.visible_to(by).filter(withdrawn_at=None).select_related("shelter")
    bed = beds.get(pk=bed.pk)
    check_own_shelter(by, bed.shelter)
    return bed


def _release_unanswered(bed: Bed, *, by: Membership, at: datetime) -> None:
    unanswered = Placement.objects.visible_to(by).unanswered_at(at).filter(bed=bed)
    expire_reservations(unanswered, by=by, at=at)
