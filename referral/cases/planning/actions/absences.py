"""Somebody is away: a colleague of the same organisation has the open tasks for these days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from referral.audit.actions import Line, record, record_many
from referral.cases.planning.models import Absence, Task
from referral.cases.planning.rules import (
    PlanningRefused,
    check_absence,
    check_absence_runs,
    colleagues_of,
)
from referral.lib.rows import update_rows
from referral.notices.actions import Letter, post_many
from referral.notices.kinds import Kind
from referral.organisations.models import Membership, User


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """Who is away from when until when, and who takes the tasks."""

    person: User
    stand_in: User
    first_on: date
    last_on: date


@transaction.atomic
def hand_over_tasks(handover: HandOver, *, by: Membership, at: datetime) -> Absence:
    """Arrange who has the tasks of a colleague; from the first day on all open ones go over.

    What begins today or earlier begins at once. Any coordinator may arrange it: who falls ill
    does not sign in first. Raises PlanningRefused.
    """
    today = timezone.localdate(at)
    check_absence(
        handover.person.pk,
        handover.stand_in.pk,
        handover.first_on,
        handover.last_on,
        colleagues=colleagues_of(by, at=at),
        today=today,
    )
    absence = Absence(
        organisation=by.organisation,
        person=handover.person,
        stand_in=handover.stand_in,
        first_on=handover.first_on,
        last_on=handover.last_on,
        arranged_at=at,
        arranged_by=by.user,
    )
    try:
        with transaction.atomic():
            absence.save(force_insert=True)
    except IntegrityError as error:
        if "colleague_is_absent_once_at_a_time" not in str(error):
            raise
        words = _("An absence in these days was arranged already.")
        raise PlanningRefused(first_on=words) from error
    record_many([Line(action="absence_arranged", on=absence, at=at)], by=by, at=at)
    if absence.first_on <= today:
        _begin([absence], by=by, at=at)
    return absence


@transaction.atomic
def end_absence(absence: Absence, *, by: Membership, at: datetime) -> Absence:
    """The colleague is back early, or it was a mistake: open tasks come back now.

    Any coordinator of the team may say so, as any may arrange it. Raises MoveRefused.
    """
    found = Absence.objects.visible_to(by).select_related("organisation", "person", "stand_in")
    absence = found.select_for_update(of=["self"]).get(pk=absence.pk)
    check_absence_runs(absence)
    if absence.begun_at:
        _end([absence], by=by, at=at)
        return absence
    absence.begun_at = absence.ended_at = at
    absence.save(update_fields=["begun_at", "ended_at"])
    record("absence_called_off", on=absence, by=by, at=at)
    return absence


@transaction.atomic
def keep_absences(*, by: Membership, at: datetime) -> int:
    """End the absences that are over and begin those of today; tells how many."""
    today = timezone.localdate(at)
    found = Absence.objects.visible_to(by).select_related("organisation", "person", "stand_in")
    held = found.select_for_update(of=["self"], skip_locked=True).order_by("first_on", "pk")
    over, begun = list(held.to_end(today)), list(held.to_begin(today))
    _end(over, by=by, at=at)
    _begin(begun, by=by, at=at)
    return len(over) + len(begun)


def _begin(absences: Sequence[Absence], *, by: Membership, at: datetime) -> None:
    for absence in absences:
        tasks = _held(absence, owner=absence.person_id, by=by)
        for task in tasks:
            task.stands_in_for_id = task.stands_in_for_id or absence.person_id
            task.owner_id = absence.stand_in_id
            if task.stands_in_for_id == task.owner_id:  # who had it first has it again
                task.stands_in_for_id = None
        absence.begun_at = at
        _write(absence, tasks, "tasks_handed_over", Kind.TASKS_TAKEN_OVER, by=by, at=at)


def _end(absences: Sequence[Absence], *, by: Membership, at: datetime) -> None:
    for absence in absences:
        tasks = _held(absence, stands_in_for=absence.person_id, by=by)
        for task in tasks:
            task.owner_id, task.stands_in_for_id = absence.person_id, None
        absence.ended_at = at
        _write(absence, tasks, "tasks_given_back", Kind.TASKS_BACK, by=by, at=at)


def _held(absence: Absence, *, by: Membership, **whose: int) -> list[Task]:
    """All open tasks of the organisation of this colleague, whatever the case."""
    found = Task.objects.visible_to(by).open().filter(organisation=absence.organisation_id, **whose)
    return list(found.select_for_update(of=["self"]).order_by("pk"))


def _write(
    absence: Absence,
    tasks: Sequence[Task],
    action: str,
    kind: Kind,
    *,
    by: Membership,
    at: datetime,
) -> None:
    absence.save(update_fields=["begun_at", "ended_at"])
    if tasks:
        update_rows(tasks, ["owner", "stands_in_for"])
    line = Line(action=action, on=absence, ids=[task.pk for task in tasks], at=at)
    record_many([line], by=by, at=at)
    to = absence.stand_in if kind == Kind.TASKS_TAKEN_OVER else absence.person
    post_many([Letter(kind=kind, to=absence.organisation, user=to, on=absence)], at=at)
