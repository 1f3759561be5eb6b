"""The pages of figures, and who finds them."""

import pytest
from django.urls import reverse

from referral.organisations.roles import SERVICES, Role
from reporting.workflow import Status
from tests.factories.people import make_member, sign_in
from tests.factories.releases import make_analysts, release_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def analysts():
    return make_analysts()


def test_an_analyst_orders_a_quarter_and_sees_it_being_computed(client, analysts):
    sign_in(client, analysts[0])
    page = client.get(reverse("reporting:releases"))
    quarter = page.context["form"].fields["period"].choices[0][0]

    answer = client.post(reverse("reporting:releases"), {"programme": "victims", "period": quarter})
    again = client.post(reverse("reporting:releases"), {"programme": "victims", "period": quarter})

    assert answer.status_code == 302
    assert "<progress" in client.get(answer.headers["Location"]).text
    assert again.status_code == 200
    assert again.context["form"].errors


def test_four_eyes_on_the_pages(client, analysts):
    alice, bob = analysts
    release = release_at(Status.COMPUTED, analysts)
    url = release.get_absolute_url()

    sign_in(client, alice)
    client.post(f"{url}propose/")
    client.post(f"{url}approve/")
    told = client.get(url).text
    assert "approve/" not in told
    assert "een collega moet haar goedkeuren" in told
    assert "0 mogelijke waarden" not in told
    sign_in(client, bob)
    asked = client.get(url).text
    assert "approve/" in asked
    assert "voordat u ze verzegelt" in asked
    client.post(f"{url}approve/")

    page = client.get(url).text
    assert page.count("/releases/files/") == 6
    link = page.split('href="/releases/files/')[1].split('"')[0]
    file = client.get(f"/releases/files/{link}")
    assert file.status_code == 200
    assert "attachment" in file.headers["Content-Disposition"]


def test_for_others_releases_are_not_there(client, analysts):
    release = release_at(Status.COMPUTING, analysts)
    for role in set(Role) - SERVICES - {Role.NRM_ANALYST}:
        sign_in(client, make_member(role))
        codes = [client.get(u).status_code for u in ("/releases/", release.get_absolute_url())]
        assert codes == [404, 404], role
