"""Looks at registrations, written down."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from referral.access.secrets import unseal
from referral.audit.actions import record
from referral.lib.tally import Tally
from referral.organisations.models import Membership
from referral.registrations.actions.parts import opened_reference
from referral.registrations.models import Registration
from referral.registrations.querysets import HomeSection, home_section


@dataclass(frozen=True, slots=True)
class OpenedRegistration:
    """What of a registration is kept sealed and is not the identity, in clear."""

    question: str
    own_reference: str


@transaction.atomic
def open_registration(
    registration: Registration, *, by: Membership, at: datetime
) -> OpenedRegistration:
    """Look at one registration, without the identity."""
    record("registration_opened", on=registration, by=by, at=at)
    return OpenedRegistration(_question(registration), opened_reference(registration))


@transaction.atomic
def list_registrations(
    registrations: Iterable[Registration], *, by: Membership, at: datetime
) -> list[Registration]:
    """Look at one page of a list; the ids that are shown are recorded."""
    shown = list(registrations)
    record("registrations_listed", by=by, at=at, ids=[one.pk for one in shown])
    return shown


@transaction.atomic(savepoint=False)
def list_home_registrations(
    *, by: Membership, at: datetime, tally: Tally | None = None
) -> HomeSection | None:
    """What waits for this member on the home page; None when registrations are not their work."""
    section = home_section(by, tally or Tally())
    if section is not None:
        record("registrations_listed", by=by, at=at, ids=[one.pk for one in section.newest])
    return section


def _question(registration: Registration) -> str:
    key = registration.person.key
    if not registration.question or key is None:
        return ""
    opened = unseal(bytes(registration.question), key=key, about=registration.about_question)
    return str(opened["question"])
