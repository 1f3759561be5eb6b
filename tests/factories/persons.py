"""Presumed victims as the actions make them. Nobody is called like this."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from referral.access.context import acting
from referral.lib.ids import uuid7
from referral.organisations.models import Membership
from referral.persons.actions import create_person
from referral.persons.models import Person
from referral.persons.rules import IdentityFacts, PersonEntry

FACTS = IdentityFacts(
    given_names="Wilhelmina Canary",
    family_name="van Zangvogel",
    birth_date="1991-07-23",
    birth_precision="exact",
    phone="+31698765432",
    v_number="2876543210",
    bsn="999990019",
    nationalities=("PL",),
)


def make_facts(**changes: Any) -> IdentityFacts:
    return replace(FACTS, **changes)


def make_person_entry(**changes: Any) -> PersonEntry:
    """A woman of 35; `facts` changes who she is."""
    facts = make_facts(**changes.pop("facts", {}))
    return replace(PersonEntry(sex="female", age_group="30-39", facts=facts), **changes)


def make_person(
    by: Membership, *, at: datetime | None = None, source: UUID | None = None, **changes: Any
) -> Person:
    """A person that `by` brought in, as a registration does."""
    with acting(by, purpose="test"):
        return create_person(
            make_person_entry(**changes),
            source=source or uuid7(),
            by=by,
            at=at or timezone.now(),
        )
