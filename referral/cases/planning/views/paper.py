"""What is planned in a case, as it stands on paper."""

from __future__ import annotations

from django.utils.translation import gettext as _

from referral.cases.planning.actions import Planning
from referral.cases.planning.actions.reading import ReadGoal
from referral.cases.planning.models import ChecklistItem, ChecklistMark, Mark, Phase
from referral.cases.views.paper import Block, Paper, in_days


def plan_on_paper(planning: Planning) -> Paper:
    """How the plan stands, and each goal with what is done for it and how far it is."""
    plan = planning.situation.plan
    facts: list[tuple[str, object]] = []
    if plan is not None:
        facts = [
            (_("Status"), plan.get_status_display()),
            (_("agreed on").capitalize(), in_days(plan.agreed_on)),
            (_("review before").capitalize(), in_days(plan.review_on)),
        ]
    return Paper(facts, [_goal(one) for one in planning.goals])


def checklist_on_paper(planning: Planning) -> Paper:
    """Each phase with its lines: seen to, set aside, or still open."""
    items, marks = planning.situation.items, planning.situation.marks
    lines = {phase: [item for item in items if item.phase == phase] for phase in Phase}
    return Paper(
        blocks=[
            Block(str(phase.label), more=[_line(item, marks.get(item.code)) for item in found])
            for phase, found in lines.items()
            if found
        ]
    )


def tasks_on_paper(planning: Planning) -> Paper:
    """What must be done, by whom and before when."""
    return Paper(
        blocks=[
            Block(
                f"{one.task.get_kind_display()}: {one.task.get_status_display()}",
                one.words,
                [_("before %s") % in_days(one.task.due_on), str(one.task.owner or "")],
            )
            for one in planning.tasks
        ]
    )


def risk_on_paper(planning: Planning) -> Paper:
    """Each look at the safety of the person, the newest first."""
    return Paper(
        blocks=[
            Block(
                f"{in_days(one.risk.assessed_on)}: {one.risk.get_level_display()}",
                one.words,
                one.risk.factor_labels,
            )
            for one in planning.risks
        ]
    )


def _goal(one: ReadGoal) -> Block:
    done = [f"{action.task.get_status_display()}: {action.words}" for action in one.actions]
    looks = [
        f"{in_days(look.evaluation.held_on)}, {look.evaluation.get_reached_display()}: {look.words}"
        for look in one.evaluations
    ]
    return Block(str(one.goal.get_need_display()), one.words, [*done, *looks])


def _line(item: ChecklistItem, mark: ChecklistMark | None) -> str:
    if mark is None or mark.mark == Mark.OPEN_AGAIN:
        return _("%s: still to be seen to") % item
    said = [mark.get_mark_display(), mark.get_reason_display()]
    who = f"{mark.written_by.full_name}, {in_days(mark.marked_on)}"
    return f"{item}: {', '.join(filter(None, said))} ({who})"
