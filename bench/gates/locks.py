"""Each of the two locks alone shows no foreign row."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db import models, transaction

from bench.country import Country
from bench.database import guard, orm_as
from bench.gate import Measured, gate
from referral.access.context import acting
from referral.cases.models import Case, CaseAccess, CaseGrant
from referral.persons.models import Person

SAMPLE = 5000
OWN = """
SELECT g.case_id, c.person_id FROM cases_casegrant g JOIN cases_case c ON c.id = g.case_id
WHERE g.organisation_id = %s AND g.user_id IS NULL AND g.valid @> statement_timestamp()
"""
FOREIGN = """
SELECT c.id, c.person_id FROM cases_case c TABLESAMPLE SYSTEM (20)
WHERE NOT EXISTS (SELECT FROM cases_casegrant g WHERE g.case_id = c.id AND g.organisation_id = %s)
LIMIT %s
"""
Ids = set[UUID]


@gate("locks")
def either_lock_alone(country: Country) -> Iterator[Measured]:
    """Rows that a member should not see, and sees, with the other lock off."""
    who = country.coordinator
    with guard() as eyes:
        own = eyes.execute(OWN, [who.organisation_id]).fetchall()
        foreign = eyes.execute(FOREIGN, [who.organisation_id, SAMPLE]).fetchall()
    cases, persons = ({row[n] for row in own} for n in (0, 1))
    others, strangers = ({row[n] for row in foreign} for n in (0, 1))
    with acting(who, purpose="bench"), transaction.atomic():  # no visible_to: the policies alone
        shown = [
            (Case, "pk", cases, others),
            (CaseAccess, "case_id", cases, others),
            (CaseGrant, "case_id", cases, others),
            (Person, "pk", persons, strangers),
        ]
        leaked, found = among(shown, lambda model: model._default_manager.all())
    detail = f"{found} own rows of samples seen, {len(others)} foreign cases asked for"
    yield Measured("foreign rows, querysets off", leaked, 0, "rows", detail=detail)
    yield Measured("own rows, querysets off", found, 1, "rows", at_least=True)
    with orm_as("baken_guard"), transaction.atomic():  # no policies: visible_to alone
        scoped: Any = lambda model: model._default_manager.visible_to(who)  # noqa: E731
        leaked, found = among(shown, scoped)
    detail = f"{found} own rows of samples seen, {len(others)} foreign cases asked for"
    yield Measured("foreign rows, policies off", leaked, 0, "rows", detail=detail)
    yield Measured("own rows, policies off", found, 1, "rows", at_least=True)


def among(shown: list[tuple[type[models.Model], str, Ids, Ids]], scope: Any) -> tuple[int, int]:
    """How many of the foreign rows are seen, and how many of the own."""
    leaked = found = 0
    for model, name, own, foreign in shown:
        some = sorted(own)[:SAMPLE]
        leaked += scope(model).filter(**{f"{name}__in": sorted(foreign)}).count()
        found += scope(model).filter(**{f"{name}__in": some}).count()
    return leaked, found
