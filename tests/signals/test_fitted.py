"""The form of a reporter that grows while it is filled in, by page and by htmx."""

import re

import pytest
from django.urls import reverse

from referral.access.context import acting
from referral.organisations.roles import Role
from signals.models import Item, Signal
from tests.clients import FormClient
from tests.factories.people import make_member, sign_in
from tests.signals.test_views import ANSWERS

pytestmark = pytest.mark.django_db

SUBMIT = reverse("signals:submit")
ENGLISH = {"accept-language": "en"}
EMPTY = dict.fromkeys(("sex", "family_name", "birth", "nationality", "rest"), "")
ROWS = {
    1: {"role": "victim", "given_names": "Alice", **EMPTY},
    2: {"role": "suspect", "given_names": "Mallory", **EMPTY},
}
PERSONS = {
    f"person-{number}-{name}": said for number, row in ROWS.items() for name, said in row.items()
} | {"person-rows": "2"}


def typed_on(page):
    """What a browser would send of this page: the boxes and lists of persons."""
    boxes = r'<input type="text" name="(person-[^"]+)"(?: value="([^"]*)")?'
    return {name: value for name, value in re.findall(boxes, page.text) if value}


def test_rows_come_and_go_and_nothing_that_was_typed_is_lost():
    alice = make_member(Role.PARTNER_NGO)
    client = sign_in(FormClient(headers=ENGLISH), alice)
    sent = {**ANSWERS, **PERSONS, "consent": "yes", "consent_on": "01-11-2026"}

    more = client.post(SUBMIT, {**sent, "step": "add-person"})
    fewer = client.post(SUBMIT, {**sent, "step": "remove-person-1"})
    odd = client.post(SUBMIT, {**sent, "step": "remove-person-9"})

    for page in (more, fewer, odd):
        assert page.status_code == 200
        assert ANSWERS["facts"] in page.text
        assert "Answer this question" not in page.text
    names = {"person-1-given_names": "Alice", "person-2-given_names": "Mallory"}
    assert typed_on(more) == typed_on(odd) == names
    assert 'name="person-3-role"' in more.text
    assert typed_on(fewer) == {"person-2-given_names": "Mallory"}
    assert "Person 1" in fewer.text  # by its place, whatever its number

    gone = {name: said for name, said in sent.items() if not name.startswith("person-1")}
    wrong = client.post(SUBMIT, {**gone, "facts": "", "person-2-birth": "2099"})
    assert wrong.status_code == 422
    # Said with the first mistakes, not after them; and of whom.
    assert "Person 1, Birth date or birth year: This lies in the future" in wrong.text
    assert client.post(SUBMIT, gone).status_code == 302
    with acting(alice, purpose="test"):
        assert [item.role for item in Item.objects.of(Signal.objects.get())] == ["suspect"]


def test_with_htmx_only_what_comes_or_goes_is_sent():
    client = sign_in(
        FormClient(headers={**ENGLISH, "hx-request": "true"}), make_member(Role.PARTNER_NGO)
    )
    sent = {**ANSWERS, **PERSONS, "consent": "no", "consent_on": "01-11-2026"}

    again = client.post(SUBMIT, {**sent, "step": "again"}).text
    added = client.post(SUBMIT, {**sent, "consent": "", "step": "add-person"}).text
    removed = client.post(SUBMIT, {**sent, "consent": "", "step": "remove-person-2"}).text

    for answer in (again, added, removed):
        assert ANSWERS["facts"] not in answer
        assert "person-2-role" not in answer
    assert 'name="no_consent_why"' in again
    assert '<div id="asked-consent_on" hidden hx-swap-oob="true"></div>' in again
    assert '<div id="asked-person-1-given_names" hidden hx-swap-oob="true"></div>' in again
    assert "asked-person-2" not in again  # the suspect may still be named
    assert "“Alice” is left out" in again
    assert re.findall(r'name="(person-[^"]+)"', added)[:2] == ["person-3-role", "person-3-sex"]
    assert 'name="person-rows" value="3"' in added
    assert '<fieldset id="person-2" hx-swap-oob="delete">' in removed
    assert "(1)" in removed


def test_a_story_that_names_somebody_without_consent_is_shown_once_more():
    alice = make_member(Role.PARTNER_NGO)
    client = sign_in(FormClient(headers=ENGLISH), alice)
    story = {**ANSWERS, "facts": "Mevrouw Jansen slaapt in de keuken.", "consent": "no"}

    warned = client.post(SUBMIT, story)
    changed = client.post(SUBMIT, {**story, "step": "again"})

    assert warned.status_code == 200
    assert "<strong>Mevrouw Jansen</strong>" in warned.text
    assert "Nothing has been sent yet." in warned.text
    assert story["facts"] in changed.text
    with acting(alice, purpose="test"):
        assert not Signal.objects.exists()
    assert client.post(SUBMIT, {**story, "all_the_same": "yes"}).status_code == 302
    with acting(alice, purpose="test"):
        assert Signal.objects.count() == 1
