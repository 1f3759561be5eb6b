"""The pages of shelter, walked by the right people, with bad input, and by the wrong ones."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from referral.access.context import acting
from referral.audit.models import AuditEvent
from referral.notices.models import Notice
from referral.organisations.models import Membership
from referral.organisations.roles import Role
from referral.sharing.models import Purpose
from shelters.actions import list_home_shelters
from shelters.models import BedOutage, Placement, PlacementRequest
from shelters.workflow import PlacementStatus, RequestStatus
from tests.clients import FormClient
from tests.factories.cases import CaseStatus, case_at, give_consent
from tests.factories.people import make_member, sign_in
from tests.factories.shelters import CANARIES, Place, make_request, placement_at, request_at

pytestmark = pytest.mark.django_db
ANSWERS = {"urgency": "2_day", "sex": "female", "age_group": "23-29", "needs": ["children"]}


def text(response: object) -> str:
    return response.content.decode()


def test_a_coordinator_asks_shelter_and_follows_the_request(client: Client, place: Place) -> None:
    case = case_at(CaseStatus.ACTIVE, place.country)
    sign_in(client, place.alice)
    url = reverse("shelters:request_shelter", args=[case.pk])
    assert client.get(url).status_code == 200

    refused = client.post(url, ANSWERS)
    assert refused.status_code == 422
    assert "There is no consent" in text(refused)
    assert client.post(url, {**ANSWERS, "urgency": "soon"}).status_code == 422
    assert "does not ask for: shelter" in text(client.post(url, {**ANSWERS, "shelter": "1"}))

    give_consent(case, Purpose.PLACEMENT, by=place.alice)
    assert client.post(url, {**ANSWERS, "idempotency_key": "k"}).status_code == 302
    assert client.post(url, {**ANSWERS, "idempotency_key": "k"}).status_code == 302
    again = client.post(url, ANSWERS)
    assert "asked for already" in text(again)
    with acting(place.alice, purpose="test"):
        request = PlacementRequest.objects.get()

    page = client.get(request.get_absolute_url())
    assert "Withdraw this request" in text(page)
    assert "Reserve this bed" not in text(page)
    client.post(reverse("shelters:cancel", args=[request.pk]))
    assert "Cancelled" in text(client.get(request.get_absolute_url()))


def test_the_desk_finds_a_bed_and_the_shelter_takes_the_person_in(
    client: Client, place: Place
) -> None:
    request = make_request(place, needs=["children"])
    sign_in(client, place.desk)
    assert request.reference in text(client.get(reverse("shelters:requests")))
    page = text(client.get(request.get_absolute_url()))
    assert "has no room for children" in page
    assert "Does not fit" in page
    reserve = reverse("shelters:reserve", args=[request.pk])
    assert client.post(reserve, {"bed": "nonsense"}).status_code == 404
    answers = {"bed": place.house.bed.pk, "reason": "agreed"}
    said = client.post(reserve, answers, follow=True)
    assert "is reserved" in text(said)
    said = client.post(reserve, answers, follow=True)
    assert "can no longer be done" in text(said)

    worker = sign_in(FormClient(headers={"accept-language": "en"}), place.worker)
    today = text(worker.get(reverse("shelters:today")))
    assert request.reference in today
    assert "3 hours left" in today or "4 hours left" in today
    with acting(place.desk, purpose="test"):
        placement = Placement.objects.get()
    worker.post(reverse("shelters:accept", args=[placement.pk]))
    worker.post(reverse("shelters:arrive", args=[placement.pk]))
    assert "Who stays here" in text(worker.get(reverse("shelters:today")))
    page = text(worker.get(placement.get_absolute_url()))
    assert "To the case" in page
    end = reverse("shelters:end", args=[placement.pk])
    assert "Did not arrive" not in text(worker.get(end))
    assert worker.post(end, {"reason": "bored"}).status_code == 422
    assert worker.post(end, {"reason": "never_arrived"}).status_code == 422
    assert "The bed is free" in text(worker.post(end, {"reason": "own_home"}, follow=True))
    assert worker.get(end).status_code == 302


def test_a_shelter_refuses_with_a_reason(client: Client, place: Place) -> None:
    placement = placement_at(PlacementStatus.RESERVED, place)
    sign_in(client, place.worker)
    url = reverse("shelters:refuse", args=[placement.pk])
    assert "Not our target group" in text(client.get(url))
    assert client.post(url, {}).status_code == 422
    assert "The desk looks further" in text(client.post(url, {"reason": "full"}, follow=True))
    assert client.get(url).status_code == 302
    late = client.post(url, {"reason": "safety"}, follow=True)
    assert "that can no longer be done" in text(late)
    with acting(place.desk, purpose="test"):
        assert PlacementRequest.objects.get().status == RequestStatus.SUBMITTED


def test_nobody_left_who_never_came(client: Client, place: Place) -> None:
    placement = placement_at(PlacementStatus.ACCEPTED, place)
    sign_in(client, place.worker)
    url = reverse("shelters:end", args=[placement.pk])
    assert "Did the person not come?" in text(client.get(url))
    assert "did not come. The bed is free." in text(
        client.post(url, {"reason": "never_arrived"}, follow=True)
    )


def test_too_late_is_said_in_words(client: Client, place: Place) -> None:
    placement = placement_at(
        PlacementStatus.RESERVED, place, at=timezone.now() - timedelta(hours=5)
    )
    sign_in(client, place.worker)
    assert placement.request.reference not in text(client.get(reverse("shelters:today")))
    url = reverse("shelters:accept", args=[placement.pk])
    assert "time to answer is over" in text(client.post(url, follow=True))


def test_a_shelter_takes_a_bed_out_and_brings_it_back(client: Client, place: Place) -> None:
    sign_in(client, place.house.manager)
    bed = place.house.bed
    url = reverse("shelters:out_of_order", args=[bed.pk])
    assert "The bed is out of order" in text(client.post(url, follow=True))
    assert "at that time already" in text(client.post(url, follow=True))
    back = client.post(reverse("shelters:in_order", args=[bed.pk]), follow=True)
    assert "can be used again" in text(back)
    with acting(place.house.manager, purpose="test"):
        assert not BedOutage.objects.filter(during__endswith__isnull=True).exists()


def test_the_board_counts_filters_and_comes_again_by_itself(client: Client, place: Place) -> None:
    placement_at(PlacementStatus.RESERVED, place)
    sign_in(client, place.desk)
    board = reverse("shelters:board")
    page = client.get(board)
    assert text(page).count('data-label="Shelter"') == 2
    assert 'hx-trigger="every' in text(page)
    assert text(client.get(board, {"state": "free"})).count('data-label="Shelter"') == 1
    assert "No beds fit" in text(client.get(board, {"type": "vo"}))
    assert client.get(board, {"type": "x", "region": "x", "state": "x"}).status_code == 200
    by_region = client.get(board, {"by": "region"})
    assert by_region.context["totals"] == [(place.house.shelter.safety_region.name, [1, 1, 0, 0])]
    assert client.get(board).context["totals"][0][1] == [1, 1, 0, 0]
    part = client.get(board, headers={"hx-request": "true"})
    assert "<html" not in text(part)


def test_an_address_opens_with_a_purpose_a_line_in_the_trail_and_a_notice(
    client: Client, place: Place
) -> None:
    placement_at(PlacementStatus.ARRIVED, place)
    sign_in(client, place.alice)
    url = reverse("shelters:reveal_address", args=[place.house.shelter.pk])
    for answer in (client.get(url), client.post(url, {}), client.post(url, {"purpose": "x"})):
        assert not any(word in text(answer) for word in CANARIES)
    shown = client.post(url, {"purpose": "visit"})
    assert all(word in text(shown) for word in CANARIES)
    assert "no-store" in shown["cache-control"]
    with acting(make_member(Role.AUDITOR), purpose="test"):
        line = AuditEvent.objects.get(action="shelter_address_revealed")
    assert (line.actor_id, line.purpose) == (place.alice.user_id, "visit")
    assert line.object_id == str(place.house.shelter.pk)
    with acting(place.house.manager, purpose="test"):
        assert Notice.objects.filter(kind="address_revealed").count() == 1


def test_the_desk_reveals_every_address_and_a_shelter_only_its_own(
    client: Client, place: Place
) -> None:
    url = reverse("shelters:reveal_address", args=[place.house.shelter.pk])
    sign_in(client, place.desk)
    desk = text(client.post(url, {"purpose": "check"}))
    assert CANARIES[0] in desk
    assert "the shelter is told" in desk
    sign_in(client, place.worker)
    own = text(client.post(url, {"purpose": "check"}))
    assert CANARIES[0] in own
    assert "the shelter is told" not in own + text(client.get(url))
    sign_in(client, place.other.worker)
    assert client.post(url, {"purpose": "check"}).status_code == 404
    sign_in(client, place.alice)  # nobody of hers stays there
    assert client.post(url, {"purpose": "check"}).status_code == 404
    assert client.get(reverse("shelters:shelter", args=[place.house.shelter.pk])).status_code == 200


WRONG: dict[str, Callable[[Place], Membership]] = {
    "officer": lambda place: place.country.officer,
    "other region": lambda place: place.country.charlie,
    "other shelter": lambda place: place.other.worker,
    "registrar": lambda place: place.country.desk,
}


@pytest.mark.parametrize("who", WRONG)
def test_for_the_wrong_person_it_is_not_there(client: Client, place: Place, who: str) -> None:
    placement = placement_at(PlacementStatus.ARRIVED, place)
    sign_in(client, WRONG[who](place))
    asks = [
        ("request_shelter", placement.case_id),
        ("request", placement.request_id),
        ("placement", placement.pk),
        ("refuse", placement.pk),
        ("end", placement.pk),
        ("reveal_address", place.house.shelter.pk),
    ]
    for name, key in asks:
        assert client.get(reverse(f"shelters:{name}", args=[key])).status_code == 404, name
    sends = [
        ("reserve", placement.request_id),
        ("cancel", placement.request_id),
        ("accept", placement.pk),
        ("arrive", placement.pk),
        ("out_of_order", place.house.bed.pk),
        ("in_order", place.house.bed.pk),
    ]
    for name, key in sends:
        assert client.post(reverse(f"shelters:{name}", args=[key])).status_code == 404, name
    for name in ("requests", "board"):
        assert client.get(reverse(f"shelters:{name}")).status_code == 404, name


@pytest.mark.parametrize("status", PlacementStatus)
def test_the_case_file_shows_where_shelter_stands(
    client: Client, place: Place, status: PlacementStatus
) -> None:
    placement = placement_at(status, place)
    sign_in(client, place.alice)
    page = text(client.get(reverse("shelters:placement", args=[placement.pk])))
    assert str(placement.get_status_display()) in page
    assert "Which bed" not in page


@pytest.mark.parametrize("status", RequestStatus)
def test_every_status_of_a_request_has_its_page(
    client: Client, place: Place, status: RequestStatus
) -> None:
    request = request_at(status, place)
    sign_in(client, place.desk)
    page = text(client.get(request.get_absolute_url()))
    assert ("Reserve this bed" in page) == (status == RequestStatus.SUBMITTED)


def test_the_home_page_shows_each_role_its_own_work(place: Place) -> None:
    make_request(place, urgency="1_crisis")
    placement_at(PlacementStatus.RESERVED, place)
    kinds = {}
    for member in (place.alice, place.desk, place.worker, place.country.officer):
        with acting(member, purpose="test"):
            home = list_home_shelters(by=member, at=timezone.now())
            kinds[member.role] = home and (home.kind, len(home.requests), len(home.offers))
    assert kinds == {
        "zc": ("coordinator", 2, 0),
        "com_placement": ("desk", 1, 0),
        "shelter_worker": ("shelter", 0, 1),
        "le_police": None,
    }


def test_every_look_is_written_in_the_trail(client: Client, place: Place) -> None:
    placement = placement_at(PlacementStatus.ARRIVED, place)
    sign_in(client, place.desk)
    for url in (
        reverse("shelters:requests"),
        reverse("shelters:board"),
        placement.get_absolute_url(),
        placement.request.get_absolute_url(),
        place.house.shelter.get_absolute_url(),
    ):
        client.get(url)
    with acting(make_member(Role.AUDITOR), purpose="test"):
        lines = AuditEvent.objects.filter(actor_id=place.desk.user_id)
        actions = set(lines.values_list("action", flat=True))
    assert actions >= {
        "shelter_requests_listed",
        "bed_board_listed",
        "placement_opened",
        "shelter_request_opened",
        "shelter_opened",
    }
