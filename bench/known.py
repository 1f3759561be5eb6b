"""A crowd in the database, sealed and under its search keys, for who looks for duplicates."""

from collections.abc import Iterator
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from bench.crowd import crowd
from bench.database import Owner, Row, guard, orm_as, owner, unlocked
from referral.access.models import DataKey
from referral.access.secrets import blind_index, new_data_keys, seal
from referral.organisations.models import Membership
from referral.persons.models import Identity
from referral.persons.rules import IdentityFacts, search_keys

TABLES = ["persons_person", "persons_identity", "persons_identitykey"]
#: Nearly fifteen search keys a person.
MILLION_KEYS = 67_000
BATCH = 5_000
PERSONS = """
COPY persons_person (id, reference, organisation_id, sex, age_group, is_minor, key_id,
    created_at, created_by_id) FROM STDIN
"""
IDENTITIES = """
COPY persons_identity (person_id, sealed, shape, version, changed_at, changed_by_id) FROM STDIN
"""
KEYS = "COPY persons_identitykey (id, person_id, kind, hmac) FROM STDIN"


def key(kind: int, number: int) -> UUID:
    """As bench.bulk.key makes them, of kinds of its own."""
    return UUID(f"01900000-{kind:04}-7000-8000-{number:012x}")


def known_crowd(size: int, *, by: Membership) -> list[IdentityFacts]:
    """So many people, each known to the database: as they were left, or made now."""
    people = crowd(size)
    if there() < size:
        with owner() as hand, unlocked(hand, TABLES):
            for first in range(0, size, BATCH):
                batch = people[first : first + BATCH]
                _write(hand, list(enumerate(batch, start=first)), by)
        with owner(autocommit=True) as hand:
            hand.execute(f"VACUUM (ANALYZE) {', '.join(TABLES)}")
    return people


def there() -> int:
    """How many of them were made before."""
    with guard() as eyes:
        found = eyes.execute(
            "SELECT count(*) FROM persons_person WHERE reference LIKE 'PER-1998-%'"
        )
        [count] = found.fetchone() or [0]
        return int(count)


def person(number: int) -> UUID:
    """Whose identity the crowd's person of this number has."""
    return key(20, number)


def _write(hand: Owner, people: list[tuple[int, IdentityFacts]], by: Membership) -> None:
    with orm_as(""), transaction.atomic():
        keys = new_data_keys(len(people))
    crowd_keys = [(number, facts, key) for (number, facts), key in zip(people, keys, strict=True)]
    for statement, rows in (
        (PERSONS, (_person_row(number, key, by) for number, _facts, key in crowd_keys)),
        (IDENTITIES, (_identity_row(*one, by) for one in crowd_keys)),
        (KEYS, (row for number, facts, _key in crowd_keys for row in _key_rows(number, facts))),
    ):
        with hand.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)


def _person_row(number: int, data_key: DataKey, by: Membership) -> Row:
    reference, now = f"PER-1998-{number:07}", timezone.now()
    named = (person(number), reference, by.organisation_id, "female", "30-39", False)
    return (*named, data_key.pk, now, by.user_id)


def _identity_row(number: int, facts: IdentityFacts, data_key: DataKey, by: Membership) -> Row:
    about = Identity(person_id=person(number)).about
    sealed = seal(facts.payload(), key=data_key, about=about)
    return (person(number), sealed, 1, 1, timezone.now(), by.user_id)


def _key_rows(number: int, facts: IdentityFacts) -> Iterator[Row]:
    for place, (kind, value) in enumerate(sorted(search_keys(facts))):
        row = key(21, number * 1000 + place)
        yield (row, person(number), str(kind), blind_index(kind, value))
