"""Registrations in any state, by the deeds that lead there: never an impossible one."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from referral.access.context import acting
from referral.organisations.models import Membership
from referral.organisations.roles import Role
from referral.persons.rules import PersonEntry
from referral.registrations.actions import (
    complete_registration,
    return_registration,
    submit_registration,
    withdraw_registration,
)
from referral.registrations.models import Level, Registration, WithdrawalReason
from referral.registrations.rules import RegistrationEntry
from referral.registrations.workflow import Status
from tests.factories.people import make_member
from tests.factories.persons import make_person_entry


def make_entry(*, person: dict[str, Any] | None = None, **changes: Any) -> RegistrationEntry:
    """A report with the whole minimum set; `person` changes who it is about."""
    entry = RegistrationEntry(
        person=make_person_entry(**(person or {})),
        forms=["labour", "sexual"],
        primary_form="sexual",
        sector="hotel",
        period_from=date(2010, 1, 1),
        place_country="NL",
        crossing="crossborder",
    )
    return replace(entry, **changes)


def registration_at(
    status: Status = Status.SUBMITTED,
    *,
    reporter: Membership | None = None,
    desk: Membership | None = None,
    at: datetime | None = None,
    care_needed: bool = True,
    **changes: Any,
) -> Registration:
    """A registration that came to `status` by the deeds of a reporter and of the desk."""
    at = at or timezone.now()
    desk = desk or make_member(Role.COM_REGISTRAR)
    reporter = reporter or make_member(Role.LE_POLICE)
    with acting(reporter, purpose="test"):
        registration = submit_registration(make_entry(**changes), by=reporter, at=at)
        if status == Status.WITHDRAWN:
            return withdraw_registration(
                registration, reason=WithdrawalReason.MISTAKE, by=reporter, at=at
            )
    with acting(desk, purpose="test"):
        if status == Status.RETURNED:
            return return_registration(
                registration, missing=["sector"], question="Which one?", by=desk, at=at
            )
        if status == Status.REGISTERED:
            return complete_registration(registration, care_needed=care_needed, by=desk, at=at)
    return registration


def make_nameless(by: Membership, **changes: Any) -> Registration:
    """A report that says no more than what is counted; or more, by `changes`."""
    counted = PersonEntry(sex="female", age_group="30-39")
    entry = replace(make_entry(), **{"level": Level.MINIMAL, "person": counted, **changes})
    with acting(by, purpose="test"):
        return submit_registration(entry, by=by, at=timezone.now())
