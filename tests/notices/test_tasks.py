"""Real workers, killed at the worst moment, and a real mail server: nothing lost, nothing twice."""

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections import Counter

import pytest
from django.conf import settings
from django.db import transaction
from redis import Redis

from referral.celery import app
from referral.notices import tasks
from referral.notices.actions import HAND_OUT, SEND_MAIL
from referral.notices.workflow import State
from referral.organisations.models import User
from referral.organisations.roles import Role
from tests.audit.trail import owner
from tests.factories.people import make_member
from tests.notices.post_office import deliveries, go_round, notices, send
from tests.notices.workers import MailServer, eventually, running_worker
from tests.processes import ROOT, database_url

COUNT = 200


@pytest.fixture(autouse=True)
def empty_queue(committed: None):  # noqa: ARG001
    """No waking of an earlier test may do the work of this one."""
    forget()
    yield
    forget()


def wakings() -> int:
    """How many tasks wait in the queue."""
    with Redis.from_url(settings.CACHES["default"]["LOCATION"]) as broker:
        return int(broker.llen(settings.CELERY_TASK_DEFAULT_QUEUE))


def forget() -> None:
    with Redis.from_url(settings.CACHES["default"]["LOCATION"]) as broker:
        broker.delete(settings.CELERY_TASK_DEFAULT_QUEUE)


@pytest.fixture
def alice():
    return make_member(Role.LE_POLICE)


@pytest.fixture
def bob():
    return make_member(Role.EMM_ANALYST)


@pytest.fixture
def mail_server():
    with MailServer() as server:
        yield server
        server.shutdown()


def done() -> int:
    return sum(item.state == State.DONE for item in notices())


def each_once(bob) -> bool:
    """Each notice is in the inbox of Bob, once."""
    found = Counter(item.notice_id for item in deliveries() if item.user_id == bob.user_id)
    return found == Counter(item.pk for item in notices())


def test_the_schedule_names_tasks_that_exist():
    names = {entry["task"] for entry in app.conf.beat_schedule.values()}
    app.loader.import_default_modules()

    assert len(names) >= 4
    assert names | {HAND_OUT, SEND_MAIL} <= app.tasks.keys()


def test_a_commit_wakes_a_worker(alice, bob):
    """Only the waking can have done it: nothing else asks this worker to look."""
    with running_worker() as worker:
        send(alice, bob.organisation)
        assert eventually(lambda: done() == 1), worker.log()
        assert eventually(lambda: [item.state for item in deliveries("mail")] == [State.DONE])

    assert each_once(bob)
    assert len(list(worker.mail.glob("*.log"))) == 2  # the worker's own, and the mail


def test_a_commit_wakes_once_however_much_was_posted(alice, bob):
    with transaction.atomic():
        for _ in range(3):
            send(alice, bob.organisation)
    assert wakings() == 1

    send(alice, bob.organisation)
    assert wakings() == 2


def test_what_is_rolled_back_wakes_nobody_and_silences_nobody(alice, bob):
    with contextlib.suppress(ZeroDivisionError), transaction.atomic():
        send(alice, bob.organisation)
        1 / 0  # noqa: B018
    assert wakings() == 0

    with transaction.atomic():
        with contextlib.suppress(ZeroDivisionError), transaction.atomic():
            send(alice, bob.organisation)
            1 / 0  # noqa: B018
        send(alice, bob.organisation)
    assert wakings() == 1


def test_a_full_batch_wakes_the_next(alice, bob):
    send(alice, bob.organisation, count=tasks.BATCH + 5)
    with running_worker() as worker:
        assert eventually(lambda: done() == tasks.BATCH + 5), worker.log()

    assert each_once(bob)


def test_the_relay_does_what_the_broker_has_forgotten(alice, bob):
    send(alice, bob.organisation, count=3)
    forget()
    with running_worker() as worker:
        time.sleep(3)
        assert done() == 0
        tasks.relay.delay()
        assert eventually(lambda: done() == 3), worker.log()

    assert each_once(bob)


def test_a_deed_stands_when_the_broker_is_away(alice, bob):
    """The process that posts cannot reach a broker; its commit stands and it does not hang."""
    script = (
        "import django; django.setup()\n"
        "from referral.organisations.models import Membership\n"
        "from tests.notices.post_office import send\n"
        f"send(Membership.objects.get(pk={alice.pk}), Membership.objects.get(pk={bob.pk})"
        ".organisation)\n"
    )
    env = {
        **os.environ,
        "DEMO": "1",
        "DJANGO_SETTINGS_MODULE": "referral.settings",
        "DATABASE_URL": database_url(),
        "DATABASE_ROLE": "baken_web",
        "REDIS_URL": "redis://127.0.0.1:1/0",
    }
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=env, check=True, timeout=60)

    assert len(notices()) == 1
    assert go_round() == 1
    assert each_once(bob)


def test_a_worker_that_is_killed_again_and_again_loses_nothing_and_repeats_nothing(alice, bob):
    send(alice, bob.organisation, count=COUNT)
    kills = 0
    for goal in (COUNT // 5, COUNT // 2, COUNT * 4 // 5):
        with running_worker() as worker:
            tasks.relay.delay()
            assert eventually(lambda goal=goal: done() >= goal, step=0.01), worker.log()
            worker.kill()
        kills += done() < COUNT
    with running_worker() as worker:
        tasks.relay.delay()
        assert eventually(lambda: done() == COUNT), worker.log()

    assert kills >= 2, "the worker was too quick to be killed at work"
    assert each_once(bob)
    assert all(item.attempts == 0 for item in notices())


def test_a_worker_killed_between_effect_and_mark_has_done_nothing(alice, bob):
    """The owner holds the deliveries, so the worker stands in the middle of its transaction."""
    send(alice, bob.organisation)
    with owner() as holder:
        with running_worker() as worker, holder.transaction():
            holder.execute("LOCK TABLE notices_delivery IN SHARE MODE")
            tasks.relay.delay()
            assert eventually(lambda: waits_for_lock("notices_delivery")), worker.log()
            worker.kill()
        assert eventually(lambda: not waits_for_lock("notices_delivery"))
    assert (done(), deliveries()) == (0, [])

    assert eventually(lambda: go_round() == 1)
    assert each_once(bob)


def waits_for_lock(table: str) -> bool:
    with owner() as connected:
        [(count,)] = connected.execute(
            "SELECT count(*) FROM pg_locks WHERE relation = %s::regclass AND NOT granted", [table]
        )
    return count > 0


def test_two_workers_share_the_work(alice, bob):
    send(alice, bob.organisation, count=COUNT)
    with running_worker() as one, running_worker() as two:
        for _ in range(10):
            tasks.relay.delay()
        assert eventually(lambda: done() == COUNT), one.log() + two.log()

    assert each_once(bob)


def test_a_mail_cut_off_at_the_last_word_is_sent_again_under_the_same_number(
    alice, bob, mail_server
):
    """Taken by the mail server, and the worker dies before it hears so: rather twice than never."""
    killed = threading.Event()
    with running_worker(EMAIL_URL=mail_server.url) as worker:

        def kill_once() -> None:
            if not killed.is_set():
                worker.kill()
                killed.set()

        mail_server.before_answer = kill_once
        send(alice, bob.organisation)
        tasks.relay.delay()
        assert killed.wait(60), worker.log()
        assert [item.state for item in deliveries("mail")] == [State.PENDING]

        worker.start()
        tasks.relay.delay()
        assert eventually(lambda: deliveries("mail")[0].state == State.DONE), worker.log()

    [delivery] = deliveries("mail")
    assert [letter["Message-ID"] for letter in mail_server.taken] == [delivery.message_id] * 2
    assert {letter["To"] for letter in mail_server.taken} == {bob.user.email}


def test_an_address_that_the_mail_server_refuses_does_not_stop_the_others(alice, bob, mail_server):
    other = make_member(Role.EMM_ANALYST, organisation=bob.organisation)
    mail_server.refused[bob.user.email] = "550 no such person"
    with running_worker(EMAIL_URL=mail_server.url) as worker:
        send(alice, bob.organisation)
        tasks.relay.delay()
        assert eventually(lambda: len(mail_server.taken) == 1), worker.log()
        assert eventually(lambda: {item.attempts for item in deliveries("mail")} == {0, 1})

    [letter] = mail_server.taken
    assert letter["To"] == other.user.email
    refused = next(item for item in deliveries("mail") if item.user_id == bob.user_id)
    assert (refused.state, refused.last_error) == (State.PENDING, "SMTPRecipientsRefused")


def test_no_mail_holds_a_word_of_the_case(alice, bob, mail_server):
    User.objects.filter(pk=alice.user_id).update(full_name="Canary Ceylan")
    with running_worker(EMAIL_URL=mail_server.url) as worker:
        send(alice, bob.organisation)
        assert eventually(lambda: len(mail_server.taken) == 1), worker.log()

    [letter] = mail_server.taken
    words = letter.as_string()
    assert "/home/" in words
    for canary in ("Ceylan", "signal", "municipality", str(notices()[0].pk)):
        assert canary not in words
