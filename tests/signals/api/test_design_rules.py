"""The Dutch API Design Rules (2.1): errors in words, headers, addresses, and a description that
is true.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from referral.api import describe, urlpatterns
from referral.organisations.roles import Role
from tests.factories.clients import make_partner
from tests.factories.people import make_member, sign_in
from tests.factories.signals import signal_at
from tests.signals.api.papers import SIGNAL, check, check_problem, paper

pytestmark = pytest.mark.django_db
SIGNALS = "/v1/signalen"
NOWHERE = "0190163d-8694-739b-aea5-966c26f8ad91"
SECURITY = {
    "API-Version": "1.0.0",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}


def described() -> Iterator[tuple[str, str]]:
    for path, methods in describe()["paths"].items():
        for method in methods:
            yield path, method


ADDRESSES = list(described())


@pytest.mark.parametrize(
    "path",
    ["", "nothing", "signalen/", "token/", "openapi.json/", "signalen/7", f"signalen/{NOWHERE}/",
     f"signalen/{NOWHERE}/status/", "signalen/bulk/", "../home/x", "SIGNALEN"],
)  # fmt: skip
@pytest.mark.parametrize("method", ["get", "post", "put", "delete", "options"])
def test_an_address_that_is_not_there_is_not_found_and_never_elsewhere(path, method):
    answer = getattr(Client(), method)(f"/v1/{path}")

    check_problem(answer, 404)
    assert "Location" not in answer


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("signalen", {"get", "post"}),
        (f"signalen/{NOWHERE}", {"get"}),
        (f"signalen/{NOWHERE}/status", {"get"}),
        (f"signalen/{NOWHERE}/antwoord", {"post"}),
        ("signalen/bulk", {"post"}),
        ("token", {"post"}),
        ("openapi.json", {"get"}),
    ],
)
def test_a_method_that_an_address_does_not_know_is_refused(alice, path, methods):
    for method in {"get", "post", "put", "patch", "delete", "options", "trace"} - methods:
        answer = getattr(alice.web, method)(f"/v1/{path}", headers=alice.headers())
        check_problem(answer, 405)
        assert methods <= {name.strip().lower() for name in answer["Allow"].split(",")}


def test_an_answer_in_another_form_than_json_is_not_there(alice):
    check_problem(alice.get(SIGNALS, accept="text/html"), 406)
    check_problem(alice.get("/v1/openapi.json", accept="application/xml"), 406)
    assert alice.get(SIGNALS, accept="*/*").status_code == 200
    check_problem(alice.get(SIGNALS, {"format": "xml"}), 400)


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "multipart/form-data", ""])
def test_a_body_in_another_form_than_json_is_refused(alice, kind):
    answer = alice.web.generic(
        "POST",
        SIGNALS,
        json.dumps(SIGNAL),
        content_type=kind,
        headers=alice.headers(**{"idempotency-key": "a-key-of-my-own"}),
    )

    check_problem(answer, 415)


def test_a_body_that_is_too_large_is_refused_before_it_is_read(alice, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000

    check_problem(alice.send(paper(feiten="x" * 2_000)), 413)


def test_who_asks_too_often_waits_and_others_do_not(alice, charlie, settings):
    settings.API_REQUESTS = 3
    for _ in range(3):
        assert alice.get(SIGNALS).status_code == 200

    answer = alice.get(SIGNALS)

    check_problem(answer, 429)
    assert 0 < int(answer["Retry-After"]) <= 60
    assert charlie.get(SIGNALS).status_code == 200


def test_an_address_that_asks_for_too_many_tokens_waits(alice, settings):
    settings.API_TOKENS = 1
    alice.ask()

    check_problem(alice.ask(), 429)


def test_without_the_counter_the_work_goes_on(alice, settings):
    alice.headers()
    settings.CACHES = {
        "default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}
    }

    assert alice.get(SIGNALS).status_code == 200


@pytest.mark.parametrize("path", ["openapi.json", "signalen", "nothing", "token"])
def test_every_answer_carries_its_version_and_the_headers_of_safety(alice, path):
    for answer in (alice.get(f"/v1/{path}"), Client().get(f"/v1/{path}")):
        assert {name: answer[name] for name in SECURITY} == SECURITY
        if path != "openapi.json":
            assert "no-store" in answer["Cache-Control"]
        assert not answer.cookies


def test_a_session_of_a_person_opens_nothing():
    person = sign_in(Client(), make_member(Role.LE_POLICE))
    unenrolled = Client()
    unenrolled.force_login(
        make_member(Role.LE_POLICE).user, backend="referral.access.backends.SignInBackend"
    )

    for browser in (person, unenrolled):
        check_problem(browser.get(SIGNALS), 401)
        check_problem(browser.post(SIGNALS, SIGNAL, content_type="application/json"), 401)


def test_a_token_opens_no_page(alice):
    answer = alice.get("/signals/")

    assert (answer.status_code, answer["Location"].startswith("/accounts/login/")) == (302, True)


def test_an_error_of_ours_has_words_and_tells_nothing(alice, monkeypatch):
    def fall(*_args: Any, **_named: Any) -> None:
        raise RuntimeError("Alice Janssen sleeps here")

    monkeypatch.setattr("signals.actions.list_signals", fall)
    alice.web.raise_request_exception = False

    answer = alice.get(SIGNALS)

    check_problem(answer, 500)
    assert b"Janssen" not in answer.content


def test_words_are_dutch_unless_another_language_is_asked_for(alice):
    dutch, english = (
        alice.get(f"{SIGNALS}/{NOWHERE}", **headers).json()["title"]
        for headers in ({}, {"accept-language": "en"})
    )

    assert (dutch, english) == ("Niet gevonden", "Not found")


def test_the_description_is_open_to_all_also_from_a_page_elsewhere():
    answer = Client().get("/v1/openapi.json")

    assert answer["Access-Control-Allow-Origin"] == "*"
    document = answer.json()
    assert document["openapi"].startswith("3.")
    assert document["info"]["version"] == answer["API-Version"]
    assert document["info"]["contact"]
    assert set(document["paths"]) == {
        "/" + str(one.pattern).replace("<uuid:pk>", "{id}") for one in urlpatterns if one.name != "nowhere"
    }  # fmt: skip
    assert "Access-Control-Allow-Origin" not in Client().get(SIGNALS)


def test_every_reference_in_the_description_leads_somewhere():
    text = json.dumps(describe())
    names = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}

    assert names <= set(describe()["components"]["schemas"])
    assert names | {"Samenvatting", "Ontvangst"} >= set(describe()["components"]["schemas"])


def ask(partner: Any, path: str, method: str, pk: str) -> Any:
    address = f"/v1{path}".replace("{id}", pk)
    if path == "/token":
        return partner.ask()
    if method == "get":
        return partner.get(address)
    if path.endswith("antwoord"):
        headers = partner.headers(**{"if-match": "*", "idempotency-key": "a-key-of-my-own"})
        said = {"antwoord": "A yellow one."}
        kind = "application/json"
        return partner.web.post(address, said, content_type=kind, headers=headers)
    body = {"signalen": [SIGNAL, {}]} if path.endswith("bulk") else SIGNAL
    return partner.send(body, address)


@pytest.mark.parametrize(("path", "method"), ADDRESSES)
def test_every_address_answers_as_it_is_described(alice, charlie, path, method):
    pk = str(signal_at("needs_info", by=alice.member).pk)

    good = ask(alice, path, method, pk)
    check(good, path, method)
    assert good.status_code < 300
    foreign = ask(charlie, path, method, pk)
    check(foreign, path, method)
    stranger = make_partner(Role.PARTNER_NGO)
    check(ask(stranger, path, method, pk), path, method)
    nobody = getattr(Client(), method)(f"/v1{path}".replace("{id}", pk))
    check(nobody, path, method)
