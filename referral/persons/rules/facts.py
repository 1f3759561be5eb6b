"""What is known of who somebody is, and what of it cannot be right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime

from django.utils.translation import gettext as _

from referral.lib import countries, numbers
from referral.lib.refusals import Refused
from referral.organisations.models import Organisation
from referral.organisations.roles import OrganisationType
from referral.persons.models import (
    ADULTS,
    BAND_STARTS,
    MINORS,
    Absence,
    AgeGroup,
    Precision,
    Sex,
)

#: So many years an estimate may be wide; wider says nothing.
WIDEST_ESTIMATE = 30
#: A nationality that no country gives.
STATELESS = "stateless"

# The citizen service number may be used by those whom a law gives it for their task (Wabb art.
# 10 and the laws of each body); the national desk and care organisations have no such law.
BSN_USERS = frozenset(
    {
        OrganisationType.POLICE_UNIT,
        OrganisationType.KMAR,
        OrganisationType.NLA,
        OrganisationType.IND,
        OrganisationType.COA,
        OrganisationType.MUNICIPALITY,
    }
)


class FactsRefused(Refused):
    """The facts cannot be kept as they are; `reasons` says why, by field."""

    def __init__(self, reasons: Mapping[str, str]) -> None:
        super().__init__(" ".join(reasons.values()))
        self.reasons = dict(reasons)


class ChangedMeanwhile(Refused):
    """Somebody else changed the same person since the page was opened."""

    def __str__(self) -> str:
        return _("Somebody changed this person while you were writing. Look at the new answers.")


class LookFirst(Refused):
    """Somebody like this may be known already, and nobody said that they looked."""

    def __str__(self) -> str:
        return _("Nothing was sent yet: this person may be known already. Look below first.")


class NotYoursToChange(Refused):
    """The person may be seen, and not be changed."""

    def __str__(self) -> str:
        return _("You may see this person, but you may not change what is known.")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class IdentityFacts:
    """Who somebody is, in clear, for as long as a deed lasts. It never prints itself.

    A mononym stands in either name. The birth date is ISO, as far as it is known: 1990-02-01,
    1990-02 or 1990; of an estimate `birth_until` is the last year that it may be. `absent` tells
    for an empty answer why it is empty.
    """

    given_names: str = ""
    family_name: str = ""
    aliases: tuple[str, ...] = ()
    birth_date: str = ""
    birth_precision: str = ""
    birth_until: str = ""
    phone: str = ""
    v_number: str = ""
    bsn: str = ""
    nationalities: tuple[str, ...] = ()
    absent: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return "IdentityFacts(not shown)"

    @property
    def full_name(self) -> str:
        return f"{self.given_names} {self.family_name}".strip()

    @property
    def names_somebody(self) -> bool:
        """Whether anybody asked who it is; also when the answer is that it is not known."""
        return bool(self.payload())

    @property
    def birth_years(self) -> range:
        """The years in which the person may be born; none when nothing is known."""
        if not self.birth_date:
            return range(0)
        first = int(self.birth_date[:4])
        return range(first, int(self.birth_until or first) + 1)

    @property
    def birth_day(self) -> date | None:
        """The birth date where the whole of it is known."""
        return date.fromisoformat(self.birth_date) if len(self.birth_date) == 10 else None

    def payload(self) -> dict[str, object]:
        """As it is sealed; empty answers stay out."""
        found = {f.name: getattr(self, f.name) for f in fields(self)}
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in found.items()
            if value
        }

    @classmethod
    def from_payload(cls, payload: Mapping[str, object]) -> IdentityFacts:
        known = {f.name for f in fields(cls)}
        return cls(
            **{
                name: tuple(value) if isinstance(value, list) else value
                for name, value in payload.items()
                if name in known
            }  # type: ignore[arg-type]
        )

    def for_reader(self, organisation: Organisation) -> IdentityFacts:
        """As this organisation may see it: without the BSN where no law lets it use that."""
        return self if organisation.type in BSN_USERS else replace(self, bsn="")

    def with_unseen_of(self, kept: IdentityFacts, organisation: Organisation) -> IdentityFacts:
        """These facts, and what this organisation could not see when it wrote them."""
        return self if organisation.type in BSN_USERS else replace(self, bsn=kept.bsn)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonEntry:
    """A person about to be made. `at` is when they became known, if not at the deed itself."""

    sex: str
    age_group: str
    is_minor: bool | None = None
    facts: IdentityFacts = field(default_factory=IdentityFacts)
    at: datetime | None = None


def age_band(birth: date, on: date) -> AgeGroup:
    age = on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))
    return max(
        (band for band, start in BAND_STARTS.items() if start <= max(age, 0)),
        key=BAND_STARTS.__getitem__,
    )


def years_of_age(first: int, last: int, on: date) -> tuple[str, str]:
    """The birth years of somebody who looks so old: from the oldest to the youngest."""
    return f"{on.year - last - 1:04}", f"{on.year - first:04}"


def possible_bands(facts: IdentityFacts, on: date) -> set[str]:
    """The age groups that agree with the birth date as far as it is known."""
    if not facts.birth_date or facts.birth_precision == Precision.ESTIMATED:
        return set(AgeGroup.values)
    first, last = facts.birth_date, facts.birth_date
    earliest = date.fromisoformat(f"{first}-01-01"[:10] if len(first) == 4 else f"{first}-01"[:10])
    latest = facts.birth_day or (
        date(int(last[:4]), 12, 31) if len(last) == 4 else date.fromisoformat(f"{last}-28")
    )
    return {age_band(facts.birth_day or earliest, on), age_band(latest, on), AgeGroup.UNKNOWN}


def minority(age_group: str, *, stated: bool | None) -> bool | None:
    """Whether somebody of this age group is under 18; what was stated where it does not tell."""
    if age_group in MINORS:
        return True
    if age_group in ADULTS:
        return False
    return stated


def check_entry(entry: PersonEntry, *, organisation: OrganisationType | str, on: date) -> None:
    """Raise FactsRefused with a sentence for each answer that cannot be right."""
    reasons = dict(_wrong_facts(entry.facts, organisation, on))
    if entry.sex not in Sex.values:
        reasons["sex"] = _("Choose one of the answers.")
    if entry.age_group not in AgeGroup.values:
        reasons["age_group"] = _("Choose one of the answers.")
    elif "birth_date" not in reasons and entry.age_group not in possible_bands(entry.facts, on):
        reasons["age_group"] = _("The age does not agree with the birth date.")
    if reasons:
        raise FactsRefused(reasons)


def _wrong_facts(
    facts: IdentityFacts, organisation: OrganisationType | str, on: date
) -> Iterator[tuple[str, str]]:
    if reason := _wrong_birth(facts, on):
        yield "birth_date", reason
    if facts.phone and numbers.phone(facts.phone) != facts.phone:
        yield "phone", _("Write the telephone number with its country, such as +31 6 12345678.")
    if facts.v_number and not numbers.is_v_number(facts.v_number):
        yield "v_number", _("A V-number has ten digits.")
    if facts.bsn and not numbers.is_bsn(facts.bsn):
        yield "bsn", _("This is not a citizen service number: check its nine digits.")
    elif facts.bsn and organisation not in BSN_USERS:
        yield "bsn", _("Your organisation may not use the citizen service number. Leave it out.")
    yield from _wrong_codes(facts)


def _wrong_codes(facts: IdentityFacts) -> Iterator[tuple[str, str]]:
    if set(facts.nationalities) - countries.CODES - {STATELESS}:
        yield "nationalities", _("Choose nationalities from the list.")
    if set(facts.absent.values()) - set(Absence.values):
        yield "absent", _("Choose one of the answers.")


def _wrong_birth(facts: IdentityFacts, on: date) -> str:
    if not facts.birth_date and not facts.birth_precision:
        return ""
    length = {Precision.EXACT: 10, Precision.MONTH: 7, Precision.YEAR: 4, Precision.ESTIMATED: 4}
    wanted = length.get(Precision(facts.birth_precision)) if facts.birth_precision else None
    try:
        first = date.fromisoformat((facts.birth_date + "-01-01")[:10])
    except ValueError:
        first = None
    if facts.birth_until and not _is_estimate(facts):
        return _("An estimate goes from the older to the younger, over at most 30 years.")
    if first is None or wanted != len(facts.birth_date):
        return _("Write the birth date as far as it is known, such as 31-12-1990, 1990-12 or 1990.")
    if first > on:
        return _("The birth date lies in the future.")
    if first.year < on.year - 120:
        return _("The birth date lies more than 120 years ago.")
    return ""


def _is_estimate(facts: IdentityFacts) -> bool:
    """Whether it is a year and a later one, not so far apart that they say nothing."""
    first, last = facts.birth_date, facts.birth_until
    return (
        facts.birth_precision == Precision.ESTIMATED
        and first.isdecimal()
        and last.isdecimal()
        and 0 <= int(last) - int(first) <= WIDEST_ESTIMATE
    )
