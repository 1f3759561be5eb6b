"""What a shelter says of itself, and what the desk says of it. Its address is never among it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from referral.audit.actions import record
from referral.lib.versions import check_seen
from referral.notices.kinds import Kind
from referral.organisations.models import Membership
from shelters.actions.holding import board_changed, tell_shelter
from shelters.lists.models import ListName
from shelters.lists.rules import read_lists
from shelters.models import Contract, Shelter
from shelters.rules import (
    Agreement,
    Offer,
    Standing,
    check_agreement,
    check_desk,
    check_offer,
    check_own_shelter,
    mark_of_profile,
    names_in,
    taken_in_words,
)


@transaction.atomic
def say_what_is_offered(shelter: Shelter, offer: Offer, *, by: Membership, at: datetime) -> Shelter:
    """Whom the shelter takes in and what it can do; matching asks this from now on."""
    held = _held(shelter, by=by)
    check_own_shelter(by, held)
    check_seen(mark_of_profile(held, Offer), offer.seen)
    check_offer(offer, held, read_lists(by=by), today=timezone.localdate(at))
    _write(held, offer)
    record("shelter_offer_set", on=held, by=by, at=at)
    tell_shelter(Kind.SHELTER_CHANGED, held, by=by, at=at)
    return held


@transaction.atomic
def set_standing(shelter: Shelter, standing: Standing, *, by: Membership, at: datetime) -> Shelter:
    """Which type of shelter it is, in which region it shows, and whether it is in use."""
    check_desk(by)
    held = _held(shelter, by=by)
    check_seen(mark_of_profile(held, Standing), standing.seen)
    today = timezone.localdate(at)
    read_lists(by=by).check(ListName.TYPE, [standing.type], on=today, kept=[held.type])
    taken_in_words(lambda: _write(held, standing))
    board_changed()
    record("shelter_standing_set", on=held, by=by, at=at)
    tell_shelter(Kind.SHELTER_CHANGED, held, by=by, at=at)
    return held


@transaction.atomic
def set_contract(agreement: Agreement, *, by: Membership, at: datetime) -> Contract:
    """From a day on a funder pays so many places; what it paid before ends the day before.

    Said again for the same first day, it is a correction.
    """
    check_desk(by)
    shelter = _held(agreement.shelter, by=by)
    current = (
        Contract.objects.visible_to(by)
        .filter(shelter=shelter, funding=agreement.funding, valid__upper_inf=True)
        .first()
    )
    check_agreement(agreement, current, read_lists(by=by), today=timezone.localdate(at))
    if current is not None and current.valid.lower == agreement.valid_from:
        current.places, current.set_at, current.set_by_id = agreement.places, at, by.user_id
        current.save(update_fields=["places", "set_at", "set_by_id"])
        contract = current
    else:
        if current is not None:
            current.valid = DateRange(current.valid.lower, agreement.valid_from)
            current.save(update_fields=["valid"])
        contract = Contract.objects.create(
            shelter=shelter,
            funding=agreement.funding,
            places=agreement.places,
            valid=DateRange(agreement.valid_from, None),
            set_at=at,
            set_by_id=by.user_id,
        )
    record(
        "shelter_contract_set",
        on=shelter,
        by=by,
        at=at,
        details={"contract": f"{contract.funding} {contract.places} {agreement.valid_from}"},
    )
    tell_shelter(Kind.SHELTER_CHANGED, shelter, by=by, at=at)
    return contract


def _held(shelter: Shelter, *, by: Membership) -> Shelter:
    """The same shelter as it is now; nobody else writes it meanwhile."""
    found = Shelter.objects.visible_to(by).select_related("organisation")
    return found.select_for_update(of=["self"]).get(pk=shelter.pk)


def _write(shelter: Shelter, said: Offer | Standing) -> None:
    names = names_in(type(said))
    for name in names:
        value = getattr(said, name)
        setattr(shelter, name, list(value) if isinstance(value, tuple) else value)
    shelter.save(update_fields=names)
