"""Corrections of registrations, as a reporter or the national desk makes them."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.utils import timezone

from referral.access.context import acting
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from referral.registrations.corrections.actions import correct_registration, propose_correction
from referral.registrations.corrections.models import Version
from referral.registrations.corrections.rules import Correction
from referral.registrations.models import Registration
from tests.factories.persons import make_person_entry


def make_what(**changes: Any) -> Correction:
    """What make_entry reports, put right in one answer."""
    person = make_person_entry()
    what = Correction(
        forms=["labour", "sexual"],
        primary_form="labour",
        sector="hotel",
        period_from=date(2010, 1, 1),
        place_country="NL",
        crossing="crossborder",
        sex=person.sex,
        age_group=person.age_group,
        is_minor=person.is_minor,
    )
    return replace(what, **changes)


def make_correction(registration: Registration, *, by: Membership, **changes: Any) -> Version:
    """Proposed by the reporter; made by the desk, it counts at once."""
    deed = correct_registration if by.may(Permission.REGISTRATION_COMPLETE) else propose_correction
    with acting(by, purpose="test"):
        return deed(
            registration,
            make_what(**changes),
            reason="Canary reason",
            by=by,
            at=timezone.now(),
        )
