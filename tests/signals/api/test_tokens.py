"""Who gets a token, once, for ten minutes, and when it opens nothing any more."""

import json
import time
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from referral.access.context import acting
from referral.access.models import AccessToken, ClientKey, SpentAssertion
from referral.audit.models import AuditEvent
from referral.organisations.roles import Role
from referral.people.actions import end_client, end_client_key
from tests.factories.clients import Pair, add_key, encoded, make_partner
from tests.factories.people import end_membership, make_member
from tests.signals.api.papers import check, check_problem

pytestmark = pytest.mark.django_db
SIGNALS = "/v1/signalen"


def refused(answer: Any, status: int = 401) -> str:
    said = check_problem(answer, status)
    assert said["error"] in {"invalid_client", "invalid_request", "unsupported_grant_type"}
    assert said["error_description"] == said["detail"]
    return str(said["detail"])


@pytest.mark.parametrize("algorithm", ["ES256", "RS256", "PS256"])
def test_a_system_gets_a_token_and_acts_by_it(algorithm):
    partner = make_partner(algorithm=algorithm)

    answer = partner.ask()

    check(answer, "/token", "post")
    assert answer.json()["expires_in"] == 600
    assert "no-store" in answer["Cache-Control"]
    assert partner.get(SIGNALS).status_code == 200


def test_only_the_hash_of_a_token_is_kept_and_the_trail_tells_of_it(alice):
    token = alice.ask().json()["access_token"]

    assert token.encode() not in bytes(AccessToken.objects.get().digest)
    with acting(make_member(Role.AUDITOR), purpose="test"):
        line = AuditEvent.objects.get(action="token_issued")
    assert (line.object_id, line.actor_id) == (str(alice.client.pk), alice.member.user_id)


def test_an_assertion_is_honoured_once(alice):
    assertion = alice.pair.sign(alice.claims())

    assert alice.ask(assertion).status_code == 200
    refused(alice.ask(assertion))


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": int(time.time()) - 1},
        {"exp": int(time.time()) + 3600},
        {"exp": None},
        {"exp": "soon"},
        {"exp": True},
        {"exp": float("nan")},
        {"exp": 1e300},
        {"aud": "https://elsewhere.example/v1/token"},
        {"aud": ["https://elsewhere.example", "http://127.0.0.1:8000/v1/token"]},
        {"aud": None},
        {"iss": str(uuid4())},
        {"jti": None},
        {"jti": ""},
        {"jti": "x" * 129},
        {"jti": "nul\0"},
        {"jti": 7},
        {"nbf": int(time.time()) + 3600},
        {"iat": int(time.time()) + 3600},
        {"iat": "yesterday"},
        {"sub": "nobody", "iss": "nobody"},
        {"sub": None, "iss": None},
    ],
)
def test_an_assertion_for_another_time_place_or_system_is_refused(alice, changes):
    refused(alice.ask(alice.pair.sign(alice.claims(**changes))))

    assert SpentAssertion.objects.count() == AccessToken.objects.count() == 0


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none"},
        {"alg": "HS256"},
        {"alg": "RS256"},
        {"kid": "another"},
        {"kid": None},
        {"crit": ["exp"]},
        {"b64": False},
    ],
)
def test_an_assertion_with_another_header_is_refused(alice, header):
    refused(alice.ask(alice.pair.sign(alice.claims(), **header)))


def test_a_key_that_comes_along_is_not_a_key_of_the_system(alice):
    other = Pair(kid=alice.pair.kid)

    refused(alice.ask(other.sign(alice.claims(), jwk=json.loads(other.jwk()))))


def test_a_changed_statement_is_refused(alice, charlie):
    head, _claims, signature = alice.pair.sign(alice.claims()).split(".")
    mallory = encoded(json.dumps(charlie.claims()).encode())

    refused(alice.ask(f"{head}.{mallory}.{signature}"))


def test_one_system_cannot_speak_for_another(alice, charlie):
    refused(charlie.ask(charlie.pair.sign(alice.claims())))


@pytest.mark.parametrize("junk", ["x", "a.b", "a.b.c", "....", "é.é.é", "e30.e30.", "W10.W10.AA"])
def test_what_is_no_assertion_is_refused(alice, junk):
    refused(alice.ask(junk))


@pytest.mark.parametrize(
    "changes",
    [
        {"grant_type": "password"},
        {"grant_type": ""},
        {"grant_type": ["client_credentials", "client_credentials"]},
        {"client_assertion_type": "secret"},
        {"client_assertion": ""},
    ],
)
def test_a_request_that_is_none_of_oauth_is_refused(alice, changes):
    refused(alice.ask("x", **changes), 400)


def test_a_request_without_a_body_is_refused(alice):
    refused(alice.web.generic("POST", "/v1/token", content_type=""), 400)


def test_a_token_ends_after_ten_minutes(alice):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        alice.token = alice.ask().json()["access_token"]
        assert alice.get(SIGNALS).status_code == 200
        clock.shift(timedelta(minutes=10))
        check_problem(alice.get(SIGNALS), 401)


def administer(deed: Any, thing: Any) -> None:
    admin = make_member(Role.PLATFORM_ADMIN)
    with acting(admin, purpose="test"):
        deed(thing, by=admin, at=timezone.now())


def test_a_system_that_was_ended_gets_nothing_and_its_token_neither(alice):
    alice.headers()

    administer(end_client, alice.client)

    check_problem(alice.get(SIGNALS), 401)
    refused(alice.ask())


def test_with_the_membership_the_token_ends(alice):
    alice.headers()

    end_membership(alice.member, at=timezone.now())

    check_problem(alice.get(SIGNALS), 401)
    refused(alice.ask())


def test_a_closed_organisation_has_no_systems(alice):
    alice.headers()
    organisation = alice.member.organisation
    type(organisation).objects.filter(pk=organisation.pk).update(closed_at=timezone.now())

    check_problem(alice.get(SIGNALS), 401)
    refused(alice.ask())


def test_a_system_changes_keys_without_a_pause(alice):
    old, old_token = alice.pair, alice.headers()
    alice.pair = Pair()
    add_key(alice, alice.pair)

    assert alice.ask(old.sign(alice.claims())).status_code == 200
    assert alice.ask().status_code == 200

    administer(end_client_key, ClientKey.objects.get(name=old.kid))

    refused(alice.ask(old.sign(alice.claims())))
    check_problem(alice.web.get(SIGNALS, headers=old_token), 401)  # got by the old key
    alice.token = ""
    assert alice.get(SIGNALS).status_code == 200


def test_a_key_ends_by_itself(alice):
    with time_machine.travel(timezone.now() + timedelta(days=366)):
        refused(alice.ask())


def test_what_has_expired_is_cleared_away(alice):
    alice.ask()
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        alice.ask()

    assert AccessToken.objects.count() == 1
    with acting(alice.member, purpose="test"):
        assert SpentAssertion.objects.count() == 1


@pytest.mark.parametrize("scheme", ["", "Basic x", "Bearer", "Bearer x y", "Bearer é", "bearer \0"])
def test_what_is_no_token_opens_nothing(alice, scheme):
    headers = {"authorization": scheme} if scheme else {}

    answer = alice.web.get(SIGNALS, headers=headers)

    check_problem(answer, 401)
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_refused_assertion_leaves_one_line_a_minute_and_names_the_system(alice, charlie):
    ended = ClientKey.objects.get(client=charlie.client)
    administer(end_client_key, ended)
    used = alice.pair.sign(alice.claims())
    alice.ask(used)
    unknown = alice.pair.sign(alice.claims(sub=str(uuid4())))

    for _ in range(3):
        refused(alice.ask(used))
        refused(charlie.ask())
        refused(alice.ask(unknown))
        refused(alice.ask("x"))

    with acting(make_member(Role.AUDITOR), purpose="test"):
        lines = AuditEvent.objects.filter(action="assertion_refused")
        assert sorted(line.object_id for line in lines) == sorted(
            ["", str(alice.client.pk), str(charlie.client.pk)]
        )
        assert {(line.actor_id, line.result) for line in lines} == {(None, "refused 401")}
        assert lines[0].opened_details() == {"address": "127.0.0.1"}
