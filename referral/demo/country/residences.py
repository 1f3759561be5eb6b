"""Files of residence of the demo: one at each stage, with days that end soon."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from referral.cases.models import Case
from referral.cases.workflow import CaseStatus
from referral.demo.cast import CARE_SOUTH, IND, POLICE
from referral.demo.country.organisations import working
from referral.organisations.models import Membership
from referral.organisations.roles import Role
from referral.registrations.models import Registration
from referral.residence.actions import (
    begin_reflection,
    begin_residence_files,
    decide_on_residence,
    grant_reflection,
    move_report,
    offer_reflection,
    record_reporting_day,
    send_m55,
    suspend_departure,
)
from referral.residence.models import OfferGround, ResidenceFile, TermCode
from referral.residence.rules import Decision, ReportFacts
from referral.residence.workflow import ReportStatus, TrackStatus

#: So many days ago each reflection period began, in the order of the stories below.
BEGUN = (86, 78, 60, 340, 150)


@dataclass(frozen=True, slots=True)
class Desks:
    """Who keeps the files, and who decides."""

    officer: Membership
    liaison: Membership
    now: datetime

    def day(self, days_ago: int) -> date:
        return timezone.localdate(self.now) - timedelta(days=days_ago)


def keep_residence(*, now: datetime) -> None:
    """Six persons whom the police of Rotterdam registered and for whom Rotterdam cares."""
    desks = Desks(_working(Role.LE_POLICE, POLICE), _working(Role.EMM_PARTNER, IND), now)
    files = _begun(desks)
    for file, ago in zip(files[: len(BEGUN)], BEGUN, strict=False):
        _run(file, desks, ago)
    for file, ago in zip(files[:2], BEGUN, strict=False):  # came on both reporting days
        with working(desks.officer):
            for days in (31, 61):
                on = desks.day(ago - days)
                record_reporting_day(file, on=on, by=desks.officer, at=now)
    for file in files[2:3]:  # reported; the immigration service must decide
        _report(file, desks, days_ago=1)
    for file, ago, ended in zip(files[3:5], (339, 140), (False, True), strict=False):
        _permit(file, desks, ago, ended=ended)


def _working(role: Role, organisation: str) -> Membership:
    found = Membership.objects.filter(role=role, organisation__name=organisation)
    return found.with_names().order_by("pk")[0]


def _begun(desks: Desks) -> list[ResidenceFile]:
    coordinator = _working(Role.ZC, CARE_SOUTH)
    with working(coordinator):
        cases = Case.objects.visible_to(coordinator).filter(status=CaseStatus.ACTIVE)
        cared_for = list(cases.values_list("registration", flat=True))
    with working(desks.officer):
        found = Registration.objects.visible_to(desks.officer).registered().newest_first()
        chosen = list(found.filter(pk__in=cared_for)[: len(BEGUN) + 1])
        return begin_residence_files(chosen, by=desks.officer, at=desks.now) if chosen else []


def _run(file: ResidenceFile, desks: Desks, days_ago: int) -> None:
    on, at = desks.day(days_ago), desks.now
    with working(desks.officer):
        officer = desks.officer
        offer_reflection(file, ground=OfferGround.EXPLOITED, on=on, by=officer, at=at)
        grant_reflection(file, on=on, by=officer, at=at)
        begin_reflection(file, term=TermCode.REFLECTION, on=on, by=officer, at=at)
    with working(desks.liaison):
        suspend_departure(file, on=on, by=desks.liaison, at=at)


def _report(file: ResidenceFile, desks: Desks, *, days_ago: int) -> None:
    on, at = desks.day(days_ago), desks.now
    with working(desks.officer):
        for to in (ReportStatus.TALK_DONE, ReportStatus.REPORTED):
            move_report(file, to=to, facts=ReportFacts(on=on), by=desks.officer, at=at)
        send_m55(file, on=on, by=desks.officer, at=at)


def _permit(file: ResidenceFile, desks: Desks, days_ago: int, *, ended: bool) -> None:
    """A permit on ground a; with `ended` the criminal case was dismissed since."""
    _report(file, desks, days_ago=days_ago)
    on, at = desks.day(days_ago), desks.now
    decision = Decision(on=on, ground="a", permit_from=on)
    with working(desks.liaison):
        decide_on_residence(
            file, to=TrackStatus.GRANTED, decision=decision, by=desks.liaison, at=at
        )
    if ended:
        facts = ReportFacts(on=desks.day(2), informed_on=desks.day(2))
        with working(desks.officer):
            move_report(file, to=ReportStatus.DISMISSED, facts=facts, by=desks.officer, at=at)
