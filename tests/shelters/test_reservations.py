"""Nobody sleeps in two beds, and a bed that nobody answers for is free again."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.utils import timezone

from referral.access.context import acting
from referral.cases.models import Case, CaseGrant
from referral.notices.models import Notice
from referral.sharing.actions import withdraw_consent
from referral.sharing.models import Consent
from referral.sharing.rules import SharingRefused
from shelters.actions import (
    accept_placement,
    end_placement,
    record_arrival,
    request_shelter,
    request_shelters,
    reserve_bed,
    reserve_beds,
    set_in_order,
    set_out_of_order,
    withdraw_reservation,
)
from shelters.models import Bed, Placement, PlacementRequest
from shelters.rules import Choice, PlacementRefused, ShelterRefused
from shelters.tasks import expire_reservations
from shelters.workflow import PlacementStatus
from tests.factories.cases import CaseStatus, case_at, colleague_of
from tests.factories.shelters import (
    Place,
    make_family,
    make_request,
    make_wish,
    more_beds,
    placement_at,
    same_case,
)


def test_nobody_is_placed_twice(place: Place) -> None:
    placement = placement_at(PlacementStatus.ACCEPTED, place)
    second = make_request(place, case=same_case(place, placement))
    with (
        acting(place.desk, purpose="test"),
        pytest.raises(PlacementRefused, match="has a bed already"),
    ):
        reserve_bed(second, bed=place.other.bed, by=place.desk, at=timezone.now())


def test_shelter_is_asked_for_once_in_a_case(place: Place) -> None:
    request = make_request(place)
    with (
        acting(place.alice, purpose="test"),
        pytest.raises(PlacementRefused, match="asked for already"),
    ):
        request_shelter(make_wish(request.case), by=place.alice, at=timezone.now())


def test_without_consent_no_place_is_asked_for(place: Place) -> None:
    case = case_at(CaseStatus.ACTIVE, place.country)
    with acting(place.alice, purpose="test"), pytest.raises(SharingRefused, match="no consent"):
        request_shelter(make_wish(case), by=place.alice, at=timezone.now())
    with acting(place.alice, purpose="test"):
        assert not PlacementRequest.objects.exists()


def test_a_request_keeps_on_which_basis_it_stands(place: Place) -> None:
    request = make_request(place)
    assert request.legal_basis == "consent"
    assert "AVG" in request.citation


def test_after_consent_was_withdrawn_no_bed_is_reserved(place: Place) -> None:
    request = make_request(place)
    with acting(place.alice, purpose="test"):
        consent = Consent.objects.get(purpose="placement", state="given")
        withdraw_consent(consent, reason="changed_mind", by=place.alice, at=timezone.now())
    with acting(place.desk, purpose="test"), pytest.raises(SharingRefused, match="no consent"):
        reserve_bed(request, bed=place.house.bed, by=place.desk, at=timezone.now())


def test_a_reservation_that_nobody_answers_is_released_by_the_next_one(place: Place) -> None:
    now = timezone.now()
    first = placement_at(PlacementStatus.RESERVED, place, at=now - timedelta(hours=5))
    second = make_request(place)
    with acting(place.desk, purpose="test"):
        placement = reserve_bed(second, bed=place.house.bed, by=place.desk, at=now)
        first.refresh_from_db()
        first.request.refresh_from_db()
    assert placement.status == PlacementStatus.RESERVED
    assert (first.status, first.request.status) == ("expired", "submitted")


def test_the_clock_releases_what_nobody_answered(place: Place) -> None:
    """And nothing else, also where that of the worker runs a day ahead of the database."""
    late = placement_at(
        PlacementStatus.RESERVED, place, at=timezone.now() - timedelta(hours=4, minutes=1)
    )
    fresh = placement_at(PlacementStatus.RESERVED, place, bed=place.other.bed)
    ahead = timezone.now() + timedelta(days=1)
    with patch("django.utils.timezone.now", return_value=ahead):
        expire_reservations()
    expire_reservations()
    with acting(place.desk, purpose="test"):
        late.refresh_from_db()
        fresh.refresh_from_db()
        assert Notice.objects.filter(kind="placement_expired").count() == 1
    assert (late.status, fresh.status) == ("expired", "reserved")


def test_a_bed_out_of_order_is_not_reserved_until_it_is_in_use_again(place: Place) -> None:
    manager, bed, at = place.house.manager, place.house.bed, timezone.now()
    request = make_request(place)
    with acting(manager, purpose="test"):
        set_out_of_order(bed, by=manager, at=at - timedelta(minutes=5))
        with pytest.raises(PlacementRefused, match="out of order at that time already"):
            set_out_of_order(bed, by=manager, at=at)
    with acting(place.desk, purpose="test"), pytest.raises(PlacementRefused, match="out of order"):
        reserve_bed(request, bed=bed, by=place.desk, at=at)
    with acting(manager, purpose="test"):
        set_in_order(bed, by=manager, at=at)
        set_in_order(bed, by=manager, at=at)
    with acting(place.desk, purpose="test"):
        reserve_bed(request, bed=bed, by=place.desk, at=at)
    with acting(manager, purpose="test"), pytest.raises(PlacementRefused, match="Somebody has"):
        set_out_of_order(bed, by=manager, at=timezone.now())


def test_a_shelter_does_not_touch_the_bed_of_another(place: Place) -> None:
    other = place.other.manager
    with acting(other, purpose="test"), pytest.raises(Bed.DoesNotExist):
        set_out_of_order(place.house.bed, by=other, at=timezone.now())


def test_arrival_opens_the_case_to_the_shelter_as_far_as_placement_and_departure_closes_it(
    place: Place,
) -> None:
    placement = placement_at(PlacementStatus.ACCEPTED, place)
    worker, at = place.worker, timezone.now()
    with acting(worker, purpose="test"):
        assert not Case.objects.visible_to(worker).exists()
        record_arrival(placement, by=worker, at=at)
        case = Case.objects.visible_to(worker).get()
        grant = CaseGrant.objects.opening_to(worker).get()
        assert (grant.case_id, grant.basis, grant.profile) == (case.pk, "placement", "placement")
        with pytest.raises(ShelterRefused, match="does not fit"):
            end_placement(placement, reason="never_arrived", by=worker, at=at)
        end_placement(placement, reason="own_home", by=worker, at=at + timedelta(seconds=1))
    with acting(worker, purpose="test"):
        assert not CaseGrant.objects.opening_to(worker).exists()
        assert not Case.objects.visible_to(worker).exists()


def test_the_desk_takes_a_reservation_back_for_a_whole_family(place: Place) -> None:
    one, other = make_family(place)
    desk, at = place.desk, timezone.now()
    with acting(desk, purpose="test"):
        withdraw_reservation(one, by=desk, at=at)
        for row in (one, other):
            row.refresh_from_db()
            row.request.refresh_from_db()
            assert (row.status, row.request.status) == ("withdrawn", "submitted")
            assert Bed.objects.visible_to(desk).free_at(at).filter(pk=row.bed_id).exists()
        with pytest.raises(PlacementRefused, match="Taken back"):
            withdraw_reservation(other, by=desk, at=at)
    with acting(place.worker, purpose="test"):
        assert Notice.objects.filter(kind="reservation_withdrawn").count() == 2
        with pytest.raises(PlacementRefused, match="Taken back"):
            accept_placement(one, by=place.worker, at=at)


def test_somebody_comes_back_to_the_same_shelter(place: Place) -> None:
    first = placement_at(PlacementStatus.ENDED, place)
    second = placement_at(
        PlacementStatus.ARRIVED,
        place,
        request=make_request(place, case=same_case(place, first)),
        at=timezone.now(),
    )
    assert second.status == PlacementStatus.ARRIVED


def test_the_desk_records_what_the_shelter_tells_by_telephone(place: Place) -> None:
    placement = placement_at(PlacementStatus.ACCEPTED, place)
    desk, at = place.desk, timezone.now()
    with acting(desk, purpose="test"):
        record_arrival(placement, by=desk, at=at)
        end_placement(placement, reason="family", by=desk, at=at + timedelta(minutes=1))
    with acting(place.worker, purpose="test"):
        assert not CaseGrant.objects.opening_to(place.worker).exists()


def test_many_at_once_is_the_path_of_one(place: Place) -> None:
    """Each deed at its own moment, years ago, as a demo country is made."""
    begin = timezone.now() - timedelta(days=300)
    times = [begin + timedelta(hours=n) for n in range(3)]
    beds = more_beds(place.house, 3)
    first = [make_request(place, at=begin) for _ in times]
    with acting(place.desk, purpose="test"):
        choices = [Choice(request=r, bed=b) for r, b in zip(first, beds, strict=True)]
        placements = reserve_beds(choices, by=place.desk, at=times)
    assert [p.reserved_at for p in placements] == times
    with acting(place.worker, purpose="test"):
        for placement, moment in zip(placements, times, strict=True):
            accept_placement(placement, by=place.worker, at=moment + timedelta(hours=1))
            record_arrival(placement, by=place.worker, at=moment + timedelta(hours=2))
            end_placement(
                placement, reason="family", by=place.worker, at=moment + timedelta(days=9)
            )
    with acting(place.alice, purpose="test"):
        wishes = [make_wish(request.case) for request in first]
        again = request_shelters(wishes, by=place.alice, at=[t + timedelta(days=20) for t in times])
    assert len({request.reference for request in again}) == 3
    with acting(colleague_of(place.alice), purpose="test"):
        assert Placement.objects.filter(status=PlacementStatus.ENDED).count() == 3
