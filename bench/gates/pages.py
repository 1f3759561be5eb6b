"""The pages of care that are open all day: fast, and few questions, under both locks with audit."""

import statistics
from collections.abc import Iterator

from django.db import transaction
from django.test import Client

from bench.country import Country
from bench.gate import Measured, gate, milliseconds
from bench.visits import look, statements, visitor
from referral.access.context import acting
from referral.cases.models import CaseAccess

MILLISECONDS, STATEMENTS = 200, 15
LISTS = {
    "own cases": "/cases/",
    "cases of the organisation": "/cases/?of=organisation",
    "region queue": "/cases/queue/",
    "home of a coordinator": "/home/",
}
DESK = {"headers of all cases": "/cases/?status=active", "home of the placement desk": "/home/"}


@gate("pages")
def pages_of_care(country: Country) -> Iterator[Measured]:
    """Nineteen of twenty answers take no more, and ask the database no more often."""
    who = country.coordinator
    with acting(who, purpose="bench"), transaction.atomic():
        own = CaseAccess.objects.visible_to(who).of_own_cases().next_deadline_first()
        case = own.values_list("case_id", flat=True)[0]
        waiting = CaseAccess.objects.visible_to(who).on_offer().count()
    yield Measured("cases in the region queue", waiting, 1, "cases", at_least=True)
    pages = LISTS | {"case file": f"/cases/{case}/"}
    for member, addresses in ((who, pages), (country.placement, DESK)):
        client = visitor(member)
        for name, address in addresses.items():
            yield from page(client, name, address, times=2 * country.rounds)


def page(client: Client, name: str, address: str, *, times: int) -> Iterator[Measured]:
    """How long, and in how many statements; those of the session and the trail are among them."""
    look(client, address)
    taken = [milliseconds(lambda: look(client, address)) for _ in range(times)]
    shown = f"median {statistics.median(taken):.0f} ms"
    slow = statistics.quantiles(taken, n=20)[-1]
    yield Measured(f"{name}, p95", slow, MILLISECONDS, "ms", detail=shown)
    yield statements(name, lambda: client.get(address), limit=STATEMENTS)
