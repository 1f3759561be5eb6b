"""A system reads the question on its signal, and answers what it read."""

from uuid import uuid4

import pytest
from django.utils import timezone

from referral.access.context import acting
from referral.organisations.roles import Role
from signals.actions import ask_question, open_signal, withdraw_question
from signals.models import Signal
from tests.factories.people import make_member
from tests.factories.signals import QUESTION, signal_at
from tests.signals.api.papers import check, check_problem

pytestmark = pytest.mark.django_db
ANSWER = "/signalen/{id}/antwoord"


@pytest.fixture
def analyst():
    return make_member(Role.EMM_ANALYST)


@pytest.fixture
def asked(alice, analyst):
    return signal_at("needs_info", by=alice.member, analyst=analyst)


def read(partner, signal):
    answer = partner.get(f"/v1/signalen/{signal.pk}")
    check(answer, "/signalen/{id}", "get")
    return answer.json(), answer["ETag"]


def send(partner, signal, text, etag, *, key=""):
    headers = {"idempotency-key": key or uuid4().hex} | ({"if-match": etag} if etag else {})
    answer = partner.web.post(
        f"/v1/signalen/{signal.pk}/antwoord",
        text if isinstance(text, dict) else {"antwoord": text},
        content_type="application/json",
        headers=partner.headers(**headers),
    )
    check(answer, ANSWER, "post")
    return answer


def test_a_system_answers_the_question_that_it_read_once(alice, bob, analyst, asked):
    told, etag = read(bob, asked)  # a colleague's system may, as a colleague on the page may
    assert told["vraag"]["tekst"] == QUESTION

    for _ in range(2):
        answer = send(alice, asked, "A yellow one.", etag, key="the-same-key")
        assert (answer.status_code, answer.json()["kenmerk"]) == (200, asked.reference)

    told, fresh = read(alice, asked)
    assert (told["status"], told["vraag"], fresh == etag) == ("in_beoordeling", None, False)
    with acting(analyst, purpose="test"):
        opened = open_signal(asked, by=analyst, at=timezone.now())
    assert [one.answer for one in opened.questions] == ["A yellow one."]
    check_problem(send(alice, asked, "Another.", etag), 412)
    check_problem(send(alice, asked, "Another.", fresh), 409)


def test_another_question_meanwhile_is_not_the_one_that_was_read(alice, analyst, asked):
    _told, etag = read(alice, asked)
    with acting(analyst, purpose="test"):
        now = timezone.now()
        withdraw_question(asked, by=analyst, at=now)
        fresh = Signal.objects.get(pk=asked.pk)
        ask_question(fresh, question="And whose van?", by=analyst, at=now)

    check_problem(send(alice, asked, "A yellow one.", etag), 412)

    told, etag = read(alice, asked)
    assert told["vraag"]["tekst"] == "And whose van?"
    assert send(alice, asked, "The neighbour's.", etag).status_code == 200


@pytest.mark.parametrize(
    ("text", "etag", "status"),
    [
        ("", "*", 400),
        ("x" * 100_000, "*", 400),
        (7, "*", 400),
        ({"antwoord": "x", "naam": "y"}, "*", 400),
        ("A yellow one.", "", 428),
        ("A yellow one.", '"of another day"', 412),
    ],
)
def test_what_is_no_answer_is_refused(alice, asked, text, etag, status):
    check_problem(send(alice, asked, text, etag), status)
    assert read(alice, asked)[0]["status"] == "vraag_aan_melder"


def test_another_systems_question_is_not_there(charlie, asked):
    check_problem(send(charlie, asked, "A yellow one.", "*"), 404)
