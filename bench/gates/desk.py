"""The pages of the expert centre and of reporters as they are served, at 200,000 signals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urlencode
from uuid import uuid4

from django.db import transaction
from django.test import Client

from bench.country import Country
from bench.database import orm_as
from bench.gate import Measured, gate
from bench.gates.intake import SIGNALS
from bench.intake import Desk, desk_of, sent_extract
from bench.serving import WORKERS, Asked, Site, p95, serving
from bench.visits import cookies, statements, visitor
from referral.access.context import acting
from signals.models import Signal

PAGES = {"triage board": "/signals/triage/", "list of signals": "/signals/"}
SEARCH = "/signals/search/"
#: Words that one in six has, and a name that nobody spells so.
SEARCHES: dict[str, dict[str, str]] = {
    "search for two words": {"words": "paspoort wasstraat"},
    "search for nearly the same": {"words": "kallimor paspoord", "alike": "on"},
}
TOKEN = "c" * 32
STATEMENTS = 12
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@gate("desk")
def pages_of_the_desk(country: Country) -> Iterator[Measured]:
    """Lists, and a change of status, by an analyst."""
    with (
        desk_of(min(SIGNALS, country.size)) as desk,
        orm_as("baken_web"),
        serving(desk.address) as site,
    ):
        client = visitor(desk.analyst)
        headers = {"Cookie": cookies(client, TOKEN), "Accept-Language": "nl"}
        for name, path in PAGES.items():
            yield from page(site, client, headers, name, path, rounds=country.rounds)
        for name, words in SEARCHES.items():
            yield from search(site, client, headers, name, words, rounds=country.rounds)
        yield from papers(site, desk, headers, rounds=country.rounds)
        yield change_of_status(site, desk, headers, rounds=country.rounds)


def page(
    site: Site, client: Client, headers: dict[str, str], name: str, path: str, *, rounds: int
) -> Iterator[Measured]:
    """How long, and in how many statements; the session's own are among them."""
    taken = p95(site.netloc, lambda _number: Asked(path, headers=headers), times=4 * rounds)
    yield Measured(f"{name}, p95", taken, 150, "ms")
    yield statements(name, lambda: client.get(path), limit=STATEMENTS)


def search(
    site: Site,
    client: Client,
    headers: dict[str, str],
    name: str,
    words: dict[str, str],
    *,
    rounds: int,
) -> Iterator[Measured]:
    """Words go in the body, as the form sends them."""
    form = urlencode({"csrfmiddlewaretoken": TOKEN, **words}).encode()
    asked = Asked(SEARCH, "POST", form, headers | FORM)
    yield Measured(f"{name}, p95", p95(site.netloc, lambda _number: asked, times=4 * rounds), 150,
                   "ms")  # fmt: skip
    yield statements(name, lambda: client.post(SEARCH, words), limit=STATEMENTS)


def again(asked: Asked) -> Callable[[int], Asked]:
    """The same request each time."""
    return lambda _number: asked


def papers(site: Site, desk: Desk, headers: dict[str, str], *, rounds: int) -> Iterator[Measured]:
    """One signal on paper, as its reader sees it; and the extract that its receiver gets."""
    with acting(desk.analyst, purpose="bench"), transaction.atomic():
        signal = Signal.objects.visible_to(desk.analyst).newest_first()[0]
    form = urlencode({"csrfmiddlewaretoken": TOKEN, "purpose": "meeting"}).encode()
    asked = {
        "signal": Asked(f"{signal.get_absolute_url()}print/", "POST", form, headers | FORM),
        "extract": Asked(f"{sent_extract(desk).get_absolute_url()}pdf/", headers=headers),
    }
    for name, one in asked.items():
        taken = p95(site.netloc, again(one), times=rounds, warm=2 * WORKERS)
        yield Measured(f"PDF of one {name}, p95", taken, 150, "ms")


def change_of_status(site: Site, desk: Desk, headers: dict[str, str], *, rounds: int) -> Measured:
    """Taking signals up, one after another, as the button does."""
    times, warm = 2 * rounds, 5
    with acting(desk.analyst, purpose="bench"), transaction.atomic():
        found = Signal.objects.visible_to(desk.analyst).awaiting_triage()[: times + warm]
        paths = [f"{signal.get_absolute_url()}take-up/" for signal in found]

    def take_up(number: int) -> Asked:
        form = {"csrfmiddlewaretoken": TOKEN, "idempotency_key": uuid4().hex}
        return Asked(paths[number + warm], "POST", urlencode(form).encode(), headers | FORM, 302)

    taken = p95(site.netloc, take_up, times=len(paths) - warm, warm=warm)
    return Measured("change of status, p95", taken, 45, "ms")
