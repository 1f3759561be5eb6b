"""Pages of consents: seen by who may, withdrawn by who may, and not there for others."""

import pytest
from django.urls import reverse

from referral.access.context import acting
from referral.organisations.roles import Role
from referral.sharing.models import Consent
from referral.sharing.workflow import State
from tests.factories.people import make_member, sign_in
from tests.sharing.conftest import grant_case, make_coordinator

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english(client):
    client.cookies["django_language"] = "en"


def withdraw_url(consent):
    return reverse("sharing:withdraw", args=[consent.pk])


def test_a_coordinator_sees_the_consents_and_withdraws_one(client, coordinator, consent_at):
    consent = consent_at(State.GIVEN)
    consent_at(State.ASKED)
    sign_in(client, coordinator)
    page = client.get(consent.get_absolute_url()).content
    assert b"Finding a place in a shelter" in page
    assert withdraw_url(consent).encode() in page
    assert client.get(withdraw_url(consent)).status_code == 200
    assert client.post(withdraw_url(consent), {}).status_code == 422
    answers = {"reason": "changed_mind", "idempotency_key": "w1"}
    for _ in range(2):  # sent twice, done once
        assert client.post(withdraw_url(consent), answers).status_code == 302
    assert b"Nothing is shared on it now" in client.get(consent.get_absolute_url()).content
    assert client.get(withdraw_url(consent)).status_code == 404
    with acting(coordinator, purpose="test"):
        assert Consent.objects.get(pk=consent.pk).state == State.WITHDRAWN


def test_who_may_only_read_sees_no_way_to_withdraw(client, person, consent_at):
    consent = consent_at(State.GIVEN)
    former = make_coordinator()
    grant_case(person, former, level="view")
    sign_in(client, former)
    assert withdraw_url(consent).encode() not in client.get(consent.get_absolute_url()).content
    assert client.get(withdraw_url(consent)).status_code == 404


@pytest.mark.parametrize(
    "role", [Role.ZC, Role.LE_POLICE, Role.MUNI_FOCAL, Role.SHELTER_WORKER, Role.EMM_ANALYST]
)
def test_for_others_there_is_nothing_here(client, consent_at, role):
    consent = consent_at(State.GIVEN)
    sign_in(client, make_coordinator() if role == Role.ZC else make_member(role))
    for address in (consent.get_absolute_url(), withdraw_url(consent)):
        assert client.get(address).status_code == 404
