"""The look-up is open to everyone, with and without JavaScript."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from referral.geography.actions import apply_municipality_list
from referral.geography.models import FormerStanding, Municipality
from tests.geography.lists import NEW_YEAR, list_of, merger, todays_lines
from tests.geography.test_actions import AT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_2026")]

LOOK_UP = "/geography/"


@pytest.fixture
def in_2026():
    with time_machine.travel("2026-06-15 12:00:00+00:00"):
        yield


def page(client, url=LOOK_UP, question=None, **headers):
    response = client.get(url, question or {}, **headers)
    assert response.status_code == 200
    return response.content.decode()


def test_anyone_may_look_up_and_sees_fifty_of_all(client):
    shown = page(client)

    assert "342 municipalities on 15 June 2026" in shown
    assert shown.count("<tr>") == 51
    assert "Page 1 of 7" in shown


def test_words_find_a_municipality_with_all_its_regions(client):
    shown = page(client, question={"words": "den haag"})

    assert "1 municipality on" in shown
    for words in ("GM0518", "Zuid-Holland", "Haaglanden", "Den Haag", "&#x27;s-Gravenhage"):
        assert words in shown
    assert "(presumed)" not in shown


def test_a_presumed_care_region_is_marked(client):
    assert "(presumed)" in page(client, question={"words": "barneveld"})


def test_the_regions_are_folded_until_one_is_chosen(client):
    assert "<details>" in page(client)
    assert "<details open>" in page(client, question={"province": "PV24"})


def test_the_next_page_keeps_the_question(client):
    shown = page(client, question={"police_unit": "RE02", "page": "2"})

    assert 'rel="prev"' in shown
    assert "?police_unit=RE02&amp;page=1" in shown


def test_htmx_gets_the_table_alone(client):
    shown = page(
        client,
        question={"words": "urk"},
        headers={"HX-Request": "true", "HX-Target": "municipalities"},
    )

    assert "GM0184" in shown
    assert "<html" not in shown


def test_nothing_found_says_what_to_do(client):
    assert "Try a shorter part of the name" in page(client, question={"words": "atlantis"})


def test_an_answer_that_cannot_be_read_is_explained(client):
    shown = page(client, question={"day": "31-31-2026"})
    alone = page(client, question={"day": "31-31-2026"}, headers={"HX-Target": "municipalities"})

    assert 'href="#id_day"' in shown
    assert "Write the day as 31-12-2026" in alone
    assert "<table" not in shown + alone


def test_a_municipality_tells_who_is_responsible(client):
    shown = page(client, Municipality.objects.get(cbs_code="GM0203").get_absolute_url())

    for words in ("Barneveld", "Gelderland-Midden", "Oost-Nederland", "1 January 2023"):
        assert words in shown
    assert 'href="/geography/GM0228/">Ede</a>' in shown
    assert ">History<" not in shown


def test_an_everyday_name_is_told(client):
    assert "Also called" in page(client, "/geography/GM0518/")


def test_a_merged_municipality_points_to_its_successor_and_back(client):
    apply_municipality_list(merger(), by=None, at=AT)

    old, new = page(client, "/geography/GM0203/"), page(client, "/geography/GM9001/")

    assert "This municipality ended on 1 January 2027" in old
    assert 'href="/geography/GM9001/">Valleirijk</a>' in old
    assert 'href="/geography/GM0203/">Barneveld</a>' in new
    assert "went into this municipality on 1 January 2027" in new


def test_an_ended_municipality_without_a_successor_says_so(client):
    lines = todays_lines()
    del lines["GM0279"]
    apply_municipality_list(list_of(lines), by=None, at=AT)

    assert "This municipality ended on 1 January 2027" in page(client, "/geography/GM0279/")


def test_a_former_name_is_in_the_history(client):
    FormerStanding.objects.create(
        municipality_id="GM0363",
        name="Mokum",
        province_id="PV27",
        safety_region_id="VR13",
        valid=(date(2023, 1, 1), NEW_YEAR),
    )

    shown = page(client, "/geography/GM0363/")
    assert "Mokum, Noord-Holland" in shown
    assert "from 1 January 2023 until 1 January 2027" in shown


def test_a_code_that_is_none_is_not_found(client):
    assert client.get(reverse("geography:municipality", args=["GM9999"])).status_code == 404


@pytest.mark.parametrize("url", [LOOK_UP, "/geography/GM0363/"])
def test_the_map_is_only_read(client, url):
    assert client.post(url).status_code == 405
