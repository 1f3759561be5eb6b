"""Many who want the same at one moment, on real connections."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.utils import timezone, translation

from referral.access.context import acting
from referral.organisations.roles import Role
from signals.actions import deepen_signal, take_up_signal
from signals.rules import DeepeningRefused, MoveRefused
from tests.factories.people import make_member
from tests.factories.signals import findings, make_signal


@pytest.mark.usefixtures("committed")
def test_of_many_analysts_at_once_exactly_one_takes_it_up():
    with transaction.atomic():
        signal = make_signal()
        analysts = [make_member(Role.EMM_ANALYST) for _ in range(8)]
    together = Barrier(len(analysts))

    def try_it(member):
        try:
            with (
                translation.override("en"),
                acting(member, purpose="test"),
                transaction.atomic(),
            ):
                together.wait(10)
                take_up_signal(signal, by=member, at=timezone.now())
        except MoveRefused as refusal:
            return str(refusal)
        finally:
            connection.close()
        return "won"

    with ThreadPoolExecutor(len(analysts)) as pool:
        said = list(pool.map(try_it, analysts))

    assert said.count("won") == 1
    assert sum("has already taken up signal" in words for words in said) == 7


@pytest.mark.usefixtures("committed")
def test_of_many_who_add_to_a_signal_at_once_one_does_and_the_others_are_told():
    with transaction.atomic():
        alice = make_member(Role.LE_POLICE)
        signal = make_signal(by=alice)
        colleagues = [
            make_member(Role.LE_POLICE, organisation=alice.organisation) for _ in range(4)
        ]
    together = Barrier(len(colleagues))

    def try_it(member):
        try:
            with translation.override("en"), acting(member, purpose="test"), transaction.atomic():
                together.wait(10)
                deepen_signal(signal, findings("A01"), by=member, at=timezone.now())
        except DeepeningRefused as refusal:
            return str(refusal)
        finally:
            connection.close()
        return "won"

    with ThreadPoolExecutor(len(colleagues)) as pool:
        said = list(pool.map(try_it, colleagues))

    assert said.count("won") == 1
    assert sum("A colleague added to this signal" in words for words in said) == 3
