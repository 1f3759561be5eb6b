"""Reads of plans, tasks, risks and checklists. The policies of migration 0001 say the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import F, Q

from referral.cases.planning.workflow import TaskStatus
from referral.cases.querysets import FULL
from referral.cases.workflow import CaseStatus
from referral.organisations.permissions import Permission

if TYPE_CHECKING:
    from datetime import date

    from referral.cases.planning.models import (
        Absence,
        CarePlan,
        ChecklistItem,
        ChecklistMark,
        Evaluation,
        Goal,
        PlanningTerm,
        RiskAssessment,
        Task,
    )
    from referral.organisations.models import Membership


def _fully_open(member: Membership) -> Any:
    """The cases whose full file the member holds now."""
    grants = apps.get_model("cases.CaseGrant")._default_manager.all()
    return grants.opening_to(member).filter(profile=FULL).values("case")


class TaskQuerySet(models.QuerySet["Task"]):
    def visible_to(self, member: Membership) -> Self:
        """Care coordinators who hold the full file; the clock sees what is open."""
        seen = Q(pk__in=[])
        if member.may(Permission.CARE_NOTE_READ):
            seen |= Q(case__in=_fully_open(member))
        if member.may(Permission.DEADLINE_SWEEP):
            seen |= Q(status=TaskStatus.OPEN)
        return self.filter(seen)

    def open(self) -> Self:
        return self.filter(status=TaskStatus.OPEN)

    def of_team(self, member: Membership) -> Self:
        """All open tasks of the organisation, whoever has them."""
        return self.open().filter(organisation=member.organisation_id)

    def mine(self, member: Membership) -> Self:
        return self.of_team(member).filter(owner=member.user_id)

    def due_until(self, day: date) -> Self:
        return self.open().filter(due_on__lte=day)

    def first_due_first(self) -> Self:
        """What is open, the first day first; then what has ended, the newest first."""
        closed = models.Case(models.When(status=TaskStatus.OPEN, then=0), default=1)
        return self.order_by(closed, "due_on", F("ended_at").desc(nulls_last=True), "pk")

    def with_names(self) -> Self:
        return self.select_related("owner", "organisation", "stands_in_for", "ended_by")


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def visible_to(self, member: Membership) -> Self:
        """The colleagues, and the clock that begins and ends it."""
        if member.may(Permission.DEADLINE_SWEEP):
            return self.all()
        if not member.may(Permission.CARE_NOTE_WRITE):
            return self.none()
        return self.filter(organisation=member.organisation_id)

    def not_over(self, day: date) -> Self:
        found = self.filter(last_on__gte=day, ended_at=None)
        return found.select_related("person", "stand_in")

    def stood_in_by(self, member: Membership) -> Self:
        """Those of colleagues whose work this member has now."""
        running = self.filter(begun_at__isnull=False, ended_at=None)
        return running.filter(organisation=member.organisation_id, stand_in=member.user_id)

    def to_begin(self, day: date) -> Self:
        return self.filter(first_on__lte=day, last_on__gte=day, begun_at=None)

    def to_end(self, day: date) -> Self:
        return self.filter(last_on__lt=day, begun_at__isnull=False, ended_at=None)


def _read_by(member: Membership) -> Q:
    """Rows of cases: only a coordinator who holds the full file reads them."""
    if not member.may(Permission.CARE_NOTE_READ):
        return Q(pk__in=[])
    return Q(case__in=_fully_open(member))


class CarePlanQuerySet(models.QuerySet["CarePlan"]):
    def visible_to(self, member: Membership) -> Self:
        """Care coordinators who hold the full file."""
        return self.filter(_read_by(member))


class GoalQuerySet(models.QuerySet["Goal"]):
    def visible_to(self, member: Membership) -> Self:
        """Care coordinators who hold the full file."""
        return self.filter(_read_by(member))

    def oldest_first(self) -> Self:
        return self.order_by("written_at", "pk")


class EvaluationQuerySet(models.QuerySet["Evaluation"]):
    def visible_to(self, member: Membership) -> Self:
        """Care coordinators who hold the full file."""
        return self.filter(_read_by(member))

    def newest_first(self) -> Self:
        return self.order_by("-held_on", "-written_at", "-pk")


class RiskAssessmentQuerySet(models.QuerySet["RiskAssessment"]):
    def visible_to(self, member: Membership) -> Self:
        """Care coordinators who hold the full file."""
        return self.filter(_read_by(member))

    def newest_first(self) -> Self:
        return self.order_by("-written_at", "-pk")

    def latest_of_each(self) -> Self:
        """Of each case the assessment that holds now."""
        return self.order_by("case", "-written_at", "-pk").distinct("case")

    def overdue(self, member: Membership, day: date) -> Self:
        """What should have been looked at again, in active cases of the own organisation."""
        newest = self.model._default_manager.latest_of_each().values("pk")
        own = self.filter(
            case__owner_organisation=member.organisation_id, case__status=CaseStatus.ACTIVE
        )
        return own.filter(pk__in=newest, review_on__lt=day).order_by("review_on", "pk")


class ChecklistMarkQuerySet(models.QuerySet["ChecklistMark"]):
    def visible_to(self, member: Membership) -> Self:
        """Care coordinators who hold the full file."""
        return self.filter(_read_by(member))

    def latest_of_each(self) -> Self:
        """Of each case and line the mark that holds now."""
        return self.order_by("case", "code", "-written_at", "-pk").distinct("case", "code")


class ChecklistItemQuerySet(models.QuerySet["ChecklistItem"]):
    def visible_to(self, member: Membership) -> Self:  # noqa: ARG002
        """Everybody: it says what care is, and nothing of anyone."""
        return self.all()

    def in_force(self, day: date) -> Self:
        return self.filter(valid__contains=day).order_by("position", "pk")


class PlanningTermQuerySet(models.QuerySet["PlanningTerm"]):
    def visible_to(self, member: Membership) -> Self:  # noqa: ARG002
        """Everybody: it says how long something may take, and nothing of anyone."""
        return self.all()

    def in_force(self, day: date) -> Self:
        return self.filter(valid__contains=day)
