"""The tables, the trigger and the arithmetic say the same."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from referral.access.context import acting
from referral.cases.workflow import CaseStatus
from referral.lib.terms import end_of_term
from referral.organisations.roles import Role
from referral.residence.migrations._locks import BEGINNINGS
from referral.residence.migrations._locks import MOVES as IN_DATABASE
from referral.residence.models import (
    Alert,
    Deadline,
    PoliceReport,
    Reflection,
    Step,
    TermLength,
    Track,
)
from referral.residence.rules import MOVES, alerts_due
from referral.residence.workflow import Line
from tests.factories.cases import case_at, make_country
from tests.factories.people import make_member
from tests.factories.residence import (
    looking,
    make_liaison,
    now_of,
    permitted,
    registration_of,
    running,
)

DAY = date(2026, 1, 31)


def test_the_database_has_the_same_tables():
    for line in Line:
        listed = {
            (start, goal, str(side))
            for start, goals in MOVES[line].items()
            for goal, side in goals.items()
        }
        assert {tuple(move.split()) for move in IN_DATABASE[line].split(";")} == listed
        assert next(iter(MOVES[line])) == BEGINNINGS[line]


@pytest.mark.parametrize(
    ("day", "months", "days", "last"),
    [
        (DAY, 3, 0, date(2026, 4, 30)),  # WBV 2023/11: calendar months, not 90 days
        (date(2027, 11, 30), 3, 0, date(2028, 2, 29)),
        (DAY, 0, 30, date(2026, 3, 2)),  # a Dublin claimant
        (DAY, 12, 0, date(2027, 1, 31)),
    ],
)
def test_a_term_is_counted_in_calendar_months(day, months, days, last):
    assert end_of_term(day, months=months, days=days) == last


@settings(max_examples=60, deadline=None)
@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(0, 60), st.integers(0, 400))
@pytest.mark.django_db
def test_the_database_counts_the_same_days(day, months, days):
    ours = end_of_term(day, months=months, days=days)
    with connection.cursor() as cursor:
        cursor.execute("SELECT baken.end_of_term(%s, %s, %s)", [day, months, days])
        assert cursor.fetchone() == (ours,)
    if days == 0:  # never in the month after, and never earlier in its month than can be
        assert (ours.year * 12 + ours.month) - (day.year * 12 + day.month) == months
        assert ours.day == day.day or (ours + timedelta(days=1)).day == 1


@given(st.integers(-40, 60), st.sets(st.sampled_from([30, 14, 7, 1, 0])))
def test_no_alert_is_told_twice_or_skipped(left, told):
    due = alerts_due(DAY + timedelta(days=left), today=DAY, told=told)

    reached = {days for days in (30, 14, 7, 1, 0) if left <= days}
    assert set(due) | (told & reached) == reached
    assert not set(due) & told


@pytest.mark.django_db
def test_what_must_hold_is_kept_by_the_database():
    country, liaison = make_country(), make_liaison()
    officer, today = country.officer, timezone.localdate()
    registration = registration_of(case_at(CaseStatus.ACTIVE, country))
    file = running(registration, officer=officer, starts_on=today - timedelta(days=3))
    permitted(file, officer=officer, liaison=liaison, on=today)
    other = make_member(Role.LE_KMAR)
    broken: list[tuple[str, type, dict[str, object]]] = [
        ("reflection_status_is_known", Reflection, {"status": "paused"}),
        ("reflection_that_was_offered_has_a_day_and_a_ground", Reflection, {"ground": ""}),
        ("reflection_stands_as_it_began", Reflection, {"ends_on": today + timedelta(days=200)}),
        ("reflection_that_began_has_a_term_of_the_law", Reflection, {"granted_on": None}),
        ("reflection_that_ended_has_a_day_and_a_reason", Reflection, {"end_reason": ""}),
        ("residence_status_is_known", Track, {"status": "lost"}),
        ("residence_applied_for_has_the_day_of_form_m55", Track, {"m55_sent_on": None}),
        ("permit_has_a_ground_and_a_period", Track, {"permit_to": today - timedelta(days=9)}),
        ("permit_on_ground_d_follows_a_statement", Track, {"ground": "d"}),
        ("continued_stay_has_a_ground_and_a_day", Track, {"status": "continued_granted"}),
        ("no_to_residence_has_a_day", Track, {"status": "revoked", "decided_on": None}),
        ("police_report_status_is_known", PoliceReport, {"status": "told"}),
        ("police_report_that_moved_has_a_day", PoliceReport, {"status": "considering"}),
        (
            "police_report_that_was_made_has_its_day",
            PoliceReport,
            {"status": "reported", "status_on": today},
        ),
        (
            "informative_talk_that_is_planned_or_held_has_its_day",
            PoliceReport,
            {"status": "talk_done", "status_on": today},
        ),
        ("residence_step_is_of_a_known_line", Step, {"line": "care"}),
        ("term_kind_is_known", Deadline, {"kind": "party"}),
        ("term_is_closed_by_someone_at_a_time", Deadline, {"closed_at": None}),
        ("term_lasts_at_least_a_day", TermLength, {"months": 0, "days": 0}),
        ("term_code_is_known", TermLength, {"code": "other"}),
        ("term_has_one_length_on_a_day", TermLength, {"code": "permit"}),
    ]
    for name, model, change in broken:
        with pytest.raises(IntegrityError, match=name), looking():
            model.objects.update(**change)

    with looking():
        one = Deadline.objects.first()
    twice = [Alert(deadline=one, days=7, told_at=timezone.now()) for _alert in range(2)]
    with pytest.raises(IntegrityError, match="is_told_of_once"), looking():
        Alert.objects.bulk_create(twice)
    with pytest.raises(IntegrityError, match="goes_to_the_immigration_service"), looking():
        type(file).objects.update(immigration=other.organisation)
    # Whose move it is: the clock's is not the officer's, the immigration service's neither.
    file = now_of(file)
    for member, line, goal in (
        (officer, Track, "revoked"),
        (liaison, PoliceReport, "talk_done"),
        (other, Track, "revoked"),
    ):
        with acting(member, purpose="test"), transaction.atomic():
            row = {"status": goal}
            if line is PoliceReport:
                row |= {"status_on": today, "talk_on": today}
            if member is officer:
                with pytest.raises(IntegrityError, match="moves_along"), transaction.atomic():
                    line.objects.filter(file=file).update(**row)
            else:
                assert line.objects.filter(file=file).update(**row) == 0
