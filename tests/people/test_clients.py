"""The platform administrator adds, changes and ends the systems of partners."""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from referral.access.context import acting
from referral.access.models import ApiClient, ClientKey
from referral.audit.models import AuditEvent
from referral.lib.jws import read_key
from referral.organisations.models import Membership
from referral.organisations.roles import OrganisationType, Role
from referral.people.actions import add_client
from referral.people.rules import ClientRefused
from tests.factories.clients import Pair, Partner, make_partner
from tests.factories.people import make_member, make_organisation, sign_in

pytestmark = pytest.mark.django_db
CLIENTS = "/people/systems/"


@pytest.fixture
def admin():
    return make_member(Role.PLATFORM_ADMIN)


@pytest.fixture
def police():
    return make_organisation(OrganisationType.POLICE_UNIT)


@pytest.fixture
def visitor(client, admin):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return sign_in(client, admin)


def answers(organisation, pair, **changes):
    until = (timezone.localdate() + timedelta(days=90)).strftime("%d-%m-%Y")
    return {
        "name": "Case system",
        "organisation": organisation.pk,
        "role": "le_police",
        "jwk": pair.jwk(),
        "until": until,
        **changes,
    }


def test_from_the_page_to_the_first_signal(police, visitor):
    pair = Pair()

    added = visitor.post(CLIENTS, answers(police, pair))
    system = ApiClient.objects.get()

    assert (added.status_code, added["Location"]) == (302, f"{CLIENTS}{system.pk}/")
    page = visitor.get(added["Location"]).content.decode()
    assert str(system.pk) in page
    assert "/v1/token" in page
    partner = Partner(system, pair)
    assert partner.get("/v1/signalen").status_code == 200
    assert system.name in visitor.get(CLIENTS).content.decode()


def test_keys_change_and_the_system_ends_on_the_page(admin, visitor):
    partner, following = make_partner(), Pair()
    page = f"{CLIENTS}{partner.client.pk}/"
    old = ClientKey.objects.get()

    added = visitor.post(
        page, {"jwk": following.jwk(), "until": answers(partner.member.organisation, following)["until"]}
    )  # fmt: skip
    ended = visitor.post(reverse("people:end_key", args=[partner.client.pk, old.pk]))

    assert (added["Location"], ended["Location"]) == (page, page)
    assert partner.ask().status_code == 401
    partner.pair = following
    assert "End this system" in visitor.get(page).content.decode()
    assert partner.ask().status_code == 200
    visitor.post(reverse("people:end_client", args=[partner.client.pk]))
    assert partner.ask().status_code == 401
    assert "End this system" not in visitor.get(page).content.decode()
    member = Membership.objects.get(pk=partner.member.pk)
    assert member.valid.upper is not None
    with acting(make_member(Role.AUDITOR), purpose="test"):
        lines = AuditEvent.objects.filter(object_id=str(partner.client.pk))
        assert sorted(line.action for line in lines if line.actor_id == admin.user_id) == [
            "client_ended",
            "client_key_added",
            "client_key_ended",
        ]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"role": "partner_ngo"}, "cannot have this role"),
        ({"jwk": "x"}, "no public key"),
        ({"jwk": "[]"}, "no public key"),
        ({"jwk": json.dumps({"kty": "oct", "k": "AAAA"})}, "private key"),
        ({"jwk": json.dumps({"kty": "RSA", "n": "AQAB", "e": "AQAB"})}, "no public key"),
        ({"jwk": json.dumps({"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"})}, "no public key"),
        ({"until": "01-01-2020"}, "ends in the future"),
        ({"until": "01-01-2099"}, "within two years"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_nothing_is_left(police, visitor, changes, sentence):
    page = visitor.post(CLIENTS, answers(police, Pair(), **changes))

    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert not ApiClient.objects.exists()
    assert not Membership.objects.filter(user__machine=True).exists()


@pytest.mark.parametrize("changes", [{"d": "AQ"}, {"use": "enc"}, {"alg": "none"}, {"kid": 7}])
def test_a_key_for_something_else_is_refused(changes):
    with pytest.raises(ValueError):  # noqa: PT011 -- both kinds are one
        read_key(Pair().jwk(**changes))


def test_a_key_without_a_name_is_named_after_itself():
    # The example of RFC 7638, section 3.1.
    n = (
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJE"
        "CPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2Q"
        "vzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6"
        "WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"
    )
    key = read_key(json.dumps({"kty": "RSA", "n": n, "e": "AQAB", "alg": "RS256"}))

    assert key.name == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"


def test_a_key_of_another_system_is_refused(admin, police):
    pair, now = Pair(), timezone.now()

    def add():
        return add_client(
            police,
            name="Case system",
            role=Role.LE_POLICE,
            jwk=pair.jwk(),
            key_until=now + timedelta(days=9),
            by=admin,
            at=now,
        )

    with acting(admin, purpose="test"):
        add()
        with pytest.raises(ClientRefused, match="given before"):
            add()


def test_only_the_platform_keeps_systems(police):
    other = make_member(Role.ORG_ADMIN, organisation=police)
    with acting(other, purpose="test"), pytest.raises(ClientRefused):
        add_client(
            police,
            name="x",
            role=Role.LE_POLICE,
            jwk=Pair().jwk(),
            key_until=timezone.now() + timedelta(days=9),
            by=other,
            at=timezone.now(),
        )


def test_the_organisation_sees_its_system_and_can_end_it(client):
    partner = make_partner()
    partner.headers()
    own = make_member(Role.ORG_ADMIN, organisation=partner.member.organisation)
    call_command("sync_roles")
    visitor = sign_in(client, own)
    assert partner.client.name in visitor.get("/people/members/").content.decode()

    visitor.post(reverse("people:end", args=[partner.member.pk]))

    assert partner.get("/v1/signalen").status_code == 401
    assert partner.ask().status_code == 401
