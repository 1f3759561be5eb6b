"""A form that is sent twice is done once, and answered twice."""

from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection, transaction
from django.utils import timezone

from referral.access.actions import clear_kept_answers
from referral.access.idempotency import (
    KeyMissing,
    KeyReused,
    answered_before,
    earlier_answer,
    keep_answer,
    new_key,
)
from referral.organisations.roles import Role
from tests.factories.people import make_member


@pytest.mark.django_db
def test_the_second_request_gets_the_first_answer():
    alice, key = make_member(Role.LE_POLICE), new_key()

    assert earlier_answer(alice, key=key, body={"a": "1"}) is None
    keep_answer(alice, key=key, answer="/signals/1/")

    assert earlier_answer(alice, key=key, body={"a": "1"}) == "/signals/1/"


@pytest.mark.django_db
def test_the_same_key_with_another_body_is_refused():
    alice, key = make_member(Role.LE_POLICE), new_key()
    earlier_answer(alice, key=key, body={"a": "1"})

    with pytest.raises(KeyReused):
        earlier_answer(alice, key=key, body={"a": "2"})


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["a\0b", "x" * 300, "\u202e⚓"])
def test_any_key_is_a_key(key):
    alice = make_member(Role.LE_POLICE)
    sent = {"a": "1", "idempotency_key": key}
    assert answered_before(alice, body=sent) == ""
    earlier_answer(alice, key=key, body=sent)
    keep_answer(alice, key=key, answer="/done/")

    assert answered_before(alice, body=sent) == "/done/"


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "\0"])
def test_a_form_without_a_key_is_refused(key):
    with pytest.raises(KeyMissing):
        earlier_answer(make_member(Role.LE_POLICE), key=key, body={})


@pytest.mark.django_db
def test_a_key_is_one_persons_own():
    alice, bob, key = make_member(Role.LE_POLICE), make_member(Role.LE_POLICE), new_key()
    earlier_answer(alice, key=key, body={})
    keep_answer(alice, key=key, answer="/signals/1/")

    assert earlier_answer(bob, key=key, body={}) is None


@pytest.mark.django_db
def test_the_security_token_of_the_form_is_not_part_of_what_was_sent():
    alice, key = make_member(Role.LE_POLICE), new_key()
    earlier_answer(alice, key=key, body={"a": "1", "csrfmiddlewaretoken": "x"})
    keep_answer(alice, key=key, answer="/done/")

    assert earlier_answer(alice, key=key, body={"a": "1", "csrfmiddlewaretoken": "y"}) == "/done/"


@pytest.mark.django_db
@pytest.mark.parametrize(("kept", "gone"), [(timedelta(days=7), 7), (timedelta(0), 1)])
def test_an_answer_is_forgotten_in_time_and_never_within_a_day(settings, kept, gone):
    settings.ANSWERS_KEPT = kept
    alice, key, given = make_member(Role.LE_POLICE), new_key(), timezone.now()
    earlier_answer(alice, key=key, body={"a": "1"})
    keep_answer(alice, key=key, answer="/done/")

    assert clear_kept_answers(at=given + timedelta(days=gone)) == 0
    assert earlier_answer(alice, key=key, body={"a": "1"}) == "/done/"
    assert clear_kept_answers(at=given + timedelta(days=gone, seconds=9)) == 1
    assert earlier_answer(alice, key=key, body={"a": "1"}) is None


def test_of_two_requests_at_once_one_does_the_deed(committed):  # noqa: ARG001
    alice, key = make_member(Role.LE_POLICE), new_key()
    answers: list[str | None] = []

    def request() -> None:
        with transaction.atomic():
            answer = earlier_answer(alice, key=key, body={"a": "1"})
            if answer is None:
                keep_answer(alice, key=key, answer="/done/")
        answers.append(answer)
        connection.close()

    threads = [Thread(target=request) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers, key=str) == ["/done/"] * 7 + [None]


def test_a_deed_that_fails_leaves_the_key_free(committed):  # noqa: ARG001
    alice, key = make_member(Role.LE_POLICE), new_key()

    def fail() -> None:
        with transaction.atomic():
            earlier_answer(alice, key=key, body={})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with transaction.atomic():
        assert earlier_answer(alice, key=key, body={}) is None


def test_a_key_outside_a_transaction_is_refused(committed):  # noqa: ARG001
    alice = make_member(Role.LE_POLICE)

    with pytest.raises(transaction.TransactionManagementError):
        earlier_answer(alice, key=new_key(), body={})
