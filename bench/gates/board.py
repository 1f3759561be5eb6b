"""The bed board, which a desk keeps open all day, and which asks by itself what changed."""

import os
import re
import statistics
import time
from collections.abc import Iterator
from threading import Thread

from django.db import connection

from bench.country import Country
from bench.database import guard, named
from bench.gate import Measured, gate, milliseconds
from bench.serving import Asked, Caller, serving
from bench.visits import cookies, look, statements, visitor

BOARD = "/shelters/board/"
WATCHERS = 200
#: As the page does: see shelters/_board.html.
PAUSE = 20.0
SEEN = re.compile(rb'"X-Seen": "([^"]*)"')
STATEMENTS = 15


@gate("board")
def bed_board(country: Country) -> Iterator[Measured]:
    """Nineteen of twenty visits are faster, and a poll that brings nothing costs nearly nothing."""
    with guard() as eyes:
        [beds] = eyes.execute("SELECT count(*) FROM shelters_bed").fetchone() or [0]
    client = visitor(country.placement)
    look(client, BOARD)
    taken = [milliseconds(lambda: look(client, BOARD)) for _ in range(2 * country.rounds)]
    shown = f"{beds} beds, median {statistics.median(taken):.0f} ms"
    yield Measured("bed board, p95", statistics.quantiles(taken, n=20)[-1], 150, "ms", detail=shown)
    yield statements("bed board", lambda: client.get(BOARD), limit=STATEMENTS)
    said = cookies(client, "c" * 32)
    address = named(os.environ["DATABASE_URL"], str(connection.settings_dict["NAME"]))
    with serving(address) as site:
        stamp = SEEN.findall(client.get(BOARD).content)[0].decode()
        many, seconds = min(WATCHERS, country.size // 100), 4.0 * country.rounds
        waits = watched(site.netloc, said, stamp, many=many, seconds=seconds)
    shown = f"{len(waits)} polls, median {statistics.median(waits):.0f} ms"
    slow = statistics.quantiles(waits, n=20)[-1]
    yield Measured("poll among 200 watchers, p95", slow, 150, "ms", detail=shown)


def watched(address: str, said: str, stamp: str, *, many: int, seconds: float) -> list[float]:
    """How long each poll took of so many who have this board, each at a moment of its own."""
    waits: list[float] = []
    begin = time.monotonic()

    def watch(place: int) -> None:
        caller, headers = Caller(address), {"Cookie": said, "Accept-Language": "nl"}
        headers |= {"HX-Request": "true", "X-Seen": stamp}
        moment = begin + PAUSE * place / many
        while moment < begin + seconds:
            time.sleep(max(0.0, moment - time.monotonic()))
            waits.append(milliseconds(lambda: see(caller, headers)))
            moment += PAUSE
        caller.close()

    watchers = [Thread(target=watch, args=[place]) for place in range(many)]
    for one in watchers:
        one.start()
    for one in watchers:
        one.join()
    return waits


def see(caller: Caller, headers: dict[str, str]) -> None:
    """One poll; what came is what was seen from then on."""
    status, body = caller.answer(Asked(BOARD, headers=headers))
    if status == 200:
        [seen] = SEEN.findall(body)
        headers["X-Seen"] = seen.decode()
    elif status != 204:
        raise RuntimeError(f"{BOARD} answered {status}")
