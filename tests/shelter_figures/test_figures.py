"""What is counted of shelters in a quarter, exactly for the desk and protected for others."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from shelters.figures.actions import count_quarter
from shelters.figures.rules import Figure, Quarter, quarters, tables
from shelters.workflow import PlacementStatus
from tests.factories.cases import doing
from tests.factories.people import sign_in
from tests.factories.shelters import (
    make_place,
    make_request,
    more_beds,
    pay_for_places,
    placement_at,
)
from tests.factories.stays import followed

pytestmark = pytest.mark.django_db


def test_quarters_follow_each_other_and_end_where_the_next_one_begins():
    newest = quarters(timezone.localdate(), running=True)
    assert quarters(timezone.localdate(), running=False) == newest[1:]
    assert newest == sorted(newest, reverse=True)
    for one in newest:
        assert one.before().end == one.begin
        assert one.after().before() == one
        assert Quarter.of(one.begin.date()) == one


def test_a_figure_in_words():
    with translation.override("en"):
        said = {
            table.code: {row.label: row.values for row in table.rows}
            for table in tables(
                [
                    Figure("occupied", "omm", 36, 0.917, None),
                    Figure("refused", "full", 5, None, None),
                    Figure("waited", "2_day", 12, 20.04, 71.5),
                    Figure("multiple", "asked", 40, None, None),
                    Figure("blocked", "no_housing", 4, None, None),
                ],
                {"omm": "Shelter for multiple problems (OMM)"},
            )
        }
    assert said == {
        "occupied": {"Shelter for multiple problems (OMM)": ["36", "92%"]},
        "refused": {"Full": ["5"]},
        "waited": {"Within 24 hours": ["12", "20.0", "71.5"]},
        "multiple": {"Asked for": ["40"], "Places for multiple problems": ["36"]},
        "blocked": {"No housing": ["4", "–", "–"]},
    }


def test_the_desk_counts_exactly_and_others_get_protected_figures_of_closed_quarters(client):
    place, now = make_place(), timezone.now()
    running = Quarter.of(timezone.localdate(now))
    closed = running.before()
    then = closed.begin + timedelta(days=30)
    asked = make_request(place, needs=["addiction", "mental_health"], at=then)
    for _again in range(3):
        placement_at(PlacementStatus.REFUSED, place, request=asked, at=then + timedelta(hours=1))
    placed = placement_at(
        PlacementStatus.ARRIVED, place, request=asked, at=then + timedelta(hours=20)
    )
    followed(placed, place)

    def figures(member, quarter):
        with doing(member), translation.override("en"):
            found = count_quarter(quarter, by=member, at=timezone.now())
        return {table.code: {row.label: row.values for row in table.rows} for table in found}

    exact = figures(place.desk, closed)
    assert exact["refused"] == {"Full": ["3"]}
    assert exact["waited"] == {"Within 24 hours": ["1", "–", "–"]}
    assert exact["multiple"] == {"Asked for": ["1"], "Placed": ["1"]}
    days = (closed.end - then).total_seconds() / 86400 - 20 / 24
    whole = (closed.end - closed.begin).total_seconds() / 86400
    [(_type, (beds, share))] = exact["occupied"].items()
    assert beds == "2"
    assert abs(int(share[:-1]) - 100 * days / whole / 2) < 1
    assert figures(place.desk, running)["blocked"] == {"No housing": ["1", "–", "–"]}
    for member in (place.alice, place.worker):
        assert figures(member, closed) == {
            "occupied": {},
            "refused": {"Full": ["5"]},
            "waited": {},
            "multiple": {},
            "blocked": {},
        }
        assert not any(figures(member, running).values())
    assert not any(figures(place.country.officer, closed).values())

    # Once it is known what was paid then, that counts; and the beds that are there now do not.
    more_beds(place.house, 3)
    pay_for_places(place, 7, valid_from=closed.begin.date() + timedelta(days=30))
    paid = 7 * (closed.end.date() - closed.begin.date() - timedelta(days=30)).days
    ((then_there, share),) = figures(place.desk, closed)["occupied"].values()
    assert int(then_there) == round(paid / whole + 1)  # and the bed of the other shelter
    assert abs(int(share[:-1]) - 100 * days / (paid + whole)) < 1

    page = reverse("shelters:figures:quarter")
    for member, count in ((place.desk, 3), (place.alice, 5)):
        sign_in(client, member)
        assert client.get(page).status_code == 200
        file = client.get(page, {"quarter": str(closed), "as": "csv"})
        assert f",{count}\r\n" in file.content.decode()
    # The quarter that runs is not among what others can choose: they get the newest closed one.
    answer = client.get(page, {"quarter": str(running), "as": "csv"}).content.decode()
    assert f"{running}," not in answer
