"""Every address of the house, and for every kind of visitor whether it is there for them.

An address that is not for a visitor, a record that does not exist and a record of somebody else
are the same page: not found. Whoever can tell them apart learns that the record exists.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from time import monotonic
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import Http404, HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse
from django.utils import timezone

from referral.access.context import acting
from referral.organisations.models import Membership
from referral.organisations.permissions import MATRIX
from referral.organisations.roles import Role
from tests.factories.people import end_membership, make_member, sign_in
from tests.house.doors import ALLAUTH, DOORS, MACHINES, OPEN_OF_ALLAUTH, PUBLIC, SIGNED_IN
from tests.house.visitors import EVERYBODY, PEOPLE, Door
from tests.house.world import Arguments, World, make_world, unknown

#: A page, the next one, or a sentence about what was sent; anything but "not there".
OPEN = {200, 204, 302, 400, 422}
SIGN_IN = "/accounts/login/"
#: What every page has anew.
ONCE = re.compile(
    rb'name="(csrfmiddlewaretoken|idempotency_key)" value="[^"]*"|"x-csrftoken": "\w*"'
)
#: The use of a session is written down once a minute; a visit that is undone would do so again at
#: each visit after that.
MARKED_SECONDS = 45
#: An address with a record in it, of which there is none.
NOWHERE = "/cases/nothing-here/"


def addresses(patterns: list[Any], before: str = "") -> Iterator[tuple[str, Callable[..., Any]]]:
    for one in patterns:
        if isinstance(one, URLResolver):
            namespace = f"{one.namespace}:" if one.namespace else ""
            yield from addresses(one.url_patterns, before + namespace)
        elif isinstance(one, URLPattern):
            yield before + str(one.name), one.callback


VIEWS = dict(addresses(get_resolver().url_patterns))
BY_OTHERS = {name for name in VIEWS if name.startswith(ALLAUTH)}


def test_every_address_stands_in_one_place_of_the_table():
    groups = [set(DOORS), PUBLIC, SIGNED_IN, MACHINES, BY_OTHERS]

    assert sorted(VIEWS) == sorted(name for group in groups for name in group)


@pytest.mark.parametrize("name", DOORS)
def test_the_table_says_what_the_view_says(name):
    permissions = VIEWS[name].door
    opened = {role for role in Role if not permissions or MATRIX[role] & set(permissions)}

    assert opened == DOORS[name].people


def test_a_page_without_an_account_says_so_itself():
    said = {name for name, view in VIEWS.items() if getattr(view, "login_required", True) is False}

    assert said - BY_OTHERS == PUBLIC | MACHINES
    assert said & BY_OTHERS == OPEN_OF_ALLAUTH


@pytest.fixture(scope="module")
def world(module_db: None) -> World:  # noqa: ARG001
    """Made once for all doors; each visit is undone.

    Nothing of it is committed: each visit would look through what waits for that.
    """
    world = make_world()
    connection.run_on_commit.clear()
    return world


@pytest.fixture(scope="module")
def visit(world: World) -> Callable[..., HttpResponse]:
    """Knock as this member; what the visit changed is undone."""
    clients: dict[int | None, Client] = {}
    marked: dict[int, float] = {}

    def knock(
        member: Membership | None, name: str, arguments: Arguments = (), *, post: bool = False
    ) -> HttpResponse:
        key = member.pk if member else None
        if key not in clients:
            clients[key] = sign_in(Client(), member) if member else Client()
        client = clients[key]
        if key and monotonic() - marked.get(key, -MARKED_SECONDS) >= MARKED_SECONDS:
            client.get(reverse("security_txt"))
            marked[key] = monotonic()
        with transaction.atomic():
            address = name if name == NOWHERE else reverse(name, args=arguments)
            answer = client.post(address, {"bed": world.bed}) if post else client.get(address)
            transaction.set_rollback(True)
        client.cookies.pop("messages", None)  # of a deed that was undone
        return answer

    return knock


@pytest.fixture(scope="module")
def not_there(visit: Callable[..., HttpResponse]) -> Callable[[Membership], bytes]:
    """The page for what is not there, as this member gets it."""
    return cache(lambda member: body(visit(member, NOWHERE)))


def body(answer: HttpResponse) -> bytes:
    """What is on the page, without what differs between two visits to one page."""
    return ONCE.sub(b"", answer.content).replace(answer.request["PATH_INFO"].encode(), b"")


def finds_nothing(
    member: Membership, name: str, arguments: Arguments, *, post: bool = False
) -> bool:
    """Whether the view itself says to this member that there is nothing here."""
    request = RequestFactory().generic("POST" if post else "GET", "/")
    request.user, request.member = member.user, member
    with transaction.atomic(), acting(member, purpose="test"):
        try:
            VIEWS[name](request, **reverse_match(name, arguments))
        except Http404:
            return True
        finally:
            transaction.set_rollback(True)
    return False


def reverse_match(name: str, arguments: Arguments) -> dict[str, Any]:
    return dict(resolve(reverse(name, args=arguments)).kwargs)


def arguments_of(door: Door, world: World) -> Arguments:
    return world.things[door.thing] if door.thing else ()


@pytest.mark.parametrize("name", sorted({*DOORS, *SIGNED_IN}))
def test_nobody_is_sent_to_the_sign_in_page(name, world, visit):
    door = DOORS.get(name, Door(frozenset()))

    answer = visit(None, name, arguments_of(door, world), post=door.post)

    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, SIGN_IN)


@pytest.mark.parametrize("name", DOORS)
def test_a_door_stays_shut_for_every_other_role(name, world):
    """Asked of the view itself, with the very record; the page for it is asked for below."""
    door = DOORS[name]
    arguments = arguments_of(door, world)
    open_to = {
        role for role in set(Role) - door.people
        if not finds_nothing(world.strangers[role], name, arguments, post=door.post)
    }  # fmt: skip

    assert open_to == set()


@pytest.mark.parametrize("name", [name for name, door in DOORS.items() if door.people != EVERYBODY])
def test_behind_a_shut_door_there_is_no_page(name, world, visit, not_there):
    door = DOORS[name]
    other = world.strangers[sorted(set(PEOPLE) - door.people)[len(name) % 7]]

    answer = visit(other, name, arguments_of(door, world), post=door.post)

    assert (answer.status_code, body(answer)) == (404, not_there(other))


@pytest.mark.parametrize("name", [name for name, door in DOORS.items() if not door.thing])
def test_a_page_is_there_for_all_its_people(name, world, visit):
    door = DOORS[name]
    shut = {
        role for role in door.people
        if visit(world.strangers[role], name, post=door.post).status_code not in OPEN
    }  # fmt: skip

    assert shut == set()


RECORDS = [name for name, door in DOORS.items() if door.thing]


@pytest.mark.parametrize("name", RECORDS)
def test_a_record_opens_for_who_may_see_it(name, world, visit):
    door = DOORS[name]
    visitors = [world.holders[door.holder], *(world.strangers[role] for role in door.everywhere)]
    arguments = arguments_of(door, world)

    shut = {
        who.role for who in visitors
        if visit(who, name, arguments, post=door.post).status_code not in OPEN
    }  # fmt: skip

    assert shut == set()


@pytest.mark.parametrize("name", RECORDS)
def test_the_record_of_another_looks_like_one_that_does_not_exist(name, world, visit, not_there):
    """For who may see each of them, there is one that does not exist. One role asks for the page,
    the others ask the view itself.
    """
    door = DOORS[name]
    foreign = arguments_of(door, world)
    asked = {role: unknown(foreign) if role in door.everywhere else foreign for role in door.people}
    role, *others = sorted(asked, key=lambda role: (role in door.everywhere, role))
    member = world.strangers[role]

    answer = visit(member, name, asked[role], post=door.post)

    assert (answer.status_code, body(answer)) == (404, not_there(member))
    told_apart = {
        role for role in others
        if not finds_nothing(world.strangers[role], name, asked[role], post=door.post)
    }  # fmt: skip
    assert told_apart == set()


@pytest.mark.parametrize("name", RECORDS)
def test_a_record_that_does_not_exist_is_not_found(name, world):
    door = DOORS[name]
    nothing = unknown(arguments_of(door, world))

    assert finds_nothing(world.holders[door.holder], name, nothing, post=door.post)


def test_who_has_no_role_any_more_chooses_one_or_stays_outside(world, visit):
    gone = make_member(Role.ZC)
    sign_in(Client(), gone)
    end_membership(gone, at=timezone.now())
    for name, door in DOORS.items():
        answer = visit(gone, name, arguments_of(door, world), post=door.post)
        if answer.status_code != 405:  # this page is not asked for in that way
            assert (name, answer["Location"]) == (name, reverse("people:choose_role"))


def test_who_has_no_second_factor_adds_one_first(world):
    client = Client()
    client.force_login(make_member(Role.ZC).user, backend="referral.access.backends.SignInBackend")
    for name, door in DOORS.items():
        answer = client.get(reverse(name, args=arguments_of(door, world)))
        assert (name, answer["Location"]) == (name, reverse("mfa_index"))


PAGES_OF_ALLAUTH = {
    "account_confirm_email": ("key",),
    "account_reset_password_from_key": ("1", "key-key"),
    "mfa_remove_webauthn": (1,),
    "mfa_edit_webauthn": (1,),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(BY_OTHERS))
def test_a_page_of_an_account_asks_who_comes(name):
    answer = Client().get(reverse(name, args=PAGES_OF_ALLAUTH.get(name, ())))

    assert answer.status_code in {200, 302, 401, 404}
    if name not in OPEN_OF_ALLAUTH:
        assert answer["Location"].startswith(SIGN_IN)


TIPS = ("tips:send", "tips:follow")
LAW = ["matrix:may_i_share", "matrix:rules"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    ["start", "accessibility", "security_txt", "health", "demo:door", "indicators", *TIPS, *LAW],
)
def test_a_public_page_needs_nobody(name):
    assert Client().get(reverse(name)).status_code == 200


@pytest.mark.django_db
def test_the_map_is_public_and_what_is_not_on_it_is_not_found():
    assert Client().get(reverse("geography:look_up")).status_code == 200
    assert Client().get(reverse("geography:municipality", args=["GM0599"])).status_code == 200
    assert Client().get(reverse("geography:municipality", args=["GM9999"])).status_code == 404


@pytest.mark.django_db
def test_the_demo_door_knows_its_colleagues_only():
    assert Client().post(reverse("demo:enter", args=["nobody"])).status_code == 404


@pytest.mark.django_db
def test_the_choice_of_language_goes_back_to_where_it_was_made():
    answer = Client().post(reverse("set_language"), {"language": "en", "next": "/accessibility/"})

    assert (answer.status_code, answer["Location"]) == (302, "/accessibility/")


def test_the_public_pages_are_all_visited_here():
    visited = {"start", "accessibility", "security_txt", "health", "demo:door", "demo:enter"}

    # tests/tips answers and adds.
    visited |= {*TIPS, *LAW, "tips:answer", "tips:add"}
    visited |= {"geography:look_up", "geography:municipality", "set_language", "indicators"}
    assert visited == PUBLIC
