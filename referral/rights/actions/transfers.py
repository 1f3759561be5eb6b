"""The file for a transfer of data (GDPR article 20): what a person gave, as JSON for a next keeper.

It holds what the person gave and what is kept on consent, and nothing else: not what others wrote
or decided, not who looked, and no citizen service number, which a next keeper may not take from
us (UAVG 46). What each name means stands in docs/transfer.schema.json; the names are Dutch, as in
the API.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from referral.access.models import DataKey
from referral.audit.actions import record
from referral.organisations.models import Membership
from referral.organisations.roles import OrganisationType
from referral.persons.contact.models import Channel
from referral.persons.models import Sex
from referral.registrations.models import HelpWanted, Sector
from referral.rights.actions.extracts import (
    LANGUAGE,
    contact_in_clear,
    identity_in_clear,
    keys_of,
    opened_extract,
    seal_extract,
)
from referral.rights.models import Right, RightsExtract, RightsRequest
from referral.rights.querysets import kept_of_person
from referral.rights.rules import RightsRefused, can_extract
from referral.sharing.models import LegalBasis, Purpose
from referral.sharing.workflow import State
from signals.models import Exploitation

FORMAT = "baken-overdracht"
#: Goes up with every change that a reader of the file would notice.
VERSION = 1

Record = dict[str, Any]
Line = tuple[str, object]


@dataclass(frozen=True, slots=True)
class Transfer:
    """A file as it is read: the request that it answers, and what stands in it."""

    extract: RightsExtract
    request: RightsRequest
    document: Record

    @property
    def text(self) -> str:
        return text_of(self.document)

    @property
    def digest(self) -> str:
        return bytes(self.extract.digest).hex()


@transaction.atomic
def make_transfer(request: RightsRequest, *, by: Membership, at: datetime) -> RightsExtract:
    """Gather what the person gave and is kept on consent, and seal that. Raises RightsRefused."""
    request = RightsRequest.objects.visible_to(by).with_names().get(pk=request.pk)
    may = request.right == Right.TRANSFER and can_extract(by, request)
    kept = kept_of_person(request) if may else None
    if kept is None:
        raise RightsRefused(
            _("This file is made for a transfer only, while the request is in progress.")
        )
    if not any(_on_consent(kept)):
        raise RightsRefused(
            _(
                "Nothing of this person is kept on consent, so that there is nothing to transfer. "
                "Refuse the request with that reason, and offer access."
            )
        )
    with override(LANGUAGE):
        document = _document(request, kept, at)
    digest = sha256(text_of(document).encode()).digest()
    extract = seal_extract(request, {"document": document}, digest=digest, by=by, at=at)
    record("rights_transfer_made", on=request, by=by, at=at, ids=[extract.pk, request.person_id])
    return extract


@transaction.atomic
def read_transfer(extract: RightsExtract, *, by: Membership, at: datetime) -> Transfer:
    """Read the file before it is given, as it was sealed."""
    opened = _opened(extract, by)
    record("rights_transfer_read", on=opened.request, by=by, at=at, ids=[extract.pk])
    return opened


@transaction.atomic
def download_transfer(extract: RightsExtract, *, by: Membership, at: datetime) -> Transfer:
    """The file itself, to be delivered by a way that is safe."""
    opened = _opened(extract, by)
    record("rights_transfer_downloaded", on=opened.request, by=by, at=at, ids=[extract.pk])
    return opened


def text_of(document: Record) -> str:
    """As it stands in the file, and as the seal was taken."""
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _opened(extract: RightsExtract, by: Membership) -> Transfer:
    extract, said = opened_extract(extract, by)
    return Transfer(extract, extract.request, said["document"])


# --- What stands in it -----------------------------------------------------------------------
def _document(request: RightsRequest, kept: Record, at: datetime) -> Record:
    persons, contact = kept["persons"] or [], kept["contact"] or []
    keys = keys_of([*persons, *contact])
    registrations, consents = _on_consent(kept)
    parts: dict[str, list[Record]] = {
        "personen": [dict(_filled(_person(one, keys))) for one in persons],
        "bereikbaarheid": [dict(_filled(_contact(one, keys))) for one in contact],
        "aanmeldingen": [dict(_filled(_registration(one))) for one in registrations],
        "toestemmingen": [dict(_filled(_consent(one))) for one in consents],
    }
    return {
        "formaat": FORMAT,
        "versie": VERSION,
        "kenmerk": request.reference,
        "bewaard_door": request.organisation.name,
        "gemaakt_op": at.isoformat(timespec="seconds"),
        **parts,
    }


def _on_consent(kept: Record) -> tuple[list[Record], list[Record]]:
    """Registrations and consents of which GDPR 20(1)(a) speaks; a task of the law is not (20(3))."""
    registrations = [
        one for one in kept["registrations"] or [] if one["basis"] == LegalBasis.CONSENT
    ]
    consents = [one for one in kept["consents"] or [] if one["state"] == State.GIVEN]
    return registrations, consents


def _person(one: Record, keys: dict[str, DataKey]) -> Iterator[Line]:
    facts = identity_in_clear(one, keys)
    yield "kenmerk", one["reference"]
    yield "voornamen", facts.given_names
    yield "achternaam", facts.family_name
    yield "ook_bekend_als", list(facts.aliases)
    yield "geboortedatum", facts.birth_date
    yield "geboren_uiterlijk", facts.birth_until
    yield "nationaliteiten", list(facts.nationalities)
    yield "telefoon", facts.phone
    yield "v_nummer", facts.v_number
    yield "geslacht", _choice(Sex, one["sex"])


def _contact(one: Record, keys: dict[str, DataKey]) -> Iterator[Line]:
    said = contact_in_clear(one, keys)
    yield "kanaal", _choice(Channel, one["channel"])
    yield "veilig", bool(one["is_safe"])
    yield "adres_of_nummer", said.get("address")
    yield "tijden", said.get("hours")


def _registration(one: Record) -> Iterator[Line]:
    yield "kenmerk", one["reference"]
    yield "landelijk_nummer", one["number"]
    yield "aangemeld_door", one["by"]
    yield "ingediend_op", one["at"]
    yield "vormen_van_uitbuiting", [_choice(Exploitation, form) for form in one["forms"]]
    yield "sector", _choice(Sector, one["sector"])
    yield "periode_van", one["period_from"]
    yield "periode_tot", one["period_to"]
    yield "gemeente", one["municipality"]
    yield "land", one["country"]
    yield "gewenste_hulp", _choice(HelpWanted, one["help_wanted"])


def _consent(one: Record) -> Iterator[Line]:
    yield "waarvoor", _choice(Purpose, one["purpose"])
    yield "gevraagd_door", one["by"]
    yield "gevraagd_op", one["at"]
    yield "met", one["recipient"]
    yield "met_soort", _choice(OrganisationType, one["recipient_kind"])


def _filled(lines: Iterator[Line]) -> Iterator[Line]:
    """What was not answered is not in the file."""
    return (line for line in lines if line[1] not in (None, "", []))


def _choice(choices: Any, code: str | None) -> Record | None:
    """A code with its word, so that who reads the file needs no list of ours."""
    if code not in choices.values:
        return None
    return {"code": code, "naam": str(choices(code).label)}
