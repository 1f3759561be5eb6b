"""What is typed in a long form of care waits for its author alone, and leaves nothing behind."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone, translation
from lxml.html import fromstring

from referral.access.context import service
from referral.cases.actions import close_case
from referral.cases.models import CareNote
from referral.cases.rules import MoveRefused
from referral.cases.unsent import actions
from referral.cases.unsent.actions import Place
from referral.cases.unsent.models import PAGES, Kind, UnsentForm
from referral.cases.unsent.rules import KEPT_FOR, UnsentRefused, UnsentStale
from referral.cases.unsent.tasks import keep_terms
from referral.cases.workflow import CaseStatus, HandoffStatus
from referral.lib.ids import uuid7
from referral.lib.typed import LARGEST
from referral.organisations.roles import Role
from tests.factories.cases import case_at, colleague_of, doing, handoff_at, make_country
from tests.factories.people import sign_in
from tests.factories.planning import plan_of
from tests.factories.unsent import TYPED, unsent_of
from tests.sentences import bare, unbroken

pytestmark = pytest.mark.django_db
CANARY = TYPED["text"][0]
ENGLISH = {"accept-language": "en"}
NEWER = {"text": ["A newer canary."]}


@pytest.fixture
def scene(db):  # noqa: ARG001
    country = make_country()
    with translation.override("en"):
        yield country, case_at(CaseStatus.ACTIVE, country)


def left() -> int:
    """How many rows there are, past the policies."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE baken_guard")
        cursor.execute("SELECT count(*) FROM unsent_unsentform")
        (count,) = cursor.fetchone()
        cursor.execute("SET LOCAL ROLE baken_web")
    return count


def test_a_form_is_kept_sealed_for_its_author_and_never_over_a_newer_one(scene):
    country, case = scene
    alice, now = country.alice, timezone.now()
    place = Place(case=case, kind=Kind.NOTE, about=case.pk)
    form = unsent_of(case, by=alice)
    assert b"canary" not in bytes(form.sealed)
    with doing(alice):
        assert actions.keep_form(place, TYPED, seen=0, by=alice, at=now).version == 1  # again
        assert actions.keep_form(place, NEWER, seen=1, by=alice, at=now).version == 2
        with pytest.raises(UnsentStale):
            actions.keep_form(place, TYPED, seen=1, by=alice, at=now)
        for answers in ({}, {"text": ["a" * LARGEST]}):
            with pytest.raises(UnsentRefused):
                actions.keep_form(place, answers, seen=2, by=alice, at=now)
        assert actions.open_form(place, by=alice, at=now).answers == NEWER
        # What another window kept stays when this one is sent; what this page knows of goes.
        assert not actions.finish_form(place, TYPED, seen=1, by=alice, at=now)
        assert actions.finish_form(place, NEWER, seen=1, by=alice, at=now)
        assert not actions.discard_form(place, by=alice, at=now)
    unsent_of(case, by=alice)
    for other in (colleague_of(alice), country.bob, country.desk, service(Role.SERVICE_SWEEPER)):
        with doing(other):
            assert not UnsentForm.objects.exists()  # the policy alone
            assert not UnsentForm.objects.visible_to(other).exists()
            assert actions.open_form(place, by=other, at=now) is None
    with doing(country.bob), pytest.raises(MoveRefused):
        actions.keep_form(place, TYPED, seen=0, by=country.bob, at=now)


def test_what_was_typed_goes_with_the_case_and_with_its_term(scene):
    country, case = scene
    alice, now = country.alice, timezone.now()
    old = unsent_of(case, by=alice, kind=Kind.RISK)
    unsent_of(case, by=alice)
    with doing(alice):
        UnsentForm.objects.filter(pk=old.pk).update(kept_at=now - KEPT_FOR - timedelta(hours=1))
        assert actions.forget_forms(by=alice, at=now) == 0  # the clock alone forgets
    keep_terms()
    keep_terms()
    assert left() == 1
    with doing(alice):
        close_case(
            case, reason="goals_reached", outcome="safe_supported", person_informed=True, by=alice,
            at=now,
        )  # fmt: skip
    assert left() == 0
    other = case_at(CaseStatus.ACTIVE, country)
    unsent_of(other, by=alice)
    handoff_at(HandoffStatus.ACCEPTED, country, case=other)
    assert left() == 0


def test_a_note_comes_back_on_another_device_and_goes_when_it_is_written(client, scene):
    country, case = scene
    sign_in(client, country.alice)
    page = reverse("cases:write_note", args=[case.pk])
    assert "Save and go on later" in client.get(page, headers=ENGLISH).text
    kept = client.post(page, {"text": CANARY, "keep": "later"})
    assert (kept.status_code, kept["location"]) == (302, case.get_absolute_url())
    assert CANARY not in client.get(case.get_absolute_url()).text
    for address in (page, f"{reverse('case_file', args=[case.pk])}?open=notes"):
        resumed = client.get(address, headers=ENGLISH)
        assert resumed.status_code == 200
        assert CANARY in resumed.text
        assert "You go on with what you typed before" in resumed.text
        assert "error" not in resumed.text.lower().split("<main", 1)[1].split("</main>")[0]

    # By itself with htmx; two windows see both and lose neither.
    htmx = ENGLISH | {"hx-request": "true"}
    first = {"text": "One.", "keep": "later", "version": "1"}
    assert 'name="version" value="2"' in client.post(page, first, headers=htmx).text
    stale = first | {"text": "Two."}
    assert "in another window" in client.post(page, stale, headers=htmx).text
    both = client.post(page, stale, headers=ENGLISH)
    assert both.status_code == 422
    assert "One." in both.text
    assert "Two." in both.text
    assert client.post(page, stale | {"version": "2"}).status_code == 302

    assert client.post(page, {"text": "", "version": "3"}).status_code == 422
    assert left() == 1
    assert client.post(page, {"text": "Two.", "version": "3"}).status_code == 302
    assert left() == 0
    with doing(country.alice):
        assert CareNote.objects.count() == 1
    sign_in(client, country.bob)
    assert client.post(page, {"text": CANARY, "keep": "later"}).status_code == 404


def as_shown(response) -> dict[str, list[str]]:
    """What a browser sends of the form that keeps, before anybody typed in it."""
    [form] = [one for one in fromstring(response.text).forms if "untouched" in one.fields]
    sent: dict[str, list[str]] = {}
    for name, value in form.form_values():
        sent.setdefault(name, []).append(value.removeprefix("\n"))
    return sent


def test_every_long_form_keeps_and_throws_away(client, scene):
    country, case = scene
    sign_in(client, country.alice)
    goal = plan_of(case, by=country.alice, agreed=True)
    forms = {
        "cases:planning:add_task": ("words", case),
        "cases:planning:add_goal": ("words", case),
        "cases:planning:assess_risk": ("words", case),
        "cases:planning:evaluate_goal": ("words", goal),
        "cases:offer_handoff": ("warm_meeting_on", case),
        "cases:referrals:offer": ("message", case),
        "cases:tables:call": ("goal", case),
    }
    for begun, (name, (field, about)) in enumerate(forms.items()):
        page = reverse(name, args=[about.pk])
        opened = client.get(page)
        if opened.status_code == 200:  # else there is nothing to begin now
            client.post(page, as_shown(opened) | {"keep": "later"})
            assert left() == begun, f"nobody typed in {name}"
        assert client.post(page, {field: CANARY, "keep": "later"}).status_code == 302, name
        shown = client.get(page)
        assert (shown.status_code, CANARY in shown.text) == (200, True), name
    assert left() == len(forms)
    assert client.post(page, {"keep": "discard"})["location"] == page
    assert CANARY not in client.get(page).text
    assert left() == len(forms) - 1


def test_each_sentence_refuses_what_breaks_it(scene):
    country, case = scene
    form = unsent_of(case, by=country.alice)

    def again():
        form.pk = uuid7()
        form.save(force_insert=True)

    with bare(UnsentForm):
        changes = {
            "form_is_kept_once_for_each_author": again,
            "form_that_is_kept_is_of_a_known_kind": lambda: UnsentForm.objects.update(kind="x"),
        }
        assert not unbroken(changes)


def test_what_was_begun_stands_on_the_home_page_of_its_author_alone(scene, client):
    country, case = scene
    for kind in Kind:
        unsent_of(case, by=country.alice, kind=kind)
    colleague = colleague_of(country.alice, Role.ZC)
    sign_in(client, country.alice)
    page = client.get(reverse("home"), headers=ENGLISH).content.decode()
    for address in PAGES.values():
        assert reverse(address, args=[case.pk]) in page
    assert page.count(case.reference) >= len(Kind)
    assert CANARY not in page
    sign_in(client, colleague)
    page = client.get(reverse("home"), headers=ENGLISH).content.decode()
    assert "What you began" not in page
