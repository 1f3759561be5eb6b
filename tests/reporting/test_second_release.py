"""The figures of one period computed twice, and those who know a part of them."""

from collections import Counter
from datetime import date
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from referral.access.context import acting, service
from referral.organisations.roles import Role
from reporting.actions import withdraw_release
from reporting.actions.computing import insiders_of, opened, secret_of
from reporting.counting import Counted
from reporting.models import DraftCounts, ReleaseCell
from reporting.programmes import IMPORTED, VICTIMS, programme
from reporting.rules import MoveRefused
from reporting.tables import Cell
from reporting.workflow import Status
from tests.factories.people import make_member
from tests.factories.registrations import registration_at
from tests.factories.releases import compute, make_analysts, order, release_at

pytestmark = pytest.mark.django_db
IN_PERIOD = timezone.make_aware(timezone.datetime(2026, 8, 3, 10))


def register(number):
    """Registrations of persons of both sexes, by one police officer and one desk."""
    reporter, desk = make_member(Role.LE_POLICE), make_member(Role.COM_REGISTRAR)
    for n in range(number):
        registration_at(
            "registered",
            at=IN_PERIOD,
            reporter=reporter,
            desk=desk,
            person={"sex": ("female", "male")[n % 2]},
        )


def values_of(release):
    statistics = service(Role.SERVICE_STATISTICS)
    with acting(statistics, purpose="test"), transaction.atomic():
        cells = ReleaseCell.objects.visible_to(statistics).filter(release=release)
        return cells.values_by_code()


def draft_of(release):
    statistics = service(Role.SERVICE_STATISTICS)
    with acting(statistics, purpose="test"), transaction.atomic():
        draft = DraftCounts.objects.select_related("key", "release").get(pk=release.pk)
        return opened(draft)[1], insiders_of(draft)


def test_the_same_people_counted_again_are_rounded_the_same():
    """Two roundings of one count would tell more than either: 0 and 5 leave only 1 to 4."""
    register(8)
    alice, bob = make_analysts()
    first = release_at(Status.SEALED, (alice, bob))
    with acting(bob, purpose="test"):
        withdraw_release(first, reason="A mistake in the notes.", by=bob, at=timezone.now())

    second = compute(order(alice))

    assert second.status == Status.COMPUTED
    assert secret_of(second) == secret_of(first)
    assert values_of(second) == values_of(first)


def test_another_period_is_rounded_under_another_secret():
    alice, _ = make_analysts()
    summer = order(alice)
    spring = order(alice, period=(date(2026, 4, 1), date(2026, 7, 1)))

    assert secret_of(summer) != secret_of(spring)


YEAR = (date(2026, 1, 1), date(2027, 1, 1))


def sealed_quarter():
    alice, bob = make_analysts()
    release_at(Status.SEALED, (alice, bob))
    return alice, bob


def withdrawn_quarter():
    alice, bob = make_analysts()
    release_at(Status.WITHDRAWN, (alice, bob))
    return alice, bob


def quarter_under_way():
    alice, bob = make_analysts()
    order(alice)
    return alice, bob


@pytest.mark.parametrize("begin", [sealed_quarter, withdrawn_quarter, quarter_under_way])
def test_no_second_period_overlaps_one_that_was_read_or_will_be(begin):
    """The year minus its other quarters would be a table that nobody protected."""
    alice, _bob = begin()

    for period in (
        YEAR,
        (date(2026, 7, 1), date(2027, 1, 1)),
        (date(2026, 9, 30), date(2026, 10, 1)),
    ):
        with pytest.raises(MoveRefused, match="overlap"):
            order(alice, period=period)

    assert order(alice, period=(date(2026, 10, 1), date(2027, 1, 1))).status == Status.COMPUTING


def test_a_period_that_nobody_read_bars_no_other():
    alice, _bob = make_analysts()
    first = compute(order(alice))
    with acting(alice, purpose="test"):
        withdraw_release(first, reason="The wrong quarter.", by=alice, at=timezone.now())

    assert order(alice, period=YEAR).status == Status.COMPUTING


def test_imports_do_not_bar_each_other_or_the_register():
    """Each import has its own rows: over two of them nobody can subtract."""
    alice, _bob = make_analysts()
    order(alice, programme=IMPORTED, period=YEAR, source=uuid4())

    other = order(alice, programme=IMPORTED, source=uuid4())

    assert other.status == Status.COMPUTING


def test_one_person_more_shows_only_where_it_must():
    register(7)
    alice, bob = make_analysts()
    first = release_at(Status.SEALED, (alice, bob))
    register(1)

    second = compute(order(alice))

    before, after = values_of(first), values_of(second)
    counts, _ = draft_of(second)
    near = {code for code in before if abs(before[code] - counts[Cell.parse(code)]) <= 4}
    assert near == set(before)
    assert after == before


def test_large_reporters_are_tried_as_attackers():
    register(6)
    release = compute(order(make_analysts()[0]))

    counts, insiders = draft_of(release)

    assert [insider.name for insider in insiders] == ["police"]
    assert insiders[0].own == {
        cell: n for cell, n in counts.items() if n and cell.measure == "reports"
    }


def test_a_small_reporter_knows_little_more_than_any_reader():
    forms = frozenset({frozenset({"labour"})})
    shown = programme(VICTIMS, forms)
    same = {dimension.code: min(dimension.leaf_codes) for dimension in shown.dimensions}
    reports = [same | {"reporter": name} for name in ["police"] * 95 + ["kmar"] * 5]

    own = Counted(records={"reports": reports}, patterns=forms).own_cases(shown)

    assert list(own) == ["police"]
    assert isinstance(own["police"], Counter)
    assert own["police"][Cell.of("reports", {})] == 95
