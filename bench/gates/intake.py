"""The API for partners' systems as it is served: lists, one signal, sending, and one key at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from http.client import HTTPException
from threading import Barrier, Thread
from uuid import uuid4

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench.country import Country
from bench.database import guard, orm_as
from bench.gate import Measured, gate, milliseconds
from bench.intake import Desk, desk_of
from bench.serving import Asked, Caller, Site, a_second, p95, serving

SIGNALS, FEW = 200_000, 10_000
LIST = "/v1/signalen?aantal=50"
DEEP = 700
CLIENTS = 8
AT_ONCE = 50


@gate("api")
def partner_api(country: Country) -> Iterator[Measured]:
    """At 200,000 signals, a fifth of them of the organisation that asks, and at 10,000."""
    many, few = min(SIGNALS, country.size), min(FEW, country.size)
    first = None
    if few < many:
        with desk_of(few) as small, orm_as("baken_web"), serving(small.address) as site:
            first = p95(site.netloc, listing(site.token(small)), times=10 * country.rounds)
    with desk_of(many) as desk, orm_as("baken_web"), serving(desk.address) as site:
        token = site.token(desk)
        yield from lists(site, desk, token, first, rounds=country.rounds)
        yield from one_signal(site, token, rounds=country.rounds)
        yield from sending(site, token, rounds=country.rounds)
        yield from one_key(site, token)
        yield from files(site, token, many)


def listing(token: dict[str, str], path: str = LIST) -> Callable[[int], Asked]:
    """Ask for the same list again and again."""
    return lambda _number: Asked(path, headers=token)


def lists(
    site: Site, desk: Desk, token: dict[str, str], small: float | None, *, rounds: int
) -> Iterator[Measured]:
    """Alone, beside few signals where there are many, with seven others, far back, and in how
    many statements.
    """
    alone = p95(site.netloc, listing(token), times=10 * rounds)
    yield Measured("API list of 50, p95", alone, 40, "ms")
    if small is not None:
        yield Measured("API list of 50, many : few signals", alone / small, 1.2, "×",
                       detail=f"{desk.size} : {FEW}")  # fmt: skip
    together = a_second(site.netloc, listing(token), clients=CLIENTS, times=4 * rounds)
    yield Measured("API list of 50, eight clients", together, 60, "/s", at_least=True)
    for number in (50, 100):
        path = f"/v1/signalen?aantal={number}"
        with CaptureQueriesContext(connection) as asked:
            answer = Client(SERVER_NAME="localhost").get(path, headers=token)
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answered {answer.status_code}")
        yield Measured(f"API list of {number}, statements", len(asked), 8, "statements")
    path, page = LIST, 1
    while page < DEEP and (after := following(site, token, path)):
        path, page = after, page + 1
    back = p95(site.netloc, listing(token, path), times=10 * rounds)
    yield Measured("API list, last page : first page", back / alone, 1.2, "×",
                   detail=f"page {page}")  # fmt: skip


def following(site: Site, token: dict[str, str], path: str) -> str:
    """The address of the next page; empty when there is none."""
    links = json.loads(site.ask(Asked(path, headers=token)))["_links"]
    return links["next"]["href"].removeprefix(f"http://{site.netloc}") if "next" in links else ""


def one_signal(site: Site, token: dict[str, str], *, rounds: int) -> Iterator[Measured]:
    """With what was seen, unsealed and recorded."""
    found = json.loads(site.ask(Asked("/v1/signalen?aantal=100", headers=token)))["signalen"]
    paths = [f"/v1/signalen/{one['id']}" for one in found]
    taken = p95(
        site.netloc,
        lambda number: Asked(paths[number % len(paths)], headers=token),
        times=10 * rounds,
    )
    yield Measured("API one signal, p95", taken, 20, "ms")


def new_signal(token: dict[str, str], key: str = "") -> Asked:
    """A signal with a key of its own."""
    body = {
        "acuutGevaar": False,
        "vormen": ["arbeidsuitbuiting"],
        "feiten": "Verzonnen relaas van een meting, twee zinnen lang. Niemand is echt.",
        "gemeente": "GM0363",
        "soortPlek": "horeca",
        "waargenomen": f"{timezone.localdate():%Y-%m}",
        "aantalSlachtoffers": 2,
        "personen": ["vrouw", "man"],
    }
    headers = {"Content-Type": "application/json", "Idempotency-Key": key or uuid4().hex}
    return Asked("/v1/signalen", "POST", json.dumps(body).encode(), token | headers, status=201)


def sending(site: Site, token: dict[str, str], *, rounds: int) -> Iterator[Measured]:
    """Signal, trail, kept answer and outbox in one transaction."""
    alone = p95(site.netloc, lambda _number: new_signal(token), times=10 * rounds)
    yield Measured("API submission, p95", alone, 50, "ms")
    together = a_second(
        site.netloc, lambda _number: new_signal(token), clients=CLIENTS, times=4 * rounds
    )
    yield Measured("API submission, eight clients", together, 60, "/s", at_least=True)


def one_key(site: Site, token: dict[str, str]) -> Iterator[Measured]:
    """The same request fifty times at once is one signal and one answer."""
    before, asked, barrier = signals(), new_signal(token), Barrier(AT_ONCE)
    answers: list[bytes] = []

    def send() -> None:
        caller = Caller(site.netloc)
        barrier.wait()
        try:
            answers.append(caller.ask(asked))
        except (RuntimeError, OSError, HTTPException) as error:
            answers.append(str(error).encode())
        finally:
            caller.close()

    threads = [Thread(target=send) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made = signals() - before
    yield Measured("signals too many of one key at once", abs(made - 1), 0, "signals")
    yield Measured("answers to one key that differ", len(set(answers)) - 1, 0, "answers")


def signals() -> int:
    """How many there are, whoever may see them."""
    with guard() as eyes:
        [count] = eyes.execute("SELECT count(*) FROM signals_signal").fetchone() or [0]
        return int(count)


def files(site: Site, token: dict[str, str], size: int) -> Iterator[Measured]:
    """The whole list of the organisation as CSV; the memory of the server stays as it was."""
    asked = Asked("/v1/signalen/csv", headers=token)
    rows = site.ask(asked).count(b"\n") - 1
    before = site.memory()
    taken = [milliseconds(lambda: site.ask(asked)) for _ in range(5)]
    shown = f"{rows} of {size} signals"
    yield Measured("CSV of a list", rows / min(taken) * 1000, 100_000, "rows/s", at_least=True,
                   detail=shown)  # fmt: skip
    yield Measured("memory that five more files took", site.memory() - before, 16, "MB")
