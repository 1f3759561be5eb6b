"""What the clock does: tell of days that come near, once each, and end what is over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from referral.audit.actions import Line as TrailLine
from referral.audit.actions import record_many
from referral.lib.rows import update_rows
from referral.notices.actions import Letter, post_many
from referral.notices.kinds import Kind
from referral.organisations.models import Membership, Organisation
from referral.organisations.roles import OrganisationType, Role
from referral.residence.actions.telling import letters_to, letters_to_police, working_now
from referral.residence.models import Alert, Deadline, DeadlineKind, Reflection, Step
from referral.residence.rules import alerts_due, soon
from referral.residence.workflow import Line, ReflectionStatus

#: So many rows in one transaction: a round that stops has told what it told.
ROWS = 500
WORDS = {
    30: Kind.TERM_ENDS_30,
    14: Kind.TERM_ENDS_14,
    7: Kind.TERM_ENDS_7,
    1: Kind.TERM_ENDS_1,
    0: Kind.TERM_ENDS_0,
}
D = DeadlineKind
#: Who hears of which day, besides the care coordinators of the person.
POLICE = (D.REFLECTION_END, D.REPORTING_DAY, D.COMPLAINT)
IMMIGRATION = (D.REFLECTION_END, D.DECISION, D.PERMIT_END)
PLACEMENT = (D.REFLECTION_END,)
SHELTERS = (D.REFLECTION_END,)
NOT_CARE = (D.DECISION,)


def tell_of_deadlines(*, by: Membership, at: datetime) -> int:
    """Tell of every day that came within 30, 14, 7, 1 or 0 days; how many were told of.

    Each number of days is a row (`term_is_told_of_once_for_each_number_of_days`), so a second
    round tells nothing, and a round after an outage tells what was missed, in one notice.
    """
    told, after = 0, None
    while True:
        with transaction.atomic():
            found = _near(after, by=by, at=at)
            told += _tell(found, by=by, at=at)
        if not found:
            return told
        after = found[-1]


def _near(after: UUID | None, *, by: Membership, at: datetime) -> list[UUID]:
    near = Deadline.objects.visible_to(by).open().until(soon(timezone.localdate(at)))
    if after is not None:
        near = near.filter(pk__gt=after)
    return list(near.order_by("pk").values_list("pk", flat=True)[:ROWS])


def _tell(ids: Sequence[UUID], *, by: Membership, at: datetime) -> int:
    today = timezone.localdate(at)
    deadlines = list(
        Deadline.objects.visible_to(by)
        .open()
        .filter(pk__in=ids)
        .select_related("file__police", "file__immigration", "file__opened_by")
        .select_for_update(of=["self"], skip_locked=True)
        .order_by("pk")
    )
    told: dict[UUID, list[int]] = defaultdict(list)
    for pk, days in (
        Alert.objects.visible_to(by).filter(deadline__in=ids).values_list("deadline", "days")
    ):
        told[pk].append(days)
    due = {one: alerts_due(one.ends_on, today=today, told=told[one.pk]) for one in deadlines}
    fresh = [one for one in deadlines if due[one]]
    if not fresh:
        return 0
    Alert.objects.bulk_create(
        Alert(deadline=one, days=days, told_at=at, late=days != due[one][-1])
        for one in fresh
        for days in due[one]
    )
    record_many(
        [TrailLine(action="residence_term_told", on=one, at=at) for one in fresh], by=by, at=at
    )
    post_many(_letters(fresh, due, by=by, at=at), at=at)
    return len(fresh)


def _letters(
    fresh: Sequence[Deadline],
    due: dict[Deadline, list[int]],
    *,
    by: Membership,  # noqa: ARG001 -- the definer function asks who acts
    at: datetime,
) -> list[Letter]:
    carers = _carers([one.person_id for one in fresh])
    desk = Organisation.objects.get(type=OrganisationType.COMENSHA)
    still = working_now([one.file for one in fresh], at=at)
    letters: list[Letter] = []
    for one in fresh:
        kind = WORDS[due[one][-1]]
        if one.kind in POLICE:
            letters += letters_to_police(kind, one.file, on=one, at=at, still=still)
        if one.kind in IMMIGRATION and one.file.immigration is not None:
            letters += letters_to(kind, to=one.file.immigration, on=one, at=at)
        if one.kind in PLACEMENT:
            letters.append(Letter(kind=kind, to=desk, on=one, role=Role.COM_PLACEMENT, at=at))
        if one.kind not in NOT_CARE:
            for carer in carers[one.person_id]:
                if carer.type != OrganisationType.SHELTER or one.kind in SHELTERS:
                    letters += letters_to(kind, to=carer, on=one, at=at)
    return letters


def _carers(persons: Sequence[UUID]) -> dict[UUID, list[Organisation]]:
    """The organisations that care for these persons now: coordinators and shelters."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person, organisation FROM baken.organisations_that_know(%s::uuid[])",
            [list(persons)],
        )
        pairs = cursor.fetchall()
    named = Organisation.objects.in_bulk({organisation for _person, organisation in pairs})
    found: dict[UUID, list[Organisation]] = defaultdict(list)
    for person, organisation in pairs:
        found[person].append(named[organisation])
    return found


@transaction.atomic
def expire_reflections(*, by: Membership, at: datetime) -> int:
    """End the periods whose last day is over; the day itself still counts, until midnight."""
    today = timezone.localdate(at)
    over = list(
        Reflection.objects.visible_to(by)
        .over_before(today)
        .select_related("file")
        .select_for_update(of=["self"], skip_locked=True)
    )
    if not over:
        return 0
    steps = [_expired(row, by=by, at=at) for row in over]
    update_rows(over, ["status", "ended_on", "changed_at", "changed_by"])
    Step.objects.bulk_create(steps)
    Deadline.objects.visible_to(by).open().filter(
        file__in=[row.file for row in over], kind__in=[D.REFLECTION_END, D.REPORTING_DAY]
    ).update(closed_at=at, closed_by=by.user, kept=False)
    lines = [TrailLine(action="reflection_expired", on=row.file, at=at) for row in over]
    record_many(lines, by=by, at=at)
    return len(over)


def _expired(row: Reflection, *, by: Membership, at: datetime) -> Step:
    ended = row.ends_on or timezone.localdate(at)  # a period that runs has a last day
    step = Step(
        file=row.file,
        line=Line.REFLECTION,
        status_before=row.status,
        status=ReflectionStatus.EXPIRED,
        happened_on=ended,
        recorded_at=at,
        recorded_by=by.user,
    )
    row.status, row.ended_on = ReflectionStatus.EXPIRED, ended
    row.changed_at, row.changed_by = at, by.user
    return step
