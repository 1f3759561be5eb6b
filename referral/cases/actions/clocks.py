"""What the clock does with handoffs: reminds, tells the national desk, ends what nobody answered."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from referral.audit.actions import Line, record_many
from referral.cases.models import Handoff, Priority
from referral.cases.querysets import HandoffQuerySet
from referral.cases.rules import first_contact_due_on
from referral.cases.workflow import HandoffStatus
from referral.lib.rows import update_rows
from referral.notices.actions import Letter, post_many
from referral.notices.kinds import Kind
from referral.organisations.models import Membership, Organisation
from referral.organisations.roles import OrganisationType, Role

SIDES = ("from_organisation", "to_organisation")


@transaction.atomic
def remind_of_handoffs(*, by: Membership, at: datetime) -> int:
    """Tell who has the turn, once for each turn, that an answer is due; how many were told."""
    today = timezone.localdate(at)
    found = _held(Handoff.objects.visible_to(by).to_remind(today))
    for handoff in found:
        handoff.reminded_at = at
    letters = [_letter(Kind.HANDOFF_REMINDED, one, _has_turn(one)) for one in found]
    return _spoken(found, ["reminded_at"], "handoff_reminded", letters, by=by, at=at)


@transaction.atomic
def escalate_handoffs(*, by: Membership, at: datetime) -> int:
    """Let the national desk see, and hear of, what waits too long; how many it now sees."""
    found = _held(Handoff.objects.visible_to(by).to_escalate(timezone.localdate(at)))
    if not found:
        return 0
    desk = Organisation.objects.get(type=OrganisationType.COMENSHA)
    for handoff in found:
        handoff.escalated_at = at
    letters = [
        Letter(kind=Kind.HANDOFF_ESCALATED, to=desk, role=Role.COM_REGISTRAR, on=one)
        for one in found
    ]
    letters += [_letter(Kind.HANDOFF_LATE, one, _has_turn(one)) for one in found]
    return _spoken(found, ["escalated_at"], "handoff_escalated", letters, by=by, at=at)


@transaction.atomic
def expire_handoffs(*, by: Membership, at: datetime) -> int:
    """End offers that nobody answered, each by one worker; the sender goes on. How many ended."""
    found = list(
        Handoff.objects.visible_to(by).to_expire(timezone.localdate(at)).with_names().order_by("pk")
    )
    deadline = first_contact_due_on(Priority.NORMAL, at=at)
    ended = []
    for handoff in found:
        with connection.cursor() as cursor:
            cursor.execute("SELECT baken.expire_handoff(%s, %s, %s)", [handoff.pk, at, deadline])
            if cursor.fetchone() == (True,):
                ended.append(handoff)
    letters = [
        _letter(Kind.HANDOFF_EXPIRED, one, to)
        for one in ended
        for to in (one.from_organisation, one.to_organisation)
    ]
    return _spoken(ended, [], "handoff_expired", letters, by=by, at=at)


@transaction.atomic
def remind_of_meetings(*, by: Membership, at: datetime) -> int:
    """Tell both sides, once, of a meeting whose day is over and that nobody wrote down as held.

    Who took the case over writes it down; who offered it sees to it that they meet. The clock
    reads no handoff that was accepted, so the database finds and marks them. How many there were.
    """
    today = timezone.localdate(at)
    asked = "SELECT * FROM baken.tell_of_meetings(%s, %s) ORDER BY id"
    found = list(Handoff.objects.raw(asked, [today, at]).prefetch_related(*SIDES))
    letters = [
        _letter(Kind.HANDOFF_UNMET, one, to)
        for one in found
        for to in (one.from_organisation, one.to_organisation)
    ]
    return _spoken(found, [], "handoff_meeting_missed", letters, by=by, at=at)


def _held(found: HandoffQuerySet) -> list[Handoff]:
    """Each by one worker only."""
    rows = found.with_names().order_by("pk")
    return list(rows.select_for_update(of=["self"], skip_locked=True))


def _spoken(
    found: list[Handoff],
    fields: list[str],
    action: str,
    letters: list[Letter],
    *,
    by: Membership,
    at: datetime,
) -> int:
    if found:
        if fields:
            update_rows(found, fields)
        record_many([Line(action=action, on=one) for one in found], by=by, at=at)
        post_many(letters, at=at)
    return len(found)


def _has_turn(handoff: Handoff) -> Organisation:
    asked = handoff.status == HandoffStatus.INFO_REQUESTED
    return handoff.from_organisation if asked else handoff.to_organisation


def _letter(kind: Kind, handoff: Handoff, to: Organisation) -> Letter:
    return Letter(kind=kind, to=to, role=Role.ZC, on=handoff)
