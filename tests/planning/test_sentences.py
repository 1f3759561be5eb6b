"""Each sentence of the database on planning, broken on purpose."""

import pytest
from django.db import models
from django.db.models import F

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
from referral.cases.workflow import CaseStatus
from referral.lib.ids import uuid7
from tests.factories.cases import case_at, make_country
from tests.factories.planning import planned
from tests.sentences import bare, unbroken

pytestmark = pytest.mark.django_db
TABLES = (
    Task, Absence, CarePlan, Goal, Evaluation, RiskAssessment, ChecklistItem, ChecklistMark,
    PlanningTerm,
)  # fmt: skip


def again(row: models.Model) -> None:
    """The same row a second time, under another key."""
    row.pk = uuid7()
    row.save(force_insert=True)


def test_every_sentence_refuses_what_breaks_it():
    country = make_country()
    planned(case_at(CaseStatus.ACTIVE, country), by=country.alice)

    def change(model, **values):
        return lambda: model.objects.update(**values)

    changes = {
        "task_codes_are_known": change(Task, kind="x"),
        '"organisation_id" of relation "planning_task"': change(Task, organisation=None),
        "nobody_stands_in_for_who_has_the_task": change(Task, stands_in_for=F("owner")),
        "task_ends_by_someone_at_a_time": change(Task, status="done"),
        "task_is_cancelled_with_a_reason": change(Task, cancel_reason="mistake"),
        "absence_ends_after_it_begins": change(Absence, last_on="2020-01-01"),
        "nobody_stands_in_for_himself": change(Absence, stand_in=F("person")),
        "absence_ends_when_it_has_begun": change(Absence, ended_at=F("arranged_at")),
        "colleague_is_absent_once_at_a_time": lambda: again(Absence.objects.get()),
        "plan_status_is_known_and_agreed_has_a_day_and_a_review": change(CarePlan, review_on=None),
        "goal_is_about_a_known_need": change(Goal, need="x"),
        "evaluation_says_how_far_in_a_known_code": change(Evaluation, reached="x"),
        "risk_level_and_factors_are_known": change(RiskAssessment, level="x"),
        "risk_that_is_raised_names_a_factor": change(RiskAssessment, factors=[]),
        "risk_is_looked_at_again_after_it_was_assessed": change(
            RiskAssessment, review_on=F("assessed_on")
        ),
        "checklist_line_stands_in_a_known_phase": change(ChecklistItem, phase="x"),
        "checklist_line_has_one_version_on_a_day": lambda: again(ChecklistItem.objects.first()),
        "checklist_mark_is_known": change(ChecklistMark, mark="x"),
        "checklist_line_is_skipped_with_a_reason": change(ChecklistMark, reason="elsewhere"),
        "planning_term_is_known_and_lasts_a_day_at_least": change(PlanningTerm, months=0, days=0),
        "planning_term_has_one_length_on_a_day": lambda: again(PlanningTerm.objects.first()),
    }
    named = {one.name for table in TABLES for one in table._meta.constraints}
    assert named == {name for name in changes if " " not in name}
    with bare(*TABLES):
        assert unbroken(changes) == []
