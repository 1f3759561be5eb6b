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


def check(pages: dict[str, tuple[str, str]], add: Add, scene: Scene) -> dict[str, int]:
    """How many questions each of these costs, given with its address and its reader, of however
    many of these rows.
    """
    add(scene)
    clients = {part: signed_in(name, getattr(scene, who)) for part, (name, who) in pages.items()}
    once = {part: questions(pages[part][0], client) for part, client in clients.items()}
    add(scene)
    add(scene)
    thrice = {part: questions(pages[part][0], client) for part, client in clients.items()}

    for part, (asked, page) in once.items():
        assert len(thrice[part][1]) > len(page), f"{part} did not grow"
        assert (part, thrice[part][0]) == (part, asked)
    return {part: asked for part, (asked, _page) in once.items()}


#: What may be added, each with the lists that it comes into: made once for all of them.
ADDED: dict[Add, dict[str, tuple[str, str]]] = {}
for name, (who, add) in LISTS.items():
    ADDED.setdefault(add, {})[name] = (name, who)
for part, (who, add) in HOMES.items():
    ADDED.setdefault(add, {})[f"home of {part}"] = ("home", who)


def test_every_page_without_a_record_is_a_list_or_said_not_to_be():
    pages = {name for name, door in DOORS.items() if not door.thing}

    assert pages == LISTS.keys() | NOT_LISTS


@pytest.mark.parametrize("add", ADDED, ids=[add.__name__ for add in ADDED])
def test_a_list_and_a_home_cost_the_same_for_one_row_and_for_three(add, scene):
    cost = check(ADDED[add], add, scene)

    of_signals = {name: asked for name, asked in cost.items() if PAGE_OF_SIGNALS.fullmatch(name)}
    assert {name: n for name, n in of_signals.items() if n > MOST_OF_SIGNALS + 1} == {}


def test_every_list_and_every_part_of_a_home_is_looked_at():
    assert sum(map(len, ADDED.values())) == len(LISTS) + len(HOMES)


@pytest.mark.parametrize("who", sorted({who for who, _add in HOMES.values()}))
def test_a_home_with_everything_on_it_asks_few_questions(who, scene):
    for reader, add in HOMES.values():
        if reader == who:
            add(scene)
    asked, _page = questions("home", signed_in("home", getattr(scene, who)))

    assert asked <= MOST_OF_A_HOME.get(who, MOST_OF_HOMES) + 1
