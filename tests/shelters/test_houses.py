"""A shelter says what it offers, the desk what it is; beds come and go; an address moves."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from referral.access.context import acting
from referral.access.models import DataKey
from referral.audit.models import AuditEvent
from referral.notices.models import Notice
from referral.organisations.roles import Role
from shelters.actions import reserve_bed, set_contract, set_standing, withdraw_bed
from shelters.models import Bed, Contract, Placement, Shelter, ShelterAddress
from shelters.rules import Agreement, PlacementRefused, ShelterRefused, Standing
from shelters.workflow import PlacementStatus
from tests.clients import FormClient
from tests.factories.people import make_member, sign_in
from tests.factories.shelters import (
    CANARIES,
    Place,
    make_request,
    more_beds,
    pay_for_places,
    placement_at,
)

pytestmark = pytest.mark.django_db
OFFER = {
    "sexes": "female", "min_age": "18", "max_age": "", "children": "on", "pets": "on",
    "security": "secret", "target_groups": ["trafficking"], "expertise": ["addiction"],
    "languages": ["nl", "ro"],
}  # fmt: skip
NEW_ADDRESS = {"street": "Kanariestraat 913", "postcode": "9999ZQ", "town": "Vogelwaarde"}


def text(response: object) -> str:
    return response.content.decode()


def trail(action: str) -> int:
    with acting(make_member(Role.AUDITOR), purpose="test"):
        return AuditEvent.objects.filter(action=action).count()


def test_a_shelter_says_what_it_offers_and_the_desk_what_it_is(
    client: FormClient, place: Place
) -> None:
    shelter = place.house.shelter
    worker = sign_in(FormClient(headers={"accept-language": "en"}), place.worker)
    offer = reverse("shelters:offer", args=[shelter.pk])
    assert 'name="languages"' in text(worker.get(offer))
    for wrong in ({"max_age": "12"}, {"expertise": ["cooking"]}, {"type": "vo"}):
        assert worker.post(offer, {**OFFER, **wrong}).status_code == 422
    page = text(worker.post(offer, OFFER, follow=True))
    for words in ("Addiction care", "Dutch, Romanian", "Victims of human trafficking", "from 18"):
        assert words in page
    assert "Change type, region or use" not in page

    sign_in(client, place.desk)
    standing = reverse("shelters:standing", args=[shelter.pk])
    said = {
        "code_name": place.other.shelter.code_name,
        "type": "vo",
        "safety_region": shelter.safety_region_id,
        "active": "on",
    }
    assert "has this code name already" in text(client.post(standing, said))
    page = text(client.post(standing, {**said, "code_name": "Nachtegaal"}, follow=True))
    assert "Nachtegaal" in page
    assert "Women&#x27;s shelter" in page
    assert trail("shelter_offer_set") == trail("shelter_standing_set") == 1
    with acting(place.worker, purpose="test"):
        assert Notice.objects.filter(kind="shelter_changed").count() == 1
        with pytest.raises(PlacementRefused, match="Only the placement desk"):
            set_standing(
                shelter,
                Standing(code_name="X", type="vo", safety_region=shelter.safety_region),
                by=place.worker,
                at=timezone.now(),
            )
        with (
            pytest.raises(IntegrityError, match="kind_of_shelter_is_the_desks"),
            transaction.atomic(),
        ):
            Shelter.objects.filter(pk=shelter.pk).update(type="cosm")


def test_contract_capacity_is_data_with_validity(client: FormClient, place: Place) -> None:
    shelter = place.house.shelter
    first = pay_for_places(place, 12)
    sign_in(client, place.desk)
    url = reverse("shelters:contract", args=[shelter.pk])
    said = {"funding": "state", "places": "20", "valid_from": "01-11-2026"}
    assert "holds already since" in text(client.post(url, {**said, "valid_from": "31-12-2025"}))
    assert client.post(url, {**said, "places": "2001"}).status_code == 422
    page = text(client.post(url, said, follow=True))
    client.post(url, {**said, "places": "22"})
    page = text(client.post(url, {**said, "funding": "centre", "places": "3"}, follow=True))
    today = timezone.localdate()
    assert ("25 places are paid now" in page) == (today >= date(2026, 11, 1))
    with acting(place.desk, purpose="test"):
        first.refresh_from_db()
        assert first.valid.upper == date(2026, 11, 1)
        assert Contract.objects.visible_to(place.desk).valid_on(date(2026, 6, 1)).get() == first
        with pytest.raises(ShelterRefused, match="at most 2000"):
            set_contract(
                Agreement(shelter=shelter, funding="state", places=2001, valid_from=today),
                by=place.desk,
                at=timezone.now(),
            )
    sign_in(client, place.worker)
    assert "The centre municipality" in text(client.get(shelter.get_absolute_url()))
    sign_in(client, place.alice)
    assert "The centre municipality" not in text(client.get(shelter.get_absolute_url()))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL ROLE baken_owner")
        cursor.execute("ALTER TABLE shelters_contract DISABLE ROW LEVEL SECURITY")
    for name, values in {
        "contract_is_paid_by_a_known_funder": {"funding": "lottery"},
        "contract_has_a_possible_number_of_places": {"places": 2001},
        "contract_has_a_first_day": {"valid": (None, today)},
        "funder_has_one_contract_at_a_time": {"funding": "other", "valid": (today, None)},
    }.items():
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Contract.objects.update(**values)


def test_the_desk_adds_a_shelter_and_an_address_that_moves_is_wiped(
    client: FormClient, place: Place
) -> None:
    sign_in(client, place.desk)
    new = {
        "organisation": place.house.shelter.organisation_id, "code_name": "Nachtegaal",
        "type": "crisis", "safety_region": place.house.shelter.safety_region_id, **NEW_ADDRESS,
    }  # fmt: skip
    url = reverse("shelters:new")
    assert client.post(url, {**new, "town": ""}).status_code == 422
    page = text(client.post(url, new, follow=True))
    assert "Nachtegaal" in page
    assert not any(word in page for word in CANARIES)
    with acting(place.desk, purpose="test"):
        shelter = Shelter.objects.get(code_name="Nachtegaal")
        old = ShelterAddress.objects.get(pk=shelter.pk)
        sealed, key = bytes(old.sealed), old.key_id

    move = reverse("shelters:move", args=[shelter.pk])
    assert not any(word in text(client.get(move)) for word in CANARIES)
    moved = {"street": "Elders 1", "postcode": "1234AB", "town": "Nergens"}
    page = text(client.post(move, moved, follow=True))
    assert "can no longer be read" in page
    assert "Nergens" not in page
    with acting(place.desk, purpose="test"):
        now = ShelterAddress.objects.get(pk=shelter.pk)
        assert bytes(now.sealed) != sealed
        assert not DataKey.objects.filter(pk=key).exists()
    assert trail("shelter_address_set") == 4  # of two houses, of the new one, and of its move
    sign_in(client, place.other.worker)
    assert client.get(move).status_code == 404


def test_beds_are_added_named_out_of_order_for_days_and_withdrawn(
    client: FormClient, place: Place
) -> None:
    shelter, bed = place.house.shelter, place.house.bed
    sign_in(client, place.worker)
    beds = reverse("shelters:beds", args=[shelter.pk])
    added = client.post(beds, {"code": "7", "kind": "family", "unit": "Ground floor"}, follow=True)
    assert "Ground floor" in text(added)
    twice = client.post(beds, {"code": "7", "kind": "single", "unit": ""})
    assert "of that name already" in text(twice)
    with acting(place.worker, purpose="test"):
        seven = Bed.objects.get(code="7")
    url = reverse("shelters:bed", args=[seven.pk])
    client.post(url, {"code": "8", "kind": "crisis", "unit": "First floor"})
    assert "First floor" in text(client.get(beds))

    out = reverse("shelters:out_of_order", args=[seven.pk])
    soon = timezone.localdate() + timedelta(days=3)
    days = {"since": soon.isoformat(), "until": (soon + timedelta(days=4)).isoformat()}
    assert client.post(out, {"since": days["until"], "until": days["since"]}).status_code == 422
    assert "out of order" in text(client.post(out, days, follow=True))
    page = text(client.get(url))
    assert "Withdraw the place" in page  # free until then
    assert page.count('<li class="card">From') == 1

    placement_at(PlacementStatus.ARRIVED, place)
    kept = client.post(reverse("shelters:withdraw_bed", args=[bed.pk]), follow=True)
    assert "Somebody has this bed" in text(kept)
    gone = client.post(reverse("shelters:withdraw_bed", args=[seven.pk]), follow=True)
    assert "First floor" not in text(gone)
    assert client.get(url).status_code == 404
    request = make_request(place)
    with acting(place.desk, purpose="test"), pytest.raises(Bed.DoesNotExist):
        reserve_bed(request, bed=seven, by=place.desk, at=timezone.now())
    at, extra = timezone.now(), more_beds(place.house, 1)[0]
    with acting(place.worker, purpose="test"):
        withdraw_bed(extra, by=place.worker, at=at)
    row = Placement(
        request=request,
        case_id=request.case_id,
        person_id=request.person_id,
        shelter=shelter,
        bed=extra,
        during=(at, None),
        reserved_at=at,
        reserved_by=place.desk.user,
        reserved_until=at + timedelta(hours=1),
    )
    with (
        acting(place.desk, purpose="test"),
        pytest.raises(IntegrityError, match="withdrawn_bed_is_not_placed"),
        transaction.atomic(),
    ):
        row.save(force_insert=True)
    assert (trail("bed_renamed"), trail("bed_withdrawn")) == (1, 2)


def test_of_two_who_save_a_profile_the_second_sees_both_versions(
    client: FormClient, place: Place
) -> None:
    shelter = place.house.shelter
    for name, said, other, shown in (
        (
            "shelters:offer",
            {"sexes": "all", "min_age": "18", "security": "secret", "languages": ["pl"]},
            {"min_age": "21"},
            "from 21",
        ),
        (
            "shelters:standing",
            {"code_name": "Alk", "type": "vo", "safety_region": "VR01", "active": "on"},
            {"code_name": "Merel"},
            "Merel",
        ),
    ):
        url = reverse(name, args=[shelter.pk])
        sign_in(client, place.desk)
        seen = client.get(url).context["form"]["seen"].value()
        assert client.post(url, {**said, **other, "seen": seen}).status_code == 302
        page = client.post(url, {**said, "seen": seen})
        assert page.status_code == 422
        assert "What your colleague kept" in text(page)
        assert shown in text(page)
        newer = page.context["form"]["seen"].value()
        assert client.post(url, {**said, "seen": newer}).status_code == 302
