"""Who may plan, what a task, a plan, a risk and a mark must hold, and what comes next."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum

from django.utils import timezone
from django.utils.translation import gettext as _

from referral.cases.models import Case, Need, NextStep
from referral.cases.planning.models import (
    Absence,
    CancelReason,
    CarePlan,
    ChecklistItem,
    ChecklistMark,
    Doer,
    Goal,
    Mark,
    Phase,
    PlanningTerm,
    Reached,
    RiskAssessment,
    RiskFactor,
    RiskLevel,
    SkipReason,
    Task,
    TaskKind,
    TermCode,
)
from referral.cases.planning.workflow import (
    AGREED,
    PLAN_MOVES,
    TASK_MOVES,
    WRITABLE,
    PlanSide,
    PlanStatus,
    TaskStatus,
)
from referral.cases.rules import CaseRefused, MoveRefused, first_contact_due_on
from referral.lib.versions import mark_of
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission

LONGEST_WORDS = 4000
#: A task lies no further ahead; what is later belongs in a review.
LONGEST_AHEAD = timedelta(days=366)


class PlanningRefused(CaseRefused):
    """What was entered cannot be planned; `reasons` says why, by answer."""

    def __init__(self, sentence: str = "", **reasons: str) -> None:
        super().__init__(sentence or " ".join(reasons.values()))
        self.reasons = reasons


def mark_of_risk(newest: RiskAssessment | None) -> str:
    """Which assessment holds."""
    return str(newest.pk) if newest else ""


def mark_of_plan(plan: CarePlan | None, goals: Iterable[Goal]) -> str:
    """Which plan it is: how far it came, and with which goals."""
    if plan is None:
        return ""
    return mark_of(plan.status, plan.agreed_on, [str(goal.pk) for goal in goals])


def mark_of_task(task: Task) -> str:
    """Who has the task and before which day."""
    return mark_of(task.owner_id, task.stands_in_for_id, task.due_on)


def mark_of_line(latest: ChecklistMark | None) -> str:
    """What was said last of a line of the checklist."""
    return str(latest.pk) if latest else ""


def terms_on(day: date, *, by: Membership) -> dict[str, PlanningTerm]:
    """Each term as it holds on this day."""
    found = PlanningTerm.objects.visible_to(by).in_force(day)
    return {term.code: term for term in found}


def colleagues_of(member: Membership, *, at: datetime) -> dict[int, Membership]:
    """By user who works on the cases of the same organisation now."""
    found = Membership.objects.filter(organisation=member.organisation_id)
    now = found.with_names().valid_at(at)
    return {one.user_id: one for one in now if one.may(Permission.CASE_WORK)}


def absent_colleagues(member: Membership) -> list[int]:
    """The users whose work this member has now, while they are away."""
    return list(
        Absence.objects.visible_to(member).stood_in_by(member).values_list("person", flat=True)
    )


def check_words(words: str, sentence: str) -> str:
    """The words without the space around them."""
    words = words.strip()
    if not words:
        raise PlanningRefused(words=sentence)
    if len(words) > LONGEST_WORDS:
        too_long = _("At most %(most)d characters.") % {"most": LONGEST_WORDS}
        raise PlanningRefused(words=too_long)
    return words


def check_due(day: date | None, *, today: date) -> date:
    if day is None:
        raise PlanningRefused(due_on=_("Say before which day."))
    if not today <= day <= today + LONGEST_AHEAD:
        raise PlanningRefused(due_on=_("Choose a day from today, within a year."))
    return day


def check_task(kind: str, doer: str) -> None:
    if kind not in TaskKind.values or doer not in Doer.values:
        raise PlanningRefused(_("Choose what kind of task it is, and who does it."))


def check_owner(owner: int | None, colleagues: Collection[int]) -> None:
    """None is the whole team; anybody else works on cases there now."""
    if owner is not None and owner not in colleagues:
        raise PlanningRefused(owner=_("Choose a colleague who works on cases here."))


def check_move_task(task: Task, to: TaskStatus, reason: str) -> None:
    if PlanSide.WORKER not in TASK_MOVES[TaskStatus(task.status)].get(to, ()):
        raise MoveRefused(_("This task has ended already."))
    fitting = to == TaskStatus.CANCELLED
    given = reason in CancelReason.values and reason != CancelReason.CASE_CLOSED
    if fitting != bool(reason) or (fitting and not given):
        raise PlanningRefused(reason=_("Say why the task need not be done."))


def check_absence(
    person: int, stand_in: int, first: date, last: date, *, colleagues: Collection[int], today: date
) -> None:
    """Raises PlanningRefused with a sentence beside the answer that is the cause."""
    if person not in colleagues:
        raise PlanningRefused(person=_("Choose a colleague who works on cases here."))
    if stand_in not in colleagues or stand_in == person:
        raise PlanningRefused(stand_in=_("Choose another colleague to take the tasks."))
    if last < max(first, today):
        raise PlanningRefused(last_on=_("The last day lies before the first, or has passed."))
    if last > today + LONGEST_AHEAD:
        raise PlanningRefused(last_on=_("Choose a day from today, within a year."))


def check_absence_runs(absence: Absence) -> None:
    if absence.ended_at:
        raise MoveRefused(_("This absence is over already."))


def can_move_plan(plan: CarePlan, to: PlanStatus) -> bool:
    return PlanSide.WORKER in PLAN_MOVES[PlanStatus(plan.status)].get(to, ())


def check_move_plan(plan: CarePlan, to: PlanStatus) -> None:
    if not can_move_plan(plan, to):
        raise MoveRefused(_("The plan has moved on meanwhile. Look at it again."))


def check_writable(plan: CarePlan | None) -> None:
    """The first goal begins the plan; to one that was agreed goals are added in a review."""
    if plan is not None and plan.status not in WRITABLE:
        raise MoveRefused(_("This plan was agreed. Begin a review to add a goal."))


def check_goal(plan: CarePlan, need: str) -> None:
    check_writable(plan)
    if need not in Need.values:
        raise PlanningRefused(need=_("Choose a need."))


def check_begun(plan: CarePlan | None) -> CarePlan:
    if plan is None:
        raise PlanningRefused(_("Write at least one goal first."))
    return plan


def check_agreement(plan: CarePlan, day: date | None, goals: int, *, today: date) -> date:
    """The day lies after the plan began, and of a plan that is agreed anew not before last time."""
    if not goals:
        raise PlanningRefused(_("Write at least one goal first."))
    begun = plan.agreed_on or timezone.localdate(plan.begun_at)
    if day is None or not begun <= day <= today:
        sentence = _("Choose the day on which the person agreed: from %(begun)s until today.")
        raise PlanningRefused(agreed_on=sentence % {"begun": begun.strftime("%d-%m-%Y")})
    return day


def check_agreed(plan: CarePlan) -> None:
    if plan.status not in AGREED:
        raise MoveRefused(_("First agree on the plan with the person."))


def check_evaluation(reached: str, day: date | None, *, written: date, today: date) -> date:
    if reached not in Reached.values:
        raise PlanningRefused(reached=_("Say how far the goal is."))
    if day is None or not written <= day <= today:
        raise PlanningRefused(held_on=_("Choose a day after the goal was written, until today."))
    return day


def check_risk(
    level: str, factors: Sequence[str], review: date | None, *, today: date, latest: date
) -> date:
    """When to look again. Raises PlanningRefused."""
    if level not in RiskLevel.values or not set(factors) <= set(RiskFactor.values):
        raise PlanningRefused(level=_("Choose how unsafe the person is."))
    if level != RiskLevel.LOW and not factors:
        raise PlanningRefused(factors=_("Say what the risk comes from."))
    if review is None or not today < review <= latest:
        sentence = _("Choose a day after today, at most %(latest)s.")
        raise PlanningRefused(review_on=sentence % {"latest": latest.strftime("%d-%m-%Y")})
    return review


def check_mark(code: str, mark: str, reason: str, *, codes: Collection[str]) -> None:
    if code not in codes or mark not in Mark.values:
        raise PlanningRefused(_("This line is not on the checklist any more."))
    if (mark == Mark.NOT_APPLICABLE) != (reason in SkipReason.values):
        raise PlanningRefused(_("Say why this line does not apply."))


# --- What comes next: pure, from what was read ------------------------------------------------


class Source(IntEnum):
    """Where a step comes from; of two on one day the first of these goes first."""

    RISK = 1
    TASK = 2
    PLAN = 3
    CASE = 4
    CHECKLIST = 5


#: Where a step in the header of the case is done, by the organisation that has it.
PARTS_OF_STEPS: Mapping[str, str] = {
    NextStep.FIRST_CONTACT: "checklist",
    NextStep.ASK_CONSENT: "consents",
    NextStep.REQUEST_SHELTER: "shelter",
    NextStep.MAKE_PLAN: "plan",
    NextStep.REVIEW_PLAN: "plan",
    NextStep.CLOSE_CASE: "summary",
}


@dataclass(frozen=True, slots=True)
class Step:
    """Something that must happen, who has it, and before which day."""

    words: str
    who: str
    due: date | None
    source: Source
    #: The part of the case file where it is done; none where that differs.
    part: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """All that the next step follows from."""

    case: Case
    tasks: Sequence[Task]
    plan: CarePlan | None
    risk: RiskAssessment | None
    items: Sequence[ChecklistItem]
    marks: Mapping[str, ChecklistMark]
    terms: Mapping[str, PlanningTerm]

    @property
    def team(self) -> str:
        return str(self.case.coordinator or self.case.owner_organisation)


def open_items(
    items: Iterable[ChecklistItem], marks: Mapping[str, ChecklistMark]
) -> list[ChecklistItem]:
    """The lines that nobody ticked or set aside, in the order of the care."""
    return [
        item for item in items if item.code not in marks or marks[item.code].mark == Mark.OPEN_AGAIN
    ]


def phase_of(items: Iterable[ChecklistItem], marks: Mapping[str, ChecklistMark]) -> Phase | None:
    """Where the care is: the first phase with a line that is still open."""
    left = open_items(items, marks)
    return Phase(left[0].phase) if left else None


def plan_due_on(situation: Situation) -> date | None:
    """Two weeks after the first contact; as long as there was none, after its own last day."""
    mark = situation.marks.get("first_contact")
    case = situation.case
    if case.accepted_at is None:
        return None
    if mark is not None and mark.mark == Mark.DONE:
        contact = mark.marked_on
    else:
        contact = first_contact_due_on(case.priority, at=case.accepted_at)
    return situation.terms[TermCode.PLAN].after(contact)


def next_step(situation: Situation) -> Step | None:
    """The first thing to do: what is due first, whatever it comes from.

    A step that another organisation has comes before all else, since we wait for it.
    """
    case = situation.case
    if case.next_step_by_id not in {None, case.owner_organisation_id}:
        return _step_of_the_case(situation)
    steps = [
        *_steps_of_risk(situation),
        *_steps_of_tasks(situation),
        *_steps_of_plan(situation),
        *_steps_of_checklist(situation),
    ]
    if not steps or not _is_said_better(situation):
        steps.append(_step_of_the_case(situation))
    return min(steps, key=lambda step: (step.due is None, step.due or date.max, step.source))


def _kind_of_step(situation: Situation) -> str:
    """A case that came back from an offer says "review the plan"; without a plan nobody was seen."""
    kind = situation.case.next_step or ""
    if kind == NextStep.REVIEW_PLAN and situation.plan is None:
        return NextStep.FIRST_CONTACT
    return kind


def _is_said_better(situation: Situation) -> bool:
    """The step in the header of the case was done, or the plan itself says it with its day."""
    contact = situation.marks.get("first_contact")
    if _kind_of_step(situation) == NextStep.FIRST_CONTACT:
        return contact is not None and contact.mark != Mark.OPEN_AGAIN
    return situation.case.next_step in {NextStep.MAKE_PLAN, NextStep.REVIEW_PLAN}


def _step_of_the_case(situation: Situation) -> Step:
    case, kind = situation.case, _kind_of_step(situation)
    words = str(NextStep(kind).label) if kind else str(case.get_next_step_display())
    ours = case.next_step_by_id == case.owner_organisation_id
    who = situation.team if ours else str(case.next_step_by)
    part = PARTS_OF_STEPS.get(kind, "") if ours else ""
    return Step(words, who, case.next_deadline_on, Source.CASE, part)


def _steps_of_risk(situation: Situation) -> list[Step]:
    if situation.risk is None:
        return []
    words = _("Look at the risk again")
    return [Step(words, situation.team, situation.risk.review_on, Source.RISK, "risk")]


def _steps_of_tasks(situation: Situation) -> list[Step]:
    return [
        Step(
            str(task.get_kind_display()),
            str(task.owner or task.organisation),
            task.due_on,
            Source.TASK,
            "tasks",
        )
        for task in situation.tasks
        if task.status == TaskStatus.OPEN
    ]


def _steps_of_plan(situation: Situation) -> list[Step]:
    plan = situation.plan
    if plan is None:
        words = _("Make the care plan")
        return [Step(words, situation.team, plan_due_on(situation), Source.PLAN, "plan")]
    if plan.status == PlanStatus.DRAFT:
        words = _("Agree on the care plan with the person")
        return [Step(words, situation.team, plan_due_on(situation), Source.PLAN, "plan")]
    words = _("Review the care plan")
    return [Step(words, situation.team, plan.review_on, Source.PLAN, "plan")]


def _steps_of_checklist(situation: Situation) -> list[Step]:
    left = open_items(situation.items, situation.marks)
    if not left:
        return []
    return [Step(str(left[0]), situation.team, None, Source.CHECKLIST, "checklist")]
