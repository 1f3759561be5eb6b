"""The deeds of the police report: each step with its day, never a statement."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from referral.audit.actions import record
from referral.notices.kinds import Kind
from referral.organisations.models import Membership
from referral.residence.actions.parts import Deed, held
from referral.residence.actions.reflection import end_of_period
from referral.residence.actions.telling import tell_immigration
from referral.residence.models import (
    DeadlineKind,
    EndReason,
    PoliceReport,
    PoliceSide,
    ResidenceFile,
    TermCode,
)
from referral.residence.rules import (
    ReportFacts,
    check_day,
    check_move,
    check_report,
    loses_its_ground,
)
from referral.residence.workflow import Line, ReflectionStatus, ReportStatus

A = ReportStatus


@transaction.atomic
def move_report(
    file: ResidenceFile, *, to: ReportStatus, facts: ReportFacts, by: Membership, at: datetime
) -> PoliceReport:
    """One step of the report, and what follows for the reflection period and the permit."""
    deed = held(file, by=by, at=at)
    report = PoliceReport.objects.visible_to(by).select_for_update().get(file=deed.file)
    check_move(by, deed.file, Line.REPORT, report.status, to)
    check_report(to, facts, today=deed.today)
    if to != A.TALK_PLANNED:  # a talk is planned ahead
        check_day(
            facts.on,
            today=deed.today,
            after=None if report.status == A.TALK_PLANNED else report.status_on,
        )
    report.status_on = facts.on
    report.informed_on = facts.informed_on or report.informed_on
    if to in (A.TALK_PLANNED, A.TALK_DONE):
        report.talk_on = facts.on
    if to == A.REPORTED:
        report.reported_on = facts.on
    deed.move(Line.REPORT, report, to, on=facts.on)
    _keep_police_side(deed, to, facts)
    _consequences(deed, to, facts)
    return report


def _keep_police_side(deed: Deed, to: ReportStatus, facts: ReportFacts) -> None:
    side = PoliceSide.objects.visible_to(deed.by).select_for_update().get(file=deed.file)
    side.no_report = facts.no_report if to == A.NOT_REPORTED else ""
    side.non_punishment = facts.non_punishment or side.non_punishment
    side.changed_at, side.changed_by = deed.at, deed.by.user
    side.save()


def _consequences(deed: Deed, to: ReportStatus, facts: ReportFacts) -> None:
    """A report ends the reflection period; the end of the case touches the permit (B8/3 Vc)."""
    reflection = deed.reflection()
    if to == A.REPORTED and reflection.status == ReflectionStatus.RUNNING:
        end_of_period(deed, reflection, reason=EndReason.REPORTED, on=facts.on)
    if to == A.DISMISSED:
        heard = facts.informed_on or facts.on
        deed.plan(DeadlineKind.COMPLAINT, deed.last_day(TermCode.COMPLAINT, heard))
    elif to == A.INVESTIGATION:
        deed.close(DeadlineKind.COMPLAINT, kept=True)
    track = deed.track()
    if loses_its_ground(track, to):
        track.ground_fell_on = facts.on
        track.changed_at, track.changed_by = deed.at, deed.by.user
        track.save()
        record("ground_of_permit_fell", on=deed.file, by=deed.by, at=deed.at)
        tell_immigration(Kind.PERMIT_GROUND_FELL, deed.file, at=deed.at)
    elif to == A.INVESTIGATION and track.ground_fell_on is not None:
        track.ground_fell_on = None
        track.changed_at, track.changed_by = deed.at, deed.by.user
        track.save()
