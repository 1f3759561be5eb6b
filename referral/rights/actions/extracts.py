"""The extract for a person: what is kept of me, and who saw my file.

It holds the person's own data and names of organisations, and of nobody else: not of who wrote
or looked, and nothing of the intelligence side. In Dutch, as every letter to a person.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from referral.access.models import DataKey
from referral.access.secrets import seal, unseal
from referral.audit.actions import record
from referral.audit.models import AuditEvent
from referral.cases.documents.models import Category
from referral.cases.emergency.rules import PURPOSE as EMERGENCY
from referral.cases.family.models import Relation
from referral.cases.workflow import CaseStatus
from referral.lib import countries
from referral.lib.pdf import pdf_of_html
from referral.organisations.models import Membership, Organisation
from referral.organisations.roles import INTELLIGENCE, SERVICES, OrganisationType
from referral.oversight.querysets import in_words, role_in_words
from referral.persons.contact.models import Channel, ContactRule
from referral.persons.models import AgeGroup, Identity, Sex
from referral.persons.rules import IdentityFacts
from referral.registrations.models import HelpWanted, Sector
from referral.registrations.templatetags.registered import born
from referral.registrations.workflow import Status as RegistrationStatus
from referral.residence.models import Ground
from referral.residence.workflow import ReflectionStatus, TrackStatus
from referral.rights.models import Right, RightsExtract, RightsRequest
from referral.rights.querysets import kept_of_person
from referral.rights.rules import RightsRefused, can_extract
from referral.sharing.models import LegalBasis, Purpose
from referral.sharing.workflow import State
from signals.models import Exploitation

LANGUAGE = "nl"
STYLE = Path(__file__).parents[3] / "templates" / "rights" / "extract_pdf.css"

Line = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Looks:
    """An extract as it is read: sections of lines, and who saw the file."""

    extract: RightsExtract
    request: RightsRequest
    sections: list[dict[str, Any]]
    looks: list[dict[str, Any]]

    @property
    def digest(self) -> str:
        return bytes(self.extract.digest).hex()


@transaction.atomic
def make_extract(request: RightsRequest, *, by: Membership, at: datetime) -> RightsExtract:
    """Gather what is kept and who saw it, as it is now, and seal that. Raises RightsRefused."""
    request = RightsRequest.objects.visible_to(by).with_names().get(pk=request.pk)
    may = request.right == Right.ACCESS and can_extract(by, request)
    kept = kept_of_person(request) if may else None
    if kept is None:
        raise RightsRefused(
            _("An extract is made for access only, while the request is in progress.")
        )
    with override(LANGUAGE):
        said = {"sections": list(_sections(kept)), "looks": _looks(kept, by)}
    digest = sha256(json.dumps(said, sort_keys=True).encode()).digest()
    extract = seal_extract(request, said, digest=digest, by=by, at=at)
    record("rights_extract_made", on=request, by=by, at=at, ids=[extract.pk, request.person_id])
    return extract


@transaction.atomic
def read_extract(extract: RightsExtract, *, by: Membership, at: datetime) -> Looks:
    """Read an extract again, as it was sealed."""
    opened = _opened(extract, by)
    record("rights_extract_read", on=opened.request, by=by, at=at, ids=[extract.pk])
    return opened


@transaction.atomic
def print_extract(extract: RightsExtract, *, by: Membership, at: datetime) -> bytes:
    """The extract on paper (PDF/UA), for the person; the same words as were sealed."""
    opened = _opened(extract, by)
    record("rights_extract_printed", on=opened.request, by=by, at=at, ids=[extract.pk])
    with override(LANGUAGE):
        html = render_to_string("rights/extract_pdf.html", {"opened": opened})
    return pdf_of_html(html, style=STYLE.read_text(), identifier=str(extract.pk))


def _opened(extract: RightsExtract, by: Membership) -> Looks:
    extract, said = opened_extract(extract, by)
    return Looks(extract, extract.request, said["sections"], said["looks"])


def seal_extract(
    request: RightsRequest, said: dict[str, Any], *, digest: bytes, by: Membership, at: datetime
) -> RightsExtract:
    """Keep what was gathered for one request, under the key of that request."""
    extract = RightsExtract(request=request, digest=digest, made_at=at, made_by=by.user)
    extract.sealed = seal(said, key=request.key, about=extract.about)
    extract.save(force_insert=True)
    return extract


def opened_extract(extract: RightsExtract, by: Membership) -> tuple[RightsExtract, dict[str, Any]]:
    """With its request, and what was sealed. RightsExtract.DoesNotExist when it is not theirs."""
    found = RightsExtract.objects.visible_to(by)
    extract = found.select_related("request__key", "request__organisation").get(pk=extract.pk)
    return extract, unseal(bytes(extract.sealed), key=extract.request.key, about=extract.about)


# --- What is kept ----------------------------------------------------------------------------
def _sections(kept: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every part with a title and its lines; an empty part says that nothing is kept."""
    keys = keys_of([*(kept["persons"] or []), *(kept["contact"] or [])])
    parts: list[tuple[str, Iterable[Iterable[Line]]]] = [
        (_("Who you are"), (_person(one, keys) for one in kept["persons"] or [])),
        (_("How you can be reached"), (_contact(one, keys) for one in kept["contact"] or [])),
        (_("Registrations"), map(_registration, kept["registrations"] or [])),
        (_("Cases"), map(_case, kept["cases"] or [])),
        (_("Consents"), map(_consent, kept["consents"] or [])),
        (_("Where you stayed"), map(_placement, kept["placements"] or [])),
        (_("Right to stay"), map(_residence, kept["residence"] or [])),
        (_("Family"), map(_relative, kept["family"] or [])),
        (_("What is not in this extract, and why"), [_left_out()]),
    ]
    for title, records in parts:
        filled = ([line for line in lines if line[1]] for lines in records)
        yield {"title": title, "records": [lines for lines in filled if lines]}


def _person(one: dict[str, Any], keys: dict[str, DataKey]) -> Iterator[Line]:
    yield _("Reference"), one["reference"]
    facts = identity_in_clear(one, keys)
    yield _("Name"), facts.full_name
    yield _("Also called"), ", ".join(facts.aliases)
    yield _("Birth date"), born(facts)
    names = countries.names(LANGUAGE)
    yield _("Nationalities"), ", ".join(names.get(code, code) for code in facts.nationalities)
    yield _("Telephone"), facts.phone
    yield _("V-number"), facts.v_number
    yield _("Sex"), _label(Sex, one["sex"])
    yield _("Age"), _label(AgeGroup, one["age_group"])
    yield _("Kept since"), _day(one["since"])


def identity_in_clear(one: dict[str, Any], keys: dict[str, DataKey]) -> IdentityFacts:
    if not one["sealed"] or one["key"] not in keys:  # erased: nothing is left to open
        return IdentityFacts()
    about = Identity(person_id=one["id"], shape=one["shape"]).about
    said = unseal(bytes.fromhex(one["sealed"]), key=keys[one["key"]], about=about)
    return IdentityFacts.from_payload(said)


def _contact(one: dict[str, Any], keys: dict[str, DataKey]) -> Iterator[Line]:
    yield _("Channel"), _label(Channel, one["channel"])
    yield _("Safe"), _("yes") if one["is_safe"] else _("no")
    said = contact_in_clear(one, keys)
    yield _("Address or number"), said.get("address", "")
    yield _("Hours"), said.get("hours", "")
    yield _("Kept since"), _day(one["since"])


def contact_in_clear(one: dict[str, Any], keys: dict[str, DataKey]) -> dict[str, str]:
    """The address and the hours; without who it goes through, which is data of somebody else."""
    if one["key"] not in keys:  # erased: nothing is left to open
        return {}
    about = ContactRule(pk=one["id"]).about
    said = unseal(bytes.fromhex(one["sealed"]), key=keys[one["key"]], about=about)
    told = ("hours",) if one["channel"] == Channel.VIA else ("address", "hours")
    return {name: str(said[name]) for name in told if said.get(name)}


def _registration(one: dict[str, Any]) -> Iterator[Line]:
    yield _("Reference"), " · ".join(filter(None, [one["reference"], one["number"]]))
    yield _("Registered by"), one["by"]
    yield _("Sent"), _day(one["at"])
    yield _("Status"), _label(RegistrationStatus, one["status"])
    yield _("Forms of exploitation"), ", ".join(_label(Exploitation, form) for form in one["forms"])
    yield _("Sector"), _label(Sector, one["sector"])
    period = [_day(one["period_from"]), _day(one["period_to"])]
    yield _("Period"), " – ".join(filter(None, period))
    names = countries.names(LANGUAGE)
    yield _("Place"), one["municipality"] or names.get(one["country"], one["country"])
    yield _("Help wanted"), _label(HelpWanted, one["help_wanted"])
    yield _("Legal basis"), _label(LegalBasis, one["basis"])


def _case(one: dict[str, Any]) -> Iterator[Line]:
    yield _("Reference"), one["reference"]
    yield _("Held by"), one["owner"]
    yield _("Opened"), _day(one["at"])
    yield _("Status"), _label(CaseStatus, one["status"])
    yield _("Closed"), _day(one["closed_at"])
    # Notes name others: they are read by a person before a copy of them is given.
    yield _("Care notes"), str(one["notes"]) if one["notes"] else ""
    documents = [f"{_label(Category, d['kind'])} ({_day(d['on'])})" for d in one["documents"] or ()]
    yield _("Documents"), ", ".join(documents)


def _consent(one: dict[str, Any]) -> Iterator[Line]:
    yield _("What for"), _label(Purpose, one["purpose"])
    yield _("Asked by"), one["by"]
    yield _("Asked"), _day(one["at"])
    yield _("With whom"), one["recipient"] or _label(OrganisationType, one["recipient_kind"])
    yield _("Answer"), _label(State, one["state"])


def _placement(one: dict[str, Any]) -> Iterator[Line]:
    """By whom and when; where a shelter is stays secret for the safety of all who are there."""
    yield _("Shelter of"), one["by"]
    yield _("Reserved"), _day(one["at"])
    yield _("Arrived"), _day(one["arrived_at"])
    yield _("Agreed until"), _day(one["agreed_until"])
    yield _("Left"), _day(one["ended_at"])


def _residence(one: dict[str, Any]) -> Iterator[Line]:
    yield _("Reference"), one["reference"]
    yield _("Opened"), _day(one["at"])
    yield _("Reflection period"), _label(ReflectionStatus, one["reflection"])
    reflection = [_day(one["reflection_from"]), _day(one["reflection_to"])]
    yield _("Reflection period from and until"), " – ".join(filter(None, reflection))
    yield _("Application"), _label(TrackStatus, one["track"])
    yield _("Ground"), _label(Ground, one["ground"])
    permit = [_day(one["permit_from"]), _day(one["permit_to"])]
    yield _("Permit"), " – ".join(filter(None, permit))


def _relative(one: dict[str, Any]) -> Iterator[Line]:
    """What somebody is of the person, and not who: that is data of somebody else."""
    yield _("Is in care as well"), _label(Relation, one["relation"])
    yield _("Kept since"), _day(one["since"])


def _left_out() -> Iterator[Line]:
    """What the law keeps out of a copy: GDPR 15(4), UAVG 41, Wpg 25 to 28."""
    yield _("Addresses of shelters"), _("They would put others in danger (UAVG art. 41).")
    yield (
        _("Care notes and notes of the shelter"),
        _("They name others (AVG art. 15.4). Ask to read them together with who wrote them."),
    )
    yield _("Names of relatives"), _("They are data of somebody else (AVG art. 15.4).")
    yield (
        _("Police data"),
        _("You ask the police for those (Wpg art. 25): they are not ours to give."),
    )


def keys_of(rows: Iterable[dict[str, Any]]) -> dict[str, DataKey]:
    wanted = {row["key"] for row in rows if row["key"]}
    return {str(key.pk): key for key in DataKey.objects.filter(pk__in=wanted)}


def _label(choices: Any, code: str | None) -> str:
    return str(choices(code).label) if code in choices.values else ""


def _day(moment: str | None) -> str:
    if not moment:
        return ""
    if len(moment) == len("2026-01-31"):
        return date_format(date.fromisoformat(moment), "j F Y")
    return date_format(timezone.localtime(datetime.fromisoformat(moment)), "j F Y")


# --- Who saw it ------------------------------------------------------------------------------
def _looks(kept: dict[str, Any], by: Membership) -> list[dict[str, Any]]:
    """By day, organisation, role and purpose: the lines of the trail about the person's records.

    Looks under the law on police data are not among them; the paper says whom to ask for those.
    """
    about = [kept[name] or [] for name in ("persons", "registrations", "cases", "consents")]
    rows = [row for part in about for row in part]
    if not rows:
        return []
    keys = [str(row["id"]) for row in rows]
    since = min(datetime.fromisoformat(row["since"]) for row in kept["persons"])
    lines = (
        AuditEvent.objects.visible_to(by)
        .filter(Q(object_id__in=keys) | Q(ids__overlap=keys), recorded_at__gte=since)
        .filter(result__startswith="done", organisation_id__isnull=False)
        .exclude(role__in=[*INTELLIGENCE, *SERVICES])
        .order_by("id")
        .values_list("recorded_at", "organisation_id", "role", "action", "purpose")
    )
    found = Counter(
        (timezone.localdate(at), organisation, role, action, purpose == EMERGENCY)
        for at, organisation, role, action, purpose in lines.iterator()
    )
    names = dict(
        Organisation.objects.filter(pk__in={line[1] for line in found}).values_list("pk", "name")
    )
    return [
        {
            "day": date_format(day, "j F Y"),
            "organisation": names.get(organisation or 0, ""),
            "role": role_in_words(role),
            "purpose": in_words(action) + (f" ({_('in an emergency')})" if emergency else ""),
            "times": times,
        }
        for (day, organisation, role, action, emergency), times in sorted(
            found.items(), key=lambda pair: pair[0], reverse=True
        )
    ]
