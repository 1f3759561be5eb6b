"""The dashboard shows sealed figures and nothing that leads to a person."""

import pytest

from referral.organisations.roles import Role
from reporting.workflow import Status
from tests.factories.people import make_member, sign_in
from tests.factories.releases import make_analysts, release_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def analysts():
    return make_analysts()


def test_the_dashboard_shows_the_same_bytes_until_the_next_release(client, analysts):
    release_at(Status.SEALED, analysts)
    sign_in(client, make_member(Role.MUNI_POLICY))

    first = client.get("/dashboard/").text
    second = client.get("/dashboard/").text

    strip = [line for line in first.splitlines() if "csrf" not in line]
    assert strip == [line for line in second.splitlines() if "csrf" not in line]
    assert "<svg" in first
    assert 'class="tilemap"' in first


def test_no_link_on_the_dashboard_leads_to_a_person(client, analysts):
    release_at(Status.SEALED, analysts)
    sign_in(client, make_member(Role.MUNI_POLICY))
    page = client.get("/dashboard/").text

    for room in ("/signals/", "/registrations/", "/cases/", "/shelters/", "/releases/"):
        assert f'href="{room}' not in page


def test_without_a_release_the_dashboard_says_so(client):
    sign_in(client, make_member(Role.MUNI_POLICY))

    assert client.get("/dashboard/").status_code == 200
