"""Searches that people keep: sealed, because people search for names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Subquery

from referral.access.secrets import blind_index, new_data_key, seal, unseal
from referral.audit.actions import record
from referral.organisations.models import Membership
from signals.search.actions.blinding import queries_of
from signals.search.actions.searching import counted, found_by
from signals.search.models import SavedFilter
from signals.search.querysets import NEWEST, Asked
from signals.search.rules import check_name, check_own, check_room, names_differ, owns


@dataclass(frozen=True, slots=True)
class OpenedFilter:
    """A kept search in words: its name, the answers as they were typed, and whose it is."""

    kept: SavedFilter
    name: str
    answers: dict[str, str]
    mine: bool


@transaction.atomic
def save_filter(
    answers: Mapping[str, str], *, name: str, shared: bool, by: Membership, at: datetime
) -> SavedFilter:
    """Keep a search. Raises FilterRefused for a name in use and when there are too many."""
    name = check_name(name)
    check_room(by)
    kept = SavedFilter(
        created_by_id=by.user_id,
        organisation_id=by.organisation_id,
        role=by.role,
        shared=shared,
        key=new_data_key(),
        created_at=at,
    )
    _write(kept, name, answers)
    with names_differ():
        kept.save(force_insert=True)
    record("search_saved", by=by, at=at, on=kept)
    return kept


@transaction.atomic
def change_filter(
    kept: SavedFilter, *, name: str, shared: bool, by: Membership, at: datetime
) -> SavedFilter:
    """Another name, or shared from now on, or no longer."""
    opened = _opened(_locked(kept, by), by)
    kept = opened.kept
    kept.shared = shared
    _write(kept, check_name(name), opened.answers)
    with names_differ():
        kept.save(update_fields=["shared", "sealed", "name_key"])
    record("search_changed", by=by, at=at, on=kept)
    return kept


@transaction.atomic
def delete_filter(kept: SavedFilter, *, by: Membership, at: datetime) -> None:
    """It is gone, also for colleagues."""
    kept = _locked(kept, by)
    record("search_deleted", by=by, at=at, on=kept)
    kept.delete()


def open_filter(kept: SavedFilter, *, by: Membership) -> OpenedFilter:
    """A kept search, to be asked again; what it finds is recorded when it is asked."""
    seen = SavedFilter.objects.visible_to(by).select_related("key", "created_by")
    return _opened(seen.get(pk=kept.pk), by)


def open_filters(*, by: Membership) -> list[OpenedFilter]:
    """One's own and those that colleagues share, the oldest first."""
    seen = SavedFilter.objects.visible_to(by).select_related("key", "created_by").in_order()
    return [_opened(kept, by) for kept in seen]


@transaction.atomic(savepoint=False)
def count_found(asked: Sequence[Asked], *, by: Membership, at: datetime) -> list[int]:
    """How many each of these searches finds now, in one statement for all."""
    if not asked:
        return []
    queries = queries_of([one.words for one in asked])
    counts = [
        Subquery(counted(found_by(replace(one, order=NEWEST), query, by)))
        for one, query in zip(asked, queries, strict=True)
    ]
    rows = Membership.objects.filter(pk=by.pk).values_list(*counts)
    numbers: tuple[int | None, ...] = rows.get()
    record("signals_counted", by=by, at=at)
    return [number or 0 for number in numbers]


def _locked(kept: SavedFilter, by: Membership) -> SavedFilter:
    seen = SavedFilter.objects.visible_to(by).filter(pk=kept.pk)
    check_own(by, seen.get())
    return seen.select_for_update(of=["self"]).select_related("key", "created_by").get()


def _opened(kept: SavedFilter, by: Membership) -> OpenedFilter:
    said = unseal(bytes(kept.sealed), key=kept.key, about=about(kept.pk))
    answers = said["answers"]
    return OpenedFilter(
        kept,
        str(said["name"]),
        {str(key): str(value) for key, value in answers.items()}
        if isinstance(answers, dict)
        else {},
        owns(by, kept),
    )


def _write(kept: SavedFilter, name: str, answers: Mapping[str, str]) -> None:
    payload = {"name": name, "answers": dict(answers)}
    kept.sealed = seal(payload, key=kept.key, about=about(kept.pk))
    kept.name_key = blind_index("search-name", name.casefold())


def about(pk: UUID) -> str:
    """What a sealed search says it is about; moved to another row it does not open."""
    return f"search_savedfilter|{pk}|1"
