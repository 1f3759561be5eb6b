"""Every constraint of shelter, broken on purpose: the database says its name."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DataError, IntegrityError, connection, models, transaction
from django.utils import timezone, translation

from referral.access.context import acting
from shelters.actions import set_out_of_order
from shelters.models import (
    Bed,
    BedOutage,
    Contract,
    Placement,
    PlacementRequest,
    Shelter,
    ShelterAddress,
)
from shelters.workflow import PlacementStatus
from tests.factories.shelters import Place, placement_at

pytestmark = pytest.mark.django_db
MODELS = (Shelter, ShelterAddress, Contract, Bed, BedOutage, PlacementRequest, Placement)
NOW = timezone.now()
#: The name of a constraint → the row that breaks it, and how.
BREAKS: dict[str, tuple[type[models.Model], dict[str, Any]]] = {
    "shelter_takes_known_sexes": (Shelter, {"sexes": "some"}),
    "shelter_security_is_known": (Shelter, {"security": "none"}),
    "shelter_ages_go_up": (Shelter, {"min_age": 18, "max_age": 17}),
    "bed_kind_is_known": (Bed, {"kind": "sofa"}),
    "withdrawn_bed_has_time_and_name": (Bed, {"withdrawn_at": NOW}),
    "outage_has_a_beginning": (BedOutage, {"during": (None, NOW)}),
    "placement_request_reference_is_plr_year_number": (PlacementRequest, {"reference": "PLR-1"}),
    "placement_request_status_is_known": (PlacementRequest, {"status": "lost"}),
    "placement_request_urgency_is_known": (PlacementRequest, {"urgency": "4_never"}),
    "placement_request_needs_are_known": (PlacementRequest, {"needs": ["pool"]}),
    "placement_request_names_its_legal_basis": (PlacementRequest, {"legal_basis": ""}),
    "cancelled_request_has_time_and_name": (PlacementRequest, {"status": "cancelled"}),
    "placement_status_is_known": (
        Placement,
        {"status": "lost", "answered_at": NOW - timedelta(minutes=9), "answered_by": 0},
    ),
    "placement_has_a_beginning": (Placement, {"during": (None, None)}),
    "withdrawn_placement_has_time_and_name": (Placement, {"withdrawn_at": NOW}),
    "placement_answer_has_time_and_name": (Placement, {"status": "accepted"}),
    "reservation_is_answered_in_time": (
        Placement,
        {"status": "accepted", "answered_at": NOW + timedelta(days=2), "answered_by": 0},
    ),
    "refused_placement_says_why": (
        Placement,
        {"status": "refused", "answered_at": NOW - timedelta(minutes=9), "answered_by": 0},
    ),
    "arrival_has_time_and_name": (Placement, {"arrived_at": NOW, "arrived_by": 0}),
    "ended_placement_has_time_name_and_reason": (Placement, {"end_reason": "family"}),
    "who_arrived_without_end_holds_the_bed_without_end": (
        Placement,
        {
            "status": "accepted",
            "answered_at": NOW - timedelta(minutes=9),
            "answered_by": 0,
            "during": (NOW - timedelta(days=1), NOW),
        },
    ),
}
#: These need a row more, and stand in a test of their own in test_models, test_reservations or
#: test_houses.
IN_OTHER_TESTS = {
    "bed_code_is_used_once_in_a_shelter",
    "bed_is_not_out_of_order_twice",
    "case_has_one_open_shelter_request",
    "contract_has_a_possible_number_of_places",
    "contract_has_a_first_day",
    "funder_has_one_contract_at_a_time",
    "bed_is_not_placed_twice",
    "person_is_not_placed_twice",
    "person_moves_to_one_place_at_a_time",
}


def test_every_constraint_is_broken_in_a_test() -> None:
    names = {c.name for model in MODELS for c in model._meta.constraints}
    assert names == BREAKS.keys() | IN_OTHER_TESTS


def without_triggers() -> None:
    """So that the constraint speaks, and not the trigger before it; the test rolls it back."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL ROLE baken_owner")
        for model in MODELS:
            table = model._meta.db_table
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")


@pytest.fixture(scope="module")
def held(made_place: Place) -> Place:
    """A row of each model: a bed is reserved, and another one is out of order."""
    with translation.override("en"):
        placement_at(PlacementStatus.RESERVED, made_place)
        manager = made_place.other.manager
        with acting(manager, purpose="test"):
            set_out_of_order(made_place.other.bed, by=manager, at=timezone.now())
    return made_place


@pytest.mark.parametrize("name", BREAKS)
def test_the_database_refuses_what_a_constraint_forbids(held: Place, name: str) -> None:
    model, values = BREAKS[name]
    values = {key: held.worker.user_id if value == 0 else value for key, value in values.items()}
    without_triggers()
    with pytest.raises((IntegrityError, DataError), match=name), transaction.atomic():
        model._default_manager.update(**values)
