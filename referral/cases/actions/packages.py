"""What goes along with a handoff: chosen sections as canonical JSON, hashed and sealed.

The notes themselves do not travel: who accepts reads them in the file. The package names each
with a hash of its sealed words, so that both sides can show later what was handed over.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from referral.access.secrets import seal, unseal
from referral.audit.actions import record
from referral.cases.actions.notes import key_of
from referral.cases.models import CareNote, Case, Handoff, HandoffPackage, HandoffRevision, Section
from referral.cases.workflow import HandoffStatus
from referral.lib.crypto import Unreadable
from referral.organisations.models import Membership
from referral.sharing.models import Consent

Row = TypeVar("Row", CareNote, Consent)
#: The shape of a package; part of what is hashed.
SHAPE = 1


def canonical(contents: Mapping[str, object]) -> bytes:
    """One and the same sequence of bytes for equal contents: sorted keys, no spaces, UTF-8."""
    return json.dumps(
        contents, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str
    ).encode()


def next_versions(cases: Sequence[UUID], *, by: Membership) -> dict[UUID, int]:
    """By case the number of its next package."""
    latest = (
        Handoff.objects.visible_to(by)
        .filter(case__in=cases)
        .exclude(status=HandoffStatus.DRAFT)  # it has no package yet, and takes the next number
        .order_by()
        .values_list("case")
        .annotate(Max("version"))
    )
    return dict.fromkeys(cases, 1) | {case: version + 1 for case, version in latest}


def pack(handoffs: Sequence[Handoff], *, by: Membership) -> list[HandoffPackage]:
    """Give each handoff its key and the number and hash of its package; packages not yet saved."""
    sealed = _sealed(handoffs, by=by, about=_about)
    return [
        HandoffPackage(handoff=handoff, sealed=text)
        for handoff, text in zip(handoffs, sealed, strict=True)
    ]


def pack_anew(handoff: Handoff, *, by: Membership, at: datetime) -> HandoffRevision:
    """What the case says now, as the next version; the revision, not yet saved."""
    revision = HandoffRevision(
        handoff=handoff, replaced_hash=handoff.package_hash, made_at=at, made_by=by.user
    )
    [revision.sealed] = _sealed([handoff], by=by, about=lambda _handoff: _about_revision(revision))
    revision.version, revision.package_hash = handoff.version, handoff.package_hash
    return revision


def _sealed(
    handoffs: Sequence[Handoff], *, by: Membership, about: Callable[[Handoff], str]
) -> list[bytes]:
    versions = next_versions([handoff.case_id for handoff in handoffs], by=by)
    parts = _parts(handoffs, by=by)
    sealed = []
    for handoff in handoffs:
        handoff.version, handoff.key = versions[handoff.case_id], key_of(handoff.case)
        contents: dict[str, object] = {
            "shape": SHAPE,
            "version": handoff.version,
            "case": handoff.case.reference,
            "from": handoff.from_organisation_id,
            "to": handoff.to_organisation_id,
            "sections": {section: parts[section](handoff.case) for section in handoff.sections},
        }
        plain = canonical(contents)
        handoff.package_hash = hashlib.sha256(plain).hexdigest()
        sealed.append(seal({"json": plain.decode()}, key=handoff.key, about=about(handoff)))
    return sealed


@transaction.atomic
def open_package(handoff: Handoff, *, by: Membership, at: datetime) -> dict[str, object]:
    """What was handed over, in its last version. Raises HandoffPackage.DoesNotExist when it is not for them, and
    crypto.Unreadable when it is not what was offered.
    """
    package = HandoffPackage.objects.visible_to(by).get(pk=handoff.pk)
    record("handoff_package_opened", on=handoff, by=by, at=at)
    case = Case.objects.visible_to(by).select_related("person__key").get(pk=handoff.case_id)
    anew = HandoffRevision.objects.visible_to(by).filter(handoff=handoff)
    last = anew.order_by("-version").first()
    sealed, about = (
        (last.sealed, _about_revision(last)) if last else (package.sealed, _about(handoff))
    )
    plain = str(unseal(bytes(sealed), key=key_of(case), about=about)["json"])
    if hashlib.sha256(plain.encode()).hexdigest() != handoff.package_hash:
        raise Unreadable("this package is not the one that was offered")
    contents: dict[str, object] = json.loads(plain)
    return contents


def _about(handoff: Handoff) -> str:
    return f"cases_handoffpackage|{handoff.pk}|{SHAPE}"


def _about_revision(revision: HandoffRevision) -> str:
    return f"cases_handoffrevision|{revision.pk}|{SHAPE}"


def _parts(handoffs: Sequence[Handoff], *, by: Membership) -> dict[str, Callable[[Case], object]]:
    """How each section of a case is made; notes and consents of all cases are read at once."""
    notes = _grouped(
        CareNote.objects.visible_to(by)
        .filter(case__in=[handoff.case_id for handoff in handoffs])
        .order_by("written_at", "pk"),
        "case_id",
    )
    consents = _grouped(
        Consent.objects.visible_to(by)
        .filter(person__in=[handoff.case.person_id for handoff in handoffs])
        .order_by("asked_at", "pk"),
        "person_id",
    )
    return {
        Section.SUMMARY: lambda case: {
            "status": case.status,
            "priority": case.priority,
            "needs": sorted(case.needs),
            "age_group": case.age_group,
            "care_region": case.care_region_id,
            "opened_at": case.opened_at.isoformat(),
            "next_step": case.next_step,
        },
        Section.DEADLINES: lambda case: [
            {"step": case.next_step, "on": str(case.next_deadline_on or "")}
        ],
        Section.NOTES: lambda case: [
            {
                "note": str(note.pk),
                "written_at": note.written_at.isoformat(),
                "sha256": hashlib.sha256(bytes(note.sealed)).hexdigest(),
            }
            for note in notes[case.pk]
        ],
        Section.CONSENTS: lambda case: [
            {
                "purpose": consent.purpose,
                "state": consent.state,
                "recipient_kind": consent.recipient_kind,
                "recipient": consent.recipient_id,
                "until": consent.valid.upper.isoformat() if consent.valid else None,
            }
            for consent in consents[case.person_id]
        ],
    }


def _grouped(rows: Iterable[Row], key: str) -> dict[UUID, list[Row]]:
    groups: dict[UUID, list[Row]] = defaultdict(list)
    for row in rows:
        groups[getattr(row, key)].append(row)
    return groups
