"""From the offer of a reflection period to residence: counted, protected, and shown."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from referral.access.context import acting, service
from referral.organisations.roles import Role
from referral.residence import actions
from referral.residence.models import OfferGround
from referral.residence.rules import ReportFacts
from referral.residence.workflow import ReportStatus
from reporting.counting import count
from reporting.documents import funnel
from reporting.figures import quantile, shown_quantile
from reporting.lattice import lattice_of
from reporting.programmes import BEYOND, CONVERSION, LAST_DAYS, programme
from reporting.tables import Cell
from reporting.workflow import Status
from tests.factories.merges import make_merge
from tests.factories.people import make_member, sign_in
from tests.factories.registrations import registration_at
from tests.factories.releases import compute, make_analysts, order, walk
from tests.factories.residence import file_of, make_liaison, permitted, running

YEAR = (date(2025, 1, 1), date(2026, 1, 1))
START = date(2025, 3, 11)


@pytest.mark.django_db
def test_what_followed_on_an_offer_is_counted_once_for_a_person_and_published_protected():
    """Alice keeps five files: one to a permit, one reported, one only offered, two of one person."""
    alice, liaison = make_member(Role.LE_POLICE), make_liaison()
    desk = make_member(Role.COM_REGISTRAR)
    second = make_member(Role.COM_REGISTRAR, organisation=desk.organisation)
    of = [registration_at("registered", reporter=alice, desk=desk) for _ in range(6)]
    permit, reported = (running(one, officer=alice, starts_on=START) for one in of[:2])
    permitted(permit, officer=alice, liaison=liaison, on=START + timedelta(days=40))
    now = timezone.now()
    with acting(alice, purpose="test"):
        for to in (ReportStatus.TALK_DONE, ReportStatus.REPORTED):
            facts = ReportFacts(on=START + timedelta(days=9))
            actions.move_report(reported, to=to, facts=facts, by=alice, at=now)
    for one, on in ((of[2], START), (of[3], START), (of[5], date(2024, 12, 31))):
        file = file_of(one, officer=alice)
        with acting(alice, purpose="test"):
            ground = OfferGround.NOT_YET
            actions.offer_reflection(file, ground=ground, on=on, by=alice, at=now)
    running(of[4], officer=alice, starts_on=START + timedelta(days=100))
    make_merge(of[4].person, of[3].person, by=desk, second=second)

    analysts = make_analysts()
    release = order(analysts[0], programme=CONVERSION, period=YEAR)
    statistics = service(Role.SERVICE_STATISTICS)
    with acting(statistics, purpose="test"):
        counted = count(release, by=statistics)
    made = programme(CONVERSION, counted.patterns)
    counts = counted.in_lattice(made)

    def number(**at):
        return counts[Cell.of("offers", at)]

    assert (number(), number(ground="exploited"), number(ground="not_yet")) == (4, 2, 2)
    assert [number(step=code) for code in ("taken", "report", "granted", "refused")] == [3, 1, 1, 0]
    # Offered the day before it was begun; the permit came after 41 days and the report after 10.
    assert (number(days_granted="d60"), number(days_report="d14"), number(days_report="none")) == (
        1, 1, 3,
    )  # fmt: skip
    assert number(days_taken="d180", ground="not_yet") == 1  # taken in the other file
    assert counted.rules is not None
    assert list(counted.own_cases(made)) == [str(alice.organisation_id)]

    sealed = walk(compute(release), Status.SEALED, analysts)
    page = sign_in(Client(), analysts[0]).get(reverse("reporting:release", args=[sealed.pk]))
    text = page.content.decode()
    assert 'id="funnel-caption"' in text
    assert '<title id="funnel-title">' in text
    assert len(page.context["funnel"].stages) == 4 * 6
    assert not page.context["document"].reconciliation


def test_who_reached_a_step_and_who_did_not_are_tied_by_one_sum():
    made = programme(CONVERSION, frozenset())
    sums = {(one.whole.code, *(part.code for part in one.parts)) for one in lattice_of(made).sums}
    assert ("offers", "offers|step=report", "offers|days_report=none") in sums
    assert (
        "offers|ground=exploited",
        "offers|ground=exploited|step=granted",
        "offers|days_granted=none|ground=exploited",
    ) in sums


def test_shares_and_days_come_from_protected_counts_and_on_a_large_base():
    values = dict.fromkeys(lattice_of(programme(CONVERSION, frozenset())).published, 0)
    values[Cell.of("offers", {})] = 200
    values[Cell.of("offers", {"step": "report"})] = 100
    values[Cell.of("offers", {"days_report": "d14"})] = 60
    values[Cell.of("offers", {"days_report": BEYOND})] = 40
    stages = {one.label: one for one in funnel(values, "en").stages if one.ground == "All grounds"}
    report = stages["reported to the police"]
    # Half of a hundred are 50 of the 60 between day 7 and day 14.
    assert (report.number, report.share, report.median, report.p90) == ("100", "50%", "13", ">1095")
    assert stages["residence permit refused"].median == "."


def test_a_quantile_lies_within_its_class_and_is_withheld_below_fifty():
    bands = [(7, 25), (14, 25), (30, 50)]
    assert [quantile(bands, 0, Fraction(n, 4)) for n in (1, 2, 3, 4)] == [7, 14, 22, 30]
    assert quantile(bands, 100, Fraction(9, 10)) is None
    assert shown_quantile([(last, 5) for last in LAST_DAYS], 0, Fraction(1, 2)) == "."
