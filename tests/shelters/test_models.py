"""What the tables of shelter hold together, with a second row: the database says what is wrong."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from referral.access.context import acting
from referral.access.secrets import unseal
from referral.lib.crypto import Unreadable
from shelters.actions import add_bed, set_address
from shelters.models import (
    Placement,
    PlacementRequest,
    ShelterAddress,
)
from shelters.workflow import PlacementStatus, RequestStatus
from tests.factories.shelters import ADDRESS, Place, make_request, placement_at
from tests.shelters.test_constraints import without_triggers

pytestmark = pytest.mark.django_db


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
