"""What became of registrations of the demo: one is linked to an earlier, one is to be withdrawn."""

from __future__ import annotations

from datetime import datetime

from referral.demo.country.organisations import Country, working
from referral.registrations.duplicates.actions import link_registration
from referral.registrations.models import Registration, WithdrawalReason
from referral.registrations.withdrawals.actions import ask_withdrawal

SAME = "Verzonnen: de melders beschrijven hetzelfde litteken en dezelfde werkplek."
WRONG = "Verzonnen: dit was geen vermoedelijk slachtoffer maar een getuige."


def settle_some(country: Country, *, now: datetime) -> None:
    """So that a visitor sees a link of the desk and a request that waits for it."""
    registrar, officer = country.registrars[0], country.officers[0]
    with working(registrar):
        registered = Registration.objects.visible_to(registrar).registered().oldest_first()
        for earlier in registered.with_names()[:1]:
            person = earlier.person
            alike = registered.filter(person__sex=person.sex, person__age_group=person.age_group)
            if later := alike.with_names().exclude(pk=earlier.pk).first():
                link_registration(later, earlier, reason=SAME, by=registrar, at=now)
    with working(officer):
        mine = Registration.objects.visible_to(officer).registered().oldest_first()
        if wrong := mine.with_names().first():
            ground = WithdrawalReason.NO_VICTIM
            ask_withdrawal(wrong, ground=ground, reason=WRONG, by=officer, at=now)
