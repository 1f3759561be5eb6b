"""The board over twelve weeks, asked again and again; and who come together."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from referral.access.context import acting
from shelters.actions import (
    accept_placement,
    add_bed,
    board_stamp,
    board_turns,
    reserve_bed,
    set_out_of_order,
)
from shelters.actions.holding import BOARD
from shelters.matching.actions.gathering import soon_left
from shelters.matching.models import Override, OverrideReason
from shelters.models import FamilyStay, Placement, PlacementRequest
from shelters.stays.actions import plan_outflow
from shelters.stays.models import Stay
from shelters.stays.rules import Outflow
from shelters.workflow import PlacementStatus, RequestStatus
from tests.clients import FormClient
from tests.factories.people import sign_in
from tests.factories.shelters import Place, make_request, more_beds, placement_at

pytestmark = pytest.mark.django_db


def text(response: object) -> str:
    return response.content.decode()


def test_the_board_knows_twelve_weeks_and_answers_an_unchanged_poll_with_nothing(
    client: FormClient,
    place: Place,
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]],
) -> None:
    at, manager = timezone.now(), place.house.manager
    first, second = more_beds(place.house, 2)
    days = timedelta(days=1)
    with acting(manager, purpose="test"):
        set_out_of_order(first, until=at + 10 * days, by=manager, at=at)
        set_out_of_order(second, since=at + 20 * days, until=at + 30 * days, by=manager, at=at)
    placement_at(PlacementStatus.RESERVED, place)  # of three beds here one; one free elsewhere
    sign_in(client, place.desk)
    board = reverse("shelters:board")
    page = client.get(board)
    [counts] = page.context["weeks"].values()
    assert counts == [2, 2, 3, 2, 2, *[3] * 8]
    assert [bar.free for bar in page.context["bars"]] == counts
    assert text(page).count("<rect") == 13
    beds = client.get(reverse("shelters:beds", args=[place.house.shelter.pk]))
    states = {bed.code: [state[0] for state in states] for bed, states in beds.context["weeks"]}
    assert states == {
        "1": ["r"] * 13,
        first.code: [*"oo", *"f" * 11],
        second.code: [*"fffoo", *"f" * 8],
    }

    poll = {"hx-request": "true", "x-seen": page.context["stamp"]}
    with acting(place.desk, purpose="test"), transaction.atomic():
        held = Placement.objects.get(status=PlacementStatus.RESERVED)
        turns = [board_turns(by=place.desk, at=at + n * days) for n in (0, 15, 40)]
    assert turns == [min(held.reserved_until, at + 10 * days), at + 20 * days, None]
    past = f"{board_stamp()}.{at.timestamp() - 1:.0f}"
    for seen in (past, f"{board_stamp()}.soon", "other.9999999999", ""):
        assert client.get(board, headers={**poll, "x-seen": seen}).status_code == 200
    with CaptureQueriesContext(connection) as asked:
        again = client.get(board, headers=poll)
    assert (again.status_code, again.content) == (204, b"")
    assert not any("shelters_" in query["sql"] for query in asked)
    with django_capture_on_commit_callbacks(execute=True), acting(manager, purpose="test"):
        add_bed(place.house.shelter, code="Y", by=manager, at=at)
    assert client.get(board, headers=poll).status_code == 200
    cache.delete(BOARD)
    assert client.get(board, headers=poll).status_code == 200


def test_a_stay_that_ends_by_plan_is_seen_ahead_and_its_bed_stays_hers_until_then(
    client: FormClient,
    place: Place,
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]],
) -> None:
    at, worker = timezone.now(), place.worker
    placed, asked = placement_at(PlacementStatus.ARRIVED, place), make_request(place)
    day = timezone.localdate(at) + timedelta(days=5)
    sign_in(client, place.desk)
    board = reverse("shelters:board")
    agreed = client.get(board)  # for ninety days, which is beyond the twelve weeks
    assert [bar.planned for bar in agreed.context["bars"]] == [0] * 13
    with django_capture_on_commit_callbacks(execute=True), acting(worker, purpose="test"):
        plan = Outflow(
            stay=Stay.objects.get(pk=placed.pk), leave_on=day, destination="own_home", blockers=[]
        )
        plan_outflow(plan, by=worker, at=at)
    seen = {"hx-request": "true", "x-seen": agreed.context["stamp"]}
    page = client.get(board, headers=seen)
    assert page.status_code == 200
    assert [bar.planned for bar in page.context["bars"]] == [0] + [1] * 12
    assert {bed.pk: free_on for bed, free_on in page.context["lines"]} == {
        place.house.bed.pk: day,
        place.other.bed.pk: None,
    }
    assert "becomes free" in text(page)
    assert text(page).count("<rect") == 25
    beds = client.get(reverse("shelters:beds", args=[place.house.shelter.pk]))
    [(_bed, states)] = beds.context["weeks"]
    assert states == ["occupied"] + ["by_plan"] * 12

    wanted = asked.get_absolute_url()
    found = client.get(wanted).context["found"]
    assert [one.can_reserve for one in found] == [True, False]  # free now goes first
    assert "expected to be free on" in text(client.get(wanted))
    url = reverse("shelters:reserve", args=[asked.pk])
    refused = client.post(url, {"bed": placed.bed_id, "reason": "no_other"}, follow=True)
    assert "has just reserved this bed" in text(refused)
    # Nobody waits for the bed in which they are, or knows when somebody leaves who is late.
    with acting(place.desk, purpose="test"):
        late = at + timedelta(days=6)
        assert not soon_left(at, by=place.desk, but=placed.person_id)
        assert not soon_left(late, by=place.desk, but=asked.person_id)
        assert soon_left(at, by=place.desk, but=asked.person_id) == {placed.bed_id: day}


def test_a_family_gets_its_beds_together_or_not_at_all(client: FormClient, place: Place) -> None:
    mother, child, aunt = (make_request(place) for _ in range(3))
    one, two = place.house.bed, more_beds(place.house, 1)[0]
    sign_in(client, place.desk)
    url = reverse("shelters:family", args=[mother.pk])
    assert child.reference in text(client.get(url))
    assert "Choose at least one person" in text(client.get(url, {"look": "1"}))
    assert "No shelter has a free bed" in text(client.get(url, {"people": [child.pk, aunt.pk]}))
    page = client.get(url, {"people": [child.pk]})
    [(house, given, _type)] = page.context["houses"]
    assert {bed.pk for bed in house.beds} == {one.pk, two.pk}
    assert {words.words for words in given[0][2].against} == {
        "not known yet: without Dutch nationality",
        "not known yet: in the reflection period",
    }

    asked: dict[str, object] = {"pairs": [f"{mother.pk} {one.pk}", f"{child.pk} {two.pk}"]}
    assert "Say why you choose this place" in text(client.post(url, asked, follow=True))
    asked["reason"] = OverrideReason.AGREED
    wrong = {
        "another bed for each": [f"{mother.pk} {one.pk}", f"{child.pk} {one.pk}"],
        "in one shelter": [f"{mother.pk} {one.pk}", f"{child.pk} {place.other.bed.pk}"],
        "two people or more": [f"{mother.pk} {one.pk}"],
    }
    for words, pairs in wrong.items():
        assert words in text(client.post(url, {"pairs": pairs}, follow=True))
    for unknown in ("x y", "x", f"{one.pk} {one.pk}"):
        assert client.post(url, {"pairs": [unknown]}).status_code == 404
    with acting(place.desk, purpose="test"):
        taken = reserve_bed(aunt, bed=two, by=place.desk, at=timezone.now())
    refused = client.post(url, asked, follow=True)
    assert "has just reserved this bed" in text(refused)
    assert refused.context["people"] == [mother, child]  # to choose other beds for the same
    with acting(place.desk, purpose="test"):
        assert Placement.objects.count() == 1  # nothing of it stayed
        assert PlacementRequest.objects.get(pk=mother.pk).status == RequestStatus.SUBMITTED

    with acting(place.worker, purpose="test"):
        extra = add_bed(place.house.shelter, code="X", by=place.worker, at=timezone.now())
    asked["pairs"] = [f"{mother.pk} {one.pk}", f"{child.pk} {extra.pk}"]
    assert "answers for all at once" in text(client.post(url, asked, follow=True))
    with acting(place.desk, purpose="test"):
        stays = list(FamilyStay.objects.visible_to(place.desk).select_related("placement"))
        assert len({stay.family for stay in stays}) == 1
    page = client.get(Placement(pk=stays[0].placement_id).get_absolute_url())
    assert "Comes together with" in text(page)
    with acting(place.desk, purpose="test"):
        assert {one.placement for one in Override.objects.all()} == {s.placement for s in stays}
        with (
            pytest.raises(IntegrityError, match="family_stays_in_one_shelter"),
            transaction.atomic(),
        ):
            FamilyStay.objects.create(placement=taken, family=stays[0].family)
    with acting(place.worker, purpose="test"):
        accept_placement(stays[0].placement, by=place.worker, at=timezone.now())
        statuses = Placement.objects.visible_to(place.worker).exclude(pk=taken.pk)
        assert {placement.status for placement in statuses} == {PlacementStatus.ACCEPTED}
    with acting(place.country.charlie, purpose="test"):
        assert not FamilyStay.objects.exists()
