"""An officer who reports a presumed victim registers them within a day, or hears of it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from referral.access.context import acting, service
from referral.notices.kinds import Kind
from referral.notices.models import Notice
from referral.organisations.roles import OrganisationType as T
from referral.organisations.roles import Role
from referral.registrations.duty import tasks
from referral.registrations.duty.actions import explain_reminder, remind_officers, set_term
from referral.registrations.duty.models import Reason, Reminder, Term
from referral.registrations.duty.rules import DutyRefused, obliged
from referral.sharing.matrix.rules import RuleRefused
from signals.models import Signal
from tests.factories.people import make_member, make_organisation, sign_in
from tests.factories.registrations import registration_at
from tests.factories.signals import make_signal

pytestmark = pytest.mark.django_db
NOW = timezone.now()
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


@pytest.fixture
def officer():
    return make_member(Role.LE_POLICE)


def reported(*, by, at, **changes) -> Signal:
    """A signal of something that was seen well before."""
    seen = timezone.localdate(NOW) - 20 * DAY
    return make_signal(by=by, at=at, observed=DateRange(seen, seen + DAY), **changes)


def remind(at=NOW) -> int:
    with acting(service(Role.SERVICE_SWEEPER), purpose="test") as sweeper:
        return remind_officers(by=sweeper, at=at)


def open_of(member) -> list[Reminder]:
    with acting(member, purpose="test"):
        return list(Reminder.objects.visible_to(member).open())


def test_after_a_day_without_registration_the_officer_is_told_once(officer):
    signal = reported(by=officer, at=NOW - DAY - timedelta(minutes=1))
    reported(by=officer, at=NOW - DAY + timedelta(minutes=1))  # has time left
    reported(by=officer, at=NOW - 2 * DAY, n_victims=None)  # of whom nobody knows
    reported(by=officer, at=NOW - 9 * DAY)  # from before there was a clock
    reported(by=make_member(Role.LE_NLA), at=NOW - 2 * DAY)  # may, and need not
    linked = reported(by=officer, at=NOW - 2 * DAY)
    registration_at(reporter=officer, signal=linked.pk)

    assert obliged() == [T.POLICE_UNIT, T.KMAR]
    assert (remind(), remind()) == (1, 0)
    [reminder] = open_of(officer)
    assert (reminder.signal_id, reminder.officer) == (signal.pk, officer.user)
    with acting(service(Role.SERVICE_RELAY), purpose="test"):
        notice = Notice.objects.get(kind=Kind.DUTY_TO_REGISTER)
    assert notice.user_id == officer.user_id
    assert open_of(make_member(Role.LE_POLICE, organisation=officer.organisation)) == [reminder]
    assert open_of(make_member(Role.LE_KMAR)) == []
    registration_at(reporter=officer, signal=signal.pk)
    assert open_of(officer) == []


def test_the_officer_sees_it_at_home_and_says_why_not(officer, client):
    reported(by=officer, at=NOW - 2 * DAY)
    tasks.remind()
    [reminder] = open_of(officer)
    sign_in(client, officer)
    assert reminder.get_absolute_url() in client.get(reverse("home")).content.decode()
    assert client.post(reminder.get_absolute_url(), {"reason": "x"}).status_code == 422
    answer = client.post(reminder.get_absolute_url(), {"reason": Reason.NO_VICTIM})
    assert answer.status_code == 302
    assert open_of(officer) == []
    assert client.get(reminder.get_absolute_url()).context["open"] is False
    with acting(officer, purpose="test"):
        with pytest.raises(DutyRefused):
            explain_reminder(reminder, reason=Reason.NOT_FOUND, by=officer, at=NOW)
        with pytest.raises(IntegrityError, match="duty_is_kept_as_it"), transaction.atomic():
            Reminder.objects.update(reason=Reason.NOT_FOUND)
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            Reminder.objects.update(told_at=NOW)
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Reminder.objects.create(
                signal_id=reported(by=officer, at=NOW).pk, organisation=officer.organisation,
                officer=officer.user, told_at=NOW,
            )  # fmt: skip
    assert remind() == 0


def test_a_keeper_of_the_law_gives_more_time(officer, client):
    reported(by=officer, at=NOW - 2 * DAY)
    keeper = make_member(Role.FG, organisation=make_organisation(T.COMENSHA))
    sign_in(client, keeper)
    address = reverse("registrations:duty:term")
    assert client.get(address).status_code == 200
    sent = {"hours": 72, "version": 1, "reason": "Weekend"}
    assert client.post(address, sent).status_code == 302
    assert client.post(address, {**sent, "hours": 48}).status_code == 422
    assert remind() == 0
    assert remind(NOW + 2 * DAY) == 1
    with acting(officer, purpose="test"), pytest.raises(RuleRefused):
        set_term(1, reason="Haast", version=2, by=officer, at=NOW)
    assert [term.hours for term in Term.objects.newest_first()] == [72, 24]


def test_the_database_refuses_a_term_or_a_reason_that_cannot_be(officer):
    reported(by=officer, at=NOW - 2 * DAY)
    remind()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE baken_guard")
        for name, statement in {
            "duty_term_lasts_an_hour_to_ten_days_and_says_why": _term("241", "'[now,)'"),
            "duty_term_holds_in_some_time": _term("24", "'empty'"),
            "duty_term_has_one_version_in_force": _term("24", "'[now,)'"),
            "duty_reminder_is_explained_by_someone_at_a_time_for_a_reason": (
                "UPDATE duty_reminder SET explained_at = now()"
            ),
            "duty_is_kept_as_it_was_written": "DELETE FROM duty_term",
        }.items():
            with pytest.raises(IntegrityError, match=name), transaction.atomic():
                cursor.execute(statement)


def _term(hours: str, valid: str) -> str:
    return (
        "INSERT INTO duty_term (version, hours, reason, valid)"  # noqa: S608 -- our own words
        f" VALUES (9, {hours}, 'x', {valid})"
    )
