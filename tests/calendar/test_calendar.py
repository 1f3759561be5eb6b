"""The days of a coordinator on one page, and of nobody else."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from referral.access.context import acting
from referral.audit.models import AuditEvent
from referral.cases.calendar.rules import Entry, month_of
from referral.cases.tables.workflow import TableStatus
from referral.cases.workflow import CaseStatus, HandoffStatus
from referral.organisations.roles import Role
from tests.factories.cases import case_at, handoff_at, make_country
from tests.factories.people import make_member, sign_in
from tests.factories.planning import task_of
from tests.factories.referrals import make_lawyer
from tests.factories.tables import table_at


def test_a_month_is_weeks_of_days_and_each_entry_stands_on_its_day():
    there = [
        Entry(date(2026, 12, 1), "Task", "C-2", ""),
        Entry(date(2026, 12, 1), "Meeting", "C-1", ""),
    ]
    month = month_of(date(2026, 12, 1), there)
    assert (month.before, month.after) == (date(2026, 11, 1), date(2027, 1, 1))
    assert [week[0].on.weekday() for week in month.weeks] == [0] * 5
    monday, tuesday = month.weeks[0][:2]
    assert (monday.on, monday.in_month, monday.entries) == (date(2026, 11, 30), False, [])
    assert [one.reference for one in tuesday.entries] == ["C-1", "C-2"]
    assert not month.is_empty
    assert month_of(date(2027, 2, 1), there).is_empty


@pytest.mark.django_db
def test_a_coordinator_sees_the_own_days_and_no_words(client):
    """A task, a table, a handoff and the next step; a colleague elsewhere sees only the offer."""
    country = make_country()
    case = case_at(CaseStatus.ACTIVE, country)
    task_of(case, by=country.alice, days=0, words="Canary words")
    table_at(TableStatus.PLANNED, case, make_lawyer(), by=country.alice)
    handoff = handoff_at(HandoffStatus.OFFERED, country)

    def seen(member, day):
        sign_in(client, member)
        asked = {"month": f"{day:%Y-%m}"}
        page = client.get(reverse("cases:calendar:month"), asked, headers={"accept-language": "en"})
        return page.content.decode()

    today = timezone.localdate()
    own = seen(country.alice, today)
    assert case.reference in own
    assert "Case table" in own
    mark = (
        f'aria-current="date">\n                <time datetime="{today}" data-weekday="{today:%a}"'
    )
    assert mark in own
    assert "Canary" not in own
    answer = seen(country.bob, handoff.answer_due_on)
    assert "Answer to a handoff" in answer
    assert case.reference not in answer
    assert handoff.case.reference not in answer
    assert "Answer to a handoff" not in seen(country.charlie, handoff.answer_due_on)
    assert "Nothing falls" in seen(country.alice, today + timedelta(days=4000))
    for wrong in ("2026-13", "1999-12", "soon"):
        assert client.get(reverse("cases:calendar:month"), {"month": wrong}).status_code == 404
    with acting(make_member(Role.AUDITOR), purpose="test"):
        assert AuditEvent.objects.filter(action="calendar_opened").count() == 4
