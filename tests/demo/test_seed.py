"""The made-up country in the database: as many as were published, and every door opens."""

from collections import Counter
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.urls import reverse

from referral.access.context import acting, service
from referral.cases.models import Case
from referral.demo.cast import COLLEAGUES
from referral.demo.country.figures import YEARS
from referral.demo.country.organisations import read_country
from referral.organisations.models import Membership
from referral.organisations.roles import Role
from referral.registrations.counting.rules import count
from referral.registrations.models import Registration
from reporting.models import Release
from shelters.models import Placement, PlacementRequest
from shelters.workflow import OPEN_REQUEST
from signals.models import Signal

SCALE = 0.01


def seed(number=1, *, scale=SCALE):
    call_command("seed_country", years=(2022,), scale=scale, seed=number, stdout=StringIO())


def everything(member, model):
    with acting(member, purpose="test"), transaction.atomic():
        return list(model.objects.visible_to(member))


def facts():
    """What the country holds, without the keys that are new each time."""
    statistics = service(Role.SERVICE_STATISTICS)
    with acting(statistics, purpose="test"), transaction.atomic():
        registrations = sorted(count(date(2000, 1, 1), date(2100, 1, 1), by=statistics).patterns())
        signals = sorted(
            Signal.objects.visible_to(statistics).values_list(
                "forms", "municipality", "created_at", "status"
            )
        )
    return registrations, signals


@pytest.mark.usefixtures("committed")
def test_a_country_has_what_was_published_and_every_door_leads_home(client):
    """One country for many questions: making it is the slow part."""
    seed()

    country = read_country()
    registrations = everything(country.registrars[0], Registration)
    assert len(registrations) == round(YEARS[2022].total * SCALE)
    assert len(everything(country.analysts[0], Signal)) == round(5000 * SCALE)
    assert Counter(r.status for r in registrations) == {"registered": len(registrations)}
    placements = everything(country.desk[0], Placement)
    beds = [p.bed_id for p in placements if p.status in {"reserved", "accepted", "arrived"}]
    assert len(beds) == len(set(beds))
    for case in everything(country.registrars[0], Case):
        assert case.owner_organisation_id
        assert bool(case.next_step) == (case.status != "closed")
    assert client.get(reverse("demo:door")).status_code == 200
    for colleague in COLLEAGUES:
        answer = client.post(reverse("demo:enter", args=[colleague.slug]))
        assert answer.headers["Location"] == reverse("home")
        assert client.get(reverse("home")).status_code == 200, colleague.slug
        client.logout()
    with pytest.raises(CommandError, match="already"):
        seed()


@pytest.mark.django_db
def test_the_same_seed_makes_the_same_country():
    with transaction.atomic():
        seed(7, scale=0.004)
        first = facts()
        transaction.set_rollback(True)
    seed(7, scale=0.004)

    assert facts() == first


@pytest.mark.django_db
def test_behind_an_unknown_door_is_nobody(client):
    assert client.post(reverse("demo:enter", args=["nobody"])).status_code == 404
    assert not Membership.objects.filter(user__email="nobody@demo.invalid").exists()


def test_the_list_of_colleagues_can_be_read_by_people_and_programs():
    plain, json = StringIO(), StringIO()
    call_command("list_demo_colleagues", stdout=plain)
    call_command("list_demo_colleagues", json=True, stdout=json)

    assert "Anna Voorbeeld" in plain.getvalue()
    assert '"slug": "agent"' in json.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["1999", "2012-", "x", "2024-2012", "2012-2030"])
def test_years_that_were_not_published_are_refused_in_words(words):
    with pytest.raises((CommandError, SystemExit)):
        call_command("seed_country", "--years", words)


@pytest.mark.usefixtures("committed")
def test_the_demo_ends_with_sealed_figures_and_fills_only_an_empty_database():
    call_command("seed_demo", scale=SCALE)
    call_command("seed_demo", scale=SCALE)

    [release] = everything(read_country().rapporteurs[0], Release)
    assert release.status == "sealed"
    asked = everything(read_country().desk[0], PlacementRequest)
    assert {request.status for request in asked} & set(OPEN_REQUEST), "nobody waits at the desk"
