"""Shelters, what they offer, and their addresses, which open by a deed of their own."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from referral.access.models import DataKey
from referral.access.secrets import new_data_key, seal, unseal
from referral.audit.actions import record
from referral.notices.kinds import Kind
from referral.organisations.models import Membership
from shelters.actions.holding import tell_shelter
from shelters.lists.models import ListName
from shelters.lists.rules import read_lists
from shelters.models import Shelter, ShelterAddress
from shelters.rules import Location, check_own_shelter, check_purpose, taken_in_words


@transaction.atomic
def add_shelter(shelter: Shelter, *, address: Location, by: Membership, at: datetime) -> Shelter:
    """A new shelter with its address, which is sealed at once."""
    check_own_shelter(by, shelter)
    read_lists(by=by).check(ListName.TYPE, [shelter.type], on=timezone.localdate(at))
    taken_in_words(lambda: shelter.save(force_insert=True))
    record("shelter_added", on=shelter, by=by, at=at)
    _seal_address(ShelterAddress(shelter=shelter, key=new_data_key()), address)
    record("shelter_address_set", on=shelter, by=by, at=at)
    return shelter


@transaction.atomic
def set_address(shelter: Shelter, *, address: Location, by: Membership, at: datetime) -> None:
    """The shelter has moved: seal the new address under a new key, so that the old one is lost."""
    check_own_shelter(by, shelter)
    row = (
        ShelterAddress.objects.visible_to(by)
        .select_related("key")
        .select_for_update(of=["self"])
        .get(pk=shelter.pk)
    )
    old, row.key = row.key, new_data_key()
    _seal_address(row, address)
    DataKey.objects.filter(pk=old.pk).delete()
    record("shelter_address_set", on=shelter, by=by, at=at)
    tell_shelter(Kind.SHELTER_CHANGED, shelter, by=by, at=at)


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
    tell_shelter(Kind.ADDRESS_REVEALED, row.shelter, by=by, at=at)
    plain = unseal(bytes(row.sealed), key=row.key, about=row.about)
    return Location(
        street=str(plain["street"]), postcode=str(plain["postcode"]), town=str(plain["town"])
    )
