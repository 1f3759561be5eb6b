"""The days of a coordinator on one page, and of nobody else."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from referral.access.context import acting
from referral.audit.models import AuditEvent
from referral.cases.calendar.actions import make_address
from referral.cases.calendar.models import Feed
from referral.cases.calendar.querysets import member_at
from referral.cases.calendar.rules import Entry, month_of, programme_of
from referral.cases.tables.workflow import TableStatus
from referral.cases.workflow import CaseStatus, HandoffStatus
from referral.organisations.models import Membership
from referral.organisations.roles import Role
from tests.factories.cases import case_at, handoff_at, make_country
from tests.factories.people import end_membership, make_member, sign_in
from tests.factories.planning import absence_of, task_of
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
    stand_in = Membership.objects.get(user=absence_of(country.alice, first=0, last=3).stand_in)
    both = seen(stand_in, today)  # the days of who is away
    assert case.reference in both
    assert "Case table" in both
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
        assert AuditEvent.objects.filter(action="calendar_opened").count() == 5


def test_a_file_for_calendar_programmes_holds_kinds_references_and_days_alone():
    """What any reader of RFC 5545 makes of it; two of one kind, case and day are one event."""
    days = [
        Entry(date(2026, 12, 1), "Answer, or not; a \\ task", "C-1", "/cases/secret/"),
        Entry(date(2026, 12, 1), "Answer, or not; a \\ task", "C-1", "/cases/other/"),
        Entry(date(2026, 11, 30), "Next step", "C-2", ""),
    ]
    file = programme_of(days, at=timezone.now())
    assert b"/cases/" not in file
    assert file.startswith(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    events = Calendar.from_ical(file).walk("VEVENT")
    assert [(one.decoded("dtstart"), str(one["summary"])) for one in events] == [
        (date(2026, 11, 30), "C-2: Next step"),
        (date(2026, 12, 1), "C-1: Answer, or not; a \\ task"),
    ]
    assert {key for one in events for key in one} == {
        "UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "CLASS", "TRANSP",
    }  # fmt: skip
    assert len({str(one["uid"]) for one in events}) == 2


@pytest.mark.django_db
def test_the_days_are_fetched_at_a_secret_address_until_it_ends(client, caplog):
    """Shown once, kept as a hash, of nobody else; renewed, ended or out of work it is not there."""
    country = make_country()
    case = case_at(CaseStatus.ACTIVE, country)
    task_of(case, by=country.alice, days=3, words="Canary words")
    programme = Client(headers={"accept-language": "en"})

    def new_address():
        page = client.post(reverse("cases:calendar:make_address"))
        address = page.content.decode().partition("<code>")[2].partition("</code>")[0]
        assert "no-store" in page["Cache-Control"]
        return address.removeprefix("http://127.0.0.1:8000")

    sign_in(client, country.alice)
    first = new_address()
    got = programme.get(first)
    assert (got.status_code, got["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    summaries = [str(one["summary"]) for one in Calendar.from_ical(got.content).walk("VEVENT")]
    assert any(one.startswith(f"{case.reference}: ") for one in summaries)
    assert b"Canary" not in got.content
    month = client.get(reverse("cases:calendar:month"), headers={"accept-language": "en"})
    assert "Last fetched" in month.content.decode()
    assert first not in month.content.decode()
    second = new_address()
    assert programme.get(first).status_code == 404
    # The session of a browser that comes along counts for nothing: the address says who asks.
    bob = sign_in(Client(), country.bob)
    assert case.reference.encode() in bob.get(second).content
    assert programme.post(second).status_code == 405
    client.post(reverse("cases:calendar:end_address"))
    assert programme.get(second).status_code == 404
    third = new_address()
    end_membership(country.alice, at=timezone.now())
    assert programme.get(third).status_code == 404
    told = caplog.text
    assert "/cases/calendar/feed/....ics" in told
    assert not any(address in told for address in (first, second, third))
    with acting(make_member(Role.AUDITOR), purpose="test"):
        fetched = AuditEvent.objects.filter(action="calendar_fetched")
        assert {event.actor_id for event in fetched} == {country.alice.user_id}
        assert [str(case.pk) in event.ids for event in fetched] == [True, True]
        assert {event.purpose for event in fetched} == {"calendar feed"}


@pytest.mark.django_db
def test_an_address_belongs_to_one_member_who_alone_sees_that_it_is_there(client):
    country = make_country()
    now = timezone.now()
    with acting(country.alice, purpose="test") as alice:
        secret = make_address(by=alice, at=now)
        kept = Feed.objects.visible_to(alice).get()
        assert secret.encode() not in bytes(kept.digest)
        with pytest.raises(IntegrityError), transaction.atomic():
            Feed.objects.create(membership=alice, digest=b"other", made_at=now)
    with acting(country.bob, purpose="test") as bob:
        assert list(Feed.objects.all()) == []
        assert Feed.objects.filter(pk=kept.pk).delete()[0] == 0
        assert list(Feed.objects.visible_to(bob)) == []
    assert member_at(secret, at=now) == country.alice
    assert member_at(secret + "x", at=now) is None
    desk = country.desk  # who does not work on cases has no days, whatever the address
    with acting(desk, purpose="test"):
        other = make_address(by=desk, at=now)
    assert client.get(reverse("cases:calendar:feed", args=[other])).status_code == 404
