"""How care regions are covered, who may say so, and what the figures show."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from referral.cases.actions import write_care_note
from referral.cases.regions.actions import list_regions, set_capacities, set_capacity
from referral.cases.regions.models import AgeSplit, Capacity, Coverage
from referral.cases.regions.rules import TILES, CapacityRefused, Flow, Setting
from referral.cases.workflow import CaseStatus
from referral.geography.models import CareRegion
from tests.factories.cases import case_at, doing, make_country
from tests.factories.people import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def country():
    return make_country()


def setting(region, *, days=0, **values) -> Setting:
    fields = {
        "coverage": Coverage.OWN,
        "fte": Decimal("2.5"),
        "age_split": AgeSplit.NONE,
        "valid_from": timezone.localdate() + timedelta(days=days),
    }
    return Setting(care_region=region, **fields | values)


def test_every_care_region_has_a_tile_of_its_own():
    assert set(TILES) == set(CareRegion.objects.values_list("code", flat=True))
    assert len(set(TILES.values())) == len(TILES)


def test_a_region_is_covered_one_way_at_a_time_and_what_was_before_stays(country):
    now, today = timezone.now(), timezone.localdate()
    region, desk = country.here, country.desk
    with doing(desk):
        set_capacity(setting(region, days=-10), by=desk, at=now)
        corrected = setting(region, days=-10, fte=Decimal(3))
        assert set_capacity(corrected, by=desk, at=now).fte == 3
        shared = setting(region, coverage=Coverage.SHARED, age_split=AgeSplit.AT_23)
        set_capacities([shared, setting(country.there)], by=desk, at=now)
        before, after = Capacity.objects.filter(care_region=region).order_by("valid")
        assert (before.fte, before.valid.upper, after.valid.lower) == (3, today, today)
        for wrong in (
            setting(region, days=-1),
            setting(region, fte=Decimal(0)),
            setting(region, coverage=Coverage.REMOTE),
            setting(region, coverage="somebody"),
            setting(region, days=900),
        ):
            with pytest.raises(CapacityRefused):
                set_capacity(wrong, by=desk, at=now)
        for sentence, values in (
            ("capacity_is_of_a_known_kind", {"coverage": "somebody"}),
            ("capacity_has_a_first_day", {"valid": (None, None)}),
            ("capacity_at_a_distance_has_no_fte_of_the_region", {"coverage": Coverage.REMOTE}),
            ("care_region_has_one_capacity_at_a_time", {"valid": before.valid}),
        ):
            with pytest.raises(IntegrityError, match=sentence), transaction.atomic():
                Capacity.objects.filter(pk=after.pk).update(**values)


def test_both_locks_open_the_figures_to_the_national_desk_alone(country):
    desk, now = country.desk, timezone.now()
    with doing(desk):
        made = set_capacity(setting(country.here), by=desk, at=now)
    for member in country.members:
        sees = member in {desk, country.placement}
        with doing(member):
            assert Capacity.objects.exists() is sees
            assert Capacity.objects.visible_to(member).exists() is sees
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM baken.flow_of_regions(%s, 1)", [now])
                assert member in {desk, country.placement} or cursor.fetchone() == (0,)
            changed = Capacity.objects.filter(pk=made.pk).update(fte=9)
            assert bool(changed) is (member == desk)


def test_the_figures_come_from_what_happened(country, django_assert_max_num_queries):
    at = timezone.now() - timedelta(days=20)
    for _ in range(5):
        case = case_at(CaseStatus.ACTIVE, country, at=at)
    case_at(CaseStatus.INTAKE, country)
    with doing(country.alice):
        write_care_note(case, text="Words.", by=country.alice, at=at + timedelta(days=2))
    with doing(country.desk):
        set_capacity(setting(country.here), by=country.desk, at=timezone.now())
        with django_assert_max_num_queries(8):
            lines = list_regions(by=country.desk, at=timezone.now())
    assert len(lines) == len(TILES)
    [here] = [line for line in lines if line.region == country.here]
    assert (here.flow.waiting, here.flow.active, here.per_fte) == (1, 5, 2)
    assert here.flow.accepted.median == pytest.approx(1 / 1440, rel=0.01)
    assert here.flow.contacted is None  # one note says more of a person than of a region
    assert here.organisation == country.alice.organisation.name
    assert here.municipalities > 0


def test_a_coordinator_reads_who_coordinates_where_and_no_figures(country, client):
    with doing(country.desk):
        set_capacity(setting(country.there), by=country.desk, at=timezone.now())
    with doing(country.alice):
        lines = list_regions(by=country.alice, at=timezone.now())
    teams = {line.region: line.team for line in lines}
    assert [teams[one] for one in (country.here, country.there, country.uncovered)] == [
        "ours", "another", "desk",
    ]  # fmt: skip
    assert {(line.capacity, line.flow) for line in lines} == {(None, Flow())}
    sign_in(client, country.alice)
    overview = reverse("cases:regions:overview")
    assert f'href="{overview}"' in client.get(reverse("cases:handoffs")).content.decode()
    page = client.get(overview).content.decode()
    assert country.bob.organisation.name in page
    assert ">fte<" not in page
    sign_in(client, country.officer)
    assert client.get(overview).status_code == 404


def test_the_desk_reads_the_map_and_writes_a_region_down(country, client):
    sign_in(client, country.desk)
    page, edit = (
        reverse("cases:regions:overview"),
        reverse("cases:regions:capacity", args=[country.here.pk]),
    )
    assert country.here.name in client.get(page).content.decode()
    day = timezone.localdate().strftime("%d-%m-%Y")
    answers = {"coverage": "own", "fte": "1,5", "age_split": "at_23", "valid_from": day}
    assert client.post(edit, answers | {"fte": "0"}).status_code == 422
    assert client.post(edit, answers).status_code == 302
    with doing(country.desk):
        assert Capacity.objects.get().fte == Decimal("1.5")
    assert "1,5" in client.get(page).content.decode()
    sign_in(client, country.placement)
    assert client.get(page).status_code == 200
    assert client.get(edit).status_code == 404
