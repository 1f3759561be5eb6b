"""How the answers of a registration are written out: known, or why not."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from referral.lib import countries
from referral.persons.models import Absence, Precision
from referral.persons.rules import STATELESS, IdentityFacts
from referral.registrations.models import Registration

register = template.Library()


def _why(reason: str) -> str:
    return str(Absence(reason).label if reason in Absence.values else Absence.NOT_ASKED.label)


def _language() -> str:
    return "nl" if (get_language() or "nl").startswith("nl") else "en"


@register.filter
def absent(facts: IdentityFacts, name: str) -> str:
    """Why an answer is not there."""
    return _why(facts.absent.get(name, ""))


@register.filter
def born(facts: IdentityFacts) -> str:
    """The birth date as far as it is known."""
    if facts.birth_day:
        return date_format(facts.birth_day, "DATE_FORMAT")
    if facts.birth_precision == Precision.MONTH:
        return date_format(date.fromisoformat(f"{facts.birth_date}-01"), "F Y")
    if facts.birth_until:
        years = {"first": facts.birth_date, "last": facts.birth_until}
        return _("between %(first)s and %(last)s") % years
    if facts.birth_precision == Precision.ESTIMATED:
        return _("about %(year)s") % {"year": facts.birth_date}
    return facts.birth_date


@register.filter
def nationalities(facts: IdentityFacts) -> str:
    known = countries.names(_language())
    return ", ".join(
        str(_("Stateless")) if code == STATELESS else known.get(code, code)
        for code in facts.nationalities
    )


@register.filter
def answer(facts: IdentityFacts, code: str) -> str:
    """One answer about a person, or a dash; `code` as the room of merges names it."""
    said = {
        "name": facts.full_name,
        "birth": born(facts),
        "phone": facts.phone,
        "v_number": facts.v_number,
        "nationalities": nationalities(facts),
    }
    return said[code] or "–"


@register.filter
def reported(said: Any, code: str) -> str:
    """One answer of a version of a registration, or a dash; `code` as the corrections name it."""
    words: dict[str, Callable[[], object]] = {
        "forms": lambda: ", ".join(said.form_labels()),
        "primary_form": said.get_primary_form_display,
        "sector": said.get_sector_display,
        "period": lambda: period(said),
        "place": lambda: place(said),
        "crossing": said.get_crossing_display,
        "sex": said.get_sex_display,
        "age": said.get_age_group_display,
        "minor": lambda: {True: _("Yes"), False: _("No"), None: _("Not known")}[said.is_minor],
    }
    return str(words[code]() or _("Not asked yet"))


@register.filter
def period(registration: Registration) -> str:
    """From when until when, or why that is not there."""
    first, last = registration.period_from, registration.period_to
    if first and last:
        return _("%(first)s until %(last)s") % {
            "first": date_format(first, "DATE_FORMAT"),
            "last": date_format(last, "DATE_FORMAT"),
        }
    if first:
        return _("since %(first)s") % {"first": date_format(first, "DATE_FORMAT")}
    if last:
        return _("until %(last)s") % {"last": date_format(last, "DATE_FORMAT")}
    return _why(registration.period_absent)


@register.filter
def place(registration: Registration) -> str:
    """Municipality and country, or why they are not there."""
    if not registration.place_country:
        return _why(registration.place_absent)
    country = countries.names(_language()).get(registration.place_country, "")
    if registration.place_municipality is None:
        return country
    return f"{registration.place_municipality.name}, {country}"
