"""The only writers of restrictions. Who grants one is a room above."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from referral.audit.actions import record
from referral.organisations.models import Membership
from referral.persons.restriction.models import Restriction


@transaction.atomic
def restrict(person: UUID, *, reference: str, by: Membership, at: datetime) -> Restriction:
    """From now on the data of this person are kept and not used; see rules for what that stops.

    The database asks for a granted request with this reference.
    """
    restriction = Restriction(
        person_id=person,
        reference=reference,
        organisation=by.organisation,
        begun_at=at,
        begun_by=by.user,
    )
    restriction.save(force_insert=True)
    record("person_restricted", on=restriction, by=by, at=at, ids=[person])
    return restriction


@transaction.atomic
def end_restriction(restriction: Restriction, *, by: Membership, at: datetime) -> Restriction:
    """The data may be used again; the person was told before (GDPR 18(3))."""
    standing = Restriction.objects.visible_to(by).standing()
    restriction = standing.select_for_update(of=["self"]).get(pk=restriction.pk)
    restriction.ended_at, restriction.ended_by = at, by.user
    restriction.save(update_fields=["ended_at", "ended_by"])
    record("restriction_ended", on=restriction, by=by, at=at, ids=[restriction.person_id])
    return restriction
