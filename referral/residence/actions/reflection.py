"""The deeds of the reflection period (bedenktijd): B8/3.1 Vc."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from referral.audit.actions import record
from referral.lib.terms import end_of_term
from referral.notices.kinds import Kind
from referral.organisations.models import Membership
from referral.residence.actions.parts import Deed, held
from referral.residence.actions.telling import tell_immigration, tell_police
from referral.residence.models import (
    Deadline,
    DeadlineKind,
    EndReason,
    OfferGround,
    Reflection,
    ResidenceFile,
    TermCode,
)
from referral.residence.rules import (
    MoveRefused,
    ResidenceRefused,
    check_begin,
    check_day,
    check_move,
    reporting_day,
)
from referral.residence.workflow import Line, ReflectionStatus, Side, TrackStatus

R = ReflectionStatus
OF_PERIOD = (DeadlineKind.REFLECTION_END, DeadlineKind.REPORTING_DAY)


@transaction.atomic
def offer_reflection(
    file: ResidenceFile, *, ground: OfferGround, on: date, by: Membership, at: datetime
) -> Reflection:
    """Police or Marechaussee offer the period, at the slightest indication."""
    deed = held(file, by=by, at=at)
    row = deed.reflection()
    row.ground, row.offered_on = ground, check_day(on, today=deed.today)
    row.declined_on = None
    deed.move(Line.REFLECTION, row, R.OFFERED, on=on, code=ground)
    return row


@transaction.atomic
def decline_reflection(
    file: ResidenceFile, *, on: date, by: Membership, at: datetime
) -> Reflection:
    """The person does not want it; it may be offered again, since it was not used."""
    deed = held(file, by=by, at=at)
    row = deed.reflection()
    row.declined_on = check_day(on, today=deed.today, after=row.offered_on)
    deed.move(Line.REFLECTION, row, R.DECLINED, on=on)
    return row


@transaction.atomic
def grant_reflection(file: ResidenceFile, *, on: date, by: Membership, at: datetime) -> Reflection:
    """The person takes it; it begins on the day of form M55."""
    deed = held(file, by=by, at=at)
    row = deed.reflection()
    row.granted_on = check_day(on, today=deed.today, after=row.offered_on)
    deed.move(Line.REFLECTION, row, R.GRANTED, on=on)
    return row


@transaction.atomic
def begin_reflection(
    file: ResidenceFile, *, term: TermCode, on: date, by: Membership, at: datetime
) -> Reflection:
    """Form M55 is signed: the days follow from the law, and the immigration service is told.

    A Dublin claimant has another term (WBV 2023/11).
    """
    deed = held(file, by=by, at=at)
    row = deed.reflection()
    check_move(by, deed.file, Line.REFLECTION, row.status, R.RUNNING)
    check_begin(row, on, today=deed.today)
    length = deed.length(term, on)
    row.term, row.term_months, row.term_days = term, length.months, length.days
    row.starts_on = on
    row.ends_on = end_of_term(on, months=length.months, days=length.days)
    deed.send()
    deed.move(Line.REFLECTION, row, R.RUNNING, on=on, code=term)
    track = deed.track()
    if track.status == TrackStatus.NONE:
        deed.move(Line.TRACK, track, TrackStatus.REFLECTION, on=on)
    deed.plan(DeadlineKind.REFLECTION_END, row.ends_on)
    _plan_reporting_day(deed, row)
    tell_immigration(Kind.REFLECTION_BEGUN, deed.file, at=at)
    return row


@transaction.atomic
def end_reflection(
    file: ResidenceFile, *, reason: EndReason, on: date, by: Membership, at: datetime
) -> Reflection:
    """Before its term: the person reported, gave it up, left, or it was withdrawn."""
    deed = held(file, by=by, at=at)
    row = deed.reflection()
    check_move(by, deed.file, Line.REFLECTION, row.status, R.ENDED)
    end_of_period(deed, row, reason=reason, on=on)
    return row


def end_of_period(deed: Deed, row: Reflection, *, reason: EndReason, on: date) -> None:
    """The end of a period, whichever deed brings it; its days are closed."""
    row.ended_on = check_day(on, today=deed.today, after=row.starts_on or row.granted_on)
    row.end_reason = reason
    deed.follow(Line.REFLECTION, row, R.ENDED, on=on, code=reason)
    deed.close(*OF_PERIOD, kept=True)
    tell_immigration(Kind.REFLECTION_ENDED, deed.file, at=deed.at)


@transaction.atomic
def suspend_departure(file: ResidenceFile, *, on: date, by: Membership, at: datetime) -> Reflection:
    """The immigration service does not send the person away while the period runs."""
    deed = held(file, by=by, at=at)
    row = deed.reflection()
    if not can_suspend(by, deed.file, row):
        raise MoveRefused(_("The departure is suspended already, or no period runs."))
    row.suspended_on = check_day(on, today=deed.today, after=row.starts_on)
    row.changed_at, row.changed_by = at, by.user
    row.save()
    record("departure_suspended", on=deed.file, by=by, at=at)
    tell_police(Kind.RESIDENCE_DECIDED, deed.file, at=at)
    return row


def can_suspend(member: Membership, file: ResidenceFile, row: Reflection) -> bool:
    return (
        file.side_of(member) == Side.IMMIGRATION
        and row.status == R.RUNNING
        and row.suspended_on is None
    )


@transaction.atomic
def record_reporting_day(file: ResidenceFile, *, on: date, by: Membership, at: datetime) -> None:
    """The person came; the next day follows in calendar months from the first day (M55)."""
    deed = held(file, by=by, at=at)
    row = deed.reflection()
    if row.status != R.RUNNING or deed.file.side_of(by) != Side.POLICE:
        raise MoveRefused(_("There is no reporting day while no reflection period runs."))
    check_day(on, today=deed.today, after=row.starts_on)
    waiting = (
        Deadline.objects.visible_to(by)
        .open()
        .filter(file=deed.file, kind=DeadlineKind.REPORTING_DAY)
    )
    if not waiting.exists():
        raise ResidenceRefused(_("No reporting day is left in this period."))
    deed.close(DeadlineKind.REPORTING_DAY, kept=True)
    _plan_reporting_day(deed, row)
    record("reporting_day_recorded", on=deed.file, by=by, at=at)


def _plan_reporting_day(deed: Deed, row: Reflection) -> None:
    days = Deadline.objects.visible_to(deed.by).filter(
        file=deed.file, kind=DeadlineKind.REPORTING_DAY
    )
    length = deed.length(TermCode.REPORTING, row.starts_on)
    day = reporting_day(row, days.count() + 1, length)
    if day is not None:
        deed.plan(DeadlineKind.REPORTING_DAY, day)
