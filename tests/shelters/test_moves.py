"""Transfers as one deed, emergencies written down afterwards, and terms as versions of data."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from referral.cases.models import CaseGrant
from referral.notices.models import Notice
from referral.organisations.models import Organisation
from referral.organisations.roles import OrganisationType
from shelters.actions import (
    accept_placement,
    end_placement,
    record_arrival,
    record_emergency,
    refuse_placement,
    reserve_bed,
)
from shelters.models import Bed, EmergencyPlacement, Placement, ShelterTerm
from shelters.rules import Emergency, PlacementRefused, ShelterRefused
from shelters.stays.models import Stay
from shelters.stays.workflow import StayStatus
from shelters.workflow import PlacementStatus, RequestStatus
from tests.factories.cases import doing
from tests.factories.people import make_organisation, sign_in
from tests.factories.shelters import Place, make_request, more_beds, placement_at, same_case

pytestmark = pytest.mark.django_db


def again(place: Place, row: Placement) -> Placement:
    with doing(place.desk):
        return Placement.objects.get(pk=row.pk)


def next_place(place: Place, first: Placement) -> Placement:
    """The bed of the other shelter is kept for who stays in this one."""
    asked = make_request(place, case=same_case(place, first))
    with doing(place.desk):
        return reserve_bed(asked, bed=place.other.bed, by=place.desk, at=timezone.now())


def test_a_transfer_ends_the_old_place_and_begins_the_new_one_at_one_moment(
    client, place: Place
) -> None:
    first = placement_at(PlacementStatus.ARRIVED, place)
    sign_in(client, place.alice)
    asks = client.get(reverse("shelters:request_shelter", args=[first.case_id]))
    assert f"The place in {first.shelter.code_name} stays theirs" in asks.content.decode()
    second = next_place(place, first)
    told = client.get(
        reverse("case_file", args=[first.case_id]), {"open": "shelter"}
    ).content.decode()
    assert "ends by itself" in told
    assert second.shelter.code_name in told
    receiver = place.other.worker
    assert second.follows_id == first.pk
    with doing(receiver):
        accept_placement(second, by=receiver, at=timezone.now())
    assert again(place, first).status == PlacementStatus.ARRIVED
    with doing(receiver):
        early = again(place, first).arrived_at
    with doing(receiver), pytest.raises(PlacementRefused, match="came later"):
        record_arrival(second, by=receiver, at=early)
    assert again(place, second).status == PlacementStatus.ACCEPTED
    with doing(receiver):
        at = timezone.now()
        record_arrival(second, by=receiver, at=at)
    old, new = again(place, first), again(place, second)
    assert (old.status, old.end_reason, old.ended_at) == ("ended", "transferred", at)
    assert (new.status, new.arrived_at) == ("arrived", at)
    assert (old.during.upper, new.during.lower, new.during.upper) == (at, at, None)
    with doing(place.desk):
        assert Stay.objects.get(pk=first.pk).status == StayStatus.OVER
        assert Stay.objects.get(pk=second.pk).status == StayStatus.STAYING
        assert place.house.bed in Bed.objects.visible_to(place.desk).free_at(at)
    with doing(place.worker):
        assert not CaseGrant.objects.opening_to(place.worker).exists()
        told = Notice.objects.filter(kind="placement_ended", organisation=place.worker.organisation)
        assert told.exists()
    with doing(receiver):
        assert CaseGrant.objects.opening_to(receiver).exists()


def test_until_the_arrival_the_next_bed_is_only_kept(place: Place) -> None:
    first = placement_at(PlacementStatus.ARRIVED, place)
    second = next_place(place, first)
    third = make_request(place)
    with doing(place.desk), pytest.raises(PlacementRefused, match="just reserved this bed"):
        reserve_bed(third, bed=place.other.bed, by=place.desk, at=timezone.now())
    with doing(place.other.worker):
        refuse_placement(second, reason="full", by=place.other.worker, at=timezone.now())
    assert again(place, first).status == PlacementStatus.ARRIVED
    with doing(place.desk):  # the request is open again, and the next bed is kept anew
        second = reserve_bed(second.request, bed=place.other.bed, by=place.desk, at=timezone.now())
        asked = second.request
        asked.refresh_from_db()
        assert asked.status == RequestStatus.OFFERED
    with doing(place.other.worker):
        accept_placement(second, by=place.other.worker, at=timezone.now())
    # Accepted, so another request is possible: but no second next bed.
    more = make_request(place, case=same_case(place, first))
    [bed] = more_beds(place.house, 1)
    with doing(place.desk), pytest.raises(PlacementRefused, match="next bed is kept"):
        reserve_bed(more, bed=bed, by=place.desk, at=timezone.now())
    # Who leaves otherwise has the next place as the only one.
    with doing(place.worker):
        end_placement(first, reason="family", by=place.worker, at=timezone.now())
    only, left = again(place, second), again(place, first)
    assert (only.follows_id, only.during.lower) == (None, left.during.upper)
    with doing(place.desk), pytest.raises(PlacementRefused, match="has a bed already"):
        reserve_bed(more, bed=bed, by=place.desk, at=timezone.now())
    with doing(place.other.worker):
        record_arrival(second, by=place.other.worker, at=timezone.now())
    # The database itself keeps a transfer to one person.
    asked, other = make_request(place), again(place, second)
    with (
        doing(place.desk),
        pytest.raises(IntegrityError, match="transfer_begins_where_the_person_stays"),
        transaction.atomic(),
    ):
        Placement.objects.bulk_create(
            [
                Placement(
                    request=asked,
                    case_id=asked.case_id,
                    person_id=asked.person_id,
                    shelter_id=bed.shelter_id,
                    bed=bed,
                    during=(timezone.now(), None),
                    follows=other,
                    reserved_at=timezone.now(),
                    reserved_by=place.desk.user,
                    reserved_until=timezone.now() + timedelta(hours=1),
                )
            ]
        )


def emergency(place: Place, police: Organisation, **changes: object) -> Emergency:
    answers = {
        "request": None,
        "bed": place.house.bed,
        "since": timezone.now() - timedelta(hours=9),
        "placed_by": police,
        "legal_basis": "vital_interest",
        **changes,
    }
    answers["request"] = answers["request"] or make_request(place)
    return Emergency(**answers)


def test_what_the_police_did_at_night_counts_from_that_moment(place: Place) -> None:
    police, desk = make_organisation(OrganisationType.POLICE_UNIT), place.desk
    night = emergency(place, police)
    with doing(desk):
        placement = record_emergency(night, by=desk, at=timezone.now())
    placement = again(place, placement)
    assert (placement.status, placement.during.lower) == ("arrived", night.since)
    with doing(desk):
        kept = EmergencyPlacement.objects.get(placement=placement)
        assert (kept.placed_by_id, kept.recorded_by_id) == (police.pk, desk.user_id)
        night.request.refresh_from_db()
        assert night.request.status == RequestStatus.PLACED
        stay = Stay.objects.get(pk=placement.pk)
        assert stay.agreed_until == timezone.localdate(night.since) + timedelta(days=90)
    with doing(place.worker):
        assert CaseGrant.objects.opening_to(place.worker).exists()
        assert EmergencyPlacement.objects.visible_to(place.worker).exists()
        assert Notice.objects.filter(kind="emergency_placed").exists()
    with doing(place.other.worker):
        assert not EmergencyPlacement.objects.exists()

    def refused(words: str, error: type[Exception], **changes: object) -> None:
        wrong = emergency(place, police, **changes)
        with doing(desk), pytest.raises(error, match=words):
            record_emergency(wrong, by=desk, at=timezone.now())

    other, now = place.other.bed, timezone.now()
    refused("had this bed", PlacementRefused)
    person = same_case(place, placement)
    refused(
        "person had a bed", PlacementRefused, bed=other, request=make_request(place, case=person)
    )
    refused("still to come", ShelterRefused, bed=other, since=now + timedelta(hours=1))
    refused("within 7 days", ShelterRefused, bed=other, since=now - timedelta(days=8))
    refused("only the police", ShelterRefused, bed=other, placed_by=place.worker.organisation)
    # Somebody left this morning: at night the bed was taken.
    with doing(place.worker):
        end_placement(placement, reason="family", by=place.worker, at=now)
    refused("had this bed", PlacementRefused)


def test_nobody_begins_in_a_bed_without_an_emergency(place: Place) -> None:
    asked, now = make_request(place), timezone.now()
    row = Placement(
        request=asked,
        case_id=asked.case_id,
        person_id=asked.person_id,
        shelter=place.house.shelter,
        bed=place.house.bed,
        during=(now, None),
        status=PlacementStatus.ARRIVED,
        reserved_at=now,
        reserved_by=place.desk.user,
        reserved_until=now + timedelta(hours=1),
        answered_at=now,
        answered_by=place.desk.user,
        arrived_at=now,
        arrived_by=place.desk.user,
    )
    with (
        doing(place.desk),
        pytest.raises(IntegrityError, match="placement_begins_as_a_reservation"),
        transaction.atomic(),
    ):
        Placement.objects.bulk_create([row])
    with (
        doing(place.desk),
        pytest.raises(IntegrityError, match="emergency_placement_names_a_known_basis"),
        transaction.atomic(),
    ):
        EmergencyPlacement.objects.bulk_create(
            [
                EmergencyPlacement(
                    placement=row,
                    placed_by=place.desk.organisation,
                    legal_basis="none",
                    recorded_at=now,
                    recorded_by=place.desk.user,
                )
            ]
        )


def test_the_desk_writes_an_emergency_down_on_a_page(client, place: Place) -> None:
    police = make_organisation(OrganisationType.POLICE_UNIT)
    asked = make_request(place)
    sign_in(client, place.desk)
    page = reverse("shelters:emergency", args=[asked.pk])
    assert page in client.get(asked.get_absolute_url()).content.decode()
    since = timezone.localtime() - timedelta(hours=8)
    answers = {
        "bed": place.house.bed.pk,
        "since": f"{since:%d-%m-%Y %H:%M}",
        "placed_by": police.pk,
        "legal_basis": "vital_interest",
    }
    wrong = client.post(page, {**answers, "since": "last night"})
    assert wrong.status_code == 422
    assert "Write a day and a time" in wrong.content.decode()
    late = client.post(page, {**answers, "since": "01-01-2020 10:00"})
    assert (late.status_code, "within 7 days" in late.content.decode()) == (422, True)
    assert client.post(page, answers).status_code == 302
    with doing(place.desk):
        placement = Placement.objects.get(request=asked)
    assert police.name in client.get(placement.get_absolute_url()).content.decode()
    assert client.get(page).status_code == 404


def test_a_term_is_a_version_of_data(place: Place) -> None:
    [first] = ShelterTerm.objects.all()
    assert (first.answer_hours, first.long_days, first.near_days, first.first_days) == (
        4,
        60,
        14,
        90,
    )
    placement = placement_at(PlacementStatus.RESERVED, place)
    assert placement.reserved_until - placement.reserved_at == timedelta(hours=first.answer_hours)
