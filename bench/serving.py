"""The application as it is served, and a load client beside it on the same cores."""

from __future__ import annotations

import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

import jwt

from bench.intake import Desk

ROOT = Path(__file__).resolve().parents[1]
WORKERS = 2
START = 60.0


@dataclass(frozen=True)
class Asked:
    """One request: what is sent, and which status is expected."""

    path: str
    method: str = "GET"
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 200


@dataclass(frozen=True)
class Site:
    """A running application and the processes that serve it."""

    netloc: str
    server: subprocess.Popen[bytes]

    def ask(self, asked: Asked) -> bytes:
        """One request on a connection of its own."""
        caller = Caller(self.netloc)
        try:
            return caller.ask(asked)
        finally:
            caller.close()

    def token(self, desk: Desk) -> dict[str, str]:
        """The header of the partner's system, after it proved who it is."""
        now, number = int(time.time()), str(desk.system.pk)
        audience = f"http://{self.netloc}/v1/token"
        claims = {
            "iss": number,
            "sub": number,
            "aud": audience,
            "exp": now + 60,
            "jti": uuid4().hex,
        }
        [kid] = desk.system.keys.values_list("name", flat=True)
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": jwt.encode(claims, desk.key, "ES256", headers={"kid": kid}),
        }
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        told = self.ask(Asked("/v1/token", "POST", urlencode(form).encode(), kind))
        return {"Authorization": "Bearer " + json.loads(told)["access_token"]}

    def memory(self) -> float:
        """The most that any of the serving processes ever held, in MB."""
        own = self.server.pid
        found = [own, *_children(own)]
        return max(_peak(pid) for pid in found)


class Caller:
    """One client that keeps its connection."""

    def __init__(self, netloc: str) -> None:
        self.connection = http.client.HTTPConnection(netloc, timeout=60)

    def ask(self, asked: Asked) -> bytes:
        """The body of the answer. Raises RuntimeError for another status than expected."""
        status, body = self.answer(asked)
        if status != asked.status:
            raise RuntimeError(f"{asked.path} answered {status}: {body[:300]!r}")
        return body

    def answer(self, asked: Asked) -> tuple[int, bytes]:
        """Whatever is answered."""
        self.connection.request(asked.method, asked.path, asked.body, dict(asked.headers))
        answer = self.connection.getresponse()
        return answer.status, answer.read()

    def close(self) -> None:
        self.connection.close()


@contextmanager
def serving(address: str) -> Iterator[Site]:
    """Gunicorn with two workers on this database, as the role that serves people."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        netloc = f"127.0.0.1:{probe.getsockname()[1]}"
    env = os.environ | {
        "DATABASE_URL": address,
        "DATABASE_ROLE": "baken_web",
        "SITE_URL": f"http://{netloc}",
        "API_REQUESTS": "1000000",
    }
    words = ["gunicorn", "referral.wsgi", "--bind", netloc, "--workers", str(WORKERS)]
    words += ["--threads", "4", "--keep-alive", "30", "--no-control-socket"]
    with tempfile.TemporaryFile() as log:
        server = subprocess.Popen(
            [sys.executable, "-m", *words], cwd=ROOT, env=env, stdout=log, stderr=log
        )
        site = Site(netloc, server)
        try:
            _wait(site)
            yield site
        finally:
            server.terminate()
            server.wait(20)


def p95(netloc: str, make: Callable[[int], Asked], *, times: int, warm: int = 10) -> float:
    """Nineteen of twenty answers to one client took no more, in milliseconds."""
    caller = Caller(netloc)
    taken = []
    for number in range(-warm, times):
        asked = make(number)
        begin = time.perf_counter()
        caller.ask(asked)
        if number >= 0:
            taken.append((time.perf_counter() - begin) * 1000)
    caller.close()
    return statistics.quantiles(taken, n=20)[-1]


def a_second(netloc: str, make: Callable[[int], Asked], *, clients: int, times: int) -> float:
    """How many answers so many clients get together in a second."""
    failed: list[Exception] = []

    def run(requests: Sequence[Asked]) -> None:
        caller = Caller(netloc)
        try:
            for asked in requests:
                caller.ask(asked)
        except (RuntimeError, OSError, http.client.HTTPException) as error:
            failed.append(error)
        finally:
            caller.close()

    shares = [[make(place * times + n) for n in range(times)] for place in range(clients)]
    threads = [threading.Thread(target=run, args=(share,)) for share in shares]
    begin = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return clients * times / (time.perf_counter() - begin)


def _wait(site: Site) -> None:
    end = time.monotonic() + START
    while True:
        try:
            site.ask(Asked("/health/"))
        except (OSError, http.client.HTTPException, RuntimeError):
            if time.monotonic() > end or site.server.poll() is not None:
                raise
            time.sleep(0.1)
        else:
            return


def _children(pid: int) -> list[int]:
    said = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in said.split()]


def _peak(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    [peak] = [line.split()[1] for line in lines if line.startswith("VmHWM")]
    return int(peak) / 1024
