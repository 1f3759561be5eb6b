"""The only writers of merges: proposed by one, confirmed by a second, undone when it was wrong."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from referral.access.secrets import seal, unseal
from referral.audit.actions import record
from referral.notices.actions import Letter, post_many
from referral.notices.kinds import Kind
from referral.organisations.models import Membership
from referral.persons.actions import amend_person, open_identities
from referral.persons.merging.models import Merge
from referral.persons.merging.rules import (
    Compared,
    MergeRefused,
    check_move,
    check_proposal,
    combined,
    compared,
)
from referral.persons.merging.workflow import Status
from referral.persons.models import Identity, Person, PersonGrant
from referral.persons.rules import IdentityFacts, PersonEntry


@dataclass(frozen=True, slots=True)
class Pair:
    """Two persons side by side, in clear, as this member may see them."""

    kept: IdentityFacts
    gone: IdentityFacts

    @property
    def answers(self) -> list[Compared]:
        return list(compared(self.kept, self.gone))


@transaction.atomic
def open_pair(kept: Person, gone: Person, *, by: Membership, at: datetime) -> Pair:
    """Look at two persons side by side; that both were opened is written down."""
    known = open_identities([kept, gone], by=by, at=at)
    seen = (known[one.pk].for_reader(by.organisation) for one in (kept, gone))
    return Pair(*seen)


@transaction.atomic
def open_person(person: Person, *, by: Membership, at: datetime) -> list[Merge]:
    """Look at a person, without the identity; gives the merges of it that this member may see."""
    record("person_opened", on=person, by=by, at=at)
    return list(Merge.objects.visible_to(by).of(person).with_names().waiting_first())


@transaction.atomic
def list_merges(merges: Iterable[Merge], *, by: Membership, at: datetime) -> list[Merge]:
    """Look at the list of merges; the ids that are shown are recorded."""
    shown = list(merges)
    record("merges_listed", by=by, at=at, ids=[one.pk for one in shown])
    return shown


@transaction.atomic
def propose_merge(
    kept: Person,
    *,
    gone: Person,
    chosen: Collection[str],
    reason: str,
    by: Membership,
    at: datetime,
) -> Merge:
    """Say that two records are of one person; `chosen` names the answers taken from `gone`."""
    kept, gone = _locked([kept, gone], by)
    check_proposal(by, kept, gone, list(Merge.objects.visible_to(by).of(kept, gone).standing()))
    if kept.key is None:
        raise MergeRefused
    merge = Merge(kept=kept, gone=gone, proposed_at=at, proposed_by=by.user)
    said = {"reason": reason, "chosen": sorted(chosen)}
    merge.sealed = seal(said, key=kept.key, about=merge.about)
    merge.save(force_insert=True)
    record("merge_proposed", on=merge, by=by, at=at, ids=[kept.pk, gone.pk])
    return merge


@transaction.atomic
def confirm_merge(merge: Merge, *, by: Membership, at: datetime) -> Merge:
    """The second person agrees: both are one. Holders of either are told.

    Raises MergeRefused, and FactsRefused when what was chosen does not agree.
    """
    merge = _moving(merge, Status.MERGED, by)
    known = open_identities([merge.kept, merge.gone], by=by, at=at)
    mine, theirs = (known[one.pk].for_reader(by.organisation) for one in (merge.kept, merge.gone))
    chosen = opened_reason(merge)["chosen"]
    entry = combined((merge.kept, mine), (merge.gone, theirs), chosen)
    merge.before = _sealed_before(merge, mine)
    version = Identity.objects.visible_to(by).get(pk=merge.kept_id).version
    amend_person(merge.kept, entry, version=version, by=by, at=at)
    merge.version = version + 1
    _decide(merge, Status.MERGED, by=by, at=at)
    record("persons_merged", on=merge, by=by, at=at, ids=[merge.kept_id, merge.gone_id])
    _tell_holders(merge, Kind.PERSONS_MERGED, by=by, at=at)
    return merge


@transaction.atomic
def decline_merge(merge: Merge, *, by: Membership, at: datetime) -> Merge:
    """They are two persons after all."""
    merge = _moving(merge, Status.DECLINED, by)
    _decide(merge, Status.DECLINED, by=by, at=at)
    record("merge_declined", on=merge, by=by, at=at, ids=[merge.kept_id, merge.gone_id])
    return merge


@transaction.atomic
def undo_merge(merge: Merge, *, by: Membership, at: datetime) -> Merge:
    """Two persons again, each with what hung on it, and what was known of `kept` before.

    What was put right in `kept` after the merge is newer, and stays.
    """
    merge = _moving(merge, Status.UNDONE, by)
    version = Identity.objects.visible_to(by).get(pk=merge.kept_id).version
    restored = version == merge.version and merge.kept.key is not None
    if restored:
        amend_person(merge.kept, _before(merge), version=version, by=by, at=at)
    merge.status, merge.undone_at, merge.undone_by = Status.UNDONE, at, by.user
    merge.save(update_fields=["status", "undone_at", "undone_by"])
    record(
        "merge_undone",
        on=merge,
        by=by,
        at=at,
        ids=[merge.kept_id, merge.gone_id],
        details={"restored": restored},
    )
    _tell_holders(merge, Kind.MERGE_UNDONE, by=by, at=at)
    return merge


def opened_reason(merge: Merge) -> dict[str, Any]:
    """Why it was proposed and what was chosen; nothing when the person was erased."""
    if merge.kept.key is None:
        return {"reason": "", "chosen": []}
    return unseal(bytes(merge.sealed), key=merge.kept.key, about=merge.about)


# --- Parts of the deeds ----------------------------------------------------------------------
def _locked(persons: Collection[Person], by: Membership) -> list[Person]:
    """In the order of their keys, so that two deeds never wait in a ring; given back as asked."""
    ids = [person.pk for person in persons]
    rows = Person.objects.visible_to(by).select_for_update(of=["self"]).select_related("key")
    found = {person.pk: person for person in rows.filter(pk__in=ids).order_by("pk")}
    if found.keys() != set(ids):
        raise MergeRefused
    return [found[pk] for pk in ids]


def _moving(merge: Merge, goal: Status, by: Membership) -> Merge:
    _locked([merge.kept, merge.gone], by)
    locked = Merge.objects.visible_to(by).select_for_update(of=["self"]).with_names()
    merge = locked.get(pk=merge.pk)
    check_move(by, merge, goal)
    return merge


def _decide(merge: Merge, goal: Status, *, by: Membership, at: datetime) -> None:
    merge.status, merge.decided_at, merge.decided_by = goal, at, by.user
    merge.save(update_fields=["status", "before", "version", "decided_at", "decided_by"])


def _sealed_before(merge: Merge, facts: IdentityFacts) -> bytes:
    kept = merge.kept
    if kept.key is None:
        raise MergeRefused
    said = {
        "facts": facts.payload(),
        "sex": kept.sex,
        "age_group": kept.age_group,
        "is_minor": kept.is_minor,
    }
    return seal(said, key=kept.key, about=merge.about_before)


def _before(merge: Merge) -> PersonEntry:
    key = merge.kept.key
    assert key is not None  # noqa: S101 -- asked by undo_merge
    said: dict[str, Any] = unseal(bytes(merge.before), key=key, about=merge.about_before)
    return PersonEntry(**{**said, "facts": IdentityFacts.from_payload(said["facts"])})


def _tell_holders(merge: Merge, kind: Kind, *, by: Membership, at: datetime) -> None:
    """Whoever may look at one of the two now, each at the record that they know."""
    grants = PersonGrant.objects.visible_to(by).filter(
        person__in=[merge.kept_id, merge.gone_id], valid__contains=at
    )
    holders = grants.select_related("person", "organisation", "user").order_by("pk")
    told = {(one.person_id, one.organisation_id, one.user_id): one for one in holders}
    post_many(
        [
            Letter(kind=kind, to=one.organisation, user=one.user, on=one.person)
            for one in told.values()
        ],
        at=at,
    )
