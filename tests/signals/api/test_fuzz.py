"""Whatever a system sends: an answer in words, never an error of ours, nothing half done."""

import json
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.factories.clients import Partner
from tests.signals.api.papers import SIGNAL, check_problem

pytestmark = pytest.mark.django_db
PATIENT = settings(
    max_examples=150,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
SIGNALS = "/v1/signalen"

texts = st.text(max_size=40) | st.sampled_from(["\0", "\ud800", "'; --", "../", "ı", "\u202e"])
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts | st.sampled_from(
        ["arbeidsuitbuiting", "onbekend", "GM0363", "2026", "vrouw", "woning"]
    ),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=8,
)  # fmt: skip
#: Mostly a signal, with something else in some places.
signals = st.builds(
    lambda changes: {**SIGNAL, **changes},
    st.dictionaries(st.sampled_from(list(SIGNAL)) | texts, anything, max_size=3),
)
bodies = st.one_of(
    signals,
    anything,
    st.builds(lambda lines: {"signalen": lines}, st.lists(signals | anything, max_size=4)),
).map(json.dumps) | st.binary(max_size=60)
#: What a server lets through in a header.
values = st.text(
    st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=80
)
names = ["accept", "content-type", "idempotency-key", "if-none-match", "traceparent", "prefer",
         "accept-language", "x-forwarded-for", "x-http-method-override", "cookie", "range"]  # fmt: skip


def said(answer: Any) -> None:
    assert answer.status_code < 500
    if answer.request["REQUEST_METHOD"] == "HEAD":
        assert answer.content == b""
    elif answer.status_code >= 400:
        check_problem(answer, answer.status_code)
    elif answer.status_code != 304:
        assert answer["Content-Type"] == "application/json"


def send(partner: Partner, method: str, path: str, body: bytes | str, headers: Any) -> Any:
    kind = headers.pop("content-type", "application/json")
    sent = partner.headers(**{"idempotency-key": "a-key-of-my-own", **headers})
    return partner.web.generic(method, path, body, content_type=kind, headers=sent)


@given(body=bodies, path=st.sampled_from([SIGNALS, f"{SIGNALS}/bulk"]))
@PATIENT
def test_any_body(alice, body, path):
    said(alice.send(body, path))


@given(
    headers=st.dictionaries(st.sampled_from(names), values, max_size=4),
    method=st.sampled_from(["GET", "POST", "HEAD", "PUT", "DELETE"]),
)
@PATIENT
def test_any_headers(alice, headers, method):
    said(send(alice, method, SIGNALS, json.dumps(SIGNAL), headers))


@given(
    query=st.lists(
        st.tuples(
            st.sampled_from(["status", "ontvangenVanaf", "aantal", "cursor"]) | values,
            values | st.datetimes().map(str) | st.integers().map(str),
        ),
        max_size=3,
    ),
    tail=st.text(max_size=20),
)
@PATIENT
def test_any_address(alice, query, tail):
    asked = "&".join(f"{quote(name)}={quote(value)}" for name, value in query)

    said(alice.web.get(f"{SIGNALS}?{asked}", headers=alice.headers()))
    ending = quote(tail.encode("utf-8", "surrogatepass"))
    said(alice.web.get(f"{SIGNALS}/{ending}?{asked}", headers=alice.headers()))


@given(
    claims=st.dictionaries(
        st.sampled_from(["iss", "sub", "aud", "exp", "jti", "iat", "nbf"]), anything, max_size=3
    ),
    header=st.dictionaries(st.sampled_from(["alg", "kid", "crit", "b64"]), anything, max_size=2),
)
@PATIENT
def test_any_assertion(alice, claims, header):
    assertion = alice.pair.sign({**alice.claims(), **claims}, **header)

    said(alice.ask(assertion))


@given(assertion=texts, grant=texts)
@PATIENT
def test_any_request_for_a_token(alice, assertion, grant):
    body = f"grant_type={quote(grant.encode('utf-8', 'surrogatepass'))}&client_assertion="
    body += quote(assertion.encode("utf-8", "surrogatepass"))
    answer = alice.web.generic(
        "POST", "/v1/token", body, content_type="application/x-www-form-urlencoded"
    )

    said(answer)
