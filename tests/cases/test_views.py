"""The pages: what each side sees, bad input, and the wrong person."""

import pytest
from django.urls import reverse

from referral.access.context import acting
from referral.cases.models import Case
from referral.cases.workflow import CaseStatus
from tests.factories.cases import (
    FACTS,
    case_at,
    make_country,
    make_registration,
)
from tests.factories.people import sign_in

pytestmark = pytest.mark.django_db
NAME = FACTS.family_name
SECRET = "She sleeps badly since Tuesday."


@pytest.fixture
def country():
    return make_country()


def page_of(case):
    return reverse("cases:case", args=[case.pk])


def words(answer):
    return answer.content.decode()


def now(model, member, pk):
    with acting(member, purpose="test"):
        return model.objects.get(pk=pk)


def test_the_desk_offers_a_registered_person_to_the_region_of_the_place(client, country):
    registration = make_registration(country, region=country.there)
    sign_in(client, country.desk)

    listed = client.get(reverse("cases:to_offer"))
    assert registration.national_number in words(listed)
    page = client.get(reverse("cases:offer", args=[registration.pk]))
    assert f'value="{country.there.code}" selected' in words(page)

    answers = {"care_region": country.there.code, "priority": "crisis", "needs": ["shelter"]}
    answer = client.post(reverse("cases:offer", args=[registration.pk]), answers, follow=True)
    assert registration.national_number not in words(answer)
    case = now(Case, country.desk, Case.objects.none().filter().values("pk")) if False else None
    with acting(country.desk, purpose="test"):
        case = Case.objects.get(registration=registration)
    assert case.offered_to_id == country.bob.organisation_id
    assert client.get(reverse("cases:offer", args=[registration.pk])).status_code == 404


def test_before_acceptance_the_region_sees_the_envelope_and_no_more(client, country):
    case = case_at(CaseStatus.INTAKE, country, needs=["shelter"], priority="high")
    sign_in(client, country.alice)

    queue = words(client.get(reverse("cases:queue")))
    page = words(client.get(page_of(case)))

    for shown in (queue, page):
        assert case.reference in shown
        assert "PER-" not in shown
        assert NAME not in shown
    assert "Onderdak" in page or "Shelter" in page or "shelter" in page
    assert reverse("cases:identity", args=[case.pk]) not in page
    assert client.post(reverse("cases:identity", args=[case.pk])).status_code == 404


def test_a_coordinator_accepts_and_reads_who_it_is_after_asking(client, country):
    case = case_at(CaseStatus.INTAKE, country)
    sign_in(client, country.alice)

    page = words(client.post(reverse("cases:accept", args=[case.pk]), follow=True))
    assert NAME not in page
    assert 'id="notes"' in page

    identity = client.post(reverse("cases:identity", args=[case.pk]))
    assert NAME in words(identity)
    part = client.post(reverse("cases:identity", args=[case.pk]), headers={"HX-Request": "true"})
    assert NAME in words(part)
    assert "<html" not in words(part)
