"""The part of the case file that says where shelter stands."""

from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.utils import timezone

from referral.access.context import acting
from referral.cases.actions import open_case
from referral.cases.models import Case
from referral.cases.views.parts import Part, Reading
from referral.cases.workflow import CaseStatus
from referral.organisations.models import Membership
from shelters.models import Placement, PlacementRequest, Shelter
from shelters.views.section import in_order, shelter
from shelters.workflow import PlacementStatus
from tests.factories.cases import case_at
from tests.factories.shelters import Place, placement_at, same_case

pytestmark = pytest.mark.django_db


def part_of(case: Case, member: Membership) -> tuple[Part | None, str]:
    with acting(member, purpose="test"):
        opened, reach = open_case(case, by=member, at=timezone.now())
        part = shelter(Reading(opened, reach, member, timezone.now()))
        return part, render_to_string(part.template, {"data": part.opened().data}) if part else ""


@pytest.mark.parametrize("status", PlacementStatus)
def test_the_coordinator_reads_where_shelter_stands_and_can_ask_again_once_somebody_came(
    place: Place, status: PlacementStatus
) -> None:
    placement = placement_at(status, place)
    _part, html = part_of(same_case(place, placement), place.alice)
    stays = status in (PlacementStatus.ACCEPTED, PlacementStatus.ARRIVED)
    assert ("Show the address" in html) == stays
    assert ("Request shelter" in html) == (status == PlacementStatus.ENDED)
    assert ("Ask for another place" in html) == (status == PlacementStatus.ARRIVED)
    assert placement.get_status_display() in html


def test_the_shelter_and_the_desk_read_it_without_asking(place: Place) -> None:
    case = same_case(place, placement_at(PlacementStatus.ARRIVED, place))
    for member in (place.worker, place.desk):
        part, html = part_of(case, member)
        assert part is not None
        assert "Show the address" in html
        assert "Request shelter" not in html


def test_what_was_asked_and_what_was_kept_are_one_course_the_newest_first() -> None:
    first, *_between, last = days = [timezone.now() + timedelta(days=day) for day in range(3)]
    kept = Placement(shelter=Shelter(code_name="Tide"), reserved_at=days[1])
    asked = [PlacementRequest(requested_at=at, urgency="3_planned") for at in (last, first)]
    assert [line.record for line in in_order(asked, [kept])] == [asked[0], kept, asked[1]]


def test_without_any_shelter_the_part_says_so_when_it_is_opened(place: Place) -> None:
    case = case_at(CaseStatus.ACTIVE, place.country)
    for member in (place.alice, place.desk):
        html = part_of(case, member)[1]
        assert "No shelter has been asked for" in html
        assert ("Request shelter" in html) == (member == place.alice)
