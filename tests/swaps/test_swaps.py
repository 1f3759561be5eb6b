"""Two who change beds: in one house at once, between two houses when both accepted."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from referral.cases.models import CaseGrant
from referral.notices.models import Notice
from referral.organisations.models import Membership
from shelters.actions import end_placement, refuse_placement, reserve_bed
from shelters.models import Placement
from shelters.rules import PlacementRefused
from shelters.stays.actions import plan_outflow
from shelters.stays.models import Stay
from shelters.stays.rules import Outflow
from shelters.stays.workflow import StayStatus
from shelters.swaps import actions
from shelters.swaps.models import Swap, SwapSide
from shelters.swaps.workflow import SWAP_MOVES, SwapStatus
from shelters.workflow import PlacementStatus
from tests.clients import FormClient
from tests.factories.cases import doing
from tests.factories.matching import ask
from tests.factories.people import sign_in
from tests.factories.shelters import Place, make_house, make_request, more_beds, same_case
from tests.factories.swaps import proposed_swap, staying

pytestmark = pytest.mark.django_db


def now_in(place: Place, *placements: Placement) -> list[Placement]:
    """Where these persons stay now."""
    with doing(place.desk):
        found = Placement.objects.filter(status=PlacementStatus.ARRIVED).select_related("shelter")
        by_person = {one.person_id: one for one in found}
    return [by_person[one.person_id] for one in placements]


def swap_of(place: Place) -> Swap:
    with doing(place.desk):
        return Swap.objects.visible_to(place.desk).get()


def test_two_of_one_house_change_beds_at_once_and_keep_what_was_agreed(
    place: Place, client: FormClient
) -> None:
    worker = place.worker
    first, second = (
        staying(place, place.house, bed) for bed in (place.house.bed, *more_beds(place.house, 1))
    )
    with doing(worker):
        stay = Stay.objects.get(pk=first.pk)
        day = timezone.localdate() + timedelta(days=9)
        plan = Outflow(stay=stay, leave_on=day, destination="own_home", blockers=[])
        plan_outflow(plan, by=worker, at=timezone.now())
    with doing(place.desk):
        Stay.objects.filter(pk=first.pk).update(agreed_until=day + timedelta(days=1))

    sign_in(client, worker)
    assert "Change beds with somebody" in client.get(first.get_absolute_url()).content.decode()
    url = reverse("shelters:swaps:propose", args=[first.pk])
    assert second.request.reference in client.get(url).content.decode()
    for wrong in ({}, {"other": str(first.pk)}, {"reference": second.request.reference}):
        assert client.post(url, wrong).status_code == 422
    page = client.post(url, {"other": str(second.pk)}, follow=True)
    assert "Beds changed" in page.content.decode()
    late = client.post(url, {"other": str(second.pk)}, follow=True)
    assert "Only who stays in a shelter now" in late.content.decode()

    one, two = now_in(place, first, second)
    assert (one.bed_id, two.bed_id) == (second.bed_id, first.bed_id)
    assert one.arrived_at == two.arrived_at == swap_of(place).closed_at
    assert (one.during.upper, one.follows_id, one.request_id) == (None, first.pk, first.request_id)
    with doing(place.desk):
        for old in Placement.objects.filter(pk__in=[first.pk, second.pk]):
            assert (old.status, old.end_reason) == (PlacementStatus.ENDED, "transferred")
            assert old.during.upper == one.arrived_at
        stay = Stay.objects.get(pk=one.pk)
        assert (stay.status, stay.leave_on) == (StayStatus.OUTFLOW_PLANNED, day)
        assert stay.agreed_until == day + timedelta(days=1)
        assert Stay.objects.get(pk=two.pk).status == StayStatus.STAYING
    with doing(worker):
        assert CaseGrant.objects.opening_to(worker).count() == 2
        told = Notice.objects.filter(kind="beds_swapped")
    with doing(place.alice):
        assert told.filter(organisation=place.alice.organisation).count() == 2


def test_nobody_comes_by_a_change_of_beds_where_nobody_may_place_them(place: Place) -> None:
    men = make_house("Change", sexes="male")
    first, second = staying(place, place.house), staying(place, men)
    with pytest.raises(PlacementRefused, match=rf"{first.request.reference} .* {men.shelter}"):
        proposed_swap(place, first, second)
    # Who must be kept apart from the one who leaves may come.
    third = staying(place, place.other)
    with doing(place.desk):
        apart = third.request.case.reference
    fourth = staying(
        place, place.house, *more_beds(place.house, 1), asked=ask(place, apart=[apart])
    )
    assert proposed_swap(place, fourth, third).status == SwapStatus.PROPOSED


def test_between_two_houses_both_accept_before_anybody_moves(
    place: Place, client: FormClient
) -> None:
    first, second = staying(place, place.house), staying(place, place.other)
    one, two = place.worker, place.other.worker
    sign_in(client, place.desk)
    url = reverse("shelters:swaps:propose", args=[first.pk])
    assert "Nobody with that number" in (
        client.post(url, {"reference": "PLR-2020-000000"}).content.decode()
    )
    client.post(url, {"reference": second.request.reference.lower()})
    swap = swap_of(place)
    assert "another change of beds" in (
        client.post(url, {"reference": second.request.reference}).content.decode()
    )

    names = [house.shelter.code_name for house in (place.house, place.other)]
    waits = client.get(reverse("shelters:requests")).content.decode()
    assert all(f"{name} " in waits for name in names)
    assert "Your shelter is asked" not in waits
    sign_in(client, one)
    waits = client.get(reverse("shelters:today")).content.decode()
    assert "Your shelter is asked" in waits
    assert names[1] not in waits
    page = client.get(swap.get_absolute_url()).content.decode()
    assert first.request.reference in page
    assert place.other.shelter.code_name not in page  # nor where the person goes
    assert second.request.reference not in page
    move = reverse("shelters:swaps:move", args=[swap.pk])
    assert client.post(move, {"to": "done"}, follow=True).context["can"]["agreed"]
    assert client.post(move, {"to": "lapsed"}).url == swap.get_absolute_url()
    client.post(move, {"to": "agreed"})
    assert swap_of(place).status == SwapStatus.PROPOSED
    with doing(one), pytest.raises(PlacementRefused, match="has accepted already"):
        actions.accept_swap(swap, by=one, at=timezone.now())
    sign_in(client, two)
    client.post(move, {"to": "agreed"})
    assert swap_of(place).status == SwapStatus.AGREED
    assert now_in(place, first, second) == [first, second]

    # Whoever is transferred elsewhere first has a next place, and does not change beds too.
    asked = make_request(place, case=same_case(place, first))
    with doing(place.desk):
        reserve_bed(asked, bed=more_beds(place.other, 1)[0], by=place.desk, at=timezone.now())
    assert "next bed is kept" in client.post(move, {"to": "done"}, follow=True).content.decode()
    assert now_in(place, first, second) == [first, second]
    with doing(two):
        kept = Placement.objects.get(request=asked)
        refuse_placement(kept, reason="full", by=two, at=timezone.now())
    client.post(move, {"to": "done"})
    moved = now_in(place, first, second)
    assert [p.shelter_id for p in moved] == [second.shelter_id, first.shelter_id]
    with doing(two):
        assert moved[0] in Placement.objects.visible_to(two)
        assert CaseGrant.objects.opening_to(two).count() == 1
        assert SwapSide.objects.count() == 1
        assert not SwapSide.objects.filter(standing=True).exists()
    for member, kind in (
        (one, "swap_proposed"),
        (one, "beds_swapped"),
        (place.desk, "swap_accepted"),
        (place.alice, "beds_swapped"),
    ):
        with doing(member):
            assert Notice.objects.filter(kind=kind, organisation=member.organisation).exists()


def test_who_may_not_propose_and_what_comes_to_nothing(place: Place) -> None:
    first, second = staying(place, place.house), staying(place, place.other)
    one, desk = place.worker, place.desk
    at = timezone.now()

    for by, pair in ((one, (first, second)), (desk, (first, first))):
        with doing(by), pytest.raises((PlacementRefused, Placement.DoesNotExist)):
            actions.propose_swap(*pair, by=by, at=at)
    swap = proposed_swap(place, first, second)

    # Whoever comes to nothing, everybody stays, and may change beds with somebody else.
    for start in (SwapStatus.DECLINED, SwapStatus.WITHDRAWN, SwapStatus.LAPSED):
        with transaction.atomic():
            reach(start, swap, place, first)
            assert swap_of(place).status == start
            with doing(desk):
                assert not SwapSide.objects.filter(standing=True).exists()
                assert second in Placement.objects.filter(status=PlacementStatus.ARRIVED)
            transaction.set_rollback(True)
    early = at - timedelta(hours=2)
    reach(SwapStatus.AGREED, swap, place, first)
    with doing(desk), pytest.raises(PlacementRefused, match="came later"):
        actions.carry_out_swap(swap, by=desk, at=early)
    assert now_in(place, first, second) == [first, second]


def test_every_pair_of_statuses_is_judged_alike_by_table_and_trigger(place: Place) -> None:
    first, second = staying(place, place.house), staying(place, place.other)
    swap = proposed_swap(place, first, second)
    ends = {"closed_at": timezone.now(), "closed_by": place.desk.user}
    for start in SwapStatus:
        with transaction.atomic():
            reach(start, swap, place, first)
            for goal in set(SwapStatus) - {start}:
                sides = {side.value for side in SWAP_MOVES[start].get(goal, ())}
                if goal == SwapStatus.AGREED:
                    continue  # only with both answers; see the story of two houses
                values = {} if goal == SwapStatus.PROPOSED else ends
                for side, member in (("shelter", place.worker), ("desk", place.desk)):
                    moved = written(swap, member, status=goal, **values)
                    assert moved is (side in sides), (start, goal, side)
            transaction.set_rollback(True)
    assert not written(swap, place.other.worker, status=SwapStatus.AGREED)


def test_every_sentence_of_the_tables_is_kept(place: Place) -> None:
    first, second = staying(place, place.house), staying(place, place.other)
    one, two, desk, at = place.worker, place.other.worker, place.desk, timezone.now()
    proposed_swap(place, first, second)
    with doing(one):  # a shelter answers for itself
        assert not SwapSide.objects.filter(house=two.organisation_id).exists()
        assert SwapSide.objects.update(answered_at=at, answered_by=one.user) == 1
        transaction.set_rollback(True)
    with doing(place.alice):
        assert not Swap.objects.exists()
        assert not SwapSide.objects.exists()
    with doing(desk):
        side, _other = SwapSide.objects.order_by("number")
        another = Swap.objects.create(proposed_at=at, proposed_by=desk.user)
        facts = {"swap": another, "house_id": side.house_id, "sex": "x", "age_group": "15-17"}
        for sentence, values in (
            ("placement_is_in_one_swap_at_a_time", {"placement": first, "number": 2}),
            ("swap_has_two_sides", {"placement": first, "number": 3}),
            ("swap_side_is_of_who_stays_there", {"placement": second, "number": 1}),
        ):
            with pytest.raises(IntegrityError, match=sentence), transaction.atomic():
                SwapSide.objects.create(**facts, **values)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET LOCAL ROLE baken_owner")
            for table in ("swap", "swapside"):
                cursor.execute(
                    f"ALTER TABLE swaps_{table} DISABLE TRIGGER USER, DISABLE ROW LEVEL SECURITY"
                )
        for sentence, model, values in (
            ("swap_status_is_known", Swap, {"status": "gone"}),
            ("swap_that_is_decided_has_time_and_name", Swap, {"status": "done"}),
            ("swap_has_each_side_once", SwapSide, {"number": 1}),
            ("answer_to_a_swap_has_time_and_name", SwapSide, {"answered_at": at}),
            ("swap_needs_are_known", SwapSide, {"needs": ["pool"]}),
        ):
            with pytest.raises(IntegrityError, match=sentence), transaction.atomic():
                model.objects.update(**values)
        transaction.set_rollback(True)


def reach(status: SwapStatus, swap: Swap, place: Place, first: Placement) -> None:
    """From proposed to this status."""
    one, two, desk, at = place.worker, place.other.worker, place.desk, timezone.now()
    deeds = {
        SwapStatus.PROPOSED: [],
        SwapStatus.AGREED: [(actions.accept_swap, one), (actions.accept_swap, two)],
        SwapStatus.DECLINED: [(actions.decline_swap, one)],
        SwapStatus.WITHDRAWN: [(actions.withdraw_swap, desk)],
    }
    deeds[SwapStatus.DONE] = [*deeds[SwapStatus.AGREED], (actions.carry_out_swap, desk)]
    for deed, by in deeds.get(status, []):
        with doing(by):
            deed(swap, by=by, at=at)
    if status == SwapStatus.LAPSED:
        with doing(one):
            end_placement(first, reason="family", by=one, at=at)


def written(swap: Swap, by: Membership, **values: object) -> bool:
    """Whether the database lets the row be written so; nothing of it stays."""
    try:
        with doing(by):
            done = bool(Swap.objects.filter(pk=swap.pk).update(**values))
            transaction.set_rollback(True)
            return done
    except IntegrityError:
        return False
