"""A form refuses what it did not ask for, and no page listens to more than a form.

Filters in an address ignore what they do not know: an old bookmark is no attack.
"""

import ast
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.http import QueryDict
from django.urls import get_resolver, reverse
from django.utils.datastructures import MultiValueDict

from referral.access.context import acting
from referral.cases.models import Case
from referral.organisations.models import Membership
from referral.organisations.roles import Role
from referral.oversight.forms import TrailForm
from referral.people.forms import SecurityKeyForm
from referral.persons.models import Person
from referral.registrations.models import Registration
from referral.rights.models import Right
from referral.terms.rules import HANDOVER
from shelters.figures.forms import QuarterForm
from shelters.forms import BoardForm
from shelters.matching.forms import TogetherForm
from signals.deliberation.forms import CountsForm
from signals.forms import LibraryForm, QueueForm
from signals.models import Signal
from signals.rules import profile_for
from tests.factories.people import make_member, sign_in
from tests.house.test_small_rooms import READ, ROOT
from tests.signals.test_levels import BOOK, FIRST

#: Columns that somebody would like to fill in for themselves.
INJECTED = {
    "id": "1", "pk": "1", "status": "closed", "organisation": "1", "owner_organisation": "1",
    "created_by": "1", "by": "1", "at": "2020-01-01", "role": "platform_admin", "wall": "",
    "is_superuser": "on", "level": "3", "sealed": "x", "cleaned_data": "x",
}  # fmt: skip
VIEWS = [path for path in READ if path.name == "views.py" or path.parent.name == "views"]


def subclasses(kind: type) -> Iterator[type]:
    for one in kind.__subclasses__():
        yield one
        yield from subclasses(one)


def our_forms() -> list[type[forms.BaseForm]]:
    assert get_resolver().url_patterns  # every view is loaded, and with it every form
    found = {
        form
        for form in subclasses(forms.BaseForm)
        if (ROOT / Path(*form.__module__.split(".")[:1])).is_dir()
        and not form.__module__.startswith("tests")
    }
    return sorted(found, key=lambda form: (form.__module__, form.__name__))


#: Of django-allauth, with our label: it takes a credential that the browser made.
BORROWED = {SecurityKeyForm}
FORMS = [form for form in our_forms() if form not in BORROWED]
FILTERS = {QueueForm, LibraryForm, QuarterForm, BoardForm, TogetherForm, TrailForm, CountsForm}


#: Forms that change no record of the chain: sent twice, they do no more than once.
KEYLESS = {
    "account/login.html",
    "cases/parts/identity.html",  # each look is recorded, also the second
    "components/language_switch.html",
    "components/page_header.html",
    "demo/door.html",
    "mfa/totp/activate_form.html",
    "notices/list.html",
    "people/choose_role.html",
    "search/search.html",  # each search is recorded, also the second
    "shelters/reveal_address.html",
    "usersessions/usersession_list.html",
}
POSTED = re.compile(r"<form[^>]*method=\"post\".*?</form>", re.DOTALL)


def test_every_form_that_does_a_deed_carries_its_key():
    templates = ROOT / "templates"
    without = {
        str(path.relative_to(templates))
        for path in templates.rglob("*.html")
        for form in POSTED.findall(path.read_text())
        if "idempotency_key" not in form
    }
    assert without == KEYLESS


def test_no_form_writes_a_record_by_itself():
    assert [form for form in FORMS if issubclass(form, forms.BaseModelForm)] == []


@pytest.fixture
def needed() -> dict[str, Any]:
    """What some forms must know to ask their questions."""
    member: Membership = make_member(Role.LE_POLICE)
    return {
        "member": member,
        "organisation": member.organisation,
        "age_group": "30-39",
        "registration": Registration(person=Person()),
        "today": date(2026, 11, 21),
        "case": Case(needs=[]),
        "colleagues": {},
        "goals": [],
        "ways": [],
        "channels": [],
        "offered": {},
        "mappings": [],
        "programmes": [],
        "answers": [],
        "decisions": [],
        "suggestions": [],
        "book": BOOK,
        "of": HANDOVER,
        "right": Right.TRANSFER,
        "now": {},
        "before": FIRST,
        "profile": profile_for(member.organisation.type),
    }


@pytest.mark.django_db
@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form.__module__}.{form.__name__}")
def test_a_form_refuses_what_it_did_not_ask(form, needed):
    known = {name: needed[name] for name in needed if name in form.__init__.__annotations__}
    bound = form(sent(INJECTED), MultiValueDict(), **known)

    refused = any("is_superuser" in error for error in bound.non_field_errors())

    assert refused != (form in FILTERS)
    assert set(bound.cleaned_data) <= set(bound.fields)


def sent(answers: dict[str, str]) -> QueryDict:
    data = QueryDict(mutable=True)
    data.update(answers)
    return data


def uses(tree: ast.AST) -> Iterator[tuple[ast.Attribute, ast.AST, ast.AST]]:
    """Each `request.POST`, `request.GET` and `request.FILES`, with what stands around it."""
    around: dict[ast.AST, ast.AST] = {
        child: parent for parent in ast.walk(tree) for child in ast.iter_child_nodes(parent)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in {"POST", "GET", "FILES"}:
            yield node, around[node], around.get(around[node], node)


def is_modest(node: ast.Attribute, parent: ast.AST, above: ast.AST) -> bool:
    """Handed to a form, kept for one, asked for one named field, hashed whole, or copied."""
    if isinstance(parent, ast.Attribute) and isinstance(above, ast.Call):
        first = above.args[0] if above.args else None
        is_named = isinstance(first, ast.Constant | ast.Name)
        return (parent.attr == "get" and is_named) or (node.attr == "GET" and parent.attr == "copy")
    if isinstance(parent, ast.keyword):
        return parent.arg == "body"
    while isinstance(parent, ast.BoolOp | ast.IfExp):
        parent = above
    if isinstance(parent, ast.Call):
        called = parent.func
        name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
        return name.endswith("Form") or name in {"of", "typed", "body_hash"}
    return isinstance(parent, ast.Return)  # `sent`, which only forms are given


@pytest.mark.parametrize("path", VIEWS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_page_takes_from_a_request_what_a_form_or_a_name_asks_for(path):
    greedy = [
        node.lineno for node, *near in uses(ast.parse(path.read_text())) if not is_modest(node, *near)
    ]  # fmt: skip

    assert greedy == []


def test_a_greedy_page_is_found():
    [found] = uses(ast.parse("submit(**request.POST)"))
    assert not is_modest(*found)
    [found] = uses(ast.parse("Signal.objects.create(request.POST)"))
    assert not is_modest(*found)


@pytest.mark.django_db
def test_a_reporter_cannot_fill_in_what_was_not_asked(client):
    alice = make_member(Role.LE_POLICE)
    answers = {
        "danger": "no", "forms": ["labour"], "facts": "Seen.", "municipality": "GM0599",
        "place_kind": "restaurant", "observed": "gisteren", "n_victims": "2", "people": ["woman"],
        "idempotency_key": "a",
    }  # fmt: skip
    submit = reverse("signals:submit")

    refused = sign_in(client, alice).post(submit, answers | {"status": "closed"})
    with acting(alice, purpose="test"):
        assert (refused.status_code, Signal.objects.visible_to(alice).count()) == (422, 0)

    assert client.post(submit, answers).status_code == 302
    with acting(alice, purpose="test"):
        assert Signal.objects.visible_to(alice).count() == 1
