"""What a partner's system hears, from the deed to its door: once it happened, never what it says."""

import json
import threading
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from referral.access.context import acting
from referral.lib import outbound
from referral.notices.workflow import State
from referral.organisations.roles import Role
from signals.actions import (
    answer_question,
    ask_question,
    bring_back_signal,
    confirm_rejection,
    give_back_signal,
    judge_signal,
    park_signal,
    take_up_signal,
)
from signals.models import Signal
from signals.webhooks.actions import rotate_secret
from signals.workflow import Verdict
from tests.factories.clients import make_partner
from tests.factories.people import make_member
from tests.factories.signals import FACTS, make_signal, signal_at
from tests.signals.api.papers import SIGNAL
from tests.webhooks.rounds import alarms, push_round, pushes, the_endpoint

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("secret")]
STATUS, QUESTION, OUTCOME = (
    "signaal.status_gewijzigd", "signaal.vraag_gesteld", "signaal.uitkomst"
)  # fmt: skip


def types(receiver):
    return sorted(message.said["type"] for message in receiver.taken)


def do(member, deed, signal, **facts):
    with acting(member, purpose="test"):
        fresh = Signal.objects.get(pk=signal.pk)
        return deed(fresh, by=member, at=timezone.now(), **facts)


def test_a_system_hears_of_its_signal_checks_the_signature_and_fetches(
    alice, analyst, secret, receiver
):
    sent = alice.send(SIGNAL).json()
    with acting(analyst, purpose="test"):
        signal = Signal.objects.get(pk=sent["id"])
    do(analyst, take_up_signal, signal)

    assert push_round() == 1

    [message] = receiver.taken
    assert message.signed_by(secret)
    assert not message.signed_by("whsec_" + "A" * 44)
    assert message.path == "/baken?from=baken"
    assert message.headers["content-type"] == "application/json"
    link = f"{settings.SITE_URL}/v1/signalen/{sent['id']}"
    assert message.said == {
        "type": STATUS,
        "timestamp": message.said["timestamp"],
        "data": {
            "id": sent["id"],
            "kenmerk": sent["kenmerk"],
            "_links": {"self": {"href": link}},
        },
    }
    fetched = alice.get(link.removeprefix(settings.SITE_URL)).json()
    assert fetched["status"] == "in_beoordeling"
    [push] = pushes()
    assert message.headers["webhook-id"] == str(push.pk)
    assert (push.state, push.answered) == (State.DONE, 200)
    assert push_round(after=timedelta(days=1)) == 0


def test_a_question_and_an_outcome_are_told_and_no_word_of_them(alice, analyst, receiver):
    signal = make_signal(by=alice.member)
    do(analyst, take_up_signal, signal)
    do(analyst, ask_question, signal, question="Which canary?")
    do(alice.member, answer_question, signal, answer="The yellow one.")
    do(analyst, judge_signal, signal, verdict=Verdict.FORWARDED, motivation="A secret reason.")

    push_round()

    assert types(receiver) == [STATUS] * 4 + [OUTCOME, QUESTION]
    heard = json.dumps([message.said for message in receiver.taken]).lower()
    for word in ("canary", "yellow", "secret", "forwarded", "doorgezet", "triage", FACTS.lower()):
        assert word not in heard


def test_what_is_the_expert_centres_own_is_not_told(alice, analyst, receiver):
    signal = signal_at("triage", by=alice.member, analyst=analyst)
    push_round()
    receiver.taken.clear()
    until = timezone.localdate() + timedelta(days=30)

    do(analyst, park_signal, signal, reason="A raid.", until=until)
    do(analyst, bring_back_signal, signal)
    do(analyst, judge_signal, signal, verdict=Verdict.REJECTED, motivation="No means.")
    reader = make_member(Role.EMM_ANALYST)
    do(reader, give_back_signal, signal, remark="Look again.")
    do(analyst, judge_signal, signal, verdict=Verdict.REJECTED, motivation="Still none.")
    assert push_round() == 0

    do(reader, confirm_rejection, signal)
    push_round()
    assert types(receiver) == [STATUS, OUTCOME]


def test_only_who_sent_the_signal_hears_and_only_what_it_chose(
    alice, analyst, admin, endpoint, receiver
):
    colleague = make_partner(organisation=alice.member.organisation).member
    person = make_member(Role.LE_POLICE, organisation=alice.member.organisation)
    for other in (colleague, person):
        signal_at("triage", by=other, analyst=analyst)
    assert push_round() == 0

    with acting(admin, purpose="test"):
        type(endpoint).objects.update(events=[OUTCOME])
    signal_at("forwarded", by=alice.member, analyst=analyst)
    push_round()
    assert types(receiver) == [OUTCOME]


def test_a_system_that_has_ended_hears_nothing(alice, analyst, admin):
    signal_at("triage", by=alice.member, analyst=analyst)
    with acting(admin, purpose="test"):
        type(alice.client).objects.update(ended_at=timezone.now(), ended_by=admin.user)

    assert push_round() == 0
    signal_at("triage", by=alice.member, analyst=analyst)
    assert len(pushes()) == 1


def test_two_secrets_hold_beside_one_another_and_then_one(
    alice, analyst, admin, secret, endpoint, receiver
):
    with acting(admin, purpose="test"):
        fresh = rotate_secret(endpoint, by=admin, at=timezone.now())
    signal_at("triage", by=alice.member, analyst=analyst)
    push_round()
    assert [receiver.taken[0].signed_by(one) for one in (secret, fresh)] == [True, True]

    with acting(admin, purpose="test"):
        newest = rotate_secret(endpoint, by=admin, at=timezone.now())
    signal_at("triage", by=alice.member, analyst=analyst)
    push_round()
    assert [receiver.taken[1].signed_by(one) for one in (secret, fresh, newest)] == [
        False,
        True,
        True,
    ]


def test_a_receiver_that_fails_gets_the_same_message_again_later(alice, analyst, receiver):
    receiver.answer = 500
    signal_at("needs_info", by=alice.member, analyst=analyst)

    assert push_round() == 1  # the others wait until this one may be tried again
    assert {(push.state, push.answered) for push in pushes()} == {
        (State.PENDING, 500),
        (State.PENDING, None),
    }
    assert the_endpoint().failing_since is not None
    assert push_round() == 0

    receiver.answer = 204
    assert push_round(after=timedelta(seconds=15)) == 3
    assert the_endpoint().failing_since is None
    numbers = [message.headers["webhook-id"] for message in receiver.taken]
    assert (len(numbers), len(set(numbers))) == (4, 3)


def test_no_redirect_is_followed(alice, analyst, receiver):
    receiver.answer, receiver.headers = 307, {"Location": receiver.url}
    signal_at("triage", by=alice.member, analyst=analyst)

    assert push_round() == 1

    assert len(receiver.taken) == 1
    assert pushes()[0].answered == 307


def test_a_receiver_that_is_gone_is_not_asked_again(alice, analyst, receiver):
    receiver.answer = 410
    signal_at("triage", by=alice.member, analyst=analyst)
    push_round()

    found = the_endpoint()
    assert (found.off_reason, found.off_by.machine) == ("gone", False)
    assert alarms() == ["endpoint_off"]
    signal_at("triage", by=alice.member, analyst=analyst)
    assert (push_round(after=timedelta(days=1)), len(pushes())) == (0, 1)


def test_a_receiver_that_stays_away_raises_one_alarm_and_is_switched_off(alice, analyst, receiver):
    receiver.server_close()
    signal_at("needs_info", by=alice.member, analyst=analyst)
    start = timezone.now()
    for hours in range(80):
        push_round(at=start, after=timedelta(hours=hours))

    assert alarms() == ["push_alarm", "endpoint_off"]
    assert {push.state for push in pushes()} >= {State.DEAD}
    tried = {push.last_error for push in pushes() if push.attempts}
    assert tried == {"ConnectionRefusedError"}
    assert the_endpoint().off_reason == "failing"


def test_a_receiver_that_is_slow_is_cut_off(alice, analyst, receiver, monkeypatch):
    answer = threading.Event()
    receiver.before_answer = answer.wait
    monkeypatch.setattr(outbound, "SECONDS", 0.2)
    signal_at("triage", by=alice.member, analyst=analyst)

    push_round()
    answer.set()

    [push] = pushes()
    assert (push.state, push.attempts, push.answered) == (State.PENDING, 1, None)
