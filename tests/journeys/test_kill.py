"""What was acknowledged is there, once, whatever is killed meanwhile.

The whole promise: python3 dev.py test tests/journeys/test_kill.py --submissions 2000
"""

import http.client
import secrets
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from urllib.parse import urlencode

from tests.journeys.doomed import PARTS, Installation, eventually, installation, sign_in_senders

CLIENTS = 4
SEED = 11
#: Every so many acknowledgements something dies; of many, so often in all.
BETWEEN_KILLS, MOST_KILLS = 25, 48
ANSWER_LOST = 0.05
#: Nothing gives an answer for so long at most: a database that recovers on a busy machine.
PATIENCE = 120
ANSWERS = {
    "danger": "no",
    "forms": "labour",
    "municipality": "GM0599",
    "place_kind": "farm",
    "observed": "today",
    "people": "man",
}


@dataclass
class Sender:
    """An officer's phone: sends, and sends the same again until there is a receipt."""

    port: int
    session: str
    name: int
    count: int
    random: Random
    token: str = field(default_factory=lambda: secrets.token_hex(16))
    receipts: list[str] = field(default_factory=list)
    tries: int = 0
    failure: str = ""

    def run(self) -> None:
        try:
            for number in range(self.count):
                self.receipts.append(self.send_until_acknowledged(number))
        except Exception as error:  # noqa: BLE001 -- told to the test, in the main thread
            self.failure = repr(error)

    def send_until_acknowledged(self, number: int) -> str:
        body = urlencode(
            ANSWERS
            | {
                "facts": f"Sender {self.name}, signal {number}.",
                "idempotency_key": f"{self.name}-{number}",
                "csrfmiddlewaretoken": self.token,
            }
        )
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            self.tries += 1
            try:
                code, where = self.post(body)
            except (OSError, http.client.HTTPException):
                code, where = 0, ""
            if code == 302 and where.endswith("/receipt/"):
                return where
            if code and code < 500:
                raise AssertionError(f"answered {code} {where}")
            time.sleep(self.random.uniform(0.05, 0.4))
        raise TimeoutError(f"no receipt for {self.name}-{number}")

    def post(self, body: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        try:
            connection.request("POST", "/signals/new/", body, {
                "content-type": "application/x-www-form-urlencoded",
                "cookie": f"baken={self.session}; baken-csrf={self.token}",
            })  # fmt: skip
            if self.random.random() < ANSWER_LOST:  # the phone goes through a tunnel
                raise ConnectionResetError
            answer = connection.getresponse()
            answer.read()
            return answer.status, answer.headers.get("location", "")
        finally:
            connection.close()


def kill_while_they_send(doomed: Installation, senders: list[Sender]) -> Counter[str]:
    """Kill something after every so many receipts; never the same order, always the same one."""
    random, kills = Random(SEED), Counter[str]()
    between = max(BETWEEN_KILLS, sum(sender.count for sender in senders) // MOST_KILLS)
    goal = between
    threads = [threading.Thread(target=sender.run) for sender in senders]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        if sum(len(sender.receipts) for sender in senders) >= goal:
            goal += between
            least = min(kills[part] for part in PARTS)
            part = random.choice([part for part in PARTS if kills[part] == least])
            time.sleep(random.uniform(0, 0.2))
            doomed.kill(part)
            kills[part] += 1
            time.sleep(random.uniform(0, 0.3))
            doomed.start_again(part)
        time.sleep(0.02)
    return kills


def no_notice_waits(doomed: Installation) -> bool:
    [(waiting,)] = doomed.rows("SELECT count(*) FROM notices_notice WHERE state <> 'done'")
    return waiting == 0


def test_nothing_acknowledged_is_lost_and_nothing_is_there_twice(
    submissions: int,
    django_db_setup: None,  # noqa: ARG001 -- the tables that the installation takes over
) -> None:
    with installation() as doomed:
        sessions = sign_in_senders(doomed, CLIENTS)
        each = submissions // CLIENTS
        senders = [
            Sender(doomed.port, session, name, each, Random(SEED + name))
            for name, session in enumerate(sessions)
        ]
        begin = time.monotonic()
        kills = kill_while_they_send(doomed, senders)
        seconds = time.monotonic() - begin
        assert not [sender.failure for sender in senders if sender.failure]
        receipts = [receipt for sender in senders for receipt in sender.receipts]
        assert eventually(lambda: no_notice_waits(doomed), seconds=PATIENCE)

        acknowledged = Counter(receipt.split("/")[2] for receipt in receipts)
        assert set(acknowledged.values()) == {1}
        signals = dict(doomed.rows("SELECT id::text, reference FROM signals_signal"))
        assert signals.keys() == acknowledged.keys()
        assert len(set(signals.values())) == len(signals) == each * CLIENTS
        narratives = doomed.rows("SELECT signal_id::text FROM signals_signalnarrative")
        assert Counter(pk for (pk,) in narratives) == acknowledged
        lines = doomed.rows(
            "SELECT object_id FROM audit_auditevent WHERE action = 'signal_submitted'"
        )
        assert Counter(pk for (pk,) in lines) == acknowledged
        told = doomed.rows(
            "SELECT n.object_id, d.user_id FROM notices_notice n"
            " JOIN notices_delivery d ON d.notice_id = n.id AND d.channel = 'in_app'"
            " WHERE n.kind = 'signal_received'"
        )
        analysts = {user for _pk, user in told}
        assert len(analysts) == 2
        assert Counter(told) == Counter((pk, user) for pk in signals for user in analysts)
        verdict = doomed.manage("verify_audit")

    tries = sum(sender.tries for sender in senders)
    measured = {"kills": dict(kills), "tries": tries, "seconds": round(seconds, 1)}
    print(len(receipts), "acknowledged,", measured, verdict.strip())  # noqa: T201
    assert tries > len(receipts)
    assert set(kills) == set(PARTS) or submissions < BETWEEN_KILLS * len(PARTS)
