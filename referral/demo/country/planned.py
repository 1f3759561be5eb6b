"""Plans, tasks, risks and ticks of the demo, in a few cases of the coordinators of Rotterdam."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from referral.cases.models import Case
from referral.cases.planning.actions import (
    Assessment,
    LookBack,
    NewTask,
    Tick,
    add_goal,
    add_tasks,
    agree_plan,
    assess_risk,
    evaluate_goal,
    tick_lines,
)
from referral.cases.planning.models import Doer, Mark, Reached, RiskLevel, SkipReason, TaskKind
from referral.cases.workflow import CaseStatus
from referral.demo.cast import CARE_SOUTH
from referral.demo.country.organisations import Country, working
from referral.organisations.models import Membership

#: Cases with tasks; the first of them have a plan too.
PLANNED, WITH_TASKS = 2, 4
GOAL = "Verzonnen: ik wil een eigen kamer, en ’s nachts weer kunnen slapen."
SECOND = "Verzonnen: ik wil Nederlands leren en werk vinden in een keuken."
RISK = "Verzonnen: een verdachte heeft vorige week naar haar gevraagd bij een oude buur."
SAID = "Verzonnen: staat ingeschreven, slaapt beter sinds de verhuizing."
TASKS = (
    (TaskKind.CONTACT, Doer.US, 1, "Verzonnen: bel over de afspraak van donderdag; na twaalven."),
    (TaskKind.APPLY, Doer.US, 4, "Verzonnen: aanvraag bijzondere bijstand samen invullen."),
    (TaskKind.ARRANGE, Doer.PARTNER, 9, "Verzonnen: advocaat stuurt het dossier op."),
)


def plan_care(country: Country, *, now: datetime) -> None:
    """Something in each part of the plan, so that a visitor sees it in use."""
    coordinator = next(
        one for one in country.coordinators.values() if one.organisation.name == CARE_SOUTH
    )
    with working(coordinator):
        found = Case.objects.visible_to(coordinator).filter(
            status=CaseStatus.ACTIVE,
            owner_organisation=coordinator.organisation_id,
            coordinator=coordinator.user_id,
            offered_to=None,
        )
        cases = list(found.with_names().order_by("-opened_at")[:WITH_TASKS])
        if not cases:
            return
        for case in cases[:PLANNED]:
            _plan(case, by=coordinator, now=now)
        today = timezone.localdate(now)
        tasks = [
            NewTask(
                case=case,
                words=words,
                due_on=today + timedelta(days=days),
                kind=kind,
                doer=doer,
                owner=None if doer == Doer.PARTNER else coordinator.user,
            )
            for case in cases
            for kind, doer, days, words in TASKS
        ]
        add_tasks(tasks, by=coordinator, at=now)
        ticks = [
            Tick(case=case, code=code)
            for case in cases
            for code in ("first_contact", "safe_contact", "consent", "shelter")
        ]
        skipped = Mark.NOT_APPLICABLE, SkipReason.NOT_NEEDED
        ticks.append(Tick(case=cases[0], code="income", mark=skipped[0], reason=skipped[1]))
        tick_lines(ticks, by=coordinator, at=now)


def _plan(case: Case, *, by: Membership, now: datetime) -> None:
    today = timezone.localdate(now)
    goal = add_goal(case, need="housing", words=GOAL, by=by, at=now)
    add_goal(case, need="work", words=SECOND, by=by, at=now)
    agree_plan(case, on=today, by=by, at=now)
    look = LookBack(goal=goal, reached=Reached.UNDER_WAY, held_on=today, words=SAID)
    evaluate_goal(look, by=by, at=now)
    risk = Assessment(
        case=case,
        level=RiskLevel.HIGH,
        factors=["suspect_near", "debt"],
        words=RISK,
        review_on=today + timedelta(days=14),
    )
    assess_risk(risk, by=by, at=now)
