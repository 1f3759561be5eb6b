"""Acute danger: who is on call hears of it within a minute, whatever the channel, and the next in
line when nobody takes the signal up.
"""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from referral.access.context import acting, service
from referral.notices.kinds import Kind
from referral.organisations.roles import Role
from signals.actions import submit_signal, take_up_signal
from signals.models import Channel, Signal
from signals.routing import tasks
from signals.routing.actions import call_next, cancel_shift, plan_shift, set_patience
from signals.routing.models import Call, Patience, Shift
from signals.routing.rules import RoutingRefused
from tests.factories.people import end_membership, make_member, sign_in
from tests.factories.routing import shift_of
from tests.factories.signals import make_draft, make_signal
from tests.notices.post_office import deliveries, go_round

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def hanna():
    return make_member(Role.EMM_COORDINATOR, name="Hanna")


@pytest.fixture
def gijs():
    return make_member(Role.EMM_ANALYST, name="Gijs")


def called():
    """Everybody who was told of acute danger, by name, in the order of the calls."""
    go_round(at=timezone.now() + timedelta(days=1))
    told = [d for d in deliveries() if d.notice.kind == Kind.SIGNAL_DANGER]
    return [str(d.user) for d in sorted(told, key=lambda d: (d.notice.posted_at, str(d.user)))]


def sweep(at):
    with acting(service(Role.SERVICE_SWEEPER), purpose="test") as sweeper:
        return call_next(by=sweeper, at=at)


@pytest.mark.parametrize("channel", [c for c in Channel if c != Channel.INTERNATIONAL])
def test_who_is_on_call_is_told_within_a_minute_whatever_the_channel(channel, hanna, gijs):
    shift_of(gijs, by=hanna)
    role = Role.SERVICE_TIPS if channel == Channel.CITIZEN else Role.LE_POLICE
    by = service(role) if channel == Channel.CITIZEN else make_member(role)
    with acting(by, purpose="test"):
        draft = make_draft(danger=True, channel=channel)
        signal = submit_signal(draft, by=by, at=timezone.now())
        submit_signal(make_draft(channel=channel), by=by, at=timezone.now())
    go_round()

    [told] = [d for d in deliveries() if d.notice.kind == Kind.SIGNAL_DANGER]
    assert (told.user, told.notice.urgent) == (gijs.user, True)
    assert told.delivered_at - signal.created_at < MINUTE
    [mail] = [d for d in deliveries("mail") if d.notice.kind == Kind.SIGNAL_DANGER]
    assert mail.next_attempt_at - signal.created_at < MINUTE


def test_without_a_shift_the_coordinators_are_called(hanna, gijs):
    end_membership(gijs, at=timezone.now() + timedelta(hours=1))
    shift_of(gijs, by=hanna, hours_from_now=9)
    make_signal(danger=True)
    assert called() == ["Hanna"]


def test_the_next_in_line_is_called_when_nobody_takes_it_up(hanna, gijs):
    first, second = make_member(Role.EMM_ANALYST, name="First"), gijs
    shift_of(first, by=hanna)
    shift_of(second, by=hanna, line=2)
    at = timezone.now()
    make_signal(danger=True, at=at)
    taken = make_signal(danger=True, at=at)
    with acting(gijs, purpose="test"):
        take_up_signal(taken, by=gijs, at=at)

    assert [sweep(at + n * MINUTE) for n in (9, 10, 10, 19, 20, 30, 40)] == [0, 1, 0, 0, 1, 1, 0]
    assert called() == ["First", "First", "Gijs", "Hanna", "First", "Gijs"]


def test_how_long_is_waited_is_data(hanna):
    at = timezone.now()
    make_signal(danger=True, at=at)
    with acting(hanna, purpose="test"):
        set_patience(2, by=hanna, at=at)
        for minutes in (0, 61):
            with pytest.raises(RoutingRefused), transaction.atomic():
                set_patience(minutes, by=hanna, at=at)
    assert [sweep(at + MINUTE), sweep(at + 2 * MINUTE)] == [0, 1]
    tasks.keep_watch()


def test_a_shift_is_refused_in_words(hanna, gijs):
    now = timezone.now()
    shift = shift_of(gijs, by=hanna)
    officer = make_member(Role.LE_POLICE)
    plan = {"line": 1, "begin": now, "end": now + 9 * MINUTE, "by": hanna, "at": now}
    with acting(hanna, purpose="test"):
        for member, changes, sentence in (
            (officer, {}, "does not work on signals"),
            (gijs, {"end": now - MINUTE}, "The end lies after the beginning"),
            (hanna, {}, "Somebody else is on call in this line then"),
        ):
            with pytest.raises(RoutingRefused, match=sentence), transaction.atomic():
                plan_shift(member, **{**plan, **changes})
        with pytest.raises(RoutingRefused, match="This shift is over"), transaction.atomic():
            cancel_shift(shift, by=hanna, at=now + timedelta(days=2))
        cancel_shift(shift, by=hanna, at=now)
        assert not Shift.objects.exists()


def test_the_database_keeps_each_sentence_about_the_watch(hanna, gijs):
    now = timezone.now()
    signal = make_signal(danger=True)
    planned = {"member": gijs, "planned_at": now, "planned_by": hanna.user}
    hours = (now, now + MINUTE)
    with acting(hanna, purpose="test"):
        Shift.objects.create(line=1, during=hours, **planned)
        broken = {
            "shift_is_in_one_of_three_lines": lambda: Shift.objects.create(
                line=4, during=hours, **planned
            ),
            "shift_has_a_beginning_and_an_end": lambda: Shift.objects.create(
                line=2, during=(now, None), **planned
            ),
            "line_is_held_by_one_person_at_a_time": lambda: Shift.objects.create(
                line=1, during=hours, **planned
            ),
            "patience_is_one_minute_to_an_hour": lambda: Patience.objects.create(
                minutes=99, set_at=now, set_by=hanna.user
            ),
        }
        for name, deed in broken.items():
            with pytest.raises(DatabaseError, match=name), transaction.atomic():
                deed()
    with acting(service(Role.SERVICE_SWEEPER), purpose="test") as sweeper:
        made = {
            "signal": signal,
            "organisation": hanna.organisation,
            "called_at": now,
            "called_by": sweeper.user,
        }
        for name, values in {
            "signal_is_called_once_for_each_step": {"step": 1, "role": Role.EMM_ANALYST},
            "call_goes_to_a_person_or_to_a_role": {"step": 2},
        }.items():
            with pytest.raises(DatabaseError, match=name), transaction.atomic():
                Call.objects.create(**made, **values)


def test_the_coordinator_plans_the_watch_on_a_page_and_the_signal_tells_who_was_called(
    client, hanna, gijs
):
    sign_in(client, hanna)
    watch = reverse("signals:routing:watch")
    assert "Nobody is planned" in client.get(watch).content.decode()
    begin, end = (timezone.localtime() + timedelta(hours=h) for h in (-1, 7))
    answers = {
        "member": str(gijs.pk), "line": "1", "begin": f"{begin:%d-%m-%Y %H:%M}",
        "end": f"{end:%d-%m-%Y %H:%M}", "idempotency_key": "a",
    }  # fmt: skip
    assert client.post(watch, answers | {"end": "soon"}).status_code == 422
    page = client.post(watch, answers, follow=True).content.decode()
    assert "The shift has been planned." in page
    wait = {"minutes": "7", "idempotency_key": "b"}
    page = client.post(reverse("signals:routing:patience"), wait, follow=True).content.decode()
    assert "after 7 minutes" in page
    signal = make_signal(danger=True)
    shown = client.get(signal.get_absolute_url()).content.decode()
    assert "Told of acute danger" in shown
    assert "Gijs" in shown
    with acting(hanna, purpose="test"):
        shift = Shift.objects.get()
        assert Signal.objects.count() == 1
    gone = client.post(
        reverse("signals:routing:cancel_shift", args=[shift.pk]),
        {"idempotency_key": "c"},
        follow=True,
    )
    assert "Nobody is planned" in gone.content.decode()
