"""From answers to an entry that the action takes, and back for who completes a report."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from referral.geography.models import Municipality
from referral.lib import numbers
from referral.persons.models import Absence, AgeGroup, Precision
from referral.persons.rules import IdentityFacts, PersonEntry, age_band, years_of_age
from referral.registrations.forms.fields import NO, YES
from referral.registrations.models import HelpWanted, Level, Registration
from referral.registrations.rules import RegistrationEntry
from referral.sharing.models import Consent, GivenBy
from referral.sharing.rules import Answer
from signals.models import Exploitation, Signal

Answers = Mapping[str, Any]
#: Whether somebody is under 18, as the form asks it.
MINOR = {True: YES, False: NO, None: ""}


def entry_from(answers: Answers, *, level: str = Level.FULL, **more: Any) -> RegistrationEntry:
    """The report as submit_registration and resubmit_registration take it."""
    full = level == Level.FULL
    return RegistrationEntry(
        **reported_from(answers),
        level=level,
        own_reference=answers.get("own_reference", ""),
        person=_person(answers) if full else _counted(answers),
        help_wanted=answers["help_wanted"] if full else HelpWanted.NOT_ASKED,
        referrer_type=answers.get("referrer_type", ""),
        consent=consent_from(answers) if full else None,
        **more,
    )


def reported_from(answers: Answers) -> dict[str, Any]:
    """What happened, by the names of Reported."""
    place, municipality = answers["place_country"], answers["place_municipality"]
    first = next((form for form in Exploitation.values if form in answers["forms"]), "")
    return {
        "forms": answers["forms"],
        "primary_form": answers["primary_form"] or first,
        "sector": _asked(answers["sector"]),
        "period_from": answers["period_from"].lower if answers["period_from"] else None,
        "period_to": _last_day(answers["period_until"]),
        "period_absent": answers["period_absent"],
        "place_country": "" if place in Absence.values else place,
        "place_absent": place if place in Absence.values else "",
        "place_municipality": Municipality.objects.get(pk=municipality) if municipality else None,
        "crossing": _asked(answers["crossing"]),
    }


def _asked(answer: str) -> str:
    """Empty where nobody asked yet."""
    return "" if answer == Absence.NOT_ASKED else answer


def numbers_of(answers: Answers) -> dict[str, Any]:
    """The numbers of a person, without spaces and dots."""
    phone = answers.get("phone", "")
    return {
        "phone": numbers.phone(phone) or phone,
        "v_number": numbers.digits(answers.get("v_number", "")),
        "bsn": numbers.digits(answers.get("bsn", "")),
    }


def _counted(answers: Answers) -> PersonEntry:
    """Somebody of whom is kept what is counted, and nothing that names them."""
    return PersonEntry(
        sex=answers["sex"],
        age_group=answers["age_group"],
        is_minor=stated_minor(answers["is_minor"]),
    )


def _person(answers: Answers) -> PersonEntry:
    facts = facts_from(answers)
    derived = age_band(facts.birth_day, timezone.localdate()) if facts.birth_day else ""
    return PersonEntry(
        sex=answers["sex"],
        age_group=answers["age_group"] or derived or AgeGroup.UNKNOWN,
        is_minor=stated_minor(answers["is_minor"]),
        facts=facts,
    )


def facts_from(answers: Answers) -> IdentityFacts:
    """Who it is."""
    birth, precision, until = _birth(answers)
    first = answers["nationality"]
    nationality_absent = first if first in Absence.values else ""
    nationalities = () if nationality_absent else (first, answers["second_nationality"])
    absent = {
        "name": answers["name_absent"],
        "birth_date": answers["birth_absent"],
        "nationalities": nationality_absent,
    }
    return IdentityFacts(
        given_names=answers["given_names"].strip(),
        family_name=answers["family_name"].strip(),
        aliases=tuple(filter(None, map(str.strip, answers["aliases"].split(",")))),
        birth_date=birth,
        birth_precision=precision,
        birth_until=until,
        **numbers_of(answers),
        nationalities=tuple(dict.fromkeys(filter(None, nationalities))),
        absent={name: reason for name, reason in absent.items() if reason},
    )


def consent_from(answers: Answers) -> Answer | None:
    """What the person said when asked."""
    if not answers["consent_how"]:
        return None
    return Answer(
        how=answers["consent_how"],
        given_by=answers["consent_given_by"] or GivenBy.PERSON,
        language=answers["consent_language"],
        interpreter=answers["consent_interpreter"],
    )


def told_before(signal: Signal) -> dict[str, Any]:
    """What the signal says in codes already, so that its reporter need not say it again."""
    return {
        "forms": signal.forms,
        "place_country": "NL" if signal.municipality_id else "",
        "place_municipality": signal.municipality_id,
    }


def initial_answers(
    registration: Registration, facts: IdentityFacts, consent: Consent | None
) -> dict[str, Any]:
    """A returned registration as the form would have been filled in."""
    person = registration.person
    agreed = (
        {
            "consent_how": consent.how,
            "consent_given_by": consent.given_by,
            "consent_language": consent.language,
            "consent_interpreter": consent.interpreter,
        }
        if consent
        else {}
    )
    nationalities = [*facts.nationalities, "", ""]
    return agreed | {
        "given_names": facts.given_names,
        "family_name": facts.family_name,
        "name_absent": facts.absent.get("name", ""),
        "aliases": ", ".join(facts.aliases),
        "birth_date": "" if facts.birth_until else "-".join(reversed(facts.birth_date.split("-"))),
        **_ages(facts),
        "birth_estimated": facts.birth_precision == Precision.ESTIMATED and not facts.birth_until,
        "birth_absent": facts.absent.get("birth_date", ""),
        "age_group": "" if facts.birth_day else person.age_group,
        "is_minor": MINOR[person.is_minor],
        "sex": person.sex,
        "nationality": nationalities[0] or facts.absent.get("nationalities", ""),
        "second_nationality": nationalities[1],
        "phone": facts.phone,
        "v_number": facts.v_number,
        "bsn": facts.bsn,
        **initial_reported(registration),
        "help_wanted": registration.help_wanted,
        "referrer_type": registration.referrer_type,
    }


def initial_reported(registration: Registration) -> dict[str, Any]:
    """What happened, as the form would have been filled in."""
    return {
        "forms": registration.forms,
        "primary_form": registration.primary_form,
        "sector": registration.sector or Absence.NOT_ASKED,
        "period_from": _written(registration.period_from),
        "period_until": _written(registration.period_to),
        "period_absent": registration.period_absent,
        "place_country": registration.place_country or registration.place_absent,
        "place_municipality": registration.place_municipality_id or "",
        "crossing": registration.crossing or Absence.NOT_ASKED,
    }


def stated_minor(answer: str) -> bool | None:
    """What was answered to whether somebody is under 18."""
    return {YES: True, NO: False}.get(answer)


def _written(day: date | None) -> str:
    return f"{day:%d-%m-%Y}" if day else ""


def _last_day(period: DateRange | None) -> date | None:
    """The end of what was written; of a month or a year that still goes on: today."""
    if not period:
        return None
    last, today = period.upper - timedelta(days=1), timezone.localdate()
    return today if period.lower <= today < last else last


def _birth(answers: Answers) -> tuple[str, str, str]:
    """A birth date as it is kept, with how well it is known, and the end of an estimate."""
    period: DateRange | None = answers["birth_date"]
    if not period:
        ages = [age for age in (answers["age_from"], answers["age_until"]) if age is not None]
        if not ages:
            return "", "", ""
        first, last = years_of_age(ages[0], ages[-1], timezone.localdate())
        return first, Precision.ESTIMATED, last
    start, days = period.lower, (period.upper - period.lower).days
    if days == 1:
        return f"{start:%Y-%m-%d}", Precision.EXACT, ""
    if days <= 31:
        return f"{start:%Y-%m}", Precision.MONTH, ""
    guess = answers["birth_estimated"] or days > 366
    return f"{start:%Y}", Precision.ESTIMATED if guess else Precision.YEAR, ""


def _ages(facts: IdentityFacts) -> dict[str, int | str]:
    """An estimate as ages of today."""
    if not facts.birth_until:
        return {"age_from": "", "age_until": ""}
    year = timezone.localdate().year
    return {
        "age_from": year - int(facts.birth_until),
        "age_until": year - int(facts.birth_date) - 1,
    }
