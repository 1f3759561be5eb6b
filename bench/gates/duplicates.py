"""Looking for who may be known already: how fast at a million search keys, and how well."""

import math
from collections.abc import Iterator

from django.db import transaction
from django.utils import timezone

from bench.country import Country, member
from bench.crowd import MISTAKES, queries
from bench.database import guard, orm_as
from bench.gate import Measured, gate, milliseconds
from bench.known import MILLION_KEYS, known_crowd, person
from referral.access.context import acting
from referral.organisations.models import Organisation
from referral.organisations.roles import OrganisationType, Role
from referral.persons.actions import Duplicates, find_duplicates

#: So many candidates are looked at by who wants few.
FEW = 3


@gate("duplicates")
def duplicate_search(country: Country) -> Iterator[Measured]:
    """By the national desk, with every lock, hash, decryption and audit line that it takes."""
    with orm_as(""):
        desk = Organisation.objects.get(type=OrganisationType.COMENSHA)
        registrar = member(Role.COM_REGISTRAR, desk)
    people = known_crowd(min(MILLION_KEYS, country.size), by=registrar)
    with guard() as eyes:
        [keys] = eyes.execute("SELECT count(*) FROM persons_identitykey").fetchone() or [0]
    asked = list(queries(people, max(1, country.rounds // 2) * len(MISTAKES)))
    found: list[Duplicates] = []
    times: list[float] = []
    for query in asked:

        def look(facts=query.facts) -> None:  # type: ignore[no-untyped-def]
            with acting(registrar, purpose="bench"), transaction.atomic():
                found.append(find_duplicates(facts, by=registrar, at=timezone.now()))

        times.append(milliseconds(look))
    shown = [[one.person.pk for one in known.candidates[:FEW]] for known in found]
    hit = sum(person(query.known) in ids for query, ids in zip(asked, shown, strict=True))
    many = sum(map(len, shown)) / len(asked)
    slow = sorted(times)[math.ceil(0.95 * len(times)) - 1]
    about = f"{len(asked)} queries, {keys} keys, median {sorted(times)[len(times) // 2]:.1f} ms"
    yield Measured("duplicate search, p95", slow, 50, "ms", detail=about)
    yield Measured("duplicates found again", hit / len(asked), 0.97, "share", at_least=True)
    yield Measured("candidates a query", many, FEW, "persons")
