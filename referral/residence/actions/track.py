"""The deeds of the residence track: the service sends form M55, the immigration service decides."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from referral.notices.kinds import Kind
from referral.organisations.models import Membership
from referral.residence.actions.parts import Deed, held
from referral.residence.actions.reflection import end_of_period
from referral.residence.actions.telling import (
    tell_coordinators,
    tell_immigration,
    tell_police,
)
from referral.residence.models import DeadlineKind, EndReason, ResidenceFile, TermCode, Track
from referral.residence.rules import Decision, check_day, check_decision, check_move
from referral.residence.workflow import (
    OPEN_REFLECTION,
    Line,
    ReflectionStatus,
    TrackStatus,
)

T, K = TrackStatus, DeadlineKind


@transaction.atomic
def send_m55(file: ResidenceFile, *, on: date, by: Membership, at: datetime) -> Track:
    """The report or cooperation counts as an application once form M55 is sent (B8/3 Vc)."""
    deed = held(file, by=by, at=at)
    track = deed.track()
    check_move(by, deed.file, Line.TRACK, track.status, T.APPLIED)
    track.m55_sent_on = check_day(on, today=deed.today)
    deed.send()
    deed.move(Line.TRACK, track, T.APPLIED, on=on)
    reflection = deed.reflection()
    if reflection.status == ReflectionStatus.RUNNING:
        reported = deed.file.report.reported_on is not None
        reason = EndReason.REPORTED if reported else EndReason.COOPERATES
        end_of_period(deed, reflection, reason=reason, on=on)
    deed.close(K.OBJECTION, kept=False)
    deed.plan(K.DECISION, deed.last_day(TermCode.DECISION, on))
    tell_immigration(Kind.M55_SENT, deed.file, at=at)
    return track


@transaction.atomic
def decide_on_residence(
    file: ResidenceFile, *, to: TrackStatus, decision: Decision, by: Membership, at: datetime
) -> Track:
    """The immigration service decides, or writes down what was lodged: dates and codes only."""
    deed = held(file, by=by, at=at)
    track = deed.track()
    check_move(by, deed.file, Line.TRACK, track.status, to)
    check_day(decision.on, today=deed.today, after=track.m55_sent_on)
    check_decision(to, decision, track=track)
    if to in DECIDED:
        track.decided_on = decision.on
    if to == T.GRANTED:
        _give_permit(deed, track, decision)
    elif to == T.CONTINUED_GRANTED:
        track.continued_ground = decision.continued_ground
    if to in (T.REVOKED, T.REJECTED, T.CONTINUED_GRANTED):
        track.ground_fell_on = None
    code = decision.ground or decision.continued_ground
    deed.move(Line.TRACK, track, to, on=decision.on, code=code)
    _days(deed, track, to, decision)
    tell_police(Kind.RESIDENCE_DECIDED, deed.file, at=at)
    if to in DECIDED:
        tell_coordinators(Kind.RESIDENCE_OF_CASE, deed.file, at=at)
    return track


#: After these the day is the day of a decision; other steps are things that were lodged.
DECIDED = (T.GRANTED, T.REJECTED, T.REVOKED, T.CONTINUED_GRANTED)


def _give_permit(deed: Deed, track: Track, decision: Decision) -> None:
    begins = decision.permit_from or decision.on
    track.ground, track.statement_seen = decision.ground, decision.statement_seen
    track.permit_from = begins
    track.permit_to = decision.permit_to or deed.last_day(TermCode.PERMIT, begins)
    track.ground_fell_on = None


def _days(deed: Deed, track: Track, to: TrackStatus, decision: Decision) -> None:
    """Which days end now, and which begin to count."""
    if to != T.RENEWAL:
        deed.close(K.DECISION, K.PERMIT_END, K.OBJECTION, kept=to != T.DEPARTED)
    if to == T.GRANTED and track.permit_to is not None:
        deed.plan(K.PERMIT_END, track.permit_to)
    elif to in (T.REJECTED, T.REVOKED):
        deed.plan(K.OBJECTION, deed.last_day(TermCode.OBJECTION, decision.on))
    # Who asks for asylum or leaves has no reflection period any more. It is ended by the service
    # that has it (a move of the police), which hears of it here.
    reflection = deed.reflection()
    if to in (T.ASYLUM, T.DEPARTED) and reflection.status in OPEN_REFLECTION:
        tell_police(Kind.REFLECTION_TO_END, deed.file, at=deed.at)
