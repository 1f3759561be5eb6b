"""What a person's facts must be like, what they are found by, and how alike two of them are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from itertools import product

from django.utils.translation import gettext as _

from referral.lib import countries, names, numbers
from referral.lib.refusals import Refused
from referral.lib.similarity import likeness as words_alike
from referral.organisations.models import Organisation
from referral.organisations.roles import OrganisationType
from referral.persons.models import (
    ADULTS,
    BAND_STARTS,
    MINORS,
    Absence,
    AgeGroup,
    KeyKind,
    Precision,
    Sex,
)

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


class NotYoursToChange(Refused):
    """The person may be seen, and not be changed."""

    def __str__(self) -> str:
        return _("You may see this person, but you may not change what is known.")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class IdentityFacts:
    """Who somebody is, in clear, for as long as a deed lasts. It never prints itself.

    A mononym stands in either name. The birth date is ISO, as far as it is known: 1990-02-01,
    1990-02 or 1990. `absent` tells for an empty answer why it is empty.
    """

    given_names: str = ""
    family_name: str = ""
    aliases: tuple[str, ...] = ()
    birth_date: str = ""
    birth_precision: str = ""
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
    def birth_year(self) -> int | None:
        return int(self.birth_date[:4]) if self.birth_date else None

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
    if first is None or wanted != len(facts.birth_date):
        return _("Write the birth date as far as it is known, such as 31-12-1990, 1990-12 or 1990.")
    if first > on:
        return _("The birth date lies in the future.")
    if first.year < on.year - 120:
        return _("The birth date lies more than 120 years ago.")
    return ""


# --- What a person is found by ---------------------------------------------------------------
Key = tuple[KeyKind, str]


def search_keys(facts: IdentityFacts) -> set[Key]:
    """What is kept, hashed, so that this person can be found again."""
    found = set(_number_keys(facts))
    for given, family in _written_names(facts):
        found |= set(_name_keys(given, family, facts.birth_date, facts.birth_year))
    return found


def asked_keys(facts: IdentityFacts) -> set[Key]:
    """What is looked for: the same keys, and those of the mistakes that people make.

    Day and month changed places, a birth year one off, given and family name changed places.
    """
    found = set(_number_keys(facts))
    day, year = facts.birth_day, facts.birth_year
    dates = [facts.birth_date]
    if day is not None and day.day <= 12:
        dates.append(f"{day.year:04}-{day.day:02}-{day.month:02}")
    years = [year - 1, year, year + 1] if year is not None else [None]
    for given, family in _written_names(facts):
        for (first, last), birth, about in product(
            {(given, family), (family, given)}, dates, years
        ):
            found |= set(_name_keys(first, last, birth, about))
    if year is not None:  # of two dated persons the sound alone says too little
        found = {key for key in found if key[0] != KeyKind.SOUNDS}
        found |= {
            (KeyKind.SOUNDS_UNDATED, value)
            for kind, value in search_keys(facts)
            if kind == KeyKind.SOUNDS
        }
    return found


def _written_names(facts: IdentityFacts) -> Iterator[tuple[str, str]]:
    if facts.full_name:
        yield facts.given_names, facts.family_name
    for alias in facts.aliases:
        given, _space, family = alias.strip().rpartition(" ")
        yield given, family


def _number_keys(facts: IdentityFacts) -> Iterator[Key]:
    for kind, value in (
        (KeyKind.PHONE, facts.phone),
        (KeyKind.V_NUMBER, facts.v_number),
        (KeyKind.BSN, facts.bsn),
    ):
        if value:
            yield kind, value


def _name_keys(given: str, family: str, birth: str, year: int | None) -> Iterator[Key]:
    whole = names.words(f"{given} {family}")
    if not whole:
        return
    heard = " ".join(sorted(map(names.sound, whole)))
    surnames = names.sounds(family) or names.sounds(given)[-1:]
    yield KeyKind.SOUNDS, heard
    if year is None:
        yield KeyKind.SOUNDS_UNDATED, heard
        return
    # Each first name may be the one that is used: "Ana Maria" calls herself Maria.
    initials = {heard_name[:1] for heard_name in names.sounds(given)} or {""}
    yield KeyKind.SOUNDS_AND_YEAR, f"{heard}|{year}"
    for surname, initial in product(surnames, initials):
        yield KeyKind.SURNAME_AND_YEAR, f"{surname}|{initial}|{year}"
    if len(birth) == 10:
        yield KeyKind.NAME_AND_DATE, f"{' '.join(whole)}|{birth}"
        yield KeyKind.WORDS_AND_DATE, f"{' '.join(sorted(whole))}|{birth}"
        for surname in surnames:
            yield KeyKind.SURNAME_AND_DATE, f"{surname}|{birth}"
        for first in names.sounds(given):
            yield KeyKind.GIVEN_AND_DATE, f"{first}|{birth}"


# --- How alike two persons are -----------------------------------------------------------------
#: Below this a candidate is not shown.
SHOWN_FROM = 72


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two persons are (0 to 100), and the reasons in words. It advises, no more."""

    score: int
    reasons: tuple[str, ...]


def likeness(a: IdentityFacts, b: IdentityFacts) -> Likeness:
    """Names weigh 70 %, the birth date 30 %; a number that is equal outweighs both.

    The weights were set by hand on perturbed names; a person decides, never the score.
    """
    name, name_reason = _names_alike(a, b)
    birth, birth_reason = _births_alike(a.birth_date, b.birth_date)
    score = 0.85 * name if birth is None else 0.7 * name + 0.3 * birth
    reasons = [name_reason, birth_reason]
    if a.phone and a.phone == b.phone:
        score += 0.6 * (1 - score)
        reasons.append(_("same telephone number"))
    for mine, other, same, different in (
        (a.v_number, b.v_number, _("same V-number"), _("another V-number")),
        (a.bsn, b.bsn, _("same citizen service number"), _("another citizen service number")),
    ):
        if mine and mine == other:
            score = max(score, 0.97)
            reasons.append(same)
        elif mine and other:
            score -= 0.1
            reasons.append(different)
    return Likeness(round(100 * max(0.0, score)), tuple(filter(None, reasons)))


def _names_alike(a: IdentityFacts, b: IdentityFacts) -> tuple[float, str]:
    alike = max(
        (
            words_alike(names.words(" ".join(mine)), names.words(" ".join(other)))
            for mine, other in product(_written_names(a), _written_names(b))
        ),
        default=0.0,
    )
    if alike >= 0.995:
        return alike, _("same names")
    if alike >= 0.9:
        return alike, _("nearly the same names")
    return alike, _("names that look alike") if alike >= 0.75 else ""


def _births_alike(a: str, b: str) -> tuple[float | None, str]:
    if not a or not b:
        return None, _("birth date not known of both")
    if a == b and len(a) == 10:
        return 1.0, _("same birth date")
    years = abs(int(a[:4]) - int(b[:4]))
    if len(a) == len(b) == 10:
        if years == 0 and (a[5:7], a[8:]) == (b[8:], b[5:7]):
            return 0.9, _("day and month changed places")
        if sum(x != y for x, y in zip(a, b, strict=True)) == 1:
            return 0.8, _("birth date differs in one digit")
    if years == 0:
        return 0.7, _("same birth year")
    return (0.4, _("birth year differs by one")) if years == 1 else (0.0, _("another birth year"))
