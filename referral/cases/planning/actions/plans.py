"""The care plan: goals in the words of the person, agreed, looked back on, reviewed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from referral.audit.actions import record
from referral.cases.actions.notes import key_of
from referral.cases.models import Case, Need
from referral.cases.planning.actions.holding import hold_to_write
from referral.cases.planning.models import CarePlan, Evaluation, Goal, Reached, TermCode
from referral.cases.planning.rules import (
    PlanningRefused,
    can_move_plan,
    check_agreement,
    check_evaluation,
    check_goal,
    check_move_plan,
    check_words,
    mark_of_plan,
    terms_on,
)
from referral.cases.planning.workflow import AGREED, PlanStatus
from referral.cases.rules import MoveRefused
from referral.lib.versions import Version, check_seen
from referral.organisations.models import Membership


@dataclass(frozen=True, slots=True, kw_only=True)
class LookBack:
    """How far a goal is, on which day that was talked about, and what was said."""

    goal: Goal
    reached: str
    held_on: date | None
    words: str


@transaction.atomic
def add_goal(case: Case, *, need: str, words: str, by: Membership, at: datetime) -> Goal:
    """Write down what the person wants to reach; the first goal begins the plan.

    Raises MoveRefused when the plan was agreed: then a review comes first.
    """
    held = hold_to_write([case], by=by)[case.pk]
    plan, begun = CarePlan.objects.visible_to(by).get_or_create(
        case=held, defaults={"begun_at": at, "begun_by": by.user}
    )
    if begun:
        record("plan_begun", on=held, by=by, at=at)
    check_goal(plan, need)
    goal = Goal(case=held, need=Need(need), written_at=at, written_by=by.user)
    text = check_words(words, _("Write the goal in the words of the person."))
    goal.seal_words(text, key=key_of(held))
    goal.save(force_insert=True)
    record("goal_written", on=held, by=by, at=at, ids=[goal.pk], details={"need": need})
    return goal


@transaction.atomic
def agree_plan(
    case: Case, *, on: date | None, seen: str | None = None, by: Membership, at: datetime
) -> CarePlan:
    """The person agreed with the plan on this day; the term of the review begins.

    Raises StaleRefused when the plan is another than the one that was `seen`: nobody agreed to it.
    """
    plan = _hold_plan(case, PlanStatus.AGREED, seen=seen, by=by)
    goals = Goal.objects.visible_to(by).filter(case=case).count()
    today, begun = timezone.localdate(at), timezone.localdate(plan.begun_at)
    plan.agreed_on = check_agreement(on, goals, begun=begun, today=today)
    plan.review_on = terms_on(today, by=by)[TermCode.PLAN_REVIEW].after(plan.agreed_on)
    plan.status = PlanStatus.AGREED
    plan.save(update_fields=["status", "agreed_on", "review_on"])
    record("plan_agreed", on=plan.case, by=by, at=at, details={"on": plan.agreed_on})
    return plan


@transaction.atomic
def begin_review(case: Case, *, by: Membership, at: datetime) -> CarePlan:
    """Take the plan up again: goals can be added until the person agrees anew."""
    plan = _hold_plan(case, PlanStatus.REVIEW, by=by)
    plan.status = PlanStatus.REVIEW
    plan.save(update_fields=["status"])
    record("plan_review_begun", on=plan.case, by=by, at=at)
    return plan


@transaction.atomic
def evaluate_goal(look: LookBack, *, by: Membership, at: datetime) -> Evaluation:
    """Look back at one goal of an agreed plan; what was said before stays."""
    held = hold_to_write([look.goal.case], by=by)[look.goal.case_id]
    plan = CarePlan.objects.visible_to(by).select_for_update().get(case=held)
    if plan.status not in AGREED:
        raise MoveRefused(_("First agree on the plan with the person."))
    evaluation = Evaluation(
        case=held,
        goal=look.goal,
        held_on=check_evaluation(
            look.reached,
            look.held_on,
            written=timezone.localdate(look.goal.written_at),
            today=timezone.localdate(at),
        ),
        reached=Reached(look.reached),
        written_at=at,
        written_by=by.user,
    )
    words = check_words(look.words, _("Write down what was said."))
    evaluation.seal_words(words, key=key_of(held))
    evaluation.save(force_insert=True)
    record("goal_evaluated", on=held, by=by, at=at, ids=[evaluation.pk])
    return evaluation


def can_agree(case: Case, *, by: Membership) -> bool:
    """Whether there is a plan to which the person can agree now."""
    plan = CarePlan.objects.visible_to(by).filter(case=case).first()
    return plan is not None and can_move_plan(plan, PlanStatus.AGREED)


def mark_of_plan_now(case: Case, *, by: Membership) -> str:
    """The sign of the plan as it stands, for the page on which the agreement is written down."""
    return _mark(case, CarePlan.objects.visible_to(by).filter(case=case).first(), by=by)


def _mark(case: Case, plan: CarePlan | None, *, by: Membership) -> str:
    return mark_of_plan(plan, Goal.objects.visible_to(by).filter(case=case).oldest_first())


@transaction.atomic(savepoint=False)
def read_plan(case: Case, *, by: Membership, at: datetime) -> Version:
    """The plan that stands, with the words of its goals; the look is recorded."""
    plan = CarePlan.objects.visible_to(by).get(case=case)
    goals = list(Goal.objects.visible_to(by).filter(case=case).oldest_first())
    record("planning_read", on=case, by=by, at=at, ids=[goal.pk for goal in goals])
    key = key_of(case)
    lines = [(_("Care plan"), str(plan.get_status_display()))]
    if plan.agreed_on:
        lines.append((_("Agreed on"), date_format(plan.agreed_on)))
    lines += [(str(goal.get_need_display()), goal.opened_words(key=key)) for goal in goals]
    return Version(mark_of_plan(plan, goals), lines)


def _hold_plan(case: Case, to: PlanStatus, *, seen: str | None = None, by: Membership) -> CarePlan:
    """The plan as it is now, of a case that is worked on; nobody else moves it meanwhile."""
    held = hold_to_write([case], by=by)[case.pk]
    found = CarePlan.objects.visible_to(by).select_for_update().filter(case=held)
    plan: CarePlan | None = found.first()
    if seen is not None:
        check_seen(_mark(held, plan, by=by), seen)
    if plan is None:
        raise PlanningRefused(_("Write at least one goal first."))
    plan.case = held
    check_move_plan(plan, to)
    return plan
