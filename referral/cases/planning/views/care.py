"""The deeds on a plan, a risk and the checklist, from the case file."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from referral.access.deeds import do_once
from referral.access.doors import allowed
from referral.access.forms import typed_in
from referral.access.requests import MemberRequest
from referral.cases.models import Case
from referral.cases.planning import actions
from referral.cases.planning.forms import AgreeForm, EvaluateForm, GoalForm, RiskForm, TickForm
from referral.cases.planning.models import Goal
from referral.cases.planning.rules import PlanningRefused
from referral.cases.planning.views.tasks import GET_AND_POST, deed_page
from referral.cases.views.working import led_back, while_worked_on
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission


@allowed(Permission.CARE_NOTE_WRITE)
@require_http_methods(GET_AND_POST)
@while_worked_on
def add_goal(request: MemberRequest, pk: UUID) -> HttpResponse:
    """A goal in the words of the person; the first one begins the plan."""
    case = _case(request, pk)
    back = _in_vain(request, case, lambda: actions.check_goal_fits(case, by=request.member))
    if back is not None:
        return back
    form = GoalForm(typed_in(request), case=case)
    return deed_page(
        request,
        case,
        form,
        lambda: actions.add_goal(case, **form.cleaned_data, by=request.member, at=timezone.now()),
        title=_("Add a goal"),
        label=_("Add the goal"),
        said=_("The goal is added."),
        part="plan",
    )


@allowed(Permission.CARE_NOTE_WRITE)
@require_http_methods(GET_AND_POST)
@while_worked_on
def agree_plan(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Write down that the person agrees."""
    case, now = _case(request, pk), timezone.now()
    back = _in_vain(request, case, lambda: actions.check_agreement_fits(case, by=request.member))
    if back is not None:
        return back
    seen = actions.mark_of_plan_now(case, by=request.member)
    initial = {"agreed_on": timezone.localdate(now), "seen": seen}
    form = AgreeForm(request.POST or None, initial=initial)

    def deed() -> None:
        said = form.cleaned_data
        actions.agree_plan(case, on=said["agreed_on"], seen=said["seen"], by=request.member, at=now)

    return deed_page(
        request,
        case,
        form,
        deed,
        title=_("The person agrees with the plan"),
        label=_("Keep the agreement"),
        said=_("The plan is agreed. Its review is planned."),
        part="plan",
        newer=lambda: actions.read_plan(case, by=request.member, at=now),
        about=lambda: actions.read_plan(case, by=request.member, at=now).lines,
    )


@allowed(Permission.CARE_NOTE_WRITE)
@require_POST
def begin_review(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Take the plan up again."""
    case = _case(request, pk)
    return do_once(
        request,
        lambda: actions.begin_review(case, by=request.member, at=timezone.now()),
        said=_(
            "The review of the plan has begun. Look back on the goals and add new ones; then write"
            " down that the person agrees."
        ),
        back=f"{case.get_absolute_url()}#plan",
    )


@allowed(Permission.CARE_NOTE_WRITE)
@require_http_methods(GET_AND_POST)
def evaluate_goal(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Look back at one goal."""
    goals = Goal.objects.visible_to(request.member).select_related("case")
    goal, now = get_object_or_404(goals, pk=pk), timezone.now()
    back = _in_vain(
        request, goal.case, lambda: actions.check_evaluation_fits(goal.case, by=request.member)
    )
    if back is not None:
        return back
    form = EvaluateForm(typed_in(request), initial={"held_on": timezone.localdate(now)})
    return deed_page(
        request,
        goal.case,
        form,
        lambda: actions.evaluate_goal(form.look(goal), by=request.member, at=now),
        title=_("Look back at the goal: %s") % goal,
        label=_("Keep the evaluation"),
        said=_("The evaluation is kept."),
        part="plan",
        about=lambda: [actions.read_goal(goal, by=request.member, at=now)],
    )


@allowed(Permission.CARE_NOTE_WRITE)
@require_http_methods(GET_AND_POST)
@while_worked_on
def assess_risk(request: MemberRequest, pk: UUID) -> HttpResponse:
    """How unsafe the person is now."""
    case = _case(request, pk)
    began = actions.newest_risk(case, by=request.member)
    form = RiskForm(typed_in(request), initial={"seen": began.pk if began else ""})
    return deed_page(
        request,
        case,
        form,
        lambda: actions.assess_risk(form.assessment(case), by=request.member, at=timezone.now()),
        title=_("Assess the risk"),
        label=_("Keep the assessment"),
        said=_("The assessment is kept."),
        part="risk",
        newer=lambda: actions.read_newest_risk(case, by=request.member, at=timezone.now()),
    )


@allowed(Permission.CARE_NOTE_WRITE)
@require_POST
def tick_line(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Say of one line that it is done, does not apply, or is open again."""
    case = _case(request, pk)
    form = TickForm(request.POST)

    def deed() -> None:
        if not form.is_valid():
            raise PlanningRefused(_("Say why this line does not apply."))
        actions.tick_line(form.tick(case), by=request.member, at=timezone.now())

    return do_once(request, deed, said=_("Noted."), back=f"{case.get_absolute_url()}#checklist")


def _in_vain(
    request: MemberRequest, case: Case, check: Callable[[], object]
) -> HttpResponse | None:
    """The way back where a form would be opened in vain; what was kept of it is still shown."""
    return led_back(request, case, check, part="plan") if typed_in(request) is None else None


def _case(request: MemberRequest, pk: UUID) -> Case:
    return get_object_or_404(Case.objects.visible_to(request.member), pk=pk)


def case_of_goal(member: Membership, pk: UUID) -> Case:
    """The case to which a goal belongs, for what is kept of its form."""
    goals = Goal.objects.visible_to(member).select_related("case")
    return get_object_or_404(goals, pk=pk).case
