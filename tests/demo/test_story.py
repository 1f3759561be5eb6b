"""A large country is made by two processes side by side, and is one country all the same."""

import sys

import pytest
from django.db import transaction
from django.utils import timezone

from referral.access.context import acting
from referral.demo.country import story
from referral.demo.country.calendar import calendar_year
from referral.demo.country.figures import YEARS
from referral.demo.country.organisations import read_country
from referral.demo.country.progress import Progress
from referral.demo.country.story import Plan, make_years
from referral.registrations.models import Registration
from signals.models import Signal

SCALE = 0.002


@pytest.fixture
def plan(monkeypatch):
    """So small a plan, and yet large enough to be made side by side."""
    monkeypatch.setattr(story, "LARGE", SCALE)
    return Plan(years=(calendar_year(2022),), scale=SCALE, seed=1, until=timezone.now())


@pytest.mark.usefixtures("committed")
def test_the_signals_of_a_large_country_are_made_beside_its_care(plan):
    progress = Progress(sys.stderr, total=1)

    made = make_years(plan, progress)

    expected = {Signal: round(5000 * SCALE), Registration: round(YEARS[2022].total * SCALE)}
    assert (made["signals"], made["registrations"]) == tuple(expected.values())
    assert progress.count.value > sum(expected.values())  # both processes counted
    country = read_country()
    readers = {Signal: country.analysts[0], Registration: country.registrars[0]}
    for model, reader in readers.items():
        with acting(reader, purpose="test"), transaction.atomic():
            assert model.objects.visible_to(reader).count() == expected[model]


def test_a_country_without_its_signals_is_no_country(plan, monkeypatch):
    for name in ("make_country", "make_shelters", "first_rules", "make_care"):
        monkeypatch.setattr(story, name, lambda *_args, **_named: {})
    monkeypatch.setattr(story, "make_signals", lambda *_args: sys.exit("no signals"))

    with pytest.raises(RuntimeError, match="signals were not made"):
        make_years(plan, Progress(sys.stderr, total=1))
