"""Acute danger: who is on call is told at once, and the next in line when nobody takes it up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from referral.audit.actions import Line, record, record_many
from referral.notices.actions import Letter, post_many
from referral.notices.kinds import Kind
from referral.organisations.models import Membership, Organisation, User
from referral.organisations.permissions import Permission
from referral.organisations.roles import OrganisationType, Role
from signals.models import Signal
from signals.routing.models import Call, Patience, Shift
from signals.routing.rules import RoutingRefused, check_manages
from signals.workflow import Status

#: Until the coordinator sets another number of minutes.
MINUTES = 10
#: What nobody took up for a day is late, and the terms of the desk tell of it.
LONGEST = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rung:
    """Who is told next: one person on call, or everybody in a role."""

    organisation: Organisation
    person: User | None = None
    role: str = ""


def call_for(signals: Sequence[Signal], *, by: Membership, at: datetime) -> None:
    """Tell who is on call of each signal of acute danger, in the transaction of the signal.

    Rows of a file were seen elsewhere, long ago; nobody is called out of bed for them.
    """
    acute = [signal for signal in signals if signal.danger and signal.import_batch_id is None]
    if not acute:
        return
    first = next(iter(_ladder(at, by=by)), None)
    if first is not None:
        _call([(signal, 1, first, signal.created_at) for signal in acute], by=by, at=at)


@transaction.atomic
def call_next(*, by: Membership, at: datetime) -> int:
    """Tell the next in line of what nobody took up in time; tells how many. A second round tells
    nothing twice.
    """
    with connection.cursor() as cursor:  # two workers do so one after the other
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('calls for acute danger'))")
    ladder = _ladder(at, by=by)
    waited = at - timedelta(minutes=patience(by=by))
    waiting = Signal.objects.visible_to(by).filter(
        danger=True, status=Status.RECEIVED, import_batch=None, created_at__gt=at - LONGEST
    )
    signals = {signal.pk: signal for signal in waiting}
    calls = defaultdict(list)
    for call in Call.objects.visible_to(by).filter(signal__in=signals):
        calls[call.signal_id].append(call)
    due = []
    for pk, made in calls.items():
        told = {(call.person_id, call.role) for call in made}
        rest = [one for one in ladder if (one.person and one.person.pk, one.role) not in told]
        if rest and max(call.called_at for call in made) <= waited:
            due.append((signals[pk], len(made) + 1, rest[0], at))
    _call(due, by=by, at=at)
    return len(due)


def patience(*, by: Membership) -> int:
    """After how many minutes the next in line is called."""
    newest = Patience.objects.visible_to(by).order_by("-set_at", "-pk").first()
    return newest.minutes if newest else MINUTES


@transaction.atomic
def plan_shift(
    member: Membership,
    *,
    line: int,
    begin: datetime,
    end: datetime,
    by: Membership,
    at: datetime,
) -> Shift:
    """A colleague is on call from a moment until another. Raises RoutingRefused."""
    check_manages(by)
    if member.organisation_id != by.organisation_id or not member.may(Permission.SIGNAL_TRIAGE):
        raise RoutingRefused("", member=_("This colleague does not work on signals."))
    if not at < end or not begin < end:
        raise RoutingRefused("", end=_("The end lies after the beginning, and is still to come."))
    try:
        with transaction.atomic():
            shift = Shift.objects.create(
                member=member, line=line, during=(begin, end), planned_at=at, planned_by=by.user
            )
    except IntegrityError as error:
        if "line_is_held_by_one_person_at_a_time" not in str(error):
            raise
        raise RoutingRefused("", begin=_("Somebody else is on call in this line then.")) from error
    record("routing_shift_planned", by=by, at=at, on=shift)
    return shift


@transaction.atomic
def cancel_shift(shift: Shift, *, by: Membership, at: datetime) -> None:
    """A shift that is not over is taken out."""
    check_manages(by)
    found = Shift.objects.visible_to(by).ends_after(at).filter(pk=shift.pk).first()
    if found is None:
        raise RoutingRefused(_("This shift is over."))
    record("routing_shift_cancelled", by=by, at=at, on=found)
    found.delete()


@transaction.atomic
def set_patience(minutes: int, *, by: Membership, at: datetime) -> Patience:
    """From now on the next in line is called after so many minutes."""
    check_manages(by)
    if not 1 <= minutes <= 60:
        raise RoutingRefused("", minutes=_("Give a number from 1 to 60."))
    set_ = Patience.objects.create(minutes=minutes, set_at=at, set_by=by.user)
    record("routing_patience_set", by=by, at=at, on=set_)
    return set_


def _ladder(at: datetime, *, by: Membership) -> list[Rung]:
    """Who is on call, line by line; then the coordinators, and at last everybody who triages."""
    centre = Organisation.objects.of_type(OrganisationType.EMM).first()
    if centre is None:
        return []
    shifts = Shift.objects.visible_to(by).on_call_at(at)
    rungs = [Rung(centre, person=shift.member.user) for shift in shifts]
    return [
        *rungs,
        Rung(centre, role=Role.EMM_COORDINATOR),
        Rung(centre, role=Role.EMM_ANALYST),
    ]


def _call(
    due: Sequence[tuple[Signal, int, Rung, datetime]], *, by: Membership, at: datetime
) -> None:
    if not due:
        return
    Call.objects.bulk_create(
        [
            Call(
                signal=signal,
                step=step,
                organisation=rung.organisation,
                person=rung.person,
                role=rung.role,
                called_at=moment,
                called_by_id=by.user_id,
            )
            for signal, step, rung, moment in due
        ],
        batch_size=1000,
    )
    lines = [Line(action="signal_called", on=s, at=moment) for s, _step, _rung, moment in due]
    record_many(lines, by=by, at=at)
    post_many(
        [
            Letter(
                kind=Kind.SIGNAL_DANGER,
                to=rung.organisation,
                user=rung.person,
                role=Role(rung.role) if rung.role else None,
                on=signal,
                at=moment,
                urgent=True,
            )
            for signal, _step, rung, moment in due
        ],
        at=at,
    )
