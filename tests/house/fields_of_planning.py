"""What the fields of plans, tasks and risks say; a part of tests/house/fields.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.house.fields import Kinds

PLANNING: dict[str, Kinds] = {
    "family.FamilyLink": {
        "operational": "id case relative linked_at linked_by ended_at ended_by",
        "plain": "relation age_group sex",
    },
    "documents.Document": {
        "identifying": "name title",
        "special": "category",
        "operational": "id case organisation key dated_on kind size received status reason sha256"
        " rebuilt_size removed scanned scanner_missed created_at created_by settled_at attempts"
        " next_attempt_at withdrawn_at withdrawn_by withdrawn_why",
    },
    "documents.DocumentPiece": {"special": "sealed", "operational": "id document part offset"},
    "calendar.Feed": {"operational": "id membership digest made_at fetched_at"},
    "unsent.UnsentForm": {
        "special": "sealed",
        "operational": "id case kind about organisation version kept_at kept_by",
    },
    "planning.Task": {
        "special": "sealed",
        "operational": "id case goal organisation owner stands_in_for kind doer due_on status"
        " written_at written_by near_told_at due_told_at ended_at ended_by cancel_reason",
    },
    "planning.Absence": {
        "operational": "id organisation person stand_in first_on last_on arranged_at arranged_by"
        " begun_at ended_at",
    },
    "planning.CarePlan": {
        "operational": "case status begun_at begun_by agreed_on review_on review_told_on",
    },
    "planning.Goal": {"special": "sealed need", "operational": "id case written_at written_by"},
    "planning.Evaluation": {
        "special": "sealed",
        "operational": "id case goal held_on reached written_at written_by",
    },
    "planning.RiskAssessment": {
        "special": "sealed level factors",
        "operational": "id case assessed_on review_on review_told_on written_at written_by",
    },
    "planning.ChecklistMark": {
        "operational": "id case code mark reason marked_on written_at written_by",
    },
    "planning.ChecklistItem": {"plain": "id code phase position title_nl title_en source valid"},
    "planning.PlanningTerm": {"plain": "id code months days source valid"},
}
