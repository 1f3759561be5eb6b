"""Many requests at one moment, each with a connection of its own."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection, transaction

from referral.access.context import acting
from referral.audit.models import AuditEvent
from referral.organisations.roles import Role
from signals.models import Signal
from tests.factories.clients import Partner, make_partner
from tests.factories.people import make_member
from tests.signals.api.papers import SIGNAL, paper


@pytest.fixture
def partner(committed: None) -> Partner:  # noqa: ARG001
    made = make_partner()
    made.headers()
    return made


def at_once(times: int, ask: Callable[[Partner], Any], partner: Partner) -> list[Any]:
    start, answers = Barrier(times), []

    def run() -> None:
        own = Partner(partner.client, partner.pair, token=partner.token)
        start.wait()
        answers.append(ask(own))
        connection.close()

    threads = [Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == times
    return answers


def test_of_one_assertion_many_times_one_is_honoured(partner):
    assertion = partner.pair.sign(partner.claims())

    answers = at_once(8, lambda own: own.ask(assertion), partner)

    assert sorted(answer.status_code for answer in answers) == [200, *[401] * 7]


def test_one_key_fifty_times_is_one_signal_and_one_answer(partner):
    answers = at_once(50, lambda own: own.send(SIGNAL, key="the-same-key"), partner)

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    with acting(partner.member, purpose="test"), transaction.atomic():
        signal = Signal.objects.get()
    assert signal.reference == answers[0].json()["kenmerk"]
    with acting(make_member(Role.AUDITOR), purpose="test"), transaction.atomic():
        assert AuditEvent.objects.filter(action="signal_submitted").count() == 1


def test_one_key_with_other_bodies_is_one_signal_and_conflicts(partner):
    bodies = iter([paper(aantalSlachtoffers=n) for n in range(1, 9)])

    answers = at_once(8, lambda own: own.send(next(bodies), key="the-same-key"), partner)

    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 7]
    with acting(partner.member, purpose="test"), transaction.atomic():
        assert Signal.objects.count() == 1
