"""Both totals come from one place, and equal what one counts by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from referral.access.context import acting, service
from referral.audit.models import AuditEvent
from referral.organisations.roles import Role
from referral.persons.merging.actions import undo_merge
from referral.registrations.counting.actions import list_home_count
from referral.registrations.counting.models import CountingRules, Moment, Unit
from referral.registrations.counting.rules import Totals, count
from referral.registrations.models import Registration
from reporting.actions.computing import opened
from reporting.counting import count as count_release
from reporting.models import DraftCounts, ReleaseCell
from reporting.tables import Cell
from reporting.workflow import Status
from tests.factories.corrections import make_correction
from tests.factories.merges import make_merge
from tests.factories.people import make_member, sign_in
from tests.factories.registrations import registration_at
from tests.factories.releases import compute, make_analysts, order, walk
from tests.factories.residence import looking

pytestmark = pytest.mark.django_db
QUARTER = (date(2026, 7, 1), date(2026, 10, 1))
IN_QUARTER = datetime(2026, 8, 3, 10, tzinfo=UTC)


@pytest.fixture
def alice():
    return make_member(Role.LE_POLICE, name="Alice")


@pytest.fixture
def desk():
    return make_member(Role.COM_REGISTRAR, name="Dora")


@pytest.fixture
def second(desk):
    return make_member(Role.COM_REGISTRAR, organisation=desk.organisation)


def counted(period=QUARTER):
    statistics = service(Role.SERVICE_STATISTICS)
    with acting(statistics, purpose="test"):
        found = count(*period, by=statistics)
        return found.totals(), found.patterns()


def by_hand(desk, period=QUARTER):
    """Every registered report as its row stands, and the record that stands for each person."""
    begin, end = (timezone.make_aware(datetime.combine(day, datetime.min.time())) for day in period)
    with acting(desk, purpose="test"):
        rows = [
            one
            for one in Registration.objects.select_related("person")
            if one.status == "registered" and begin <= one.registered_at < end
        ]
        stands = {}
        for one in rows:
            merges = [merge for merge in one.person.merges_away.all() if merge.status == "merged"]
            stands[one.pk] = merges[0].kept if merges else one.person
    forms = {}
    for one in rows:
        key = (tuple(one.forms), stands[one.pk].sex)
        forms.setdefault(key, []).append(stands[one.pk].pk)
    return Totals(len(rows), len({person.pk for person in stands.values()})), forms


def draft_of(release):
    statistics = service(Role.SERVICE_STATISTICS)
    with acting(statistics, purpose="test"), transaction.atomic():
        draft = DraftCounts.objects.select_related("key", "release").get(pk=release.pk)
        return opened(draft)[1]


def cells_of(release):
    statistics = service(Role.SERVICE_STATISTICS)
    with acting(statistics, purpose="test"), transaction.atomic():
        found = ReleaseCell.objects.visible_to(statistics).filter(release=release)
        return found.values_by_code()


def test_both_totals_equal_a_recount_by_hand_with_merges_and_corrections(alice, desk, second):
    """The whole story, to the release that takes its totals from here, and one that was sealed."""
    at = {"reporter": alice, "desk": desk, "at": IN_QUARTER}
    reports = [
        registration_at("registered", person={"sex": sex}, **at)
        for sex in ("female", "female", "male", "male", "unknown", "female")
    ]
    registration_at("registered", reporter=alice, desk=desk)  # another period
    registration_at(reporter=alice, at=IN_QUARTER)  # not registered
    assert counted()[0] == by_hand(desk)[0] == Totals(6, 6)
    analysts = make_analysts()
    sealed = walk(compute(order(analysts[0])), Status.SEALED, analysts)
    published = cells_of(sealed)
    assert draft_of(sealed)[Cell.of("persons", {})] == 6

    make_merge(reports[0].person, reports[1].person, by=desk, second=second)
    make_merge(reports[0].person, reports[4].person, by=desk, second=second)  # sex from who stays
    make_merge(reports[2].person, reports[3].person, by=desk)  # proposed, not confirmed
    make_correction(reports[2], by=alice, forms=["criminal"], primary_form="criminal")  # waits
    make_correction(reports[5], by=desk, forms=["labour"], primary_form="labour")
    totals, patterns = counted()
    hand, forms = by_hand(desk)
    assert totals == hand == Totals(reports=6, persons=4)
    assert totals.repeated == 2
    assert {(p.forms, p.sex): (p.reports, p.persons) for p in patterns} == {
        key: (len(ones), len(set(ones))) for key, ones in forms.items()
    }
    assert sum(p.reports for p in patterns if p.sex == "unknown") == 0

    statistics = service(Role.SERVICE_STATISTICS)
    with acting(statistics, purpose="test"):
        fresh = count_release(sealed, by=statistics)
    assert [len(fresh.records[code]) for code in ("reports", "persons", "repeated")] == [6, 4, 2]
    assert sealed.counting_rules == fresh.rules
    assert cells_of(sealed) == published
    with pytest.raises(IntegrityError, match="computed_release_keeps_its_rules"):
        as_guard("UPDATE reporting_release SET counting_rules_id = NULL WHERE id = %s", sealed.pk)


def as_guard(statement, *arguments):
    with looking(), connection.cursor() as cursor:
        cursor.execute(statement, arguments)


def test_another_version_counts_the_periods_of_its_days_alone(alice, desk, second):
    """By record instead of by person, and by the day of sending in."""
    reports = [
        registration_at("registered", reporter=alice, desk=desk, at=IN_QUARTER) for _ in range(2)
    ]
    merge = make_merge(reports[0].person, reports[1].person, by=desk, second=second)
    before, after = (date(2026, 1, 1), date(2026, 7, 1)), QUARTER
    assert counted()[0] == Totals(2, 1)
    as_guard("UPDATE counting_countingrules SET valid = daterange(NULL, %s::date)", after[0])
    as_guard(
        "INSERT INTO counting_countingrules (version, moment, unit, source, valid)"
        " VALUES (2, 'submitted', 'record', 'a test', daterange(%s::date, NULL))",
        after[0],
    )
    assert counted()[0] == Totals(2, 2)
    assert counted((date(2026, 1, 1), date(2026, 12, 31)))[0] == Totals(2, 1)  # begins under 1
    assert counted(before)[0] == Totals(0, 0)
    submitted = timezone.localdate(reports[0].submitted_at)
    assert counted((submitted, submitted + timedelta(days=1)))[0] == Totals(2, 2)
    with acting(desk, purpose="test"):
        undo_merge(merge, by=desk, at=timezone.now())
    assert counted((date(2026, 1, 1), date(2026, 12, 31)))[0] == Totals(2, 2)


@pytest.mark.parametrize(
    ("sentence", "broken"),
    [
        ("counting_moment_is_known", {"moment": "yesterday"}),
        ("counting_unit_is_known", {"unit": "cat"}),
        ("counting_rules_have_a_source", {"source": ""}),
        ("counting_rules_are_one_version_on_a_day", {}),
    ],
)
def test_a_version_that_makes_no_sense_is_refused(sentence, broken):
    row = {"moment": Moment.REGISTERED, "unit": Unit.PERSON, "source": "a test"} | broken
    with pytest.raises(IntegrityError, match=sentence):
        as_guard(
            "INSERT INTO counting_countingrules (version, moment, unit, source, valid)"
            " VALUES (9, %s, %s, %s, daterange(NULL, NULL))",
            *(str(row[name]) for name in ("moment", "unit", "source")),
        )


def test_nobody_changes_the_rules_from_the_application(desk):
    with acting(desk, purpose="test"):
        assert CountingRules.objects.update(unit=Unit.RECORD) == 0
        assert CountingRules.objects.get().unit == Unit.PERSON


def test_the_desk_sees_both_totals_at_home_and_nobody_else(alice, desk, second):
    now = timezone.now()
    reports = [registration_at("registered", reporter=alice, desk=desk, at=now) for _ in range(3)]
    make_merge(reports[0].person, reports[1].person, by=desk, second=second)
    with acting(alice, purpose="test"):
        assert list_home_count(by=alice, at=now) is None
    client = sign_in(Client(), desk)
    with override("en"):
        page = client.get("/home/", headers={"accept-language": "en"})
    section = next(s for s in page.context["sections"] if s.template == "counting/_home.html")
    assert section.data.totals == Totals(3, 2)
    auditor = make_member(Role.AUDITOR)
    with acting(auditor, purpose="test"):
        assert AuditEvent.objects.filter(action="totals_seen").count() == 1
