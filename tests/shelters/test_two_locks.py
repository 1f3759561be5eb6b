"""Two locks on shelter: each shows the right rows alone, with the other one switched off."""

from copy import deepcopy
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from referral.access.context import acting, service
from referral.cases.workflow import HandoffStatus
from referral.organisations.models import Membership
from referral.organisations.roles import SERVICES, Role
from shelters.actions import set_out_of_order
from shelters.models import (
    Bed,
    BedOutage,
    Contract,
    FamilyStay,
    Placement,
    PlacementRequest,
    Shelter,
    ShelterAddress,
)
from shelters.workflow import PlacementStatus, RequestStatus
from tests.factories.cases import colleague_of, handoff_at
from tests.factories.people import make_member
from tests.factories.shelters import (
    Place,
    make_request,
    more_beds,
    pay_for_places,
    placement_at,
    request_at,
    same_case,
)

pytestmark = pytest.mark.django_db
MODELS = (
    Shelter,
    ShelterAddress,
    Contract,
    Bed,
    BedOutage,
    PlacementRequest,
    Placement,
    FamilyStay,
)
TABLES = [model._meta.db_table for model in MODELS]
HOW_MANY = 6


def switch_the_database_lock_off() -> None:
    """Only the owner can; the test's transaction rolls it back."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL ROLE baken_owner")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
        cursor.execute("SET LOCAL ROLE baken_web")


@pytest.fixture
def everybody(db: None, made_place: Place) -> list[Membership]:  # noqa: ARG001
    place = made_place
    return [
        *place.members,
        *map(colleague_of, place.members[:-1]),
        *[make_member(role) for role in Role if role not in SERVICES],
        *[service(role) for role in SERVICES],
    ]


def shown(model: Any, member: Membership) -> set[object]:
    return set(model.objects.visible_to(member).values_list("pk", flat=True))


def seen(members: list[Membership]) -> dict[tuple[int, str], tuple[set[object], set[object]]]:
    """What each member sees by the queryset, and by the database alone."""
    found = {}
    for member in members:
        with acting(member, purpose="test"):
            for model in MODELS:
                by_queryset = shown(model, member)
                by_database = set(model.objects.values_list("pk", flat=True))
                found[(member.pk, model.__name__)] = (by_queryset, by_database)
    return found


@settings(
    max_examples=HOW_MANY,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.sampled_from(list(PlacementStatus)), min_size=1, max_size=3))
def test_the_database_and_the_queryset_show_the_same(
    made_place: Place, everybody: list[Membership], statuses: list[PlacementStatus]
) -> None:
    with transaction.atomic():
        place, members = deepcopy((made_place, everybody))
        request_at(RequestStatus.SUBMITTED, place)
        for status, bed in zip(statuses, more_beds(place.house, len(statuses)), strict=True):
            placement_at(status, place, bed=bed)
        pay_for_places(place)
        with acting(place.house.manager, purpose="test"):
            set_out_of_order(place.house.bed, by=place.house.manager, at=timezone.now())
        before = seen(members)
        for (pk, model), (by_queryset, by_database) in before.items():
            assert by_queryset == by_database, (Membership.objects.get(pk=pk).role, model)
        switch_the_database_lock_off()
        for member in members:
            with acting(member, purpose="test"):
                for model in MODELS:
                    by_queryset = shown(model, member)
                    assert by_queryset == before[(member.pk, model.__name__)][0]
        transaction.set_rollback(True)


def test_the_coordinator_who_handed_over_reads_the_placement_and_not_the_address(
    place: Place,
) -> None:
    placement = placement_at(PlacementStatus.ARRIVED, place)
    alice, bob = place.alice, place.country.bob
    with acting(alice, purpose="test"):
        assert ShelterAddress.objects.visible_to(alice).exists()
    handoff_at(HandoffStatus.ACCEPTED, place.country, case=same_case(place, placement))
    for member, sees in ((alice, False), (bob, True)):
        with acting(member, purpose="test"):
            assert Placement.objects.visible_to(member).exists()
            assert ShelterAddress.objects.visible_to(member).exists() == sees
            assert ShelterAddress.objects.exists() == sees


@pytest.mark.parametrize("status", PlacementStatus)
def test_the_address_opens_to_the_coordinator_only_while_somebody_stays(
    place: Place, status: PlacementStatus
) -> None:
    placement_at(status, place)
    stays = status in (PlacementStatus.ACCEPTED, PlacementStatus.ARRIVED)
    with acting(place.alice, purpose="test"):
        assert ShelterAddress.objects.visible_to(place.alice).exists() == stays
        assert ShelterAddress.objects.exists() == stays


def test_the_other_side_of_the_wall_sees_none_of_it(place: Place) -> None:
    placement_at(PlacementStatus.ARRIVED, place)
    for role in (Role.LE_POLICE, Role.EMM_ANALYST, Role.NRM_ANALYST, Role.MUNI_POLICY, Role.FG):
        member = make_member(role)
        with acting(member, purpose="test"):
            for model in MODELS:
                assert not model.objects.visible_to(member).exists(), (role, model)
                assert not model.objects.exists(), (role, model)


def test_nobody_writes_a_bed_a_request_or_a_placement_that_is_not_theirs(place: Place) -> None:
    request = make_request(place)
    placement = placement_at(PlacementStatus.RESERVED, place)
    strangers = [place.country.charlie, place.other.worker, place.country.officer]
    for member in strangers:
        with acting(member, purpose="test"):
            assert not Bed.objects.filter(pk=place.house.bed.pk).update(code="X")
            assert not PlacementRequest.objects.filter(pk=request.pk).update(status="cancelled")
            assert not Placement.objects.filter(pk=placement.pk).update(status="accepted")
            for row in (
                Bed(shelter=place.house.shelter, code="X"),
                ShelterAddress(shelter=place.house.shelter, key_id=request.pk, sealed=b"x"),
            ):
                with pytest.raises(DatabaseError), transaction.atomic():
                    row.save(force_insert=True)


def test_nothing_of_shelter_is_deleted(place: Place) -> None:
    placement_at(PlacementStatus.ARRIVED, place)
    with acting(place.desk, purpose="test"):
        for model in MODELS:
            before = model.objects.count()
            model.objects.all()._raw_delete("default")
            assert model.objects.count() == before, model
