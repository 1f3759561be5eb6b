"""What goes along with a referral: chosen sections as canonical JSON, hashed and sealed.

Care notes never travel; what the receiver must know of them the sender says in own words. What
is shown is read from the package alone, so that nothing else can come along.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from referral.access.models import DataKey
from referral.access.secrets import seal, unseal
from referral.audit.actions import record
from referral.cases.actions import canonical
from referral.cases.actions.notes import key_of
from referral.cases.models import Need
from referral.cases.referrals.models import Referral, ReferralPackage, ReferralSection
from referral.cases.referrals.querysets import CaseIsRestricted
from referral.cases.referrals.rules import Request, check_print
from referral.lib.crypto import Unreadable
from referral.organisations.models import Membership
from referral.persons.actions import open_identities
from referral.persons.rules import IdentityFacts
from referral.sharing.models import Consent

#: The shape of a package; part of what is hashed.
SHAPE = 1
_S = ReferralSection
NAMING = (_S.IDENTITY, _S.CONTACT)


@dataclass(frozen=True, slots=True)
class Material:
    """What packages are made of, read once for all of them."""

    facts: Mapping[UUID, IdentityFacts]
    consents: Mapping[UUID, Sequence[Consent]]


def pack(
    referrals: Sequence[Referral], requests: Sequence[Request], *, by: Membership, at: datetime
) -> list[ReferralPackage]:
    """Give each referral the number and the hash of its package; the packages, not yet saved."""
    material = _material(requests, by=by, at=at)
    latest = _latest(referrals, by=by)
    packages = []
    for referral, request in zip(referrals, requests, strict=True):
        referral.version = latest.get((referral.case_id, referral.to_organisation_id), 0) + 1
        offered_at = referral.offered_at
        parts = {
            section: _part(section, request, material, offered_at=offered_at)
            for section in referral.sections
        }
        contents: dict[str, object] = {
            "shape": SHAPE,
            "version": referral.version,
            "case": referral.case.reference,
            "from": referral.from_organisation_id,
            "to": referral.to_organisation_id,
            "sections": parts,
        }
        plain = canonical(contents)
        referral.package_hash = hashlib.sha256(plain).hexdigest()
        package = ReferralPackage(referral=referral, key=key_of(request.case))
        package.sealed = seal({"json": plain.decode()}, key=package.key, about=package.about)
        packages.append(package)
    return packages


@transaction.atomic
def open_referral_package(referral: Referral, *, by: Membership, at: datetime) -> dict[str, object]:
    """What goes along, for who may read it now. Raises ReferralPackage.DoesNotExist for all
    others, and crypto.Unreadable when it was erased or is not what was offered.
    """
    package = ReferralPackage.objects.visible_to(by).get(pk=referral.pk)
    record("referral_package_opened", on=referral, by=by, at=at, purpose=referral.purpose)
    key = DataKey.objects.filter(pk=package.key_id).first()
    if key is None:
        raise Unreadable("the data of this person have been erased")
    plain = str(unseal(bytes(package.sealed), key=key, about=package.about)["json"])
    if hashlib.sha256(plain.encode()).hexdigest() != referral.package_hash:
        raise Unreadable("this package is not the one that was offered")
    contents: dict[str, object] = json.loads(plain)
    return contents


@transaction.atomic
def print_referral_package(
    referral: Referral, *, by: Membership, at: datetime
) -> dict[str, object]:
    """What goes along, to be put on paper by the receiver. Raises CaseRefused."""
    mine = Referral.objects.visible_to(by).into(by).filter(pk=referral.pk)
    check_print(by, mine.annotate(restricted=CaseIsRestricted("case_id")).first())
    record("referral_package_printed", on=referral, by=by, at=at, purpose=referral.purpose)
    return open_referral_package(referral, by=by, at=at)


def _latest(referrals: Sequence[Referral], *, by: Membership) -> dict[tuple[UUID, int], int]:
    rows = (
        Referral.objects.visible_to(by)
        .filter(case__in=[referral.case_id for referral in referrals])
        .order_by()
        .values_list("case", "to_organisation")
        .annotate(Max("version"))
    )
    return {(case, receiver): version for case, receiver, version in rows}


def _material(requests: Sequence[Request], *, by: Membership, at: datetime) -> Material:
    naming = [r.case.person for r in requests if set(NAMING) & set(r.sections)]
    facts = open_identities(naming, by=by, at=at) if naming else {}
    asked = [r.case.person_id for r in requests if _S.CONSENTS in r.sections]
    consents: dict[UUID, list[Consent]] = defaultdict(list)
    if asked:
        found = Consent.objects.visible_to(by).about(*asked).in_force(at)
        for consent in found.order_by("asked_at", "pk"):
            consents[consent.person_id].append(consent)
    return Material(facts, consents)


def _part(section: str, request: Request, material: Material, *, offered_at: datetime) -> object:
    case, receiver = request.case, request.receiver
    if section == _S.MESSAGE:
        return {"text": request.message.strip()}
    if section == _S.DOCUMENTS:
        # The files stay where they are (cases.documents); what comes later does not go along.
        return {"until": offered_at.isoformat()}
    if section == _S.SITUATION:
        return {
            "priority": case.priority,
            "needs": [Need(need).value for need in sorted(case.needs)],
            "age_group": case.age_group,
            "care_region": case.care_region.name,
        }
    if section == _S.CONSENTS:
        return [
            {"purpose": one.purpose, "until": one.valid.upper.isoformat()}
            for one in material.consents.get(case.person_id, ())
            if one.covers(receiver)
        ]
    facts = material.facts[case.person_id].for_reader(receiver)
    if section == _S.CONTACT:
        return {"phone": facts.phone}
    named = facts.payload()
    kept = ("given_names", "family_name", "birth_date", "nationalities", "v_number", "bsn")
    return {name: named[name] for name in kept if name in named}
