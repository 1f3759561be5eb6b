"""Asking, places with reasons, deviating with a reason, and proposals, end to end."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from referral.access.context import acting, service
from referral.audit.models import AuditEvent
from referral.cases.workflow import CaseStatus
from referral.geography.models import SafetyRegion
from referral.organisations.roles import Role
from referral.sharing.models import Purpose
from shelters.actions import set_out_of_order
from shelters.matching.actions import (
    ask_place,
    decide_line,
    propose_places,
    reserve_place,
    set_rule,
    silent_proposals,
    suggest_places,
)
from shelters.matching.models import (
    EligibilityRule,
    MatchLine,
    MatchProposal,
    NeedProfile,
    Override,
)
from shelters.matching.rules.refusals import Asked, MatchRefused, NewRule
from shelters.matching.tasks import compute, resume
from shelters.matching.views.places import why_here
from shelters.matching.workflow import LineStatus
from shelters.models import Placement, PlacementRequest
from shelters.rules import PlacementRefused
from shelters.workflow import PlacementStatus
from tests.factories.cases import case_at, give_consent
from tests.factories.matching import ask, proposed
from tests.factories.people import make_member, sign_in
from tests.factories.shelters import make_request, make_wish, placement_at

pytestmark = pytest.mark.django_db


def test_a_place_is_taken_in_spite_of_a_warning_only_with_a_reason(place):
    desk, now = place.desk, timezone.now()
    known = placement_at(PlacementStatus.ARRIVED, place)
    with acting(place.alice, purpose="test"):
        reference = known.request.case.reference
        with pytest.raises(MatchRefused, match="no case with the reference"):
            ask_place(
                Asked(wish=make_wish(known.request.case), apart=["CASE-2020-999999"]),
                by=place.alice, at=now,
            )  # fmt: skip
        with pytest.raises(MatchRefused, match="the case of the person"):
            ask_place(
                Asked(wish=make_wish(known.request.case), apart=[reference]),
                by=place.alice, at=now,
            )  # fmt: skip
        young = make_wish(known.request.case, age_group="0-11")
        young.case.person.age_group = "23-29"
        with pytest.raises(MatchRefused, match="another age is known: 23 to 29 years"):
            ask_place(Asked(wish=young), by=place.alice, at=now)
        for wrong in ({"stay": "x"}, {"children": 99}):
            with pytest.raises(MatchRefused):
                ask_place(
                    Asked(wish=make_wish(known.request.case), **wrong), by=place.alice, at=now
                )
    region = SafetyRegion.objects.first()
    away = ask(place, avoid_regions=[region], apart=[reference])
    plain = ask(place)
    nothing_known = make_request(place)
    bed = place.other.bed
    with acting(desk, purpose="test"):
        found = suggest_places(plain, by=desk, at=now)
        assert (found.fitting, found.obstacles) == (1, [])
        assert [match.place.key for match in found.matches] == [str(bed.pk)]
        found = suggest_places(away, by=desk, at=now)
        assert (found.fitting, found.obstacles) == (0, [("avoid_region", 1)])
        with pytest.raises(MatchRefused, match="lies in a region to avoid"):
            reserve_place(away, bed=bed, by=desk, at=now)
        with pytest.raises(MatchRefused, match="somebody to be kept apart"):
            reserve_place(away, bed=place.house.bed, by=desk, at=now)
        with pytest.raises(MatchRefused, match="not known yet: without Dutch nationality"):
            reserve_place(nothing_known, bed=bed, reason="because", by=desk, at=now)
        placement = reserve_place(away, bed=bed, reason="agreed", by=desk, at=now)
        override = Override.objects.get(pk=placement.pk)
        assert (override.warnings, override.reason) == (["avoid_region"], "agreed")
        for wrong in ({"reason": "x"}, {"warnings": []}):
            with pytest.raises(IntegrityError, match="override_says_why"), transaction.atomic():
                Override(
                    pk=known.pk,
                    set_by=desk.user,
                    **{"reason": "agreed", "warnings": ["a"], **wrong},
                ).save(force_insert=True)
        both = Override(placement=known, warnings=["women_only", "known_person"], reason="wish")
        both.set_by = desk.user
        both.save(force_insert=True)
        assert set(why_here([known, placement])) == {known.pk, placement.pk}
    # A shelter reads of its own place alone, and nothing of whom or what the person fears.
    for house, words in (
        (place.other, {placement.pk: "The shelter knows, and agrees"}),
        (
            place.house,
            {known.pk: "The person knows, and wants this place (takes in women and girls only)"},
        ),
    ):
        with acting(house.worker, purpose="test"):
            assert why_here([known, placement]) == words
    with acting(place.alice, purpose="test"):
        assert why_here([known, placement]) == {}
    officer = make_member(Role.FG)
    with acting(officer, purpose="test"):
        told = AuditEvent.objects.visible_to(officer).filter(action="warnings_overridden")
        assert [str(key) for key in told.values_list("object_id", flat=True)] == [str(placement.pk)]


def test_a_rule_holds_from_a_day_on_and_names_its_source(place):
    desk, now, today = place.desk, timezone.now(), timezone.localdate()
    new = NewRule(shelter_type="crisis", demand="adult", citation="Wet X", since=today)
    with acting(desk, purpose="test"):
        made = set_rule(new, by=desk, at=now)
        later = {"shelter_type": "crisis", "demand": "adult", "citation": "Wet X"}
        for wrong in (
            new,
            NewRule(**later, since=today - timedelta(days=1)),
            NewRule(**later, since=today, ends=True),
            NewRule(**{**later, "demand": "minor", "citation": " "}, since=today),
            NewRule(**{**later, "demand": "rich"}, since=today),
        ):
            with pytest.raises(MatchRefused):
                set_rule(wrong, by=desk, at=now)
        ended = set_rule(
            NewRule(**later, since=today + timedelta(days=3), ends=True), by=desk, at=now
        )
        assert (ended.pk, ended.valid.upper) == (made.pk, today + timedelta(days=3))
        for sentence, values in (
            ("asks_what_is_known", {"demand": "rich"}),
            ("names_its_source", {"citation": ""}),
            ("has_a_first_day", {"valid": (None, None)}),
            ("holds_once_at_a_time", {}),
        ):
            row = {
                "shelter_type": "crisis",
                "demand": "adult",
                "citation": "x",
            }
            with pytest.raises(IntegrityError, match=sentence), transaction.atomic():
                EligibilityRule.objects.create(**{**row, "valid": (today, None), **values})
    request = ask(place)
    with acting(place.alice, purpose="test"):
        assert NeedProfile.objects.get(pk=request.pk).stay == "reflection"


def test_a_proposal_is_computed_and_judged_line_by_line(place):
    desk, now = place.desk, timezone.now()
    with acting(desk, purpose="test"), pytest.raises(MatchRefused):
        propose_places(by=desk, at=now)
    with acting(place.house.manager, purpose="test"):
        soon = now + timedelta(days=2)
        set_out_of_order(place.house.bed, until=soon, by=place.house.manager, at=now)
    first, second, third = ask(place), ask(place), ask(place)
    proposal = proposed(place)
    sweeper = service(Role.SERVICE_SWEEPER)
    with acting(sweeper, purpose="test"):
        assert MatchProposal.objects.get().question == {}
        assert silent_proposals(by=sweeper, before=now + timedelta(days=1)) == []
    compute(str(proposal.pk))  # delivered twice, computed once
    resume()
    with acting(desk, purpose="test"):
        lines = list(MatchLine.objects.order_by("number"))
        assert [line.request_id for line in lines] == [first.pk, second.pk, third.pk]
        by_bed = {line.bed_id: line for line in lines}
        assert by_bed.keys() == {place.house.bed.pk, place.other.bed.pk, None}
        assert by_bed[None].reasons == [["against", "taken", ""]]
        assert by_bed[None].request_id == third.pk
        later, ready = by_bed[place.house.bed.pk], by_bed[place.other.bed.pk]
        assert "free_later" in [code for _, code, _ in later.reasons]
        with pytest.raises(PlacementRefused, match="out of order"):
            decide_line(later, follow=True, reason="checked", by=desk, at=now)
        with pytest.raises(PlacementRefused, match="no place"):
            decide_line(by_bed[None], follow=False, by=desk, at=now)
        assert decide_line(later, follow=False, by=desk, at=now).status == LineStatus.DECLINED
        decide_line(ready, follow=True, by=desk, at=now)
        ready.request.refresh_from_db()
        assert ready.request.status == "offered"
        with pytest.raises(PlacementRefused, match="already"):
            decide_line(ready, follow=True, by=desk, at=now)


def test_the_desk_and_the_coordinator_do_it_all_in_the_pages(place, client):
    at = timezone.now()
    case = case_at(CaseStatus.ACTIVE, place.country, at=at - timedelta(hours=1))
    give_consent(case, Purpose.PLACEMENT, by=place.alice, at=at - timedelta(minutes=30))
    sign_in(client, place.alice)
    url = reverse("shelters:request_shelter", args=[case.pk])
    region = SafetyRegion.objects.first()
    answers = {
        "urgency": "2_day", "sex": "female", "age_group": "23-29", "language": "ro",
        "children": "1", "avoid_regions": [region.pk], "stay": "reflection",
    }  # fmt: skip
    assert client.post(url, {**answers, "apart": "CASE-2020-999999"}).status_code == 422
    assert client.post(url, answers).status_code == 302
    with acting(place.alice, purpose="test"):
        request = PlacementRequest.objects.get()
    page = client.get(request.get_absolute_url()).content.decode()
    assert "In the reflection period" in page
    assert region.name in page
    assert "Reserve this bed" not in page

    sign_in(client, place.desk)
    page = client.get(request.get_absolute_url()).content.decode()
    assert "No place fits as things stand" in page
    assert "lies in a region to avoid" in page
    assert "comensha.nl" in page
    reserve = reverse("shelters:reserve", args=[request.pk])
    bed = {"bed": place.house.bed.pk}
    refused = client.post(reserve, bed, follow=True).content.decode()
    assert "Say why you choose this place all the same" in refused

    listed = client.get(reverse("shelters:requests")).content.decode()
    assert reverse("shelters:matching:propose") in listed
    ordered = client.post(reverse("shelters:matching:propose"))
    waiting = client.get(ordered.url).content.decode()
    assert "Places are being looked for" in waiting
    with acting(place.desk, purpose="test"):
        proposal = MatchProposal.objects.get()
    compute(str(proposal.pk))
    ready = client.get(ordered.url, headers={"HX-Request": "true"}).content.decode()
    assert "For 0 of 1 people" in ready
    assert "lies in a region to avoid (2 places)" in ready

    done = client.post(reserve, {**bed, "reason": "wish"}, follow=True).content.decode()
    assert "Chosen in spite of a warning" in done
    rules = reverse("shelters:matching:rules")
    day = timezone.localdate().isoformat()
    rule = {"deed": "begins", "shelter_type": "crisis", "demand": "adult", "since": day}
    assert client.post(rules, rule).status_code == 422
    assert client.post(rules, {**rule, "citation": "Wet Y"}).status_code == 302
    assert "Wet Y" in client.get(rules).content.decode()
    nobody = client.post(reverse("shelters:matching:propose"), follow=True).content.decode()
    assert "Nobody waits for a place." in nobody


def test_who_stays_is_asked_the_next_place_and_moves_on_one_day(place, client):
    stays = placement_at(PlacementStatus.ARRIVED, place)
    sign_in(client, place.alice)
    answers = {"urgency": "3_planned", "sex": "female", "age_group": "23-29", "stay": "reflection"}
    url = reverse("shelters:request_shelter", args=[stays.case_id])
    assert client.post(url, answers).status_code == 302
    with acting(place.alice, purpose="test"):
        asked = PlacementRequest.objects.exclude(pk=stays.request_id).get()

    sign_in(client, place.desk)
    page = client.get(asked.get_absolute_url()).content.decode()
    assert f"has a place in {place.house.shelter.code_name} now" in page
    assert reverse("shelters:family", args=[asked.pk]) not in page
    proposing = reverse("shelters:matching:propose")
    assert "Nobody waits" in client.post(proposing, follow=True).content.decode()

    bed = {"bed": place.other.bed.pk, "reason": "checked"}
    client.post(reverse("shelters:reserve", args=[asked.pk]), bed)
    with acting(place.other.worker, purpose="test"):
        [offer] = Placement.objects.visible_to(place.other.worker)
    sign_in(client, place.other.worker)
    client.post(reverse("shelters:refuse", args=[offer.pk]), {"reason": "full"})
    sign_in(client, place.desk)
    page = client.get(asked.get_absolute_url()).content.decode()
    assert "This shelter has said no to this request:</strong> Full" in page
    assert "Reserve this bed" in page
