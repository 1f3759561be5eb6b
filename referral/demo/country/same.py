"""People of the demo who were reported twice, and how a few of them can be reached safely."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from referral.cases.models import Case
from referral.cases.workflow import CaseStatus
from referral.demo.country.organisations import Country, working
from referral.organisations.models import Membership
from referral.persons.actions import open_identity
from referral.persons.contact.actions import keep_contact_rule
from referral.persons.contact.models import Channel
from referral.persons.contact.rules import ContactEntry
from referral.persons.merging.actions import confirm_merge, propose_merge
from referral.persons.rules import IdentityFacts, PersonEntry
from referral.registrations.actions import submit_registration
from referral.registrations.models import Registration
from referral.registrations.rules import RegistrationEntry

WHY = "Verzonnen: dezelfde naam en hetzelfde litteken, gemeld door twee diensten."
RULES = (
    ContactEntry(
        channel=Channel.PHONE,
        is_safe=True,
        address="+31600000000",
        language="pl",
        hours="Op werkdagen tussen 10.00 en 12.00 uur",
        code_word="Nachtegaal",
    ),
    ContactEntry(
        channel=Channel.POST, is_safe=False, remark="Verzonnen: een huisgenoot opent de post."
    ),
)
#: How many are reported twice, and for how many it is known what is safe.
TWICE, REACHED = 2, 3


def report_some_twice(country: Country, *, now: datetime) -> None:
    """One pair waits for a second registrar, the other is one person already."""
    first, second = country.registrars[-1], country.registrars[0]
    with working(first):
        known = list(Registration.objects.visible_to(first).registered().newest_first()[:TWICE])
        facts = [open_identity(one.person, by=first, at=now) for one in known]
    for number, (one, said) in enumerate(zip(known, facts, strict=True)):
        again = _report_again(one, said, by=country.kmar[0], now=now)
        with working(first):
            merge = propose_merge(
                one.person, gone=again.person, chosen=["name"], reason=WHY, by=first, at=now
            )
        if number and second.user_id != first.user_id:
            with working(second):
                confirm_merge(merge, by=second, at=now)


def say_what_is_safe(country: Country, *, now: datetime) -> None:
    """By who coordinates the care of these persons."""
    for coordinator in list(country.coordinators.values())[:REACHED]:
        with working(coordinator):
            cases = Case.objects.visible_to(coordinator).filter(
                status=CaseStatus.ACTIVE, owner_organisation=coordinator.organisation
            )
            for case in cases.select_related("person").order_by("pk")[:1]:
                for rule in RULES:
                    keep_contact_rule(case.person, rule, by=coordinator, at=now)


def _report_again(
    known: Registration, facts: IdentityFacts, *, by: Membership, now: datetime
) -> Registration:
    """The same person at another service, where the name was heard a little otherwise."""
    person = known.person
    heard = replace(facts, family_name=facts.family_name.replace("e", "ee", 1), aliases=())
    entry = RegistrationEntry(
        person=PersonEntry(
            sex=person.sex, age_group=person.age_group, is_minor=person.is_minor, facts=heard
        ),
        forms=known.forms,
        primary_form=known.primary_form,
        sector=known.sector,
        period_from=known.period_from,
        place_country=known.place_country,
        place_municipality=known.place_municipality,
        crossing=known.crossing,
    )
    with working(by):
        return submit_registration(entry, by=by, at=now)
