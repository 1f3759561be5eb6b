"""What a registration must say, what it still lacks, and whose move it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from referral.geography.models import Municipality
from referral.lib import countries
from referral.lib.refusals import Refused
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from referral.organisations.roles import OrganisationType
from referral.persons.models import Absence, AgeGroup
from referral.persons.rules import IdentityFacts, PersonEntry
from referral.registrations.models import (
    Crossing,
    HelpWanted,
    Level,
    Missing,
    ReferrerType,
    Registration,
    Sector,
)
from referral.registrations.workflow import MOVES, Side, Status
from referral.sharing.matrix.models import MINIMAL, PSEUDONYMOUS, Outcome
from referral.sharing.matrix.rules import Book, Ruling
from referral.sharing.models import GivenBy, Purpose
from referral.sharing.rules import Answer, legal_basis_for, wrong_giver
from signals.models import Exploitation

ASK_FIRST = gettext_lazy("Ask the person first: without consent this cannot be registered.")

# How the national desk counts each organisation; the first is taken when none is chosen.
REFERRERS: dict[OrganisationType, tuple[ReferrerType, ...]] = {
    OrganisationType.POLICE_UNIT: (ReferrerType.POLICE,),
    OrganisationType.KMAR: (ReferrerType.KMAR,),
    OrganisationType.NLA: (ReferrerType.NLA,),
    OrganisationType.CARE_COORD: (ReferrerType.CARE_COORDINATION,),
    OrganisationType.SHELTER: (ReferrerType.SHELTER,),
    OrganisationType.COA: (ReferrerType.RECEPTION,),
    OrganisationType.YOUTH: (ReferrerType.YOUTH_CARE,),
    OrganisationType.NIDOS: (ReferrerType.YOUTH_CARE,),
    OrganisationType.VO_CENTRE: (ReferrerType.MUNICIPALITY,),
    OrganisationType.LAWYER: (ReferrerType.LAWYER,),
    OrganisationType.IND: (ReferrerType.IND,),
    OrganisationType.VSH: (ReferrerType.VICTIM_SUPPORT,),
    OrganisationType.NGO: (
        ReferrerType.NGO,
        ReferrerType.FAIRWORK,
        ReferrerType.OUTREACH,
        ReferrerType.HEALTH_CARE,
        ReferrerType.INTERNATIONAL,
    ),
    # The desk and its own coordinators write down who turned to them.
    OrganisationType.COMENSHA: (ReferrerType.CARE_COORDINATION, *ReferrerType),
}


#: What the law is asked for each level.
AIMS: dict[str, str] = {
    Level.FULL: Purpose.REGISTRATION,
    Level.PSEUDONYMOUS: PSEUDONYMOUS,
    Level.MINIMAL: MINIMAL,
}
#: A number or code: with a digit, and with no run of letters that could be a name.
_OWN_REFERENCE = re.compile(r"(?=.*\d)(?!.*[a-zA-Z]{5})[a-zA-Z0-9./-]{2,30}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """What a report says happened: what may be put right afterwards."""

    forms: Sequence[str]
    primary_form: str = ""
    sector: str = ""
    period_from: date | None = None
    period_to: date | None = None
    period_absent: str = ""
    place_municipality: Municipality | None = None
    place_country: str = ""
    place_absent: str = ""
    crossing: str = ""

    @property
    def ordered_forms(self) -> list[str]:
        """In the order of the list, so that equal sets are one pattern."""
        return [form.value for form in Exploitation if form.value in self.forms]

    @property
    def main_form(self) -> str:
        return self.primary_form or (self.ordered_forms or [""])[0]

    @property
    def country(self) -> str:
        return "NL" if self.place_municipality else self.place_country


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationEntry(Reported):
    """A report about to be made. `at` is when it was made, if not at the deed itself."""

    person: PersonEntry
    level: str = Level.FULL
    own_reference: str = ""
    help_wanted: str = HelpWanted.NOT_ASKED
    referrer_type: str = ""
    consent: Answer | None = None
    signal: UUID | None = None
    at: datetime | None = None


#: UAVG art. 5; sharing.rules.representatives knows the age group alone, in which 15 and 16 are one.
CONSENTS_ALONE_FROM = 16


class RegistrationRefused(Refused):
    """The report cannot be taken as it is; `reasons` says why, by field."""

    def __init__(self, reasons: Mapping[str, str]) -> None:
        super().__init__(" ".join(reasons.values()))
        self.reasons = dict(reasons)


class MoveRefused(Refused):
    """A move that is not in the table, or not this member's; the message says so in words."""


class Incomplete(MoveRefused):
    """The minimum set is not complete; `missing` says what it lacks."""

    def __init__(self, missing: Sequence[Missing]) -> None:
        self.missing = list(missing)
        super().__init__(
            _("This registration still lacks: %s.") % ", ".join(str(m.label) for m in missing)
        )


def ruling_for(
    member: Membership,
    age_group: AgeGroup | str = AgeGroup.UNKNOWN,
    *,
    level: str = Level.FULL,
    book: Book | None = None,
) -> Ruling:
    """On what this member's organisation may report somebody of this age, and so much of them."""
    return legal_basis_for(member.organisation.type, AIMS[level], age_group, book=book)


def levels_for(member: Membership) -> dict[Level, Ruling]:
    """What the law says of each level for this member, of somebody whose age nobody knows yet."""
    book = Book.read()
    return {level: ruling_for(member, level=level, book=book) for level in Level}


def referrers(member: Membership) -> tuple[ReferrerType, ...]:
    return REFERRERS.get(OrganisationType(member.organisation.type), ())


def check_entry(
    entry: RegistrationEntry, *, by: Membership, on: date, book: Book | None = None
) -> None:
    """Raise RegistrationRefused with a sentence for each answer that cannot be right."""
    reasons = dict(wrong_answers(entry, on)) | dict(_beyond_its_level(entry))
    if entry.help_wanted not in HelpWanted.values:
        reasons["help_wanted"] = _("Choose one of the answers.")
    allowed = referrers(by)
    ruling = ruling_for(by, entry.person.age_group, level=entry.level, book=book)
    if ruling.outcome == Outcome.NOT_ALLOWED or not allowed:
        reasons["legal_basis"] = str(ruling.words)
    elif ruling.needs_consent and entry.consent is None:
        reasons["consent"] = str(ASK_FIRST)
    elif entry.help_wanted == HelpWanted.YES and entry.consent is None:
        reasons["consent"] = _("Say how the person agreed to be told of to a care coordinator.")
    reasons |= dict(_wrong_giver(entry.consent, entry.person, on))
    if entry.referrer_type and entry.referrer_type not in allowed:
        reasons["referrer_type"] = _("Choose one of the answers.")
    if reasons:
        raise RegistrationRefused(reasons)


def _wrong_giver(
    consent: Answer | None, person: PersonEntry, on: date
) -> Iterator[tuple[str, str]]:
    """A sentence where it was not for them to agree, by age group and by birth date."""
    if consent is None:
        return
    birth, alone = person.facts.birth_day, consent.given_by == GivenBy.PERSON
    if words := wrong_giver(consent.given_by, person.age_group):
        yield "consent_given_by", words
    elif alone and birth and is_under(CONSENTS_ALONE_FROM, birth, on):
        yield "consent_given_by", _("Under 16 a parent or guardian must consent (as well).")


def _beyond_its_level(entry: RegistrationEntry) -> Iterator[tuple[str, str]]:
    """A sentence for each answer that a registration of this level may not hold, or must."""
    if entry.level == Level.FULL:
        return
    if entry.person.facts.names_somebody:
        yield "given_names", _("A registration without a name says nothing of who it is.")
    if entry.help_wanted == HelpWanted.YES or entry.consent:
        yield "help_wanted", _("Help is asked for with a full registration.")
    if entry.level == Level.MINIMAL and entry.own_reference:
        yield "own_reference", _("A minimal registration has no reference.")
    if entry.level == Level.PSEUDONYMOUS and not _OWN_REFERENCE.fullmatch(entry.own_reference):
        yield (
            "own_reference",
            _("Write a number or code of your own, such as ZC-2026-014, and no word or name."),
        )


def wrong_answers(entry: Reported, on: date) -> Iterator[tuple[str, str]]:
    """A sentence for each answer that cannot be right, with its name."""
    choose = _("Choose one of the answers.")
    if not entry.forms:
        yield "forms", _("Choose at least one form of exploitation.")
    elif set(entry.forms) - set(Exploitation.values):
        yield "forms", choose
    elif entry.main_form not in entry.forms:
        yield "primary_form", _("The main form must be one of the forms that you chose.")
    for name, choices in (("sector", Sector), ("crossing", Crossing)):
        if getattr(entry, name) not in {"", *choices.values}:
            yield name, choose
    yield from _wrong_period(entry, on)
    yield from _wrong_place(entry)


def _wrong_period(entry: Reported, on: date) -> Iterator[tuple[str, str]]:
    first, last = entry.period_from, entry.period_to
    if entry.period_absent not in {"", *Absence.values}:
        yield "period_absent", _("Choose one of the answers.")
    if (first or last) and entry.period_absent:
        yield "period_absent", _("You gave a period. Leave this empty.")
    if first and last and last < first:
        yield "period_to", _("The end lies before the beginning.")
    if first and first > on:
        yield "period_from", _("This day has yet to come.")
    if last and last > on:
        yield "period_to", _("This day has yet to come.")


def _wrong_place(entry: Reported) -> Iterator[tuple[str, str]]:
    if entry.place_country and entry.place_country not in countries.CODES:
        yield "place_country", _("Choose a country from the list.")
    if entry.place_absent not in {"", *Absence.values}:
        yield "place_absent", _("Choose one of the answers.")
    if (entry.place_country or entry.place_municipality) and entry.place_absent:
        yield "place_absent", _("You gave a place. Leave this empty.")
    if entry.place_municipality and entry.place_country not in {"", "NL"}:
        yield "place_country", _("You chose a Dutch municipality: the country is the Netherlands.")


def is_under(years: int, birth: date, on: date) -> bool:
    """Whether somebody who was born on this day has not been so old for so many years yet."""
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day)) < years


#: Answers that are an answer, though nothing is known. "Not asked yet" is none.
_ANSWERED = (Absence.UNKNOWN, Absence.REFUSED)


def missing_from(registration: Registration, facts: IdentityFacts) -> list[Missing]:
    """What the minimum set of the national desk still lacks. "Not known" is an answer.

    Of who it is, nothing is asked where the registration does not say who it is.
    """
    person = registration.person
    lacking = {
        Missing.MINOR: person.is_minor is None,
        Missing.AGE: registration.is_full
        and person.age_group == AgeGroup.UNKNOWN
        and not facts.birth_date
        and facts.absent.get("birth_date") not in _ANSWERED,
        Missing.NATIONALITY: registration.is_full
        and not facts.nationalities
        and facts.absent.get("nationalities") not in _ANSWERED,
        Missing.SECTOR: not registration.sector,
        Missing.PERIOD: not (registration.period_from or registration.period_to)
        and registration.period_absent not in _ANSWERED,
        Missing.PLACE: not registration.place_country
        and registration.place_absent not in _ANSWERED,
        Missing.CROSSING: not registration.crossing,
        # The ten units count apart; the other services and organisations are national.
        Missing.REGION: registration.referrer_type == ReferrerType.POLICE
        and registration.referrer_region_id is None,
    }
    return [code for code, lacks in lacking.items() if lacks]


def side_of(member: Membership, registration: Registration) -> Side | None:
    """On which side of this registration the member stands."""
    if member.may(Permission.REGISTRATION_COMPLETE):
        return Side.DESK
    own = (registration.organisation_id, registration.submitted_by_id)
    if own == (member.organisation_id, member.user_id):
        return Side.REPORTER
    return None


def check_move(member: Membership, registration: Registration, goal: Status) -> None:
    """Raise MoveRefused unless the table has this move and it is this member's."""
    side = MOVES[Status(registration.status)].get(goal)
    if side is None:
        raise MoveRefused(
            _("This registration is “%(status)s”; that cannot be done any more.")
            % {"status": registration.get_status_display()}
        )
    if side != side_of(member, registration):
        raise MoveRefused(_("This step is not yours to take."))


def can_raise(member: Membership, registration: Registration) -> bool:
    """Whether this member may say who a registration without a name is about."""
    return (
        not registration.is_full
        and registration.status != Status.WITHDRAWN
        and side_of(member, registration) == Side.REPORTER
        and member.may(Permission.REGISTRATION_SUBMIT)
    )


def check_raise(
    member: Membership,
    registration: Registration,
    person: PersonEntry,
    *,
    help_wanted: str,
    consent: Answer | None,
    on: date,
) -> Ruling:
    """On what it may be told who this is; raises MoveRefused or RegistrationRefused."""
    if not can_raise(member, registration):
        raise MoveRefused(_("This step is not yours to take."))
    ruling = ruling_for(member, registration.person.age_group)
    if ruling.outcome == Outcome.NOT_ALLOWED:
        raise MoveRefused(str(ruling.words))
    if ruling.needs_consent and consent is None:
        raise RegistrationRefused({"consent": str(ASK_FIRST)})
    if help_wanted == HelpWanted.YES and consent is None:
        raise RegistrationRefused(
            {"consent": _("Say how the person agreed to be told of to a care coordinator.")}
        )
    if reasons := dict(_wrong_giver(consent, person, on)):
        raise RegistrationRefused(reasons)
    return ruling


def can_move(member: Membership, registration: Registration, goal: Status) -> bool:
    try:
        check_move(member, registration, goal)
    except MoveRefused:
        return False
    return True
