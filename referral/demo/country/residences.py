"""Files of residence of the demo: one at each stage, with days that end soon."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from referral.cases.models import Case
from referral.cases.workflow import CaseStatus
from referral.demo.cast import CARE_SOUTH, IND, KMAR, POLICE
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
#: Files of one service at most.
MOST = 3


@dataclass(frozen=True, slots=True)
class Kept:
    """A file, who keeps it, who decides, and now."""

    file: ResidenceFile
    keeper: Membership
    liaison: Membership
    now: datetime

    def day(self, days_ago: int) -> date:
        return timezone.localdate(self.now) - timedelta(days=days_ago)


def keep_residence(*, now: datetime) -> None:
    """Some persons whom the colleagues of the demo registered, first those whom Rotterdam knows."""
    liaison = _working(Role.IND_LIAISON, IND)
    kept = [
        Kept(file, keeper, liaison, now)
        for keeper in (_working(Role.LE_KMAR, KMAR), _working(Role.LE_POLICE, POLICE))
        for file in _begun(keeper, now=now)
    ]
    for one, ago in zip(kept, BEGUN, strict=False):
        _run(one, ago)
    for one, ago in zip(kept[:2], BEGUN, strict=False):  # came on both reporting days
        with working(one.keeper):
            for days in (31, 61):
                on = one.day(ago - days)
                record_reporting_day(one.file, on=on, by=one.keeper, at=now)
    for one in kept[2:3]:  # reported; the immigration service must decide
        _report(one, days_ago=1)
    for one, ago, ended in zip(kept[3:5], (339, 140), (False, True), strict=False):
        _permit(one, ago, ended=ended)


def _working(role: Role, organisation: str) -> Membership:
    found = Membership.objects.filter(role=role, organisation__name=organisation)
    return found.with_names().order_by("pk")[0]


def _begun(keeper: Membership, *, now: datetime) -> list[ResidenceFile]:
    coordinator = _working(Role.ZC, CARE_SOUTH)
    with working(coordinator):
        cases = Case.objects.visible_to(coordinator).filter(status=CaseStatus.ACTIVE)
        cared_for = set(cases.values_list("registration", flat=True))
    with working(keeper):
        found = Registration.objects.visible_to(keeper).registered().newest_first()
        chosen = sorted(found, key=lambda one: one.pk not in cared_for)[:MOST]
        return begin_residence_files(chosen, by=keeper, at=now) if chosen else []


def _run(kept: Kept, days_ago: int) -> None:
    on, at, file = kept.day(days_ago), kept.now, kept.file
    with working(kept.keeper):
        by = kept.keeper
        offer_reflection(file, ground=OfferGround.EXPLOITED, on=on, by=by, at=at)
        grant_reflection(file, on=on, by=by, at=at)
        begin_reflection(file, term=TermCode.REFLECTION, on=on, by=by, at=at)
    with working(kept.liaison):
        suspend_departure(file, on=on, by=kept.liaison, at=at)


def _report(kept: Kept, *, days_ago: int) -> None:
    on, at, by = kept.day(days_ago), kept.now, kept.keeper
    with working(by):
        for to in (ReportStatus.TALK_DONE, ReportStatus.REPORTED):
            move_report(kept.file, to=to, facts=ReportFacts(on=on), by=by, at=at)
        send_m55(kept.file, on=on, by=by, at=at)


def _permit(kept: Kept, days_ago: int, *, ended: bool) -> None:
    """A permit on ground a; with `ended` the criminal case was dismissed since."""
    _report(kept, days_ago=days_ago)
    on, at, file = kept.day(days_ago), kept.now, kept.file
    decision = Decision(on=on, ground="a", permit_from=on)
    with working(kept.liaison):
        decide_on_residence(file, to=TrackStatus.GRANTED, decision=decision, by=kept.liaison, at=at)
    if ended:
        facts = ReportFacts(on=kept.day(2), informed_on=kept.day(2))
        with working(kept.keeper):
            move_report(file, to=ReportStatus.DISMISSED, facts=facts, by=kept.keeper, at=at)
