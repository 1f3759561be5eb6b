"""Tasks, plans, risks and ticks in a case, by the deeds that make them."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from referral.cases.models import Case
from referral.cases.planning.actions import (
    Assessment,
    HandOver,
    LookBack,
    NewTask,
    Tick,
    add_goal,
    add_task,
    agree_plan,
    assess_risk,
    evaluate_goal,
    hand_over_tasks,
    tick_line,
)
from referral.cases.planning.models import Absence, Goal, RiskAssessment, Task
from referral.organisations.models import Membership, User
from referral.organisations.roles import Role
from tests.factories.cases import doing
from tests.factories.people import make_member

WORDS = "Call before noon, the phone is shared."


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def task_of(
    case: Case, *, by: Membership, owner: User | None = None, days: int = 5, words: str = WORDS
) -> Task:
    new = NewTask(case=case, words=words, due_on=in_days(days), kind="contact", owner=owner)
    with doing(by):
        return add_task(new, by=by, at=timezone.now())


def plan_of(case: Case, *, by: Membership, agreed: bool = False, words: str = WORDS) -> Goal:
    at = timezone.now()
    with doing(by):
        goal = add_goal(case, need="housing", words=words, by=by, at=at)
        if agreed:
            agree_plan(case, on=timezone.localdate(at), by=by, at=at)
    return goal


def risk_of(case: Case, *, by: Membership, level: str = "high", days: int = 30) -> RiskAssessment:
    found = Assessment(
        case=case, level=level, factors=["threats"], words=WORDS, review_on=in_days(days)
    )
    with doing(by):
        return assess_risk(found, by=by, at=timezone.now())


def planned(case: Case, *, by: Membership) -> None:
    """Something in every table of planning."""
    at = timezone.now()
    goal = plan_of(case, by=by, agreed=True)
    task_of(case, by=by, owner=by.user)
    risk_of(case, by=by)
    with doing(by):
        look = LookBack(goal=goal, reached="under_way", held_on=in_days(0), words=WORDS)
        evaluate_goal(look, by=by, at=at)
        tick_line(Tick(case=case, code="first_contact"), by=by, at=at)
    absence_of(by)


def absence_of(member: Membership, *, first: int = 40, last: int = 41) -> Absence:
    """A member who is away from one day from now to another, with a colleague who stands in."""
    with doing(member):
        colleague = make_member(Role.ZC, organisation=member.organisation)
        days = {"first_on": in_days(first), "last_on": in_days(last)}
        away = HandOver(person=member.user, stand_in=colleague.user, **days)
        return hand_over_tasks(away, by=member, at=timezone.now())
