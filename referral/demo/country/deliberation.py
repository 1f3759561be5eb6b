"""Two meetings of the demo: last month's with locked minutes, and this month's with its agenda set."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from referral.demo.cast import IND, KMAR, NLA, OM, POLICE
from referral.demo.country.organisations import Country, working
from referral.organisations.models import Membership
from referral.organisations.roles import Role
from signals.actions import take_up_signals
from signals.deliberation import actions
from signals.deliberation.actions import Trend
from signals.deliberation.models import AgendaItem, FollowUp, Meeting
from signals.deliberation.workflow import Code, Section
from signals.models import Signal

MONTH, TERM = timedelta(days=30), timedelta(days=10)
QUESTIONS = (
    "Verzonnen: loopt hier al een onderzoek, en wie pakt dit op?",
    "Verzonnen: past dit bij wat andere diensten zien?",
    "Verzonnen: is dit iets voor de gemeente?",
    "Verzonnen: wie kent deze locatie van eerdere controles?",
)
WHY = "Verzonnen: de aanwijzingen versterken elkaar, en de dienst kan dit oppakken."
MINUTES = "Verzonnen: de deelnemers delen het beeld; niemand had aanvullingen op de agenda."
TITLE = "Verzonnen: meer signalen uit nagelsalons"
TREND = "Verzonnen: op meer plaatsen dan vorig jaar wonen mensen in de salon waar zij werken."
EVERYTHING = list(Section.values)
#: Who takes part, with what they may see of signals of others.
INVITED = (
    (POLICE, Role.LE_POLICE, EVERYTHING),
    (KMAR, Role.LE_KMAR, [Section.QUESTION.value, Section.CODES.value]),
    (NLA, Role.LE_NLA, [Section.QUESTION.value, Section.CODES.value]),
    (IND, Role.EMM_PARTNER, [Section.CODES.value]),
)


def hold_meetings(country: Country, *, now: datetime) -> None:
    """Proposals, two meetings, what comes of the first, and what was seen over signals."""
    analyst, coordinator = country.analysts[0], country.readers[0]
    chair = member(OM, Role.OM_CHAIR)
    before = now - MONTH
    with working(analyst):
        waiting = Signal.objects.visible_to(analyst).awaiting_triage().by_urgency()
        signals = take_up_signals(list(waiting[: len(QUESTIONS)]), by=analyst, at=now)
        # The first two were asked a month ago, the others of late.
        for signal, question in zip(signals, QUESTIONS, strict=False):
            actions.propose_signal(
                signal, question=question, urgent=signal.danger, by=analyst, at=before
            )
    last = prepare(chair, coordinator, invited=INVITED[:2], points=2, at=before)
    with working(coordinator):
        actions.make_packs(by=coordinator, at=before)
    hold(last, chair, at=before)
    prepare(chair, coordinator, invited=INVITED, points=2, at=now)
    with working(analyst):
        first = FollowUp.objects.visible_to(analyst).first_due().last()
        if first is not None:
            remark = "Verzonnen: doorgezet en bevestigd."
            actions.finish_follow_up(first, remark=remark, by=analyst, at=now)
    see_trend(analyst, coordinator, signals=signals[:2], now=now)


def prepare(
    chair: Membership,
    coordinator: Membership,
    *,
    invited: Sequence[tuple[str, Role, list[str]]],
    points: int,
    at: datetime,
) -> Meeting:
    """Plan, invite, place what waits, and set the agenda."""
    day = timezone.localdate(at) + timedelta(days=5 if at > timezone.now() - TERM else 0)
    with working(coordinator):
        who: dict[str, Any] = {"by": coordinator, "at": at}
        meeting = actions.plan_meeting(held_on=day, chair=chair, **who)
        for organisation, role, sections in invited:
            guest = member(organisation, role)
            actions.invite_participant(meeting, member=guest, sections=sections, **who)
        for one in actions.list_waiting(**who)[:points]:
            actions.place_proposal(meeting, proposal=one.proposal, **who)
        actions.set_agenda(meeting, **who)  # a worker makes the papers
    return meeting


def hold(meeting: Meeting, chair: Membership, *, at: datetime) -> None:
    """Everybody but one was there; all was decided on, and the chair locked the minutes."""
    with working(chair):
        who: dict[str, Any] = {"by": chair, "at": at}
        actions.begin_meeting(meeting, **who)
        *there, away = meeting.participants.values_list("pk", flat=True)
        present = {**dict.fromkeys(there, True), away: False}
        actions.record_attendance(meeting, present=present, **who)
        items = AgendaItem.objects.visible_to(chair).filter(meeting=meeting).in_order()
        decided = (Code.UNIT, member(POLICE, Role.LE_POLICE).organisation), (Code.ENRICH, None)
        for number, (item, (code, receiver)) in enumerate(zip(items, decided, strict=False)):
            due_on = timezone.localdate(at) + TERM * (number + 2)
            actions.decide_item(
                item, code=code, receiver=receiver, motivation=WHY, due_on=due_on, **who
            )
        actions.write_minutes(meeting, text=MINUTES, **who)
        actions.lock_minutes(meeting, **who)


def see_trend(
    analyst: Membership, coordinator: Membership, *, signals: list[Signal], now: datetime
) -> None:
    this_month = timezone.localdate(now).replace(day=1)
    month = (this_month - timedelta(days=1)).replace(day=1)
    with working(analyst):
        trend = Trend(
            title=TITLE,
            period=DateRange(month, this_month),
            forms=["labour"],
            regions=[],
            text=TREND,
            signals=signals,
        )
        note = actions.write_trend(trend, by=analyst, at=now)
        actions.publish_trend(note, by=analyst, at=now)
    with working(coordinator):
        actions.publish_counts(month=month, by=coordinator, at=now)


def member(organisation: str, role: Role) -> Membership:
    """The colleague of the cast who holds this role there."""
    found = Membership.objects.with_names().filter(organisation__name=organisation, role=role)
    return found.order_by("pk")[0]
