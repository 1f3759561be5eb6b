"""Every constraint of shelter, broken on purpose: the database says its name."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import DataError, IntegrityError, connection, models, transaction
from django.utils import timezone

from referral.access.context import acting
from referral.access.secrets import unseal
from referral.lib.crypto import Unreadable
from shelters.actions import add_bed, set_address, set_out_of_order
from shelters.models import (
    Bed,
    BedOutage,
    Contract,
    Placement,
    PlacementRequest,
    Shelter,
    ShelterAddress,
)
from shelters.workflow import PlacementStatus, RequestStatus
from tests.factories.shelters import ADDRESS, Place, make_request, placement_at

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
#: These need a row more, and stand in a test of their own below, in test_reservations or in
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


@pytest.mark.parametrize("name", BREAKS)
def test_the_database_refuses_what_a_constraint_forbids(place: Place, name: str) -> None:
    placement_at(PlacementStatus.RESERVED, place)
    with acting(place.other.manager, purpose="test"):
        set_out_of_order(place.other.bed, by=place.other.manager, at=timezone.now())
    model, values = BREAKS[name]
    values = {key: place.worker.user_id if value == 0 else value for key, value in values.items()}
    without_triggers()
    with pytest.raises((IntegrityError, DataError), match=name), transaction.atomic():
        model._default_manager.update(**values)


def test_a_name_of_a_bed_is_used_once_in_a_shelter(place: Place) -> None:
    manager = place.house.manager
    with acting(manager, purpose="test"), pytest.raises(Exception, match="of that name already"):
        add_bed(place.house.shelter, code="1", by=manager, at=timezone.now())


@pytest.mark.parametrize("name", ["bed_is_not_placed_twice", "person_is_not_placed_twice"])
def test_the_database_keeps_beds_and_people_apart(place: Place, name: str) -> None:
    placement = placement_at(PlacementStatus.ACCEPTED, place)
    values = {
        field.attname: getattr(placement, field.attname)
        for field in Placement._meta.concrete_fields
        if field.name != "id"
    }
    other = make_request(place)
    if name == "bed_is_not_placed_twice":
        values |= {"person_id": other.person_id}
    else:
        values |= {"bed_id": place.other.bed.pk}
    without_triggers()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Placement.objects.bulk_create([Placement(**values)])


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"status": PlacementStatus.ACCEPTED}, "placement_begins_as_a_reservation"),
        ({"case": "other"}, "placement_answers_an_open_request"),
        ({"shelter": "other"}, "placement_is_in_the_shelter_of_its_bed"),
    ],
)
def test_a_placement_is_what_its_request_and_its_bed_say(
    place: Place, changes: dict[str, str], name: str
) -> None:
    request, second = make_request(place), make_request(place)
    at = timezone.now()
    values: dict[str, Any] = {
        "request": request,
        "case_id": second.case_id if "case" in changes else request.case_id,
        "person_id": request.person_id,
        "shelter": place.other.shelter if "shelter" in changes else place.house.shelter,
        "bed": place.house.bed,
        "during": (at, None),
        "reserved_at": at,
        "reserved_by": place.desk.user,
        "reserved_until": at + timedelta(hours=1),
        "status": changes.get("status", PlacementStatus.RESERVED),
    }
    with (
        acting(place.desk, purpose="test"),
        pytest.raises(IntegrityError, match=name),
        transaction.atomic(),
    ):
        Placement.objects.bulk_create([Placement(**values)])


def test_a_request_is_for_the_person_of_its_case_and_begins_at_the_beginning(
    place: Place,
) -> None:
    request, second = make_request(place), make_request(place)
    for values, name in (
        ({"person_id": second.person_id}, "shelter_is_asked_for_in_an_active_case"),
        ({"status": RequestStatus.PLACED}, "placement_request_begins_as_submitted"),
    ):
        row = PlacementRequest.objects.model(
            **{
                field.attname: getattr(request, field.attname)
                for field in PlacementRequest._meta.concrete_fields
                if field.name not in {"id", "reference"}
            }
            | {"reference": "PLR-2026-999999"}
            | values
        )
        with (
            acting(place.alice, purpose="test"),
            pytest.raises(IntegrityError, match=name),
            transaction.atomic(),
        ):
            PlacementRequest.objects.bulk_create([row])


def test_what_was_reserved_for_whom_is_never_changed(place: Place) -> None:
    placement = placement_at(PlacementStatus.RESERVED, place)
    with acting(place.desk, purpose="test"):
        for values in ({"bed": place.other.bed}, {"reserved_until": timezone.now()}):
            with (
                pytest.raises(Exception, match="permission denied") as refused,
                transaction.atomic(),
            ):
                Placement.objects.filter(pk=placement.pk).update(**values)
            assert isinstance(refused.value.__cause__, psycopg.errors.InsufficientPrivilege)


def test_a_sealed_address_opens_only_where_it_was_sealed_and_an_old_one_never(
    place: Place,
) -> None:
    manager, shelter = place.house.manager, place.house.shelter
    with acting(manager, purpose="test"):
        old = ShelterAddress.objects.get(pk=shelter.pk)
        key, sealed = old.key, bytes(old.sealed)
        assert unseal(sealed, key=key, about=old.about)["town"] == ADDRESS.town
        with pytest.raises(Unreadable):
            unseal(sealed, key=key, about=f"shelters_shelteraddress|{place.other.shelter.pk}|1")
        set_address(shelter, address=ADDRESS, by=manager, at=timezone.now())
        new = ShelterAddress.objects.get(pk=shelter.pk)
        assert new.key_id != old.key_id
        with pytest.raises(Unreadable):
            unseal(sealed, key=new.key, about=new.about)
    assert "Kanarie" not in repr(ADDRESS)
