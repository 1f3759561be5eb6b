"""The only writers, and the only openers, of persons and their identities."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from referral.access.secrets import blind_index, new_data_keys, seal, unseal
from referral.audit.actions import Line, record, record_many
from referral.lib.ids import uuid7
from referral.organisations.models import Membership
from referral.organisations.permissions import Permission
from referral.persons.models import (
    GrantBasis,
    Identity,
    IdentityKey,
    Level,
    Person,
    PersonGrant,
)
from referral.persons.rules import (
    MOST_CANDIDATES,
    PROMISE,
    ChangedMeanwhile,
    IdentityFacts,
    Key,
    Likeness,
    NotYoursToChange,
    PersonEntry,
    asked_keys,
    check_entry,
    minority,
    search_keys,
    shown_alike,
)

#: Rows of search keys in one INSERT.
ROWS = 2000
#: An answer to who may not see everybody comes after a whole number of these.
STEADY_SECONDS = 0.05


@transaction.atomic
def create_persons(
    entries: Sequence[PersonEntry], *, sources: Sequence[UUID], by: Membership, at: datetime
) -> list[Person]:
    """Keep these persons, sealed, and let the one who brings them in see them.

    `sources` are the registrations that they come with. Raises FactsRefused, and then nothing
    was kept. Belongs inside submit_registrations: a person without a registration has no reason
    to be here.
    """
    for entry in entries:
        on = timezone.localdate(entry.at or at)
        check_entry(entry, organisation=by.organisation.type, on=on)
    keys = new_data_keys(len(entries))
    references = _new_references([entry.at or at for entry in entries])
    persons = [
        Person(
            reference=reference,
            organisation_id=by.organisation_id,
            sex=entry.sex,
            age_group=entry.age_group,
            is_minor=minority(entry.age_group, stated=entry.is_minor),
            named=entry.facts.names_somebody,
            key=key,
            created_at=entry.at or at,
            created_by_id=by.user_id,
        )
        for entry, key, reference in zip(entries, keys, references, strict=True)
    ]
    Person.objects.bulk_create(persons)
    PersonGrant.objects.bulk_create(
        PersonGrant(
            person=person,
            organisation_id=by.organisation_id,
            user_id=by.user_id,
            level=Level.VIEW,
            basis=GrantBasis.REGISTRATION,
            source=source,
            valid=(person.created_at, None),
            granted_by_id=by.user_id,
            reason="registered this person",
        )
        for person, source in zip(persons, sources, strict=True)
    )
    Identity.objects.bulk_create(
        _sealed(Identity(person=person), entry.facts, by=by, at=entry.at or at)
        for person, entry in zip(persons, entries, strict=True)
    )
    IdentityKey.objects.bulk_create(
        (
            key
            for person, entry in zip(persons, entries, strict=True)
            for key in _search_keys(person, entry.facts)
        ),
        batch_size=ROWS,
    )
    record_many([Line(action="person_created", on=person) for person in persons], by=by, at=at)
    return persons


def create_person(entry: PersonEntry, *, source: UUID, by: Membership, at: datetime) -> Person:
    """One person; the batch is the one path."""
    return create_persons([entry], sources=[source], by=by, at=at)[0]


def open_identity(person: Person, *, by: Membership, at: datetime) -> IdentityFacts:
    """Who this person is, for one who may know; it is written down that they looked.

    Raises Identity.DoesNotExist when the person is not for them to know, and crypto.Unreadable
    when the identity was erased, altered or moved.
    """
    return open_identities([person], by=by, at=at)[person.pk].for_reader(by.organisation)


@transaction.atomic
def open_identities(
    persons: Sequence[Person], *, by: Membership, at: datetime
) -> dict[UUID, IdentityFacts]:
    """As open_identity, for several at once, in the order of their keys."""
    wanted = {person.pk: person for person in persons}
    found = (
        Identity.objects.visible_to(by)
        .filter(pk__in=wanted)
        .select_related("person__key")
        .order_by("pk")
    )
    opened = {identity.pk: _opened(identity) for identity in found}
    if opened.keys() != wanted.keys():
        raise Identity.DoesNotExist
    record_many(
        [Line(action="identity_opened", on=person) for person in wanted.values()], by=by, at=at
    )
    return opened


@transaction.atomic
def amend_person(
    person: Person, entry: PersonEntry, *, version: int, by: Membership, at: datetime
) -> Person:
    """Put right what is known of a person; `version` is that of the identity that was read.

    Raises FactsRefused, ChangedMeanwhile, or NotYoursToChange where the database does not let
    this member write.
    """
    check_entry(entry, organisation=by.organisation.type, on=timezone.localdate(at))
    # The policy on UPDATE binds a row lock too: what may not be changed is not found here.
    locked = Person.objects.visible_to(by).select_for_update().filter(pk=person.pk).first()
    if locked is None:
        raise NotYoursToChange
    identity = Identity.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if identity.version != version:
        raise ChangedMeanwhile
    identity.person = locked
    before = _opened(identity)
    entry = replace(entry, facts=entry.facts.with_unseen_of(before, by.organisation))
    changed = _changed(locked, before, entry)

    locked.sex, locked.age_group = entry.sex, entry.age_group
    locked.is_minor = minority(entry.age_group, stated=entry.is_minor)
    locked.named = entry.facts.names_somebody
    locked.save(update_fields=["sex", "age_group", "is_minor", "named"])
    identity.version += 1
    _sealed(identity, entry.facts, by=by, at=at)
    identity.save(update_fields=["sealed", "shape", "version", "changed_at", "changed_by"])
    IdentityKey.objects.filter(person=locked).delete()
    IdentityKey.objects.bulk_create(_search_keys(locked, entry.facts))

    # Which answers changed, never what they were: erasing the person's key must erase them all.
    record("person_amended", on=locked, by=by, at=at, details={"changed": changed})
    return locked


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be the same person."""

    person: Person
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class Duplicates:
    """Who may be the same, best first; and whether the national desk should be asked.

    `elsewhere` is all that one learns of persons one may not see.
    """

    candidates: tuple[Candidate, ...] = ()
    elsewhere: bool = False
    #: Stands for what was asked: who answers for having looked, answers for this and no other.
    token: str = ""

    @property
    def found(self) -> bool:
        """Whether there is something to look at before somebody new is made."""
        return bool(self.candidates) or self.elsewhere

    @property
    def advice(self) -> str:
        return _("Possible match, ask CoMensha.") if self.elsewhere else ""


@transaction.atomic
def find_duplicates(
    facts: IdentityFacts, *, by: Membership, at: datetime, besides: Person | None = None
) -> Duplicates:
    """Look for persons who may be the same as the one described, without reading anyone else.

    The keyed hashes name a few candidates; only those are decrypted and compared. Whether there
    is somebody elsewhere shows in one sentence, and not in how long the answer takes.
    """
    began = time.monotonic()
    asked = _hashed(asked_keys(facts))
    keys = IdentityKey.objects.visible_to(by).matching(asked.values())
    if besides is not None:
        keys = keys.exclude(person=besides)
    hits = keys.most_promising(PROMISE.items(), most=MOST_CANDIDATES)
    identities = Identity.objects.visible_to(by).filter(pk__in=hits).select_related("person__key")
    known = {identity.person: _opened(identity) for identity in identities.order_by("pk")}
    candidates = tuple(Candidate(*pair) for pair in shown_alike(facts, known))
    record(
        "duplicates_searched",
        by=by,
        at=at,
        on=besides,
        ids=hits,
        details={"asked": sorted(value.hex() for value in asked.values())},
    )
    token = sha256(b"".join(sorted(asked.values()))).hexdigest()
    if by.may(Permission.PERSON_READ_ALL):
        return Duplicates(candidates, token=token)
    elsewhere = _seems_known_elsewhere(asked)
    time.sleep(STEADY_SECONDS - (time.monotonic() - began) % STEADY_SECONDS)
    return Duplicates(candidates, elsewhere=elsewhere, token=token)


# --- Parts of the deeds ----------------------------------------------------------------------
def _new_references(moments: Sequence[datetime]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval('persons_person_number') FROM generate_series(1, %s)", [len(moments)]
        )
        numbers = [number for (number,) in cursor.fetchall()]
    return [
        f"PER-{timezone.localdate(moment).year}-{number:06}"
        for moment, number in zip(moments, numbers, strict=True)
    ]


def _sealed(identity: Identity, facts: IdentityFacts, *, by: Membership, at: datetime) -> Identity:
    key = identity.person.key
    if key is None:
        raise NotYoursToChange
    identity.sealed = seal(facts.payload(), key=key, about=identity.about)
    identity.changed_at, identity.changed_by_id = at, by.user_id
    return identity


def _opened(identity: Identity) -> IdentityFacts:
    key = identity.person.key
    if key is None:  # erased: nothing is left to open
        return IdentityFacts()
    return IdentityFacts.from_payload(unseal(bytes(identity.sealed), key=key, about=identity.about))


def _hashed(keys: Iterable[Key]) -> dict[Key, bytes]:
    return {(kind, value): blind_index(kind, value) for kind, value in keys}


def _search_keys(person: Person, facts: IdentityFacts) -> list[IdentityKey]:
    return [
        IdentityKey(id=uuid7(), person=person, kind=kind, hmac=value)
        for (kind, _value), value in sorted(_hashed(search_keys(facts)).items())
    ]


def _seems_known_elsewhere(asked: Mapping[Key, bytes]) -> bool:
    promises = [PROMISE[kind] for kind, _value in asked]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT baken.person_seems_known_elsewhere(%s::bytea[], %s::int[])",
            [list(asked.values()), promises],
        )
        [known] = cursor.fetchone()
    return bool(known)


def _changed(person: Person, before: IdentityFacts, entry: PersonEntry) -> list[str]:
    old, new = before.payload(), entry.facts.payload()
    answers = [name for name in sorted(old.keys() | new.keys()) if old.get(name) != new.get(name)]
    plain = [name for name in ("sex", "age_group") if getattr(person, name) != getattr(entry, name)]
    return answers + plain
