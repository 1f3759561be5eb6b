"""A list costs the same number of questions to the database for one row as for three."""

import re
from copy import deepcopy

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from referral.organisations.models import Membership
from tests.factories.people import sign_in
from tests.house.doors import DOORS
from tests.house.lists import HOMES, LISTS, NOT_LISTS, Add, Scene

#: What a list of signals may ask, as the gates count it (bench/gates/desk.py). Inside the
#: transaction of a test one more takes the rights away at the end, which else end with it.
MOST_OF_SIGNALS = 12
#: What a home may ask, and the one of who reports, whom seven rooms have something for.
MOST_OF_A_HOME = {"officer": 17}
MOST_OF_HOMES = 15
PAGE_OF_SIGNALS = re.compile(r"signals:(?!triage_file).*")  # a file is read after its page

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made(module_db: None) -> Scene:  # noqa: ARG001
    return Scene()


@pytest.fixture
def scene(made: Scene) -> Scene:
    return deepcopy(made)


def signed_in(name: str, reader: Membership) -> Client:
    """After a first visit, which warms what is kept."""
    client = sign_in(Client(headers={"accept-language": "en"}), reader)
    client.get(reverse(name))
    return client


def questions(name: str, client: Client) -> tuple[int, str]:
    """How many queries a visit costs."""
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(reverse(name))
        page = answer.getvalue().decode()  # of a file as well, which is made while it is read
    assert answer.status_code == 200
    return len(asked), page


def check(name: str, who: str, add: Add, scene: Scene) -> int:
    """How many questions the list costs, of however many rows."""
    add(scene)
    client = signed_in(name, getattr(scene, who))
    once, page = questions(name, client)
    add(scene)
    add(scene)
    thrice, longer = questions(name, client)

    assert len(longer) > len(page), "the list did not grow"
    assert thrice == once
    return once


def test_every_page_without_a_record_is_a_list_or_said_not_to_be():
    pages = {name for name, door in DOORS.items() if not door.thing}

    assert pages == LISTS.keys() | NOT_LISTS


@pytest.mark.parametrize("name", LISTS)
def test_a_list_costs_the_same_for_one_row_and_for_three(name, scene):
    who, add = LISTS[name]
    asked = check(name, who, add, scene)

    assert not PAGE_OF_SIGNALS.fullmatch(name) or asked <= MOST_OF_SIGNALS + 1


@pytest.mark.parametrize("part", HOMES)
def test_a_home_costs_the_same_for_one_row_and_for_three(part, scene):
    who, add = HOMES[part]
    check("home", who, add, scene)


@pytest.mark.parametrize("who", sorted({who for who, _add in HOMES.values()}))
def test_a_home_with_everything_on_it_asks_few_questions(who, scene):
    for reader, add in HOMES.values():
        if reader == who:
            add(scene)
    asked, _page = questions("home", signed_in("home", getattr(scene, who)))

    assert asked <= MOST_OF_A_HOME.get(who, MOST_OF_HOMES) + 1
