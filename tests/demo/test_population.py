"""The people of the demo country add up to the published figures."""

from collections import Counter
from random import Random

import pytest

from referral.demo.country.figures import YEARS
from referral.demo.country.population import presumed_victims, whole

MINOR = {"0-11", "12-14", "15-17"}


def share(part: int, total: int) -> float:
    return 100 * part / total


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("scale", [1, 0.3])
def test_a_year_has_the_published_totals_and_shares(year, scale):
    published = YEARS[year]
    people = presumed_victims(year, scale=scale, random=Random(1))
    total = len(people)
    sexes = Counter(person.sex for person in people)
    forms = Counter(
        form if form in {"sexual", "labour", "unknown"} else "other"
        for person in people
        for form in person.forms
    )

    assert total == round(published.total * scale)
    for found, wanted in [
        (sexes["female"], published.female),
        (sexes["male"], published.male),
        (sum(person.age_group in MINOR for person in people), published.minors),
        (forms["sexual"], published.sexual),
        (forms["labour"], published.labour),
        (forms["other"], published.other),
    ]:
        assert share(found, total) == pytest.approx(share(wanted, published.total), abs=2)


@pytest.mark.parametrize("year", YEARS)
def test_reporters_have_their_published_shares(year):
    published = YEARS[year].reporters
    people = presumed_victims(year, scale=1, random=Random(1))
    reporters = Counter(person.reporter for person in people)

    for kind, count in published.items():
        if kind in {"np", "zc", "nla", "kmar", "fairwork"}:
            wanted = share(count, sum(published.values()))
            assert share(reporters[kind], len(people)) == pytest.approx(wanted, abs=2)


def test_the_same_seed_makes_the_same_people_and_another_seed_does_not():
    first = presumed_victims(2022, scale=1, random=Random(7))

    assert first == presumed_victims(2022, scale=1, random=Random(7))
    assert first != presumed_victims(2022, scale=1, random=Random(8))


def test_nobody_has_one_form_twice():
    for year in YEARS:
        for person in presumed_victims(year, scale=1, random=Random(3)):
            assert len(set(person.forms)) == len(person.forms)


def test_whole_numbers_add_up_to_the_total():
    assert whole({"a": 1, "b": 1, "c": 1}, 10) == {"a": 4, "b": 3, "c": 3}
    assert sum(whole({"a": 0.1, "b": 0.7, "c": 0.2}, 7).values()) == 7
