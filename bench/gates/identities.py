"""What it costs to open fifty sealed identities beside a list."""

from collections.abc import Iterator

from django.db import transaction
from django.utils import timezone

from bench.country import Country
from bench.gate import Measured, gate, medians
from bench.visits import look, visitor
from referral.access.context import acting
from referral.persons.actions import open_identities
from referral.persons.models import Person


@gate("identities")
def list_with_identities(country: Country) -> Iterator[Measured]:
    """The page, and the page with every name on it decrypted and recorded."""
    who = country.coordinator
    client = visitor(who)
    with acting(who, purpose="bench"), transaction.atomic():
        persons = [Person(pk=line.case.person_id) for line in country.page()]

    def named() -> None:
        look(client, "/cases/")
        with acting(who, purpose="bench"), transaction.atomic():
            found = open_identities(persons, by=who, at=timezone.now())
        if len(found) != len(persons):
            raise RuntimeError("identities are missing")

    plain, opened = medians(lambda: look(client, "/cases/"), named, rounds=country.rounds)
    shown = f"{opened:.1f} ms with {len(persons)} identities, {plain:.1f} ms without"
    yield Measured("list with ÷ without identities", opened / plain, 1.4, "×", detail=shown)
