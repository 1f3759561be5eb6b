"""The only writers of emergency access, and the recorded reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from referral.access.secrets import new_data_key, seal, unseal
from referral.audit.actions import record
from referral.audit.models import AuditEvent
from referral.cases.emergency.models import EmergencyAccess
from referral.cases.emergency.querysets import CARE_SIDE, EmergencyAccessQuerySet, case_called
from referral.cases.emergency.rules import (
    PURPOSE,
    EmergencyNotSaid,
    EmergencyRefused,
    can_end,
    check_open,
    check_review,
    end_of,
    may_open,
    may_review,
    review_due,
)
from referral.cases.emergency.workflow import Status
from referral.cases.models import Case, CaseGrant, Profile
from referral.notices.actions import Letter, post_many
from referral.notices.kinds import Kind
from referral.organisations.models import Membership, Organisation
from referral.organisations.roles import OrganisationType, Role
from referral.oversight.querysets import in_words

#: How many lines of the trail the page of one access shows.
MOST_LINES = 200


@dataclass(frozen=True, slots=True)
class Look:
    """A line of the trail in words."""

    pk: int
    recorded_at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class Read:
    """One access with its words, and for the privacy officer what was opened with it."""

    access: EmergencyAccess
    words: str
    verdict: str
    lines: tuple[Look, ...]


@dataclass(frozen=True, slots=True)
class HomeEmergencies:
    """What the home page shows a privacy officer; no kind for everybody else."""

    kind: str = ""
    waiting: int = 0
    late: int = 0


@transaction.atomic
def open_in_emergency(
    reference: str, *, reason: str, words: str, hours: int, by: Membership, at: datetime
) -> EmergencyAccess:
    """Open one case for this member alone; who holds it and the privacy officers hear at once.

    The grant follows by itself, in the database. Raises EmergencyRefused.
    """
    found = case_called(reference) if may_open(by) else None
    held = CaseGrant.objects.opening_to(by).filter(profile=Profile.FULL)
    mine = EmergencyAccess.objects.visible_to(by).opened_by_member(by)
    check_open(
        by,
        reason=reason,
        words=words,
        hours=hours,
        today=mine.filter(opened_at__gt=at - timedelta(days=1)).count(),
        reads_already=found is not None and held.filter(case=found[0]).exists(),
    )
    if found is None:
        raise EmergencyNotSaid(reference=_("There is no case with this reference."))
    case, owner = found
    access = EmergencyAccess(
        case_id=case,
        owner=Organisation.objects.get(pk=owner),
        organisation=by.organisation,
        reason=reason,
        key=new_data_key(),
        opened_at=at,
        opened_by=by.user,
        ends_at=end_of(at, hours),
        review_due_on=review_due(at),
    )
    access.sealed = seal({"words": words.strip()}, key=access.key, about=access.about)
    access.save(force_insert=True)
    record("emergency_opened", on=access, by=by, at=at, ids=[case], purpose=PURPOSE)
    _tell(Kind.EMERGENCY_OPENED, access, at=at)
    return access


@transaction.atomic
def end_emergency(access: EmergencyAccess, *, by: Membership, at: datetime) -> EmergencyAccess:
    """Who opened it is done: the grant ends now."""
    access = _held(access, by)
    if not can_end(by, access):
        raise EmergencyRefused(_("This access has ended already."))
    access.ends_at = _no_later(access, at)
    access.save(update_fields=["ends_at"])
    record("emergency_ended", on=access, by=by, at=at, ids=[access.case_id], purpose=PURPOSE)
    return access


@transaction.atomic
def review_emergency(
    access: EmergencyAccess, *, verdict: Status, words: str, by: Membership, at: datetime
) -> EmergencyAccess:
    """The privacy officer judges, with reasons; what is not justified ends at once."""
    access = _held(access, by)
    check_review(by, access, verdict, words=words)
    access.status, access.reviewed_at, access.reviewed_by = verdict, at, by.user
    about = access.about_verdict
    access.sealed_verdict = seal({"words": words.strip()}, key=access.key, about=about)
    if verdict == Status.NOT_JUSTIFIED:
        access.ends_at = _no_later(access, at)
    access.save(update_fields=["status", "reviewed_at", "reviewed_by", "sealed_verdict", "ends_at"])
    record("emergency_reviewed", on=access, by=by, at=at, ids=[access.case_id])
    post_many(
        [
            Letter(
                kind=Kind.EMERGENCY_REVIEWED,
                to=access.organisation,
                user=access.opened_by,
                on=access,
            ),
            _to_owner(Kind.EMERGENCY_REVIEWED, access),
        ],
        at=at,
    )
    return access


@transaction.atomic
def tell_late_reviews(*, by: Membership, at: datetime) -> int:
    """Say once to the privacy officers that a verdict is overdue; tells how many."""
    late = EmergencyAccess.objects.visible_to(by).late(timezone.localdate(at))
    waiting = late.filter(late_told_at=None).with_names().order_by("pk")
    found = list(waiting.select_for_update(of=["self"], skip_locked=True))
    for access in found:
        access.late_told_at = at
        access.save(update_fields=["late_told_at"])
        record("emergency_review_late", on=access, by=by, at=at)
        post_many(_to_officers(Kind.EMERGENCY_LATE, access, at=at), at=at)
    return len(found)


@transaction.atomic
def list_emergencies(
    found: Iterable[EmergencyAccess], *, by: Membership, at: datetime
) -> list[EmergencyAccess]:
    """One page of a list that was scoped by visible_to; the trail gets the ids shown."""
    shown = list(found)
    record("emergencies_listed", by=by, at=at, ids=[access.pk for access in shown])
    return shown


def count_by_month(*, by: Membership) -> list[dict[str, Any]]:
    """The monthly report: how often, and what was thought of it."""
    return EmergencyAccess.objects.visible_to(by).by_month()


@transaction.atomic
def read_emergency(access: EmergencyAccess, *, by: Membership, at: datetime) -> Read:
    """One access with its words. Raises EmergencyAccess.DoesNotExist when it is not for them."""
    access = EmergencyAccess.objects.visible_to(by).with_names().get(pk=access.pk)
    record("emergency_read", on=access, by=by, at=at)
    words = str(unseal(bytes(access.sealed), key=access.key, about=access.about)["words"])
    verdict = ""
    if access.status != Status.TO_REVIEW:
        sealed = bytes(access.sealed_verdict)
        opened = unseal(sealed, key=access.key, about=access.about_verdict)
        verdict = str(opened["words"])
    return Read(access, words, verdict, _lines(access, by))


@transaction.atomic(savepoint=False)
def list_home_emergencies(*, by: Membership, at: datetime) -> HomeEmergencies:
    """What waits for a verdict of the privacy officer."""
    if not may_review(by):
        return HomeEmergencies()
    waiting = EmergencyAccess.objects.visible_to(by).to_review()
    late = waiting.late(timezone.localdate(at)).count()
    return HomeEmergencies("officer", waiting.count(), late)


@transaction.atomic
def case_of(access: EmergencyAccess, *, by: Membership) -> Case | None:
    """The case, while this member may see it."""
    return Case.objects.visible_to(by).filter(pk=access.case_id).first()


def _lines(access: EmergencyAccess, by: Membership) -> tuple[Look, ...]:
    """What was opened with it, for who may read the trail."""
    trail = AuditEvent.objects.visible_to(by).between(access.opened_at, access.ends_at)
    found = trail.filter(actor_id=access.opened_by_id, purpose=PURPOSE)
    return tuple(
        Look(line.pk, line.recorded_at, in_words(line.action))
        for line in found.order_by("id")[:MOST_LINES]
    )


def _held(access: EmergencyAccess, by: Membership) -> EmergencyAccess:
    """As it is now, held until the deed is done."""
    found: EmergencyAccessQuerySet = EmergencyAccess.objects.visible_to(by).with_names()
    return found.select_for_update(of=["self"]).get(pk=access.pk)


def _no_later(access: EmergencyAccess, at: datetime) -> datetime:
    return min(access.ends_at, max(at, access.opened_at + timedelta(microseconds=1)))


def _tell(kind: Kind, access: EmergencyAccess, *, at: datetime) -> None:
    post_many([_to_owner(kind, access), *_to_officers(kind, access, at=at)], at=at)


def _to_owner(kind: Kind, access: EmergencyAccess) -> Letter:
    """Care coordinators of who holds the case; of the desk, while the case is in intake."""
    at_desk = access.owner.type == OrganisationType.COMENSHA
    role = Role.COM_REGISTRAR if at_desk else Role.ZC
    return Letter(kind=kind, to=access.owner, role=role, on=access, urgent=True)


def _to_officers(kind: Kind, access: EmergencyAccess, *, at: datetime) -> list[Letter]:
    officers = (
        Membership.objects.valid_at(at)
        .filter(role=Role.FG, organisation__type__in=CARE_SIDE)
        .select_related("organisation")
        .order_by("organisation")
        .distinct("organisation")
    )
    return [
        Letter(kind=kind, to=one.organisation, role=Role.FG, on=access, urgent=True)
        for one in officers
    ]
