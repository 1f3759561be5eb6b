"""Shelters, their beds, and their addresses, which open by a deed of their own."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from referral.access.models import DataKey
from referral.access.secrets import new_data_key, seal, unseal
from referral.audit.actions import record
from referral.notices.actions import Letter, post_many
from referral.notices.kinds import Kind
from referral.organisations.models import Membership
from referral.organisations.roles import Role
from shelters.actions.placements import expire_reservations
from shelters.models import Bed, BedKind, BedOutage, Placement, Shelter, ShelterAddress
from shelters.rules import Location, check_own_shelter, check_purpose, taken_in_words


@transaction.atomic
def add_shelter(shelter: Shelter, *, address: Location, by: Membership, at: datetime) -> Shelter:
    """A new shelter with its address, which is sealed at once."""
    check_own_shelter(by, shelter)
    shelter.save(force_insert=True)
    record("shelter_added", on=shelter, by=by, at=at)
    _seal_address(ShelterAddress(shelter=shelter, key=new_data_key()), address)
    record("shelter_address_set", on=shelter, by=by, at=at)
    return shelter


@transaction.atomic
def set_address(shelter: Shelter, *, address: Location, by: Membership, at: datetime) -> None:
    """The shelter has moved: seal the new address under a new key, so that the old one is lost."""
    check_own_shelter(by, shelter)
    row = ShelterAddress.objects.visible_to(by).select_for_update().get(pk=shelter.pk)
    old, row.key = row.key, new_data_key()
    _seal_address(row, address)
    DataKey.objects.filter(pk=old.pk).delete()
    record("shelter_address_set", on=shelter, by=by, at=at)


def _seal_address(row: ShelterAddress, address: Location) -> None:
    plain = {"street": address.street, "postcode": address.postcode, "town": address.town}
    row.sealed = seal(plain, key=row.key, about=row.about)
    row.save()


@transaction.atomic
def reveal_address(shelter: Shelter, *, purpose: str, by: Membership, at: datetime) -> Location:
    """Show where a shelter stands: with a purpose, a line in the trail, a notice to the shelter.

    Raises ShelterAddress.DoesNotExist when it is not for them, ShelterRefused without a purpose.
    """
    check_purpose(purpose)
    row = (
        ShelterAddress.objects.visible_to(by)
        .select_related("key", "shelter__organisation")
        .get(pk=shelter.pk)
    )
    record("shelter_address_revealed", on=row.shelter, by=by, at=at, purpose=purpose)
    house = row.shelter.organisation
    if house.pk != by.organisation_id:
        post_many(
            [
                Letter(kind=Kind.ADDRESS_REVEALED, to=house, role=role, on=row.shelter)
                for role in (Role.SHELTER_WORKER, Role.SHELTER_MANAGER)
            ],
            at=at,
        )
    plain = unseal(bytes(row.sealed), key=row.key, about=row.about)
    return Location(
        street=str(plain["street"]), postcode=str(plain["postcode"]), town=str(plain["town"])
    )


def add_bed(
    shelter: Shelter, *, code: str, kind: str = BedKind.SINGLE, by: Membership, at: datetime
) -> Bed:
    """One bed; see add_beds."""
    return add_beds([Bed(shelter=shelter, code=code, kind=kind)], by=by, at=at)[0]


@transaction.atomic
def add_beds(beds: list[Bed], *, by: Membership, at: datetime) -> list[Bed]:
    """New places in shelters of the own organisation, or by the desk for them."""
    for bed in beds:
        check_own_shelter(by, bed.shelter)
    made = taken_in_words(lambda: Bed.objects.bulk_create(beds, batch_size=1000))
    record("beds_added", by=by, at=at, ids=[bed.pk for bed in made])
    return made


@transaction.atomic
def set_out_of_order(
    bed: Bed, *, until: datetime | None = None, by: Membership, at: datetime
) -> BedOutage:
    """Nobody can be placed in this bed, from now until then or until it is set right.

    Raises PlacementRefused with a sentence while somebody has the bed.
    """
    bed = Bed.objects.visible_to(by).select_related("shelter").get(pk=bed.pk)
    check_own_shelter(by, bed.shelter)
    unanswered = Placement.objects.visible_to(by).unanswered_at(at).filter(bed=bed)
    expire_reservations(unanswered, by=by, at=at)
    outage = BedOutage(bed=bed, during=(at, until), set_by_id=by.user_id, set_at=at)
    taken_in_words(lambda: outage.save(force_insert=True))
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
    record("bed_set_in_order", on=bed, by=by, at=at)
